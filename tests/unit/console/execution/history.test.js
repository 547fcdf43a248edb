import assert from "node:assert/strict";
import { test } from "node:test";
import { graphOf } from "../../../../console/web/modules/execution/definition.js";
import { graphOfHistory } from "../../../../console/web/modules/execution/definition_of_history.js";
import { History } from "../../../../console/web/modules/execution/history.js";
import { chosenWith, countsAt, errorAt, looksAt } from "../../../../console/web/modules/execution/moment.js";
import { statusAt } from "../../../../console/web/modules/execution/records.js";
import { distributedMap, event, inlineMap, inlineMapDefinition, olderTasks, parallelFailed, redriven } from "./aws_histories.js";

const END = Number.MAX_SAFE_INTEGER;

/** @param {any[]} events @param {any} [definition] @param {number} [index] */
function looked(events, definition, index = END) {
  const history = new History().add(events);
  const graph = graphOf(definition) ?? graphOfHistory(history);
  const looks = looksAt(graph, history, index, new Map());
  return { history, looks, statuses: Object.fromEntries([...looks].map(([name, look]) => [name, look.status])) };
}

test("iterations that run at once keep their events apart", () => {
  const { history } = looked(inlineMap, inlineMapDefinition);
  const [map, first, second] = history.visits;
  assert.deepEqual([map.name, first.input, second.input], ["Each", "1", "2"]);
  assert.equal(first.scope, map.scopes[0]);
  assert.equal(second.scope, map.scopes[1]);
  assert.deepEqual(second.attempts.map((one) => [one.error, one.cause, one.failed]), [["TooBusy", "first", true], ["Broken", "second", true]]);
  assert.deepEqual(first.attempts.map((one) => one.failed), [false]);
  assert.equal(first.parameters, '{"Payload":1}');
});

test("a Map that catches its iteration's error is caught, and its counts add up at every event", () => {
  const { history, statuses, looks } = looked(inlineMap, inlineMapDefinition);
  assert.deepEqual(statuses, { Each: "caught", Work: "failed", TellIt: "succeeded", Done: "pending" });
  assert.deepEqual(looks.get("Each")?.counts, { total: 2, started: 2, running: 0, succeeded: 0, failed: 1, cancelled: 1 });
  assert.equal(history.visits[0].caughtBy?.name, "TellIt");
  assert.deepEqual(errorAt(history.visits[0], END)?.error, "Broken");
  for (let index = 0; index < inlineMap.length; index += 1) {
    const { started, running, succeeded, failed, cancelled } = countsAt(history.visits[0], index);
    assert.equal(started, running + succeeded + failed + cancelled);
  }
});

test("an earlier event shows what was then", () => {
  const at = (/** @type {number} */ id) => looked(inlineMap, inlineMapDefinition, id - 1).statuses;
  assert.deepEqual(at(1), { Each: "pending", Work: "pending", TellIt: "pending", Done: "pending" });
  assert.deepEqual(at(8), { Each: "running", Work: "running", TellIt: "pending", Done: "pending" });
  const { history } = looked(inlineMap, inlineMapDefinition);
  assert.equal(errorAt(history.visits[2], 10), null);
  assert.equal(errorAt(history.visits[2], 11)?.error, "TooBusy");
  assert.equal(errorAt(history.visits[2], 12), null);
});

test("the iteration that is looked at is the one that was chosen, else the one that failed", () => {
  const history = new History().add(inlineMap);
  const graph = /** @type {any} */ (graphOf(inlineMapDefinition));
  const work = (/** @type {any} */ chosen) => looksAt(graph, history, END, chosen).get("Work");
  assert.equal(work(new Map())?.visit?.input, "2");
  const chosen = chosenWith(new Map(), history.steps[4].scope);
  assert.equal(work(chosen)?.visit?.input, "1");
  assert.equal(work(chosen)?.status, "cancelled");
});

test("a failed branch fails its Parallel and the execution; the other branch is cancelled", () => {
  const { history, statuses } = looked(parallelFailed);
  assert.deepEqual(statuses, { Both: "failed", Sleep: "cancelled", Prepare: "succeeded", GiveUp: "failed" });
  assert.equal(history.visits[0].scopes.length, 2);
  const failed = history.visits.find((visit) => visit.name === "GiveUp");
  assert.deepEqual([failed?.error, failed?.cause], ["NotToday", "the branch said no"]);
  assert.equal(statusAt(history.root, END), "failed");
});

