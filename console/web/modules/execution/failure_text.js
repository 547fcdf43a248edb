/** An error with its cause, to read: the message first, the stack trace folded. */

import { html } from "../base.js";
import { Copy, LongText } from "./json_view.js";
import { causeOf } from "./json_text.js";

/**
 * @param {object} props
 * @param {string | null} props.error
 * @param {string | null} props.cause
 * @param {any} [props.note] what became of it
 * @param {boolean} [props.caught]
 * @param {boolean} [props.brief] without the stack trace, where it is told in full elsewhere
 * @param {any} [props.action]
 * @param {import("../texts.js").Translate} props.t
 */
export function FailureText({ error, cause, note, caught = false, brief = false, action, t }) {
  const { message, trace } = causeOf(cause);
  return html`<div class=${`ex-failure ${caught ? "caught" : ""}`}>
    <p class="ex-failure-head"><code>${error ?? t("execution.error.unnamed")}</code>${action}${!brief && cause !== null && html`<${Copy} text=${() => cause} t=${t} />`}</p>
    ${message !== null && html`<p class="ex-cause"><${LongText} text=${message} t=${t} /></p>`}
    ${note && html`<p class="ex-failure-note">${note}</p>`}
    ${!brief && trace.length > 0 && html`<details><summary>${t("execution.error.trace")}</summary><pre class="ex-trace">${trace.slice(0, 200).join("\n")}</pre></details>`}
  </div>`;
}
