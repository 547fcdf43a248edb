/** One execution of a state machine, by its ARN. */
import { apiPath, get } from "../api.js";
import { html } from "../base.js";
import { ExecutionView } from "../execution/execution_view.js";
import { useFollowed } from "../execution/followed.js";
import { go } from "../navigation.js";
import { Page } from "../parts/page.js";
import { Shown } from "../parts/problem.js";
import { useResource } from "../resource.js";
import { addressOf } from "../routes.js";
import { t } from "../texts.js";

/** @param {{ parts: string[] }} props The execution's ARN. */
export function ExecutionPage({ parts: [arn] }) {
  const above = html`<a href=${addressOf("executions")}>${t("nav.executions")}</a>`;
  return html`<${Page} title=${arn.split(":").at(-1)} above=${above} wide><${Execution} arn=${arn} /><//>`;
}

/**
 * An execution's graph, history and states; watched while it runs.
 * @param {{ arn: string }} props
 */
export function Execution({ arn }) {
  const read = useResource((signal) => get(apiPath("executions", arn), signal), arn, arn);
  return html`<${Shown} of=${read} lines=${12}>${(/** @type {any} */ data) => html`<${Followed} key=${arn} first=${data} />`}<//>`;
}

/** @param {{ first: import("../execution/followed.js").Told }} props */
function Followed({ first }) {
  const { told, live, broken } = useFollowed(first);
  return html`${broken && html`<p class="ex-note" role="status">${t("execution.live.broken")}</p>`}
    <${ExecutionView}
      execution=${told.execution}
      definition=${told.definition}
      events=${told.events}
      childExecutions=${told.children}
      live=${live}
      onOpenExecution=${(/** @type {string} */ arn) => go("execution", [arn])}
      t=${t}
    />`;
}
