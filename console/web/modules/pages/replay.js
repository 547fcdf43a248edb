/** Replay: an exported execution, debugged in the browser alone. */
import { html } from "../base.js";
import { FileChooser, Replayed, useReplay } from "../execution/replay.js";
import { Page } from "../parts/page.js";
import { t } from "../texts.js";

/** The page of replay. */
export function ReplayPage() {
  const replay = useReplay();
  const isLoaded = replay.loaded !== null;
  return html`<${Page}
    wide
    title=${replay.title || t("nav.replay")}
    lead=${isLoaded ? undefined : t("execution.replay.lead")}
    actions=${isLoaded && html`<${FileChooser} onFiles=${replay.load} />`}
  ><${Replayed} replay=${replay} /><//>`;
}
