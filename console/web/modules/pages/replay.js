/** An exported execution, read from files and debugged here: nothing of it leaves the browser. */
import { html } from "../base.js";
import { ExecutionView } from "../execution/execution_view.js";
import { useReplay } from "../execution/replay.js";
import { Page } from "../parts/page.js";
import { t } from "../texts.js";

/** @typedef {(files: FileList) => void} Load */

/** Takes files, and shows the execution that is in them. */
export function ReplayPage() {
  const { loaded, title, times, problem, isOver, load } = useReplay();
  const another = loaded && html`<${Chooser} onPick=${load} label=${t("replay.another")} />`;
  return html`<${Page} title=${title || t("nav.replay")} lead=${loaded ? "" : t("replay.lead")} actions=${another} wide>
    ${problem !== null && html`<div class="problem" role="alert"><p>${t(`replay.${problem}`)}</p></div>`}
    ${loaded === null
      ? html`<${Picker} over=${isOver} onPick=${load} />`
      : html`<div class=${isOver ? "ex-replay over" : "ex-replay"}>
          <${ExecutionView} key=${times} execution=${loaded.execution} definition=${loaded.definition} events=${loaded.events} childExecutions=${loaded.children} t=${t} />
        </div>`}
  <//>`;
}

/** @param {{ onPick: Load, label: string, first?: boolean }} props */
function Chooser({ onPick, label, first }) {
  return html`<label class=${first ? "button first ex-file" : "button ex-file"}>
    ${label}
    <input
      type="file"
      class="unseen"
      multiple
      accept=".json,application/json"
      onChange=${(/** @type {any} */ event) => {
        onPick(event.currentTarget.files);
        event.currentTarget.value = "";
      }}
    />
  </label>`;
}

/** @param {{ over: boolean, onPick: Load }} props */
function Picker({ over, onPick }) {
  return html`<div class=${over ? "picker over" : "picker"}>
      <${Chooser} onPick=${onPick} label=${t("replay.choose")} first />
      <p class="soft">${t("replay.drop")}</p>
    </div>
    <section class="ways">
      <h2>${t("replay.ways")}</h2>
      <dl>
        <div><dt>${t("replay.way.run")}</dt><dd><code>out/RUN/executions/*.json</code></dd></div>
        <div><dt>${t("replay.way.aws")}</dt><dd><code>aws stepfunctions get-execution-history --include-execution-data --execution-arn ARN > history.json</code></dd></div>
        <div><dt>${t("execution.replay.definition")}</dt><dd><code>aws stepfunctions describe-state-machine-for-execution --execution-arn ARN > definition.json</code></dd></div>
      </dl>
      <p class="soft">${t("replay.private")}</p>
    </section>`;
}
