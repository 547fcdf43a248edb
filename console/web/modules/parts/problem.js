/** What a reader sees where there is nothing yet, nothing at all, or a refusal. */
import { html } from "../base.js";
import { has, t } from "../texts.js";

/**
 * A refusal: its name, what was said, what to do, and a way to try again.
 * @param {{ problem: Error, retry?: () => void }} props
 */
export function Problem({ problem, retry }) {
  const remedy = `problem.${problem.name}`;
  return html`<div class="problem" role="alert">
    <p class="problem-name"><code>${problem.name}</code></p>
    <p>${problem.message}</p>
    ${has(remedy) && html`<p class="soft">${t(remedy)}</p>`}
    ${retry && html`<p><button class="button" onClick=${retry}>${t("problem.retry")}</button></p>`}
  </div>`;
}

/**
 * Nothing there: what would be, and how to get it.
 * @param {{ title: string, children?: any }} props
 */
export function Empty({ title, children }) {
  return html`<div class="empty"><h2>${title}</h2>${children}</div>`;
}

/**
 * Lines of the height that is to come, so that nothing jumps when it does.
 * @param {{ lines?: number }} props
 */
export function Loading({ lines = 6 }) {
  return html`<div class="loading" role="status">
    <span class="unseen">${t("loading")}</span>
    ${Array.from({ length: lines }, (_, index) => html`<span key=${index} class="bone" aria-hidden="true"></span>`)}
  </div>`;
}

/**
 * Shows a resource: what is there even while it is renewed, else the refusal, else that it is loading.
 * @param {{ of: import("../resource.js").Resource<any>, lines?: number, children: (data: any) => any }} props
 */
export function Shown({ of: { data, problem, loading, reload }, lines, children }) {
  if (data === null && loading) return html`<${Loading} lines=${lines} />`;
  return html`${problem && html`<${Problem} problem=${problem} retry=${reload} />`}${data !== null && children(data)}`;
}
