/** What a host or a tag says may hold anything: control characters and marks of direction are shown, never obeyed. */

/** @typedef {{ text: string, hidden: boolean }} Piece `hidden`: a character that a reader would not have seen. */

/** C0 and C1 controls but tab and line feed, and what Unicode calls default-ignorable or changes direction. */
const UNSEEN =
  // eslint-disable-next-line no-control-regex -- these are looked for on purpose
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;

/**
 * @param {string} text
 * @returns {Piece[]} The text in pieces; joined, they read as what was really written.
 */
export function pieces(text) {
  /** @type {Piece[]} */
  const found = [];
  let end = 0;
  for (const { 0: character, index } of text.matchAll(UNSEEN)) {
    if (index > end) found.push({ text: text.slice(end, index), hidden: false });
    found.push({ text: picture(character), hidden: true });
    end = index + character.length;
  }
  if (end < text.length) found.push({ text: text.slice(end), hidden: false });
  return found;
}

/** @param {string} character */
function picture(character) {
  const code = /** @type {number} */ (character.codePointAt(0));
  return `[U+${code.toString(16).toUpperCase().padStart(4, "0")}]`;
}
