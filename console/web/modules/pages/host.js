/** One instance in one run: what became of it and why, each step on the host, and every item over time. */
import { apiPath, get } from "../api.js";
import { html } from "../base.js";
import { filter, route } from "../navigation.js";
import { Facts } from "../parts/figures.js";
import { Inert } from "../parts/inert.js";
import { Page } from "../parts/page.js";
import { Shown } from "../parts/problem.js";
import { Prose } from "../parts/prose.js";
import { Status } from "../parts/status.js";
import { Tabs } from "../parts/tabs.js";
import { Moment } from "../parts/time.js";
import { reasonOf } from "../reasons.js";
import { useResource } from "../resource.js";
import { addressOf } from "../routes.js";
import { mayStart } from "../session.js";
import { language, t } from "../texts.js";
import { History } from "./host_history.js";
import { Invocation } from "./host_invocation.js";
import { Results } from "./host_results.js";

/** @param {{ parts: string[] }} props Run, account, region and instance. */
export function HostPage({ parts: [run, account, region, instance] }) {
  const spoken = language();
  const host = useResource(
    (signal) => get(`${apiPath("runs", run, "hosts", account, region, instance)}?language=${spoken}`, signal),
    spoken,
  );
  const name = host.data?.ledger?.instance_name;
  const above = html`<a href=${addressOf("runs")}>${t("nav.runs")}</a> / <a class="code" href=${addressOf("run", [run], { tab: "instances" })}>${run}</a>`;
  const again = addressOf("start", [], { instance: `${account}/${region}/${instance}` });
  const actions = mayStart() && html`<a class="button" href=${again}>${t("host.again")}</a>`;
  return html`<${Page} title=${name || instance} above=${above} actions=${actions}>
    <${Shown} of=${host} lines=${10}>${(/** @type {any} */ data) => html`<${Host} host=${data} />`}<//>
  <//>`;
}

/** @param {{ host: any }} props */
function Host({ host }) {
  const { ledger, results } = host;
  const scanned = ledger.state === "scanned";
  const tabs = [
    { id: "invocation", label: t("host.tab.invocation"), view: () => html`<${Invocation} host=${host} />` },
    { id: "items", label: t("host.tab.items"), view: () => html`<${Results} results=${results} />` },
    { id: "history", label: t("host.tab.history"), view: () => html`<${History} ledger=${ledger} />` },
  ];
  const ordered = scanned ? [tabs[1], tabs[2], tabs[0]] : tabs;
  return html`
    <${Facts} facts=${facts(ledger)} />
    ${!scanned && html`<${Why} ledger=${ledger} />`}
    <${Tabs}
      label=${t("host.tabs")}
      tabs=${ordered}
      chosen=${route.value.filters.tab ?? ordered[0].id}
      onChoose=${(/** @type {string} */ id) => filter({ tab: id })}
    />
  `;
}

/**
 * @param {any} ledger
 * @returns {[any, any][]}
 */
function facts(ledger) {
  return [
    [t("column.state"), html`<${Status} status=${ledger.state} label=${t(`state.${ledger.state}`)} />`],
    [t("column.instance"), html`<code>${ledger.instance}</code>`],
    [t("column.account"), html`<${Inert} text=${ledger.account_name} /> <code>${ledger.account}</code>`],
    [t("column.region"), ledger.region],
    [t("host.platform"), ledger.platform],
    [t("host.ami"), ledger.ami && html`<code>${ledger.ami}</code>`],
    [t("host.delivery"), ledger.delivery],
    [t("host.at"), html`<${Moment} at=${ledger.at} seconds />`],
  ];
}

/** @param {{ ledger: any }} props */
function Why({ ledger }) {
  const known = reasonOf(ledger.reason);
  return html`<section class="why" aria-label=${t("column.why")}>
    <h2>${known ? known.cause : ledger.reason}</h2>
    <p class="soft"><code><${Inert} text=${ledger.reason} /></code> · <${Inert} text=${ledger.detail} /></p>
    ${known && html`<p><b>${t("host.remedy")}</b> <${Prose} text=${known.remedy} /></p>`}
  </section>`;
}
