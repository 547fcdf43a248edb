import assert from "node:assert/strict";
import { test } from "node:test";
import { graphHolding, graphOf } from "../../../../console/web/modules/execution/definition.js";
import { graphOfHistory } from "../../../../console/web/modules/execution/definition_of_history.js";
import { readableEvents } from "../../../../console/web/modules/execution/events.js";
import { exportedFrom, Unreadable } from "../../../../console/web/modules/execution/exported.js";
import { placesOf } from "../../../../console/web/modules/execution/graph_places.js";
import { History } from "../../../../console/web/modules/execution/history.js";
import { layoutOf } from "../../../../console/web/modules/execution/layout.js";
import { chosenWith, errorAt, looksAt } from "../../../../console/web/modules/execution/moment.js";
import { rowsOf } from "../../../../console/web/modules/execution/timeline_rows.js";

const TYPES = [
  "ExecutionStarted", "ExecutionSucceeded", "ExecutionFailed", "ExecutionTimedOut", "ExecutionAborted", "ExecutionRedriven",
  "TaskStateEntered", "TaskStateExited", "TaskStateAborted", "TaskScheduled", "TaskStarted", "TaskFailed", "TaskSucceeded", "TaskSubmitted",
  "MapStateEntered", "MapStateStarted", "MapStateExited", "MapStateFailed", "MapStateSucceeded", "MapStateAborted",
  "MapIterationStarted", "MapIterationSucceeded", "MapIterationFailed", "MapIterationAborted", "MapRunStarted", "MapRunFailed", "MapRunRedriven",
  "ParallelStateEntered", "ParallelStateStarted", "ParallelStateExited", "ParallelStateFailed", "ParallelStateSucceeded",
  "FailStateEntered", "SucceedStateEntered", "EvaluationFailed", "LambdaFunctionTimedOut", "ActivityScheduled", "", "__proto__", "toString", "NewStateEntered",
];
const NAMES = ["A", "B", "__proto__", "constructor", "<img src=x onerror=alert(1)>", "한글 상태", "\u202Egnp", "", "toString", "hasOwnProperty"];
const VALUES = [null, undefined, 0, -1, 1.5, "", "{}", "[", "\u0000", [], {}, true, Number.NaN, 1e308, "x".repeat(1000)];

