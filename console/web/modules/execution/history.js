/**
 * Reads the events of an execution, one after the other, into visits of states.
 *
 * An event names the event before it on its own way through the machine (`previousEventId`); so its state, iteration
 * and branch are found, however many of them run at once. Where the number leads nowhere, the event belongs to what
 * the event before it in the list belongs to. Each event is read once, in constant time; what holds at an earlier
 * event is looked up afterwards by `moment.js`. Nothing here throws for what events say.
 */

import { Attempts } from "./attempts.js";
import { close, closeScope, endingOf, reopen } from "./endings.js";
import { detailsOf, effectOf, isTruncated, stateTypeOf, textOf, timeOf, toneOf } from "./events.js";
import { Finder } from "./finder.js";
import { newScope, newVisit } from "./records.js";

/** @typedef {import("./events.js").HistoryEvent} HistoryEvent */
/** @typedef {import("./records.js").Visit} Visit */
/** @typedef {import("./records.js").Scope} Scope */
/** @typedef {{scope: Scope, visit: Visit | null}} Context */

/**
 * @typedef {object} Step one event, and what it belongs to
 * @property {number} index
 * @property {HistoryEvent} event
 * @property {number | null} at milliseconds of Unix time
 * @property {Visit | null} visit
 * @property {Scope} scope
 * @property {"failure" | "success" | "plain"} tone
 */

const DEEPEST = 100;
/**
 * What a read event is applied to.
 * @typedef {{event: HistoryEvent, details: Record<string, unknown>, index: number, at: number | null, before: Context}} Reading
 */

export class History {
  constructor() {
    /** The execution itself: its states are the visits of this scope. */
    this.root = newScope(0, null, 0, 0, null);
    /** @type {Step[]} */
    this.steps = [];
    /** @type {Visit[]} in the order in which they were entered */
    this.visits = [];
    /** @type {Scope[]} */
    this.scopes = [this.root];
    /** Indices of events that tell a failure, ascending. @type {number[]} */
    this.failures = [];
    /** How the execution ended: the type of its last event of that kind. @type {string | null} */
    this.ending = null;
    /** @type {string | null} */
    this.error = null;
    /** @type {string | null} */
    this.cause = null;
    /** @type {Map<number, Context>} */
    this.contexts = new Map();
    this.find = new Finder(this);
    this.opened = (/** @type {Visit} */ visit) => this.find.opened(visit);
    this.attempts = new Attempts();
    /** @type {Context} */
    this.last = { scope: this.root, visit: null };
  }

  /**
   * Read more events, in ascending order of their ids.
   * @param {readonly HistoryEvent[]} events
   */
  add(events) {
    for (const event of events) this.#read(event);
    return this;
  }

