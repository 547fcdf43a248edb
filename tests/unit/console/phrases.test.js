import assert from "node:assert/strict";
import { test } from "node:test";
import { filled, spoken } from "../../../console/web/modules/phrases.js";

test("places are filled, numbers with the language's separators", () => {
  assert.equal(filled("{done} of {total}", { done: 3, total: 12_000 }, "en"), "3 of 12,000");
});

test("a place chooses the word that goes with its number", () => {
  const phrase = "{count} {count|run|runs}";
  assert.equal(filled(phrase, { count: 1 }), "1 run");
  assert.equal(filled(phrase, { count: 0 }), "0 runs");
});

test("what is put in is not filled again, and an unknown place stays to be seen", () => {
  assert.equal(filled("{a} {b}", { a: "{b}" }), "{b} {b}");
});

test("the page speaks the first of the browser's languages that it knows", () => {
  assert.equal(spoken(["fr-FR", "ko-KR", "en-US"]), "ko");
  assert.equal(spoken(["en-GB", "ko"]), "en");
  assert.equal(spoken([]), "en");
});
