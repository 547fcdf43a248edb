/** One execution of a state machine, by its ARN. */
import { apiPath, get } from "../api.js";
import { html } from "../base.js";
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
  return html`<${Shown} of=${read} lines=${12}>${(/** @type {any} */ data) => html`<pre>${data.execution.status}</pre>`}<//>`;
}
