/** The page of host. */
import { html } from "../base.js";
import { Page } from "../parts/page.js";
import { t } from "../texts.js";

/** @param {{ parts: string[] }} props */
export function HostPage({ parts }) {
  return html`<${Page} title=${parts.at(-1) ?? t("nav.host")} />`;
}
