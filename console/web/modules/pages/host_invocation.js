/** What Systems Manager did on the host: the steps of the document, one after another, and what each said. */
import { html, useState } from "../base.js";
import { secondsBetween, span } from "../formats.js";
import { InertBlock } from "../parts/inert.js";
import { Facts } from "../parts/figures.js";
import { Status, meaningOf } from "../parts/status.js";
import { Moment } from "../parts/time.js";
import { addressOf } from "../routes.js";
import { has, language, t } from "../texts.js";

/** @param {{ host: any }} props */
export function Invocation({ host: { invocation, invocation_note: note, execution } }) {
  const way = execution && html`<p><a href=${addressOf("execution", [execution])}>${t("host.execution")}</a></p>`;
  if (!invocation) return html`<p class="notice">${note}</p>${way}`;
  return html`
    <${Facts}
      facts=${[
        [t("invocation.command"), html`<code>${invocation.command_id}</code>`],
        [t("column.status"), html`<${Status} status=${invocation.status} />`],
        [t("invocation.requested"), html`<${Moment} at=${invocation.requested_at} seconds />`],
      ]}
    />
    <${Steps} steps=${invocation.steps ?? []} />
    ${way}
  `;
}

/** @param {{ steps: any[] }} props */
function Steps({ steps }) {
  const failed = steps.find((one) => meaningOf(one.status) === "bad");
  const [chosen, setChosen] = useState((failed ?? steps[0])?.name);
  const step = steps.find((one) => one.name === chosen);
  return html`<ol class="steps">
      ${steps.map(
        (one) => html`<li key=${one.name} class=${`step ${meaningOf(one.status)}`}>
          <button aria-pressed=${one.name === chosen} onClick=${() => setChosen(one.name)}>
            <b>${one.name}</b>
            <${Status} status=${one.status} plain />
            <span class="soft">${stepNote(one)}</span>
          </button>
        </li>`,
      )}
    </ol>
    ${step && html`<${Step} step=${step} />`}`;
}

/** @param {any} step */
function stepNote({ exit_code: code, started_at: from, stopped_at: to }) {
  const took = from && to ? span(secondsBetween(from, to, 0), language()) : "";
  return [code === null || code === undefined ? "" : t("step.exit", { code }), took].filter(Boolean).join(" · ");
}

/** @param {{ step: any }} props */
function Step({ step }) {
  const silent = !step.stdout && !step.stderr;
  return html`<div class="step-output">
    <h2>${step.name}</h2>
    ${has(`step.${step.name}`) && html`<p class="soft">${t(`step.${step.name}`)}</p>`}
    ${step.stdout && html`<p class="output-name">${t("step.stdout")}</p><${InertBlock} text=${step.stdout} label=${t("step.stdout")} />`}
    ${step.stderr && html`<p class="output-name">${t("step.stderr")}</p><${InertBlock} text=${step.stderr} label=${t("step.stderr")} />`}
    ${silent && html`<p class="soft">${t("step.silent")}</p>`}
  </div>`;
}