/** Numbers that are the same each time. @param {number} seed */
function dice(seed) {
  let state = seed;
  return (/** @type {number} */ sides) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

/** @param {(sides: number) => number} roll @param {number} count @returns {any[]} */
function nonsense(roll, count) {
  const pick = (/** @type {any[]} */ list) => list[roll(list.length)];
  return Array.from({ length: count }, (_, place) => {
    const details = { name: roll(8) ? pick(NAMES) : pick(VALUES), index: roll(4) ? roll(5) : pick(VALUES), length: pick(VALUES), input: pick(VALUES), error: pick(VALUES), cause: pick(VALUES), output: pick(VALUES), state: roll(5) ? undefined : pick(NAMES), resource: pick(["startExecution.sync", ...VALUES]) };
    const member = pick(["stateEnteredEventDetails", "anyEventDetails", "x", "mapIterationStartedEventDetails"]);
    return { id: roll(10) ? place + 1 : pick(VALUES), previousEventId: roll(6) ? roll(place + 3) : pick(VALUES), timestamp: pick(VALUES), type: roll(30) ? pick(TYPES) : pick(VALUES), [member]: roll(9) ? details : pick(VALUES) };
  });
}

/** Everything that is made of a history, as the page makes it. @param {any} events */
function debug(events) {
  const history = new History().add(readableEvents(events));
  const graph = graphOfHistory(history);
  placesOf(layoutOf(graph));
  rowsOf(history);
  let chosen = new Map();
  const apart = Math.ceil(history.steps.length / 17);
  for (const step of history.steps.filter((_, place) => place % apart === 0)) {
    chosen = new Map(chosenWith(chosen, step.scope));
    const looks = looksAt(graph, history, step.index, chosen);
    for (const look of looks.values()) if (look.visit !== null) errorAt(look.visit, step.index);
  }
  return { history, graph };
}

test("no history makes it throw, whatever its events say", () => {
  for (let seed = 1; seed <= 60; seed += 1) debug(nonsense(dice(seed), 100));
});

test("each event has its step, and each visit ends once at most before it goes on", () => {
  for (let seed = 1; seed <= 30; seed += 1) {
    const events = readableEvents(nonsense(dice(seed), 200));
    const { history } = debug(events);
    assert.equal(history.steps.length, events.length);
    for (const visit of history.visits) {
      const indices = visit.marks.map((mark) => mark.index);
      assert.deepEqual(indices, [...indices].sort((one, other) => one - other));
      assert.ok(visit.scope.visits.get(visit.name)?.includes(visit));
      assert.equal(visit.scope.open.has(visit), visit.exitedIndex === null);
    }
  }
});

test("names such as __proto__ are states like others", () => {
  const { history, graph } = debug([
    { id: 1, previousEventId: 0, type: "PassStateEntered", stateEnteredEventDetails: { name: "__proto__" } },
    { id: 2, previousEventId: 1, type: "PassStateExited", stateExitedEventDetails: { name: "__proto__" } },
    { id: 3, previousEventId: 2, type: "PassStateEntered", stateEnteredEventDetails: { name: "constructor" } },
  ]);
  assert.deepEqual(graph.nodes.map((node) => node.name), ["__proto__", "constructor"]);
  assert.deepEqual(graph.edges.map((edge) => [edge.from, edge.to]), [["__proto__", "constructor"]]);
  assert.equal(looksAt(graph, history, 2, new Map()).get("__proto__")?.status, "succeeded");
  const defined = graphOf(JSON.parse('{"StartAt":"__proto__","States":{"__proto__":{"Type":"Pass","Next":"toString"},"toString":{"Type":"Succeed"}}}'));
  assert.deepEqual(defined?.nodes.map((node) => node.name), ["__proto__", "toString"]);
  assert.equal(/** @type {any} */ ({}).Type, undefined);
});

test("what is nested without an end, very wide or very long is read in time", () => {
  const begin = performance.now();
  const deep = Array.from({ length: 6000 }, (_, place) => ({ id: place + 1, previousEventId: place, type: place % 2 ? "ParallelStateStarted" : "ParallelStateEntered", stateEnteredEventDetails: { name: `P${place}` } }));
  debug(deep);
  const wide = Array.from({ length: 6000 }, (_, place) => ({ id: place + 1, previousEventId: place, type: "TaskStateEntered", stateEnteredEventDetails: { name: `W${place}` } }));
  debug(wide);
  debug([{ id: 1, type: "TaskStateEntered", stateEnteredEventDetails: { name: "A" } }, { id: 2, previousEventId: 1, type: "TaskFailed", taskFailedEventDetails: { error: "E", cause: "x".repeat(10_000_000) } }]);
  const ends = Array.from({ length: 6000 }, (_, place) => ({ id: place + 1, previousEventId: place, type: place % 3 ? "MapIterationFailed" : "MapIterationStarted", mapIterationStartedEventDetails: { name: "M", index: place % 50 } }));
  debug(ends);
  assert.ok(performance.now() - begin < 30_000);
});

test("no definition makes it throw, and what leads nowhere is left out", () => {
  let nested = /** @type {any} */ ({ Type: "Pass" });
  for (let depth = 0; depth < 500; depth += 1) nested = { Type: "Map", Iterator: { StartAt: "x", States: { x: nested } } };
  const definitions = [null, 1, "x", [], {}, { States: null }, { States: [] }, { States: { a: null, b: 1, c: {} } }, { StartAt: "zz", States: { a: { Type: "Choice", Choices: [1, null, { Next: "nowhere" }, { Not: { Not: 1 }, Next: "a" }, { And: [], Next: "a" }], Default: 3 } } }, { States: { a: { Type: "Parallel", Branches: [1, { States: {} }] }, m: { Type: "Map" } } }, { StartAt: "x", States: { x: nested } }];
  for (const definition of definitions) {
    const graph = graphOf(definition);
    if (graph === null) continue;
    layoutOf(graph);
    graphHolding(graph, ["a"]);
    const names = new Set(graph.nodes.map((node) => node.name));
    assert.ok(graph.edges.every((edge) => names.has(edge.to)));
  }
});

test("a file that is none of ours is refused with its reason", () => {
  for (const text of ["", "x", "{", "\u0000"]) assert.throws(() => exportedFrom([text]), (refused) => refused instanceof Unreadable && refused.reason === "no_json");
  for (const text of ["1", "null", "[]", "{}", '{"events":{}}', '{"events":[1,null,{"id":1}]}']) {
    assert.throws(() => exportedFrom([text]), (refused) => refused instanceof Unreadable && refused.reason === "no_events");
  }
});
