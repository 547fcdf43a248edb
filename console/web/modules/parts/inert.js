/** Text from a host, a tag or an error: shown, never obeyed. */
import { html } from "../base.js";
import { pieces } from "../inert.js";

/** @param {{ text: string | null | undefined }} props */
export function Inert({ text }) {
  return html`<span class="inert" dir="auto"
    >${pieces(text ?? "").map((piece, index) =>
      piece.hidden ? html`<span key=${index} class="hidden-character">${piece.text}</span>` : piece.text,
    )}</span
  >`;
}

/**
 * A block of it, such as evidence or a step's output.
 * @param {{ text: string, label: string }} props
 */
export function InertBlock({ text, label }) {
  return html`<pre class="output" tabindex="0" role="group" aria-label=${label}><${Inert} text=${text} /></pre>`;
}
