/** The page of run. */
import { html } from "../base.js";
import { Page } from "../parts/page.js";
import { t } from "../texts.js";

/** @param {{ parts: string[] }} props */
export function RunPage({ parts }) {
  return html`<${Page} title=${parts.at(-1) ?? t("nav.run")} />`;
}
