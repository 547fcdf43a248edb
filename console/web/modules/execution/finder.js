/**
 * Finds the visit or iteration that an event is about, where the event before it does not say.
 */

/** @typedef {import("./records.js").Visit} Visit */
/** @typedef {import("./records.js").Scope} Scope */
/** @typedef {import("./history.js").Context} Context */

export class Finder {
  /** @param {{root: Scope}} history */
  constructor(history) {
    this.root = history.root;
    /** Visits that are open or were, latest last; what has ended is dropped when it is met. @type {Map<string, Visit[]>} */
    this.byName = new Map();
    /** @type {Map<string, Visit[]>} */
    this.byType = new Map();
    /** The latest visit of each state, open or not. @type {Map<string, Visit>} */
    this.latest = new Map();
    /** The latest of Map states. @type {Visit | null} */
    this.latestMap = null;
    /** @type {WeakMap<Visit, Map<number, Scope>>} */
    this.iterations = new WeakMap();
    /** The visit whose failure ended an iteration of a Map. @type {WeakMap<Visit, Visit>} */
    this.culprits = new WeakMap();
    /** The Fail state that was entered last: its error is told only by what it ended. @type {Visit | null} */
    this.silentFail = null;
    /** Where the execution stopped: where it goes on when it is driven again. @type {Visit | null} */
    this.lastFailed = null;
    /** The iteration that the event just read has ended. @type {Scope | null} */
    this.endedScope = null;
  }

  /** @param {Visit} visit */
  opened(visit) {
    push(this.byName, visit.name, visit);
    if (visit.type === "Map" || visit.type === "Parallel") push(this.byType, visit.type, visit);
    if (visit.type === "Map") this.latestMap = visit;
    this.latest.set(visit.name, visit);
  }

  /**
   * @param {Visit} parent
   * @param {Scope} scope
   */
  began(parent, scope) {
    const known = this.iterations.get(parent) ?? new Map();
    known.set(scope.index, scope);
    this.iterations.set(parent, known);
  }

  /**
   * The open visit of a state; nearest is the one that the event before belongs to.
   * @param {string} name
   * @param {Context} before
   * @returns {Visit | null}
   */
  visitNamed(name, before) {
    if (before.visit?.name === name && before.visit.exitedIndex === null) return before.visit;
    return climbed(before.scope, (visit) => visit.name === name && visit.exitedIndex === null) ?? lastOpen(this.byName, name);
  }

  /**
   * The open Map or Parallel that an event without a name is about.
   * @param {string | null} type
   * @param {Context} before
   * @returns {Visit | null}
   */
  container(type, before) {
    const visit = before.visit;
    if (visit !== null && visit.type === type && visit.exitedIndex === null) return visit;
    const around = climbed(before.scope, (one) => one.type === type && one.exitedIndex === null);
    return around ?? lastOpen(this.byType, type ?? "");
  }

  /**
   * The Map whose iteration starts; one that has ended, where it is driven again.
   * @param {string | null} name
   * @param {Context} before
   * @returns {Visit | null}
   */
  containerNamed(name, before) {
    if (name === null) return this.container("Map", before);
    return this.visitNamed(name, before) ?? this.latest.get(name) ?? null;
  }

  /**
   * The iteration that has ended.
   * @param {string | null} name
   * @param {number} index
   * @param {Context} before
   * @returns {Scope | null}
   */
  iteration(name, index, before) {
    this.endedScope = this.#iteration(name, index, before);
    return this.endedScope;
  }

  /** @param {string | null} name @param {number} index @param {Context} before */
  #iteration(name, index, before) {
    for (let scope = before.scope; scope.parent !== null; scope = scope.parent.scope) {
      const isNamed = name === null || scope.parent.name === name;
      if (isNamed && (scope.index === index || Number.isNaN(index))) return scope;
    }
    const container = this.containerNamed(name, before);
    return container === null ? null : this.iterations.get(container)?.get(index) ?? null;
  }
}

/** @param {Map<string, Visit[]>} lists @param {string} key @param {Visit} visit */
function push(lists, key, visit) {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [visit]);
  else list.push(visit);
}

/** @param {Map<string, Visit[]>} lists @param {string} key @returns {Visit | null} */
function lastOpen(lists, key) {
  const list = lists.get(key) ?? [];
  while (list.length > 0) {
    const visit = /** @type {Visit} */ (list.at(-1));
    if (visit.exitedIndex === null) return visit;
    list.pop();
  }
  return null;
}

/** @param {Scope} scope @param {(visit: Visit) => boolean} fits @returns {Visit | null} */
function climbed(scope, fits) {
  for (let visit = scope.parent; visit !== null; visit = visit.scope.parent) if (fits(visit)) return visit;
  return null;
}