test("a redriven execution goes on where it failed", () => {
  const { history, statuses } = looked(redriven);
  assert.deepEqual(statuses, { Load: "succeeded" });
  assert.equal(history.visits.length, 1);
  assert.deepEqual(history.visits[0].attempts.map((one) => one.failed), [true, false]);
  assert.deepEqual([5, 6, 8].map((index) => statusAt(history.root, index)), ["failed", "running", "running"]);
  assert.equal(statusAt(history.root, END), "succeeded");
  assert.equal(looked(redriven, undefined, 5).statuses.Load, "failed");
});

test("a Distributed Map names its Map Run, a started execution its child, and a timeout cancels what is open", () => {
  const { history, statuses } = looked(distributedMap);
  assert.deepEqual(statuses, { Items: "caught", Inner: "cancelled" });
  assert.equal(history.visits[0].mapRun, "arn:aws:states:us-east-1:111111111111:mapRun:outer/Items:4d2f");
  assert.equal(history.visits[0].attempts[0].error, "States.ExceedToleratedFailureThreshold");
  assert.equal(history.visits[1].child, "arn:aws:states:us-east-1:111111111111:execution:inner:one");
  assert.deepEqual([history.ending, history.error], ["ExecutionTimedOut", "States.Timeout"]);
});

test("functions by their ARN, activities and failed expressions are read; an unknown type is kept as it is", () => {
  const { history, statuses } = looked(olderTasks);
  assert.deepEqual(statuses, { Function: "succeeded", ByHand: "succeeded", Sum: "failed" });
  assert.deepEqual(history.visits[0].attempts.map((one) => one.error), ["States.Timeout", null]);
  assert.equal(history.visits[2].error, "States.QueryEvaluationError");
  assert.equal(history.steps[16].event.type, "SomethingNewHappened");
  assert.equal(history.steps[16].visit?.name, "Sum");
});

test("every type of event that the API names is given to a state, an iteration or the execution", () => {
  const types = ["TaskStarted", "TaskSubmitted", "TaskSubmitFailed", "TaskStartFailed", "TaskTimedOut", "ActivityScheduleFailed", "LambdaFunctionStartFailed"];
  for (const type of types) {
    const history = new History().add([
      event(1, 0, 0, "ExecutionStarted"), event(2, 0, 0, "TaskStateEntered", { name: "A" }),
      event(3, 2, 0, "TaskScheduled", {}), event(4, 3, 0, type, { error: "E", cause: "c" }),
    ]);
    assert.equal(history.steps[3].visit?.name, "A", type);
    assert.equal(history.visits[0].attempts[0].failed, /Failed|TimedOut/.test(type), type);
  }
});

test("failures can be gone through: attempts, iterations, states, the execution; not what was cancelled", () => {
  assert.deepEqual(new History().add(inlineMap).failures.map((index) => index + 1), [12, 15, 16, 19]);
});

test("events that come later are read as if they had come at once", () => {
  for (const events of [inlineMap, parallelFailed, redriven, distributedMap, olderTasks]) {
    const whole = new History().add(events);
    const parts = new History();
    for (const one of events) parts.add([one]);
    assert.equal(JSON.stringify(summary(parts)), JSON.stringify(summary(whole)));
  }
});

/** @param {History} history */
function summary(history) {
  return history.visits.map((visit) => [visit.name, visit.marks, visit.attempts, visit.scope.number, visit.error]);
}

test("what moto leaves out or numbers otherwise leads to the same states", () => {
  // Its MapStateExited follows the last event of the Map Run, and an iteration the last event inside of the one before.
  const { history, statuses } = looked([
    event(1, 0, 0, "ExecutionStarted"), event(2, 0, 0, "MapStateEntered", { name: "Each" }),
    event(3, 2, 0, "MapStateStarted", { length: 2 }), event(4, 3, 0, "MapIterationStarted", { name: "Each", index: 0 }),
    event(5, 4, 0, "PassStateEntered", { name: "Step" }), event(6, 5, 0, "PassStateExited", { name: "Step" }),
    event(7, 6, 0, "MapIterationSucceeded", { name: "Each", index: 0 }), event(8, 6, 0, "MapIterationStarted", { name: "Each", index: 1 }),
    event(9, 8, 0, "PassStateEntered", { name: "Step" }), event(10, 9, 0, "PassStateExited", { name: "Step" }),
    event(11, 10, 0, "MapIterationSucceeded", { name: "Each", index: 1 }), event(12, 11, 0, "MapStateSucceeded"),
    event(13, 11, 0, "MapStateExited", { name: "Each" }), event(14, 13, 0, "ExecutionSucceeded"),
  ]);
  assert.deepEqual(statuses, { Each: "succeeded", Step: "succeeded" });
  assert.deepEqual(history.visits[0].scopes.map((scope) => scope.visits.get("Step")?.length), [1, 1]);
});
