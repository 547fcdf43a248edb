/** What is on every page: the way to the others, whose AWS this is, language and theme. */
import { html, useEffect, useState } from "./base.js";
import { route } from "./navigation.js";
import { CoveragePage } from "./pages/coverage.js";
import { ExecutionPage } from "./pages/execution.js";
import { ExecutionsPage } from "./pages/executions.js";
import { HostPage } from "./pages/host.js";
import { ReplayPage } from "./pages/replay.js";
import { RunPage } from "./pages/run.js";
import { RunsPage } from "./pages/runs.js";
import { StartPage } from "./pages/start.js";
import { UnknownPage } from "./pages/unknown.js";
import { WaiversPage } from "./pages/waivers.js";
import { Icon } from "./parts/icon.js";
import { Problem } from "./parts/problem.js";
import { addressOf } from "./routes.js";
import { openSession, session } from "./session.js";
import { language, speak, t } from "./texts.js";
import { THEMES, dress, theme } from "./theme.js";

/** @type {Record<string, (props: any) => any>} */
const PAGES = {
  runs: RunsPage,
  run: RunPage,
  host: HostPage,
  start: StartPage,
  executions: ExecutionsPage,
  execution: ExecutionPage,
  coverage: CoveragePage,
  waivers: WaiversPage,
  replay: ReplayPage,
  unknown: UnknownPage,
};

/**
 * The pages of the navigation, and those below each.
 * @type {{ page: string, below: string[], action?: boolean }[]}
 */
const PLACES = [
  { page: "runs", below: ["run", "host"] },
  { page: "start", below: [], action: true },
  { page: "executions", below: ["execution"] },
  { page: "coverage", below: [] },
  { page: "waivers", below: [] },
  { page: "replay", below: [] },
];

/** The whole page. */
export function Shell() {
  const [problem, setProblem] = useState(/** @type {Error | null} */ (null));
  useEffect(() => {
    openSession().then(() => setProblem(null), setProblem);
  }, []);
  return html`
    <a class="skip" href="#main" onClick=${skipToMain}>${t("shell.skip")}</a>
    <header class="side">
      <a class="mark" href=${addressOf("runs")}><${Logo} /><span>fleetdx</span></a>
      <${Navigation} />
      <div class="side-end">
        <${Place} />
        <${Choices} />
      </div>
    </header>
    <main id="main" tabindex="-1">${problem ? html`<${NoSession} problem=${problem} />` : html`<${Page} />`}</main>
  `;
}

/** @param {Event} event */
function skipToMain(event) {
  // The address holds the route; the plain anchor would change it.
  event.preventDefault();
  document.getElementById("main")?.focus();
}

function Page() {
  const { page, parts } = route.value;
  if (!session.value) return null;
  // Another run, host or execution is another page: nothing of the one before remains.
  return html`<${PAGES[page]} key=${[page, ...parts].join("/")} parts=${parts} />`;
}

/** @param {{ problem: Error & { status?: number } }} props */
function NoSession({ problem }) {
  const noToken = problem.status === 401;
  return html`<div class="page">
    <h1>${t(noToken ? "shell.no_token" : "shell.no_session")}</h1>
    ${noToken ? html`<p class="lead">${t("shell.no_token.text")}</p>` : html`<${Problem} problem=${problem} />`}
  </div>`;
}

function Navigation() {
  const here = route.value.page;
  const shown = PLACES.filter((one) => !one.action || session.value?.may_start);
  return html`<nav aria-label=${t("shell.navigation")}>
    <ul>
      ${shown.map(
        ({ page, below }) => html`<li key=${page}>
          <a
            href=${addressOf(page)}
            aria-current=${here === page ? "page" : below.includes(here) ? "true" : undefined}
          ><${Icon} name=${page} /><span>${t(`nav.${page}`)}</span></a>
        </li>`,
      )}
    </ul>
  </nav>`;
}

/** Whose AWS this is. */
function Place() {
  const where = session.value;
  if (!where) return null;
  const name = where.place === "embedded" ? t("place.embedded") : t("place.aws", { account: where.account });
  return html`<div class="place" data-place=${where.place}>
    <strong>${name}</strong>
    ${where.place === "embedded" && html`<span class="code">${where.account}</span>`}
    <span class="place-region">${where.region}</span>
    ${where.may_start
      ? where.place === "aws" && html`<span class="mode grave">${t("place.may_start")}</span>`
      : html`<span class="mode">${t("place.read_only")}</span>`}
  </div>`;
}

function Choices() {
  const chosen = language();
  return html`<div class="choices">
    <div class="languages" role="group" aria-label=${t("shell.language")}>
      ${[
        { id: /** @type {const} */ ("en"), name: "English" },
        { id: /** @type {const} */ ("ko"), name: "한국어" },
      ].map(
        ({ id, name }) =>
          html`<button key=${id} lang=${id} aria-pressed=${chosen === id} onClick=${() => speak(id)}>${name}</button>`,
      )}
    </div>
    <label class="themes">
      <span class="unseen">${t("shell.theme")}</span>
      <select value=${theme()} onChange=${(/** @type {any} */ event) => dress(event.currentTarget.value)}>
        ${THEMES.map((one) => html`<option key=${one} value=${one}>${t(`theme.${one}`)}</option>`)}
      </select>
    </label>
  </div>`;
}

/** A fleet, and the one host to look at. */
function Logo() {
  const places = [1, 6, 11].flatMap((y) => [1, 6, 11].map((x) => ({ x, y })));
  return html`<svg class="logo" viewBox="0 0 16 16" width="20" height="20" aria-hidden="true">
    ${places.map(
      ({ x, y }) =>
        html`<rect x=${x} y=${y} width="4" height="4" rx="1" class=${x === 11 && y === 6 ? "the-one" : ""} />`,
    )}
  </svg>`;
}
