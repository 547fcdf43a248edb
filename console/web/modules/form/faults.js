/** Which of the server's faults belongs to which field; pure. */

/** @typedef {{ pointer: string, message: string }} Fault */

/**
 * @param {Fault[]} faults
 * @param {string} pointer
 * @returns {Fault[]} Those of the field and of everything within it.
 */
export function faultsAt(faults, pointer) {
  return faults.filter((one) => one.pointer === pointer || one.pointer.startsWith(`${pointer}/`));
}

/**
 * @param {Fault[]} faults
 * @param {string[]} pointers Of all fields.
 * @returns {Fault[]} Those that no field shows.
 */
export function faultsElsewhere(faults, pointers) {
  const shown = new Set(pointers.flatMap((pointer) => faultsAt(faults, pointer)));
  return faults.filter((one) => !shown.has(one));
}
