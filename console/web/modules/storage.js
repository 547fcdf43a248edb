/** What the browser keeps for the page: the token for as long as the tab lives, language and theme for longer. */

const TOKEN = "fleetdx.token";

/**
 * Move the token from the address into this tab's storage, so that no history, bookmark or screenshot holds it.
 * @param {Location} location
 * @param {History} history
 * @returns {void}
 */
export function takeToken(location, history) {
  const found = /^#token=([A-Za-z0-9_-]+)$/.exec(location.hash);
  if (!found) return;
  sessionStorage.setItem(TOKEN, found[1]);
  history.replaceState(null, "", location.pathname);
}

/** @returns {string} The token this tab was opened with; empty without one. */
export function token() {
  return sessionStorage.getItem(TOKEN) ?? "";
}

/**
 * @param {string} name
 * @param {string} otherwise
 * @returns {string} What was kept under this name.
 */
export function kept(name, otherwise) {
  return localStorage.getItem(`fleetdx.${name}`) ?? otherwise;
}

/**
 * @param {string} name
 * @param {string} value
 */
export function keep(name, value) {
  localStorage.setItem(`fleetdx.${name}`, value);
}
