/** An execution that is followed while it runs: new events are added to those that are there. */

import { apiPath, watch } from "../api.js";
import { useEffect, useRef, useState } from "../base.js";
import { withNews } from "./news.js";

/** @typedef {import("./news.js").Told} Told */

const MILLISECONDS_BEFORE_ANOTHER_TRY = 3_000;

/**
 * @param {Told} first what was read when the page was opened
 * @returns {{told: Told, live: boolean, broken: boolean}} `broken` while the server does not answer
 */
export function useFollowed(first) {
  const [told, setTold] = useState(first);
  const [broken, setBroken] = useState(false);
  const latest = useRef(first);
  const live = told.execution.status === "RUNNING";
  useEffect(() => {
    if (!live) return undefined;
    const leaving = new AbortController();
    const tell = (/** @type {string} */ event, /** @type {any} */ data) => {
      setBroken(false);
      latest.current = withNews(latest.current, event, data);
      setTold(latest.current);
    };
    follow(latest, tell, setBroken, leaving.signal);
    return () => leaving.abort();
  }, [live]);
  return { told, live, broken };
}

/**
 * Watch from the last event that is known; where the stream breaks, try again.
 * @param {{current: Told}} latest
 * @param {(event: string, data: any) => void} tell
 * @param {(broken: boolean) => void} tellBroken
 * @param {AbortSignal} signal
 */
async function follow(latest, tell, tellBroken, signal) {
  let over = false;
  while (!over && !signal.aborted) {
    const { execution, events } = latest.current;
    const path = `${apiPath("executions", execution.arn)}/watch?after=${events.at(-1)?.id ?? 0}`;
    try {
      await watch(
        path,
        (event, data) => {
          tell(event, data);
          over ||= event === "end";
        },
        signal,
      );
    } catch {
      // Whatever it was, the next try tells; a page that was left tries no more.
      if (signal.aborted) return;
    }
    if (over || signal.aborted) return;
    tellBroken(true);
    await new Promise((resolve) => setTimeout(resolve, MILLISECONDS_BEFORE_ANOTHER_TRY));
  }
}
