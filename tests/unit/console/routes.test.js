import assert from "node:assert/strict";
import { test } from "node:test";
import { addressOf, routeOf } from "../../../console/web/modules/routes.js";

test("an address leads back to what it was made of", () => {
  const arn = "arn:aws:states:ap-northeast-2:222222222222:execution:fleetdx-scan-fleet:a/b?c";
  assert.deepEqual(routeOf(addressOf("execution", [arn], { tab: "events", state: "" })), {
    page: "execution",
    parts: [arn],
    filters: { tab: "events" },
  });
});

test("no address is the list of runs", () => {
  assert.equal(routeOf("").page, "runs");
  assert.equal(routeOf("#/").page, "runs");
});

test("an address that is none is said to be none", () => {
  for (const hash of ["#/nowhere", "#/run", "#/run/a/b", "#/host/a//c/d", "#/run/%E0%A4%A", "#/constructor", "#/__proto__"]) {
    assert.equal(routeOf(hash).page, "unknown", hash);
  }
});
