/** Every item on one host: verdict, reason, evidence, since when it fails. */
import { html, useState } from "../base.js";
import { Inert, InertBlock } from "../parts/inert.js";
import { Prose } from "../parts/prose.js";
import { Severity } from "../parts/severity.js";
import { Status } from "../parts/status.js";
import { Moment } from "../parts/time.js";
import { language, t } from "../texts.js";

const VERDICTS = ["fail", "error", "manual", "pass", "not_applicable"];

/** @param {{ results: any[] }} props */
export function Results({ results }) {
  const [chosen, setChosen] = useState(/** @type {string | null} */ (null));
  if (!results?.length) return html`<p class="soft">${t("results.none")}</p>`;
  const present = VERDICTS.filter((verdict) => results.some((one) => one.verdict === verdict));
  const shown = results.filter((one) => one.verdict === (chosen ?? present[0]));
  return html`<h2 class="unseen">${t("host.tab.items")}</h2>
    <div class="choices-row" role="group" aria-label=${t("column.verdict")}>
      ${present.map(
        (verdict) => html`<button key=${verdict} class="choice" aria-pressed=${verdict === (chosen ?? present[0])} onClick=${() => setChosen(verdict)}>
          <${Status} status=${verdict} label=${t(`verdict.${verdict}`)} plain />
          <b>${results.filter((one) => one.verdict === verdict).length}</b>
        </button>`,
      )}
    </div>
    <ul class="results">
      ${shown.map((one) => html`<li key=${`${one.item} ${one.check}`}><${Result} result=${one} /></li>`)}
    </ul>`;
}

/** @param {{ result: any }} props */
function Result({ result }) {
  const title = result.title?.[language()] ?? result.check;
  return html`<div class="result-label">
      <b>${result.item}</b>
      <${Severity} severity=${result.severity} />
    </div>
    <div>
      <h3>${title} <code class="soft">${result.check}</code></h3>
      <p><${Inert} text=${result.reason} /></p>
      ${result.failing_since && html`<p class="soft">${t("results.since")} <${Moment} at=${result.failing_since} /></p>`}
      ${result.waiver && html`<p class="notice">${t("results.waived", result.waiver)}</p>`}
      ${result.remediation && ["fail", "manual"].includes(result.verdict) && html`<p class="remedy"><b>${t("host.remedy")}</b> <${Prose} text=${result.remediation[language()]} /></p>`}
      ${result.evidence?.length > 0 &&
      html`<details>
        <summary>${t("results.evidence", { count: result.evidence.length })}</summary>
        <${InertBlock} text=${result.evidence.join("\n")} label=${t("results.evidence.of", { item: result.item })} />
      </details>`}
    </div>`;
}
