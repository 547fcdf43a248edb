import assert from "node:assert/strict";
import { test } from "node:test";
import { distance, dollars, moment, roughly, secondsBetween, size, span } from "../../../console/web/modules/formats.js";

test("a moment is told in UTC, whatever its own offset", () => {
  assert.equal(moment("2026-11-27T11:21:05+09:00"), "2026-11-27 02:21");
  assert.equal(moment("2026-11-27T02:21:05.123Z", true), "2026-11-27 02:21:05");
});

test("what is no moment is told as nothing", () => {
  assert.equal(moment(null), "");
  assert.equal(moment("yesterday"), "");
});

test("a span is told by its two weightiest units", () => {
  assert.equal(span(200, "en"), "3 min 20 sec");
  assert.equal(span(3_600, "en"), "1 hr");
  assert.equal(span(90_061, "en"), "1 day 1 hr");
  assert.equal(span(0.2, "en"), "0 sec");
  assert.equal(span(200, "ko"), "3분 20초");
});

test("what nobody knows exactly is not told to the second", () => {
  assert.equal(roughly(3, "en"), "10 sec");
  assert.equal(roughly(44, "en"), "40 sec");
  assert.equal(roughly(107, "en"), "2 min");
  assert.equal(roughly(4_000, "en"), "1 hr 7 min");
});

test("a span without an end lasts until now", () => {
  assert.equal(secondsBetween("2026-11-27T02:00:00Z", null, Date.parse("2026-11-27T02:01:30Z")), 90);
  assert.equal(secondsBetween("2026-11-27T02:00:00Z", "2026-11-27T02:00:10Z", 0), 10);
});

test("a distance is rounded to what a person would say", () => {
  const now = Date.parse("2026-11-27T12:00:00Z");
  assert.equal(distance("2026-11-27T11:59:30Z", now, "en"), "now");
  assert.equal(distance("2026-11-27T11:57:00Z", now, "en"), "3 minutes ago");
  assert.equal(distance("2026-11-26T12:00:00Z", now, "en"), "yesterday");
  assert.equal(distance("2026-11-27T11:57:00Z", now, "ko"), "3분 전");
});

test("sizes and amounts of money keep the digits that matter", () => {
  assert.equal(size(900, "en"), "900 byte");
  assert.equal(size(1_234_567, "en"), "1.2 MB");
  assert.match(dollars(0.0056, "en"), /^USD\s0\.0056$/);
  assert.match(dollars(12.3, "en"), /^USD\s12\.30$/);
});
