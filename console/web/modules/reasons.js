/** What each reason code of the ledger means and what helps; read once, from the server's own table. */
import { signal } from "@preact/signals";
import { apiPath, get } from "./api.js";
import { language } from "./texts.js";

/** @typedef {Record<"en" | "ko", string>} Localized */

const reasons = signal(/** @type {Record<string, { cause: Localized, remedy: Localized }>} */ ({}));
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

function read() {
  asked = true;
  get(apiPath("reasons")).then(
    (answer) => {
      reasons.value = answer.reasons;
    },
    () => {
      // Without it a page shows codes and details as the ledger has them; the next page asks again.
      asked = false;
    },
  );
}
