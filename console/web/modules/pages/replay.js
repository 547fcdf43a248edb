/** An exported execution, read from a file and debugged here: nothing of it leaves the browser. */
import { html, useState } from "../base.js";
import { Inert } from "../parts/inert.js";
import { Page } from "../parts/page.js";
import { t } from "../texts.js";

const MOST_BYTES = 200_000_000;

/** Takes a file, and shows what is in it. */
export function ReplayPage() {
  const [loaded, setLoaded] = useState(/** @type {any} */ (null));
  const [problem, setProblem] = useState("");
  /** @param {File | null | undefined} file */
  async function load(file) {
    if (!file) return;
    setProblem("");
    try {
      if (file.size > MOST_BYTES) throw new Error(t("replay.too_large"));
      const document = JSON.parse(await file.text());
      if (!Array.isArray(document?.events)) throw new Error(t("replay.no_events"));
      setLoaded({ name: file.name, document });
    } catch (refused) {
      setProblem(refused instanceof SyntaxError ? t("replay.no_json") : /** @type {Error} */ (refused).message);
    }
  }
  const title = loaded ? loaded.name : t("nav.replay");
  const another = loaded && html`<button class="button" onClick=${() => setLoaded(null)}>${t("replay.another")}</button>`;
  return html`<${Page} title=${title} lead=${loaded ? "" : t("replay.lead")} actions=${another} wide>
    ${problem && html`<div class="problem" role="alert"><p><${Inert} text=${problem} /></p></div>`}
    ${loaded ? html`<pre>${loaded.document.events.length}</pre>` : html`<${Picker} onPick=${load} />`}
  <//>`;
}

/** @param {{ onPick: (file: File | null | undefined) => void }} props */
function Picker({ onPick }) {
  const [over, setOver] = useState(false);
  const hover = (/** @type {boolean} */ yes) => (/** @type {DragEvent} */ event) => {
    event.preventDefault();
    setOver(yes);
  };
  /** @param {DragEvent} event */
  function drop(event) {
    event.preventDefault();
    setOver(false);
    onPick(event.dataTransfer?.files[0]);
  }
  return html`<div class=${over ? "picker over" : "picker"} onDragOver=${hover(true)} onDragLeave=${hover(false)} onDrop=${drop}>
      <label class="button first">
        ${t("replay.choose")}
        <input
          type="file"
          class="unseen"
          accept=".json,application/json"
          onChange=${(/** @type {any} */ event) => onPick(event.currentTarget.files[0])}
        />
      </label>
      <p class="soft">${t("replay.drop")}</p>
    </div>
    <section class="ways">
      <h2>${t("replay.ways")}</h2>
      <dl>
        <div><dt>${t("replay.way.run")}</dt><dd><code>out/RUN/executions/*.json</code></dd></div>
        <div><dt>${t("replay.way.aws")}</dt><dd><code>aws stepfunctions get-execution-history --include-execution-data --execution-arn ARN > history.json</code></dd></div>
      </dl>
      <p class="soft">${t("replay.private")}</p>
    </section>`;
}
