/** The executions that this one has started: those that failed first, each with a way into it. */

import { html, useMemo, useState } from "../base.js";
import { Status } from "../parts/status.js";
import { CountsBar, CountsLine, countsOfChildren } from "./counts.js";

/** @typedef {{name: string, arn: string, status: string, state?: string}} Child */

const MOST = 40;
const ORDER = ["FAILED", "TIMED_OUT", "ABORTED", "PENDING_REDRIVE", "RUNNING", "SUCCEEDED"];

/** @param {{children: readonly Child[], onOpen: ((arn: string) => void) | undefined, t: import("../texts.js").Translate}} props */
export function ChildrenList({ children, onOpen, t }) {
  const [wanted, setWanted] = useState("");
  const [most, setMost] = useState(MOST);
  const counts = useMemo(() => countsOfChildren(children), [children]);
  const sorted = useMemo(
    () => [...children].sort((one, other) => ORDER.indexOf(one.status) - ORDER.indexOf(other.status) || one.name.localeCompare(other.name)),
    [children],
  );
  const shown = sorted.filter((child) => `${child.name} ${child.status}`.toLowerCase().includes(wanted.toLowerCase()));
  return html`<section class="ex-children">
    <h3>${t("execution.children")}</h3>
    <${CountsLine} counts=${counts} t=${t} /><${CountsBar} counts=${counts} />
    ${children.length > 8 && html`<input type="search" value=${wanted} placeholder=${t("execution.children.search")} aria-label=${t("execution.children.search")}
      onInput=${(/** @type {any} */ event) => setWanted(event.currentTarget.value)} />`}
    <ul>
      ${shown.slice(0, most).map((child) => html`<li key=${child.arn}>
        <${Status} status=${child.status} plain />
        ${onOpen === undefined ? html`<span class="code">${child.name}</span>` : html`<button class="ex-open code" onClick=${() => onOpen(child.arn)}>${child.name}</button>`}
      </li>`)}
    </ul>
    ${shown.length > most && html`<button class="ex-more" onClick=${() => setMost(most * 5)}>${t("execution.children.more", { count: shown.length - most })}</button>`}
  </section>`;
}
