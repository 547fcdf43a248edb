/** Loads exported executions: files are chosen or dropped, read in the browser, and go nowhere. */

import { useEffect, useRef, useState } from "../base.js";
import { exportedFrom, Unreadable } from "./exported.js";

/** @typedef {import("./exported.js").Exported} Exported */

const MOST_BYTES = 200 * 1024 * 1024;

/**
 * What was loaded last, what was wrong with what was tried since, and how to load.
 * @returns {{loaded: Exported | null, title: string, times: number, problem: string | null, isOver: boolean, load: (files: FileList | File[]) => Promise<void>}}
 */
export function useReplay() {
  const [loaded, setLoaded] = useState(/** @type {Exported | null} */ (null));
  const [problem, setProblem] = useState(/** @type {string | null} */ (null));
  const [title, setTitle] = useState("");
  const [times, setTimes] = useState(0);
  const load = async (/** @type {FileList | File[]} */ files) => {
    const name = files[0]?.name ?? "";
    const answer = await readFiles([...files], loaded);
    setProblem(typeof answer === "string" ? answer : null);
    if (typeof answer === "string") return;
    setLoaded(answer);
    setTimes(times + 1);
    setTitle(String(answer.execution["name"] || name));
  };
  return { loaded, title, times, problem, isOver: useDrops(load), load };
}

/**
 * @param {File[]} files
 * @param {Exported | null} before what a definition alone is added to
 * @returns {Promise<Exported | string>} or what was wrong, as the end of a text's key
 */
async function readFiles(files, before) {
  if (files.length === 0) return "no_events";
  if (files.reduce((sum, file) => sum + file.size, 0) > MOST_BYTES) return "too_large";
  const texts = await Promise.all(files.map((file) => file.text()));
  try {
    performance.mark("replay-read");
    return exportedFrom(texts);
  } catch (refused) {
    if (!(refused instanceof Unreadable)) throw refused;
    if (refused.reason !== "no_events" || before === null) return refused.reason;
    return withDefinition(texts, before) ?? refused.reason;
  }
}

/** @param {string[]} texts @param {Exported} before @returns {Exported | null} */
function withDefinition(texts, before) {
  try {
    const events = JSON.stringify({ events: before.events.slice(0, 1) });
    const { definition } = exportedFrom([events, ...texts]);
    return definition === null ? null : { ...before, definition };
  } catch (refused) {
    if (refused instanceof Unreadable) return null;
    throw refused;
  }
}

/** Files may be dropped anywhere on the page. @param {(files: FileList) => void} load */
function useDrops(load) {
  const [isOver, setIsOver] = useState(false);
  const latest = useRef(load);
  latest.current = load;
  useEffect(() => {
    const over = (/** @type {DragEvent} */ event) => {
      event.preventDefault();
      setIsOver(true);
    };
    const leave = (/** @type {DragEvent} */ event) => {
      if (event.relatedTarget === null) setIsOver(false);
    };
    const drop = (/** @type {DragEvent} */ event) => {
      event.preventDefault();
      setIsOver(false);
      if (event.dataTransfer !== null && event.dataTransfer.files.length > 0) latest.current(event.dataTransfer.files);
    };
    document.addEventListener("dragover", over);
    document.addEventListener("dragleave", leave);
    document.addEventListener("drop", drop);
    return () => {
      document.removeEventListener("dragover", over);
      document.removeEventListener("dragleave", leave);
      document.removeEventListener("drop", drop);
    };
  }, []);
  return isOver;
}
