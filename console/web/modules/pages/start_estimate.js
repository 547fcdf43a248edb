/** What a request would come to, beside its form: checked by the server whenever it changes. */
import { post } from "../api.js";
import { html, useEffect, useState } from "../base.js";
import { dollars } from "../formats.js";
import { CopyButton } from "../parts/copy.js";
import { Facts } from "../parts/figures.js";
import { Inert } from "../parts/inert.js";
import { Problem } from "../parts/problem.js";
import { language, t } from "../texts.js";

const MILLISECONDS_OF_TYPING = 350;

/**
 * @typedef {{ instances: number | null, instances_from?: string, batches: number, account_regions: number,
 *   minutes: { low: number, high: number } | null, cost_usd: number | null, notes?: string[] }} EstimateOf
 * @typedef {{ faults: import("../form/faults.js").Fault[], estimate: EstimateOf | null, input: string, checking: boolean,
 *   problem: Error | null }} Check
 */

/** @type {Check} */
const NOTHING = { faults: [], estimate: null, input: "", checking: false, problem: null };

/**
 * @param {any} request Null while there is nothing to check.
 * @returns {Check} What the server said last; `checking` while a newer answer is on its way.
 */
export function useCheck(request) {
  const [check, setCheck] = useState(NOTHING);
  const text = request && JSON.stringify(request);
  const spoken = language();
  useEffect(() => {
    if (!text) {
      setCheck(NOTHING);
      return undefined;
    }
    const leaving = new AbortController();
    setCheck((before) => ({ ...before, checking: true }));
    const timer = setTimeout(() => {
      post(`/api/requests/check?language=${spoken}`, { request: JSON.parse(text) }, leaving.signal).then(
        (answer) => leaving.signal.aborted || setCheck({ ...NOTHING, ...answer }),
        (problem) => leaving.signal.aborted || setCheck((before) => ({ ...before, checking: false, problem })),
      );
    }, MILLISECONDS_OF_TYPING);
    return () => {
      clearTimeout(timer);
      leaving.abort();
    };
  }, [text, spoken]);
  return check;
}

/** @param {{ check: Check, chosen: boolean, dry: boolean }} props */
export function Estimate({ check, chosen, dry }) {
  const { estimate, input, faults, problem, checking } = check;
  return html`<aside class="estimate" aria-label=${t("estimate")}>
    <h2>${t("estimate")}</h2>
    <div role="status" aria-busy=${checking ? "true" : undefined} class="estimate-body">
      ${!chosen && html`<p class="soft">${t("estimate.choose")}</p>`}
      ${chosen && faults.length > 0 && html`<p class="fault-count">${t("estimate.faults", { count: faults.length })}</p>`}
      ${chosen && estimate && html`<${Figures} estimate=${estimate} />`}
      ${chosen && checking && !estimate && !faults.length && html`<p class="soft">${t("estimate.checking")}</p>`}
    </div>
    ${problem && html`<${Problem} problem=${problem} />`}
    <button type="submit" class="button first wide">${t(dry ? "start.button.dry" : "start.button")}</button>
    ${chosen && input && html`<${Input} text=${input} />`}
  </aside>`;
}

/** @param {{ estimate: EstimateOf }} props */
function Figures({ estimate }) {
  const { instances, instances_from: source, batches, account_regions: places, minutes, cost_usd: cost, notes = [] } = estimate;
  return html`<${Facts}
      facts=${[
        [t("column.instances"), instances === null ? t("estimate.unknown") : t("estimate.about", { count: instances })],
        [t("run.targets"), t("count", { count: places })],
        [t("estimate.batches"), t("count", { count: batches })],
        [t("estimate.minutes"), minutes && t("estimate.range", { ...minutes })],
        [t("estimate.cost"), cost === null || cost === undefined ? "" : dollars(cost, language())],
      ]}
    />
    ${source && html`<p class="soft note"><${Inert} text=${t("estimate.from", { source })} /></p>`}
    ${notes.map((note) => html`<p key=${note} class="soft note"><${Inert} text=${note} /></p>`)}`;
}

/** @param {{ text: string }} props */
function Input({ text }) {
  return html`<div class="input-json">
    <div class="input-json-head"><h3>${t("estimate.input")}</h3><${CopyButton} text=${text} label=${t("copy")} /></div>
    <p class="soft note">${t("estimate.input.text")}</p>
    <pre class="output" tabindex="0" role="group" aria-label=${t("estimate.input")}>${text}</pre>
  </div>`;
}
