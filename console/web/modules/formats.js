/** Numbers, moments and amounts as people read them; pure: each takes its language. */

/**
 * A moment in UTC, as every file of a run tells it: `2026-11-27 02:21`.
 * @param {string | null | undefined} at RFC 3339.
 * @param {boolean} [seconds]
 * @returns {string} Empty where there is none.
 */
export function moment(at, seconds = false) {
  if (!at || Number.isNaN(Date.parse(at))) return "";
  return new Date(at).toISOString().slice(0, seconds ? 19 : 16).replace("T", " ");
}

/**
 * A span of time by its two weightiest units: `3 min 20 sec`.
 * @param {number} seconds
 * @param {string} language
 */
export function span(seconds, language) {
  const whole = Math.max(0, Math.round(seconds));
  const parts = [
    { unit: "day", count: Math.floor(whole / 86_400) },
    { unit: "hour", count: Math.floor(whole / 3_600) % 24 },
    { unit: "minute", count: Math.floor(whole / 60) % 60 },
    { unit: "second", count: whole % 60 },
  ];
  const first = parts.findIndex((one) => one.count > 0);
  const shown = first < 0 ? parts.slice(-1) : parts.slice(first, first + 2).filter((one) => one.count > 0);
  return shown.map(({ unit, count }) => amount(count, unit, language)).join(" ");
}

/**
 * A span that nobody knows exactly, without digits that would pretend so: tens of seconds, then minutes.
 * @param {number} seconds
 * @param {string} language
 */
export function roughly(seconds, language) {
  const step = seconds < 60 ? 10 : 60;
  return span(Math.max(step, Math.round(seconds / step) * step), language);
}

/**
 * @param {number} count
 * @param {string} unit A unit that ECMA-402 knows.
 * @param {string} language
 */
function amount(count, unit, language) {
  return new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "short" }).format(count);
}

/**
 * How long something took, or takes until now.
 * @param {string} from
 * @param {string | null | undefined} to
 * @param {number} now Milliseconds.
 * @returns {number} Seconds.
 */
export function secondsBetween(from, to, now) {
  return Math.max(0, ((to ? Date.parse(to) : now) - Date.parse(from)) / 1_000);
}

/**
 * How long ago a moment is, or how far ahead: `3 minutes ago`.
 * @param {string} at RFC 3339.
 * @param {number} now Milliseconds.
 * @param {string} language
 */
export function distance(at, now, language) {
  const seconds = (Date.parse(at) - now) / 1_000;
  const apart = Math.abs(seconds);
  const told = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  if (apart < 45) return told.format(0, "second");
  if (apart < 3_570) return told.format(Math.round(seconds / 60), "minute");
  if (apart < 84_600) return told.format(Math.round(seconds / 3_600), "hour");
  return told.format(Math.round(seconds / 86_400), "day");
}

/**
 * @param {number} bytes
 * @param {string} language
 */
export function size(bytes, language) {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte"];
  const step = Math.min(3, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  const value = bytes / 1_000 ** step;
  const digits = { maximumFractionDigits: step === 0 || value >= 100 ? 0 : 1 };
  return new Intl.NumberFormat(language, { style: "unit", unit: units[step], unitDisplay: "short", ...digits }).format(value);
}

/**
 * @param {number} usd
 * @param {string} language
 */
export function dollars(usd, language) {
  const digits = usd > 0 && usd < 0.1 ? 4 : 2;
  const format = { style: /** @type {const} */ ("currency"), currency: "USD", maximumFractionDigits: digits };
  return new Intl.NumberFormat(language, { ...format, currencyDisplay: "code" }).format(usd);
}
