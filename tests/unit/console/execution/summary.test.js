import assert from "node:assert/strict";
import { test } from "node:test";
import { culpritOf } from "../../../../console/web/modules/execution/culprit.js";
import { History } from "../../../../console/web/modules/execution/history.js";
import { withNews } from "../../../../console/web/modules/execution/news.js";
import { distributedMap, inlineMap, olderTasks, parallelFailed } from "./aws_histories.js";

/** @param {any[]} events */
function culprit(events) {
  const found = culpritOf(new History().add(events));
  return found === null ? null : [found.state, found.index + 1, found.key];
}

test("an execution failed where the innermost state failed, not where that was caught before", () => {
  assert.deepEqual(culprit(parallelFailed), ["GiveUp", 7, "execution.go_to_failure"]);
  assert.deepEqual(culprit(olderTasks), ["Sum", 18, "execution.go_to_failure"]);
  assert.equal(culprit(inlineMap), null);
});

test("where time ran out, the state that had not ended is told", () => {
  assert.deepEqual(culprit(distributedMap), ["Inner", 8, "execution.go_to_open"]);
});

test("news are added once, whatever is told twice", () => {
  const told = { execution: { status: "RUNNING", name: "x" }, definition: null, events: inlineMap.slice(0, 5), children: [{ arn: "a", name: "a", status: "RUNNING" }] };
  const more = withNews(told, "events", { events: inlineMap.slice(3, 8) });
  assert.deepEqual(more.events.map((event) => event.id), [1, 2, 3, 4, 5, 6, 7, 8]);
  assert.equal(withNews(more, "events", { events: inlineMap.slice(0, 8) }), more);
  const ended = withNews(more, "execution", { execution: { status: "FAILED" }, children: [{ arn: "a", name: "a", status: "FAILED" }, { arn: "b", name: "b", status: "RUNNING" }] });
  assert.deepEqual(ended.execution, { status: "FAILED", name: "x" });
  assert.deepEqual(ended.children.map((child) => child.status), ["FAILED", "RUNNING"]);
  assert.equal(withNews(told, "end", {}), told);
});
