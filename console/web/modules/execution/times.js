/** Durations and times of an execution as short text; pure. */

/**
 * A duration: `340 ms`, `4.2 s`, `3 min 05 s`, `2 h 07 min`, `3 d 04 h`; a dash where there is none.
 * @param {number | null} milliseconds
 * @returns {string}
 */
export function durationText(milliseconds) {
  if (milliseconds === null || !Number.isFinite(milliseconds)) return "–";
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return pair(whole, 60, "min", "s");
  const minutes = Math.round(whole / 60);
  if (minutes < 1440) return pair(minutes, 60, "h", "min");
  return pair(Math.round(minutes / 60), 24, "d", "h");
}

/** @param {number} count @param {number} size @param {string} large @param {string} small */
function pair(count, size, large, small) {
  return `${Math.floor(count / size)} ${large} ${String(count % size).padStart(2, "0")} ${small}`;
}

/**
 * The time since an execution began: `+4.210 s` below a minute, then `+3:05.120`, `+2:03:05.120`; always three places, so that
 * a column of them can be compared.
 * @param {number | null} milliseconds
 * @returns {string}
 */
export function sinceText(milliseconds) {
  if (milliseconds === null || !Number.isFinite(milliseconds)) return "–";
  const sign = milliseconds < 0 ? "−" : "+";
  const all = Math.abs(Math.round(milliseconds));
  const seconds = (all % 60_000) / 1000;
  const minutes = Math.floor(all / 60_000) % 60;
  const hours = Math.floor(all / 3_600_000);
  if (all < 60_000) return `${sign}${seconds.toFixed(3)} s`;
  const rest = seconds.toFixed(3).padStart(6, "0");
  return hours === 0 ? `${sign}${minutes}:${rest}` : `${sign}${hours}:${String(minutes).padStart(2, "0")}:${rest}`;
}

/**
 * A moment in the reader's own time zone; with the zone, so that nobody has to guess.
 * @param {number | null} at milliseconds of Unix time
 * @param {string} language
 * @returns {string}
 */
export function momentText(at, language) {
  if (at === null || Math.abs(at) > 8.64e15) return "–";
  return momentsIn(language).format(at);
}

/** @type {Map<string, Intl.DateTimeFormat>} */
const formats = new Map();

/** Made once a language: making one takes longer than all else here. @param {string} language */
function momentsIn(language) {
  const known = formats.get(language) ?? new Intl.DateTimeFormat(language, {
    year: "numeric", month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit",
    fractionalSecondDigits: 3, hourCycle: "h23", timeZoneName: "short",
  });
  formats.set(language, known);
  return known;
}

/**
 * Round steps for an axis from 0, at most `most` of them.
 * @param {number} milliseconds its length
 * @param {number} most
 * @returns {number[]}
 */
export function ticksOf(milliseconds, most) {
  if (!(milliseconds > 0)) return [0];
  const rough = milliseconds / most;
  const steps = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 15e3, 3e4, 6e4, 12e4, 3e5, 6e5, 9e5, 18e5, 36e5, 72e5, 216e5, 432e5, 864e5];
  const step = steps.find((one) => one >= rough) ?? Math.ceil(rough / 864e5) * 864e5;
  const ticks = [];
  for (let at = 0; at <= milliseconds; at += step) ticks.push(at);
  return ticks;
}
