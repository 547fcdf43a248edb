/** What the server tells of an execution while it runs, added to what was known; pure. */

/** @typedef {{execution: any, definition: unknown, events: import("./events.js").HistoryEvent[], children: import("./children_list.js").Child[]}} Told */

/**
 * @param {Told} told
 * @param {string} event of the stream: `events` or `execution`
 * @param {any} data
 * @returns {Told}
 */
export function withNews(told, event, data) {
  if (event === "events" && Array.isArray(data?.events)) {
    const last = told.events.at(-1)?.id ?? 0;
    const fresh = data.events.filter((/** @type {{id: number}} */ one) => one.id > last);
    return fresh.length === 0 ? told : { ...told, events: [...told.events, ...fresh] };
  }
  if (event !== "execution") return told;
  const children = new Map([...told.children, ...(data.children ?? [])].map((one) => [one.arn, one]));
  return { ...told, execution: { ...told.execution, ...data.execution }, children: [...children.values()] };
}
