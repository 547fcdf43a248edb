/** Data that a page reads from the server: loading, there, or refused. */
import { useCallback, useEffect, useRef, useState } from "./base.js";

/**
 * @template T
 * @typedef {{ data: T | null, problem: Error | null, loading: boolean, reload: () => void }} Resource
 */

/**
 * Load once for each key. What was there stays until the new is there, so that nothing jumps; another `subject`
 * starts from nothing.
 * @template T
 * @param {(signal: AbortSignal) => Promise<T>} load
 * @param {string} key What the answer depends on.
 * @param {string} [subject] What the answer is about; by default that never changes.
 * @returns {Resource<T>}
 */
export function useResource(load, key, subject = "") {
  const [state, setState] = useState({
    data: /** @type {T | null} */ (null),
    problem: /** @type {Error | null} */ (null),
    loading: true,
    subject,
  });
  const [turn, setTurn] = useState(0);
  const latest = useRef(load);
  latest.current = load;
  useEffect(() => {
    const leaving = new AbortController();
    setState((before) => ({ ...before, data: before.subject === subject ? before.data : null, loading: true, subject }));
    latest.current(leaving.signal).then(
      (data) => leaving.signal.aborted || setState({ data, problem: null, loading: false, subject }),
      (problem) => leaving.signal.aborted || setState((before) => ({ ...before, problem, loading: false })),
    );
    return () => leaving.abort();
  }, [key, subject, turn]);
  const reload = useCallback(() => setTurn((before) => before + 1), []);
  return { data: state.data, problem: state.problem, loading: state.loading, reload };
}
