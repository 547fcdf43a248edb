/** What the codes of ledgers and sweeps mean and what helps; read once, from the server's own tables. */
import { signal } from "@preact/signals";
import { apiPath, get } from "./api.js";
import { language } from "./texts.js";

/** @typedef {Record<"en" | "ko", string>} Localized */

const reasons = signal(/** @type {Record<string, { cause: Localized, remedy: Localized }>} */ ({}));
const causes = signal(/** @type {Record<string, { title: Localized, meaning: Localized }>} */ ({}));
let asked = false;

/**
 * @param {string} code
 * @returns {{ cause: string, remedy: string } | null} In the page's language; null until it is read, or where unknown.
 */
export function reasonOf(code) {
  if (!asked) read();
  const found = reasons.value[code];
  return found ? { cause: found.cause[language()], remedy: found.remedy[language()] } : null;
}

/**
 * @param {string} code
 * @returns {{ title: string, meaning: string } | null} Why an instance is not managed, in the page's language.
 */
export function causeOf(code) {
  if (!asked) read();
  const found = causes.value[code];
  return found ? { title: found.title[language()], meaning: found.meaning[language()] } : null;
}

function read() {
  asked = true;
  get(apiPath("reasons")).then(
    (answer) => {
      reasons.value = answer.reasons;
      causes.value = answer.causes;
    },
    () => {
      // Without it a page shows codes and details as the ledger has them; the next page asks again.
      asked = false;
    },
  );
}
