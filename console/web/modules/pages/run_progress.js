/** How far a run is, and how long it may still take, as far as anybody can know. */
import { html, useEffect, useState } from "../base.js";
import { roughly } from "../formats.js";
import { Bar } from "../parts/bar.js";
import { Moment } from "../parts/time.js";
import { has, language, t } from "../texts.js";

/** @param {{ run: any }} props */
export function Progress({ run: { progress } }) {
  return html`<section class="progress" aria-label=${t("run.progress")}>
    <div class="progress-head">
      <h2>${phaseName(progress)}</h2>
      ${progress.phase !== "reporting" && html`<p>${timeToGo(progress)}</p>`}
    </div>
    <${Bar} label=${t("run.targets")} done=${progress.targets_done ?? 0} total=${progress.targets ?? null} />
    <${Bar} label=${t("run.instances")} done=${progress.instances_done ?? 0} total=${known(progress)} />
    <${Told} progress=${progress} />
  </section>`;
}

/**
 * How many instances there are: known only once some have been found.
 * @param {any} progress
 */
function known(progress) {
  return progress.instances || null;
}

/** @param {any} progress */
function phaseName({ phase, waits_until: until }) {
  if (until && phase === "waiting") return html`${t("phase.waiting")} <${Moment} at=${until} />`;
  return has(`phase.${phase}`) ? t(`phase.${phase}`) : phase;
}

/**
 * A range where one is known; nothing is made up.
 * @param {any} progress
 */
function timeToGo({ seconds_left: left, seconds_left_low: low, seconds_left_high: high }) {
  if (low !== null && low !== undefined && high !== null && high !== undefined) {
    const [from, to] = [roughly(low, language()), roughly(high, language())];
    return from === to ? t("run.left", { time: from }) : t("run.left.range", { from, to });
  }
  return left === null || left === undefined ? t("run.left.unknown") : t("run.left", { time: roughly(left, language()) });
}

const MILLISECONDS_BETWEEN_WORDS = 10_000;

/**
 * Tells a screen reader how far it is, now and then: each change would be a flood.
 * @param {{ progress: any }} props
 */
function Told({ progress }) {
  const words = t("run.told", {
    targets_done: progress.targets_done ?? 0,
    targets: progress.targets ?? "?",
    instances_done: progress.instances_done ?? 0,
    instances: progress.instances ?? "?",
  });
  const [told, setTold] = useState(words);
  const [at, setAt] = useState(0);
  useEffect(() => {
    const wait = Math.max(0, at + MILLISECONDS_BETWEEN_WORDS - Date.now());
    const timer = setTimeout(() => {
      setTold(words);
      setAt(Date.now());
    }, wait);
    return () => clearTimeout(timer);
  }, [words]);
  return html`<p class="unseen" role="status">${told}</p>`;
}
