/** Findings by severity, and the score: words, shapes and numbers. */
import { html } from "../base.js";
import { language, t } from "../texts.js";

const SEVERITIES = ["high", "medium", "low"];

/**
 * @param {{ counts: Record<string, number> }} props
 */
export function Severities({ counts }) {
  return html`<span class="severities">
    ${SEVERITIES.map(
      (one) => html`<span key=${one} class=${counts[one] ? `severity ${one}` : "severity zero"} title=${t(`severity.${one}`)}>
        <${SeverityMark} severity=${one} /><span class="unseen">${t(`severity.${one}`)} </span>${t("count", { count: counts[one] ?? 0 })}
      </span>`,
    )}
  </span>`;
}

/** @param {{ severity: string }} props */
export function Severity({ severity }) {
  return html`<span class=${`severity ${severity}`}><${SeverityMark} severity=${severity} />${t(`severity.${severity}`)}</span>`;
}

/**
 * A full square, a full circle, an empty circle: told apart without colour.
 * @param {{ severity: string }} props
 */
function SeverityMark({ severity }) {
  return html`<span class=${`severity-mark ${severity}`} aria-hidden="true"></span>`;
}

/** @param {{ value: number | null | undefined }} props From 0 to 100. */
export function Score({ value }) {
  if (value === null || value === undefined) return html`<span class="soft">–</span>`;
  const digits = { minimumFractionDigits: 1, maximumFractionDigits: 1 };
  return html`<span class="score">${value.toLocaleString(language(), digits)}</span>`;
}
