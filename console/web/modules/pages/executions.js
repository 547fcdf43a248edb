/** The page of executions. */
import { html } from "../base.js";
import { Page } from "../parts/page.js";
import { t } from "../texts.js";

/** @param {{ parts: string[] }} props */
export function ExecutionsPage({ parts }) {
  return html`<${Page} title=${parts.at(-1) ?? t("nav.executions")} />`;
}
