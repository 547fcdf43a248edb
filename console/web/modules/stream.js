/** Server-sent events out of pieces of text; pure, as fetch streams them (EventSource can carry no token). */

/** @typedef {{ event: string, data: string }} Message */

/**
 * A reader of one stream: each piece yields the messages that it completes.
 * @returns {(piece: string) => Message[]}
 */
export function messageReader() {
  let rest = "";
  return (piece) => {
    const text = rest + piece;
    // A carriage return at the end may be half of a line's end.
    const end = text.endsWith("\r") ? text.length - 1 : text.length;
    const blocks = text.slice(0, end).replace(/\r\n?/g, "\n").split("\n\n");
    rest = (blocks.pop() ?? "") + text.slice(end);
    return blocks.map(message).filter((one) => one !== null);
  };
}

/**
 * @param {string} block
 * @returns {Message | null} Null for comments, which keep the connection alive.
 */
function message(block) {
  const fields = block.split("\n").map((line) => /^(event|data): ?(.*)$/.exec(line));
  const data = fields.filter((one) => one?.[1] === "data").map((one) => one?.[2]);
  if (data.length === 0) return null;
  return { event: fields.find((one) => one?.[1] === "event")?.[2] ?? "message", data: data.join("\n") };
}
