import assert from "node:assert/strict";
import { test } from "node:test";
import { pieces } from "../../../console/web/modules/inert.js";

test("plain text, lines and tabs stay as they are", () => {
  assert.deepEqual(pieces("root:x:0\t한국어\n"), [{ text: "root:x:0\t한국어\n", hidden: false }]);
});

test("terminal escapes are shown and obeyed by nobody", () => {
  assert.deepEqual(pieces("a\u001b[31mb"), [
    { text: "a", hidden: false },
    { text: "[U+001B]", hidden: true },
    { text: "[31mb", hidden: false },
  ]);
});

test("marks of direction, joiners and tags are shown", () => {
  for (const hidden of ["\u202e", "\u2066", "\u200b", "\u00ad", "\ufeff", "\u{e0041}", "\u2028", "\u0000", "\r"]) {
    const [piece] = pieces(hidden);
    assert.equal(piece.hidden, true, `U+${hidden.codePointAt(0).toString(16)}`);
    assert.match(piece.text, /^\[U\+[0-9A-F]{4,5}\]$/);
  }
});

test("nothing has no pieces", () => {
  assert.deepEqual(pieces(""), []);
});
