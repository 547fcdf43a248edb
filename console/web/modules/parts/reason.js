/** Why an instance or an account-region is not scanned. */
import { html } from "../base.js";
import { reasonOf } from "../reasons.js";
import { Inert } from "./inert.js";

/**
 * The cause in the reader's language, with the code and what was told beneath.
 * @param {{ line: { reason: string, detail: string } }} props
 */
export function Reason({ line }) {
  const known = reasonOf(line.reason);
  return html`<span class="reason">${known ? known.cause : html`<code><${Inert} text=${line.reason} /></code>`}</span>
    <span class="below soft">${known && html`<code><${Inert} text=${line.reason} /></code> · `}<${Inert} text=${line.detail} /></span>`;
}