  /** @param {HistoryEvent} event */
  #read(event) {
    const index = this.steps.length;
    const at = timeOf(event.timestamp);
    if (index === 0) this.root.startedAt = at;
    const before = this.#before(event);
    const context = this.#apply({ event, details: detailsOf(event), index, at, before });
    const tone = toneOf(event.type);
    const about = effectOf(event.type) === "iteration_end" ? this.find.endedScope ?? context.scope : context.scope;
    this.steps.push({ index, event, at, visit: context.visit, scope: about, tone });
    if (tone === "failure" && !/(State|Iteration)Aborted$/.test(event.type)) this.failures.push(index);
    this.contexts.set(event.id, context);
    this.last = context;
  }

  /**
   * @param {HistoryEvent} event
   * @returns {Context}
   */
  #before(event) {
    const previous = event.previousEventId;
    if (previous === 0) return { scope: this.root, visit: null };
    return this.contexts.get(Number(previous)) ?? this.last;
  }

  /** @param {Reading} reading @returns {Context} */
  #apply(reading) {
    switch (effectOf(reading.event.type)) {
      case "enter": return this.#enter(reading);
      case "exit": return this.#exit(reading);
      case "map_start": return this.#startContainer(reading);
      case "iteration_start": return this.#startIteration(reading);
      case "iteration_end": return this.#endIteration(reading);
      case "container_end": return this.#endContainer(reading);
      case "execution": return this.#endExecution(reading);
      case "redrive": return this.#redrive(reading);
      default: return this.#progress(reading);
    }
  }

  /** @param {Reading} reading @returns {Context} */
  #enter({ event, details, index, at, before }) {
    const name = textOf(details, "name") ?? event.type;
    let scope = before.scope;
    let previous = before.visit;
    if (previous !== null && this.#holds(previous)) {
      scope = this.#open(previous, previous.scopes.length, index, at);
      previous = null;
    }
    const visit = this.#visit(name, stateTypeOf(event.type) ?? "", scope, previous, index, at);
    visit.input = textOf(details, "input");
    visit.inputTruncated = isTruncated(details, "input");
    if (visit.type === "Fail") {
      close(visit, index, at, "failed");
      this.find.silentFail = visit;
    }
    return { scope, visit };
  }

  /** @param {Visit} visit */
  #holds(visit) {
    return visit.exitedIndex === null && (visit.type === "Parallel" || visit.type === "Map") && visit.hasStarted;
  }

  /** @param {string} name @param {string} type @param {Scope} scope @param {Visit | null} previous @param {number} index @param {number | null} at */
  #visit(name, type, scope, previous, index, at) {
    const from = previous !== null && previous.scope === scope ? previous : null;
    const visit = newVisit({ number: this.visits.length, name, type, scope, previous: from, enteredIndex: index, enteredAt: at });
    this.visits.push(visit);
    const sameName = scope.visits.get(name);
    if (sameName === undefined) scope.visits.set(name, [visit]);
    else sameName.push(visit);
    scope.open.add(visit);
    this.find.opened(visit);
    if (from !== null) this.#moved(from, visit, index);
    return visit;
  }

  /** @param {Visit} from @param {Visit} to @param {number} index */
  #moved(from, to, index) {
    const isCaught = from.marks.at(-1)?.status === "caught";
    if (isCaught) from.caughtBy = to;
    const targets = to.scope.ways.get(from.name) ?? new Map();
    const way = targets.get(to.name) ?? { usual: null, caught: null };
    if (isCaught) way.caught ??= index;
    else way.usual ??= index;
    to.scope.ways.set(from.name, targets.set(to.name, way));
  }

  /** @param {Visit} parent @param {number} number @param {number} index @param {number | null} at */
  #open(parent, number, index, at) {
    if (parent.scope.depth >= DEEPEST) return parent.scope;
    const scope = newScope(this.scopes.length, parent, number, index, at);
    this.scopes.push(scope);
    parent.scopes.push(scope);
    this.find.began(parent, scope);
    return scope;
  }

  /** @param {Reading} reading @returns {Context} */
  #exit({ event, details, index, at, before }) {
    const name = textOf(details, "name") ?? before.visit?.name ?? event.type;
    const visit =
      this.find.visitNamed(name, before) ??
      this.#visit(name, stateTypeOf(event.type) ?? "", before.scope, null, index, null);
    visit.output = textOf(details, "output");
    visit.outputTruncated = isTruncated(details, "output");
    const assigned = details["assignedVariables"];
    if (assigned !== undefined && assigned !== null) visit.assigned = JSON.stringify(assigned);
    close(visit, index, at, visit.attempts.at(-1)?.failed === true ? "caught" : "succeeded");
    return { scope: visit.scope, visit };
  }

  /** @param {Reading} reading @returns {Context} */
  #startContainer({ event, details, index, at, before }) {
    const visit = this.find.container(stateTypeOf(event.type), before) ?? before.visit;
    if (visit === null) return before;
    reopen(visit, index, this.opened);
    visit.hasStarted = true;
    const length = details["length"];
    if (typeof length === "number") visit.length = length;
    this.attempts.start(visit, index, at);
    return { scope: visit.scope, visit };
  }

  /** @param {Reading} reading @returns {Context} */
  #startIteration({ details, index, at, before }) {
    const name = textOf(details, "name");
    const container =
      this.find.containerNamed(name, before) ??
      this.#visit(name ?? "Map", "Map", before.scope, null, index, null);
    reopen(container, index, this.opened);
    container.hasStarted = true;
    const number = Number(details["index"]);
    const scope = this.#open(container, Number.isSafeInteger(number) ? number : container.scopes.length, index, at);
    return { scope, visit: null };
  }

  /** @param {Reading} reading @returns {Context} */
  #endIteration({ event, details, index, at, before }) {
    const scope = this.find.iteration(textOf(details, "name"), Number(details["index"]), before);
    if (scope === null || scope.parent === null) return before;
    const ending = endingOf(event.type);
    if (ending === "failed" && before.visit !== null) this.find.culprits.set(scope.parent, before.visit);
    closeScope(scope, index, at, ending, before.visit);
    return { scope: scope.parent.scope, visit: scope.parent };
  }

  /** @param {Reading} reading @returns {Context} */
  #endContainer({ event, index, at, before }) {
    const visit = this.find.container(stateTypeOf(event.type), before);
    if (visit === null) return before;
    const ending = endingOf(event.type);
    for (const scope of visit.scopes) {
      if (scope.endedIndex === null) closeScope(scope, index, at, ending, before.visit);
    }
    if (ending === "failed") {
      const culprit = this.find.culprits.get(visit) ?? before.visit;
      this.attempts.fail(visit, index, at, culprit?.error ?? null, culprit?.cause ?? null);
    }
    if (ending === "succeeded") this.attempts.succeed(visit, index, at);
    if (ending === "cancelled") close(visit, index, at, "cancelled");
    return { scope: visit.scope, visit };
  }

  /** @param {Reading} reading @returns {Context} */
  #endExecution({ event, details, index, at, before }) {
    if (event.type === "ExecutionStarted") return { scope: this.root, visit: null };
    const visit = before.visit;
    this.ending = event.type;
    this.error = textOf(details, "error");
    this.cause = textOf(details, "cause");
    const silent = this.find.silentFail;
    if (event.type === "ExecutionFailed") {
      for (const one of [visit, silent]) if (one !== null && one.error === null) this.attempts.tell(one, this.error, this.cause);
    }
    const failing = event.type === "ExecutionFailed" ? visit : null;
    this.find.lastFailed = visit ?? this.find.lastFailed;
    closeScope(this.root, index, at, endingOf(event.type), failing);
    return { scope: this.root, visit: failing };
  }

  /** @param {Reading} reading @returns {Context} */
  #redrive({ event, index, before }) {
    if (event.type === "MapRunRedriven") {
      const visit = this.find.latestMap ?? before.visit;
      if (visit !== null) reopen(visit, index, this.opened);
      return visit === null ? before : { scope: visit.scope, visit };
    }
    this.ending = null;
    this.error = null;
    this.cause = null;
    this.root.endedIndex = null;
    this.root.marks.push({ index, status: "running" });
    return { scope: this.root, visit: null };
  }

  /** @param {Reading} reading @returns {Context} */
  #progress({ event, details, index, at, before }) {
    const named = textOf(details, "state");
    const visit = (named === null ? before.visit : this.find.visitNamed(named, before)) ?? this.find.lastFailed;
    if (visit === null) return before;
    const effect = effectOf(event.type);
    if (effect === "start") reopen(visit, index, this.opened);
    this.attempts.read(event, details, visit, index, at);
    if (effect === "abort") close(visit, index, at, "cancelled");
    return { scope: visit.scope, visit };
  }
}
