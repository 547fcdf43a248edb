/** A question before something is done. */
import { html, useEffect, useId, useRef, useState } from "../base.js";
import { t } from "../texts.js";
import { Problem } from "./problem.js";

/**
 * The browser's own modal dialog: it holds the focus, closes with Escape, and gives the focus back.
 * @param {{ title: string, confirm: string, grave?: boolean, onConfirm: () => Promise<void>, onClose: () => void,
 *   children: any }} props
 */
export function Confirm({ title, confirm, grave, onConfirm, onClose, children }) {
  const box = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const id = useId();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState(/** @type {Error | null} */ (null));
  useEffect(() => box.current?.showModal(), []);
  async function act() {
    setBusy(true);
    setProblem(null);
    try {
      await onConfirm();
      box.current?.close();
    } catch (refused) {
      setProblem(/** @type {Error} */ (refused));
      setBusy(false);
    }
  }
  return html`<dialog ref=${box} class="dialog" aria-labelledby=${id} onClose=${onClose}>
    <h2 id=${id}>${title}</h2>
    <div class="dialog-text">${children}</div>
    ${problem && html`<${Problem} problem=${problem} />`}
    <div class="dialog-actions">
      <button class="button" onClick=${() => box.current?.close()}>${t("dialog.cancel")}</button>
      <button class=${grave ? "button grave" : "button first"} disabled=${busy} onClick=${act}>${confirm}</button>
    </div>
  </dialog>`;
}
