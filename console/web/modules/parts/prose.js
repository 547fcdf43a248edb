/** Sentences of ours that set commands between backticks. */
import { html } from "../base.js";

/** @param {{ text: string }} props */
export function Prose({ text }) {
  return text.split("`").map((part, index) => (index % 2 ? html`<code key=${index}>${part}</code>` : part));
}
