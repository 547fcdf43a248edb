/** Every item of a host in its last runs: a grid, told by symbols and words as well as by colour. */
import { apiPath, get } from "../api.js";
import { html } from "../base.js";
import { moment } from "../formats.js";
import { Inert } from "../parts/inert.js";
import { Empty, Shown } from "../parts/problem.js";
import { Mark, meaningOf } from "../parts/status.js";
import { Scroll } from "../parts/table.js";
import { Moment } from "../parts/time.js";
import { useResource } from "../resource.js";
import { addressOf } from "../routes.js";
import { language, t } from "../texts.js";

const VERDICTS = ["pass", "fail", "manual", "error", "not_applicable"];

/** @param {{ ledger: any }} props */
export function History({ ledger: { account, region, instance, profile } }) {
  const path = `${apiPath("hosts", account, region, instance, "history")}?${new URLSearchParams({ profile: profile ?? "" })}`;
  const history = useResource((signal) => get(path, signal), path);
  return html`<${Shown} of=${history} lines=${12}>${(/** @type {any} */ data) =>
    data.items.length
      ? html`<${Grid} runs=${data.runs} items=${data.items} place=${[account, region, instance]} />`
      : html`<${Empty} title=${t("history.none")}><p>${t("history.none.text")}</p><//>`}<//>`;
}

/** @param {{ runs: any[], items: any[], place: string[] }} props Runs come the newest first; read from left to right they are time. */
function Grid({ runs, items, place }) {
  const columns = [...runs].sort((one, other) => one.at.localeCompare(other.at));
  return html`<ul class="key">
      ${VERDICTS.map((one) => html`<li key=${one}><span class=${`cell ${meaningOf(one)} ${one}`}><${Mark} meaning=${meaningOf(one)} /></span>${t(`verdict.${one}`)}</li>`)}
    </ul>
    <${Scroll} label=${t("host.tab.history")}>
      <table class="grid">
        <caption class="unseen">${t("host.tab.history")}</caption>
        <thead>
          <tr>
            <th scope="col">${t("column.item")}</th>
            ${columns.map((run) => html`<th key=${run.run} scope="col" class="grid-run">
              <a href=${addressOf("host", [run.run, ...place])} title=${run.run}>${moment(run.at).slice(5, 10)}<br />${moment(run.at).slice(11)}</a>
            </th>`)}
            <th scope="col">${t("column.failing_since")}</th>
          </tr>
        </thead>
        <tbody>
          ${items.map((item) => html`<${Row} key=${item.item + (item.check ?? "")} item=${item} runs=${columns} />`)}
        </tbody>
      </table>
    <//>`;
}

/** @param {{ item: any, runs: any[] }} props */
function Row({ item, runs }) {
  return html`<tr>
    <th scope="row"><b>${item.item}</b> <span class="grid-title"><${Inert} text=${titleOf(item)} /></span></th>
    ${runs.map((run) => html`<td key=${run.run} class="grid-cell"><${Cell} verdict=${item.verdicts[run.run]} /></td>`)}
    <td>${item.failing_since && html`<${Moment} at=${item.failing_since} />`}</td>
  </tr>`;
}

/** @param {any} item */
function titleOf({ title }) {
  return title?.[language()] ?? "";
}

/** @param {{ verdict: string | undefined }} props */
function Cell({ verdict }) {
  if (!verdict) return html`<span class="unseen">${t("history.not_scanned")}</span>`;
  const meaning = meaningOf(verdict);
  return html`<span class=${`cell ${meaning} ${verdict}`} title=${t(`verdict.${verdict}`)}>
    <${Mark} meaning=${meaning} /><span class="unseen">${t(`verdict.${verdict}`)}</span>
  </span>`;
}
