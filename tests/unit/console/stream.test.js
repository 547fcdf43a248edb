import assert from "node:assert/strict";
import { test } from "node:test";
import { messageReader } from "../../../console/web/modules/stream.js";

test("messages come out whole, however the stream is cut", () => {
  const whole = 'event: run\r\ndata: {"a":1}\r\n\r\n: ping\r\n\r\nevent: end\ndata: {}\n\n';
  for (let cut = 0; cut <= whole.length; cut += 1) {
    const read = messageReader();
    const told = [...read(whole.slice(0, cut)), ...read(whole.slice(cut))];
    assert.deepEqual(told, [{ event: "run", data: '{"a":1}' }, { event: "end", data: "{}" }], `cut at ${cut}`);
  }
});

test("several lines of data are one text", () => {
  assert.deepEqual(messageReader()("data: a\ndata: b\n\n"), [{ event: "message", data: "a\nb" }]);
});
