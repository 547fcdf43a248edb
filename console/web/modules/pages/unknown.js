/** An address that leads nowhere. */
import { html } from "../base.js";
import { Page } from "../parts/page.js";
import { addressOf } from "../routes.js";
import { t } from "../texts.js";

/** The page for addresses that are none. */
export function UnknownPage() {
  return html`<${Page} title=${t("unknown.title")} lead=${t("unknown.text")}>
    <p><a href=${addressOf("runs")}>${t("unknown.back")}</a></p>
  <//>`;
}
