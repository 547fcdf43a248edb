/** Copies a text to the clipboard, and says so. */
import { html, useEffect, useState } from "../base.js";
import { t } from "../texts.js";
import { Icon } from "./icon.js";

/** @param {{ text: string, label: string }} props */
export function CopyButton({ text, label }) {
  const [told, setTold] = useState("");
  useEffect(() => {
    const later = told ? setTimeout(() => setTold(""), 2_000) : undefined;
    return () => clearTimeout(later);
  }, [told]);
  function copy() {
    navigator.clipboard.writeText(text).then(
      () => setTold(t("copy.done")),
      () => setTold(t("copy.refused")),
    );
  }
  return html`<button type="button" class="button slight" onClick=${copy}><${Icon} name="copy" />${told || label}</button>
    <span class="unseen" role="status">${told}</span>`;
}
