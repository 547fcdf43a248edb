import assert from "node:assert/strict";
import { test } from "node:test";
import { graphHolding, graphOf, ruleText } from "../../../../console/web/modules/execution/definition.js";
import { timeOf } from "../../../../console/web/modules/execution/events.js";
import { exportedFrom } from "../../../../console/web/modules/execution/exported.js";
import { neighbour, placesOf } from "../../../../console/web/modules/execution/graph_places.js";
import { causeOf, differencesOf, readJson } from "../../../../console/web/modules/execution/json_text.js";
import { layoutOf } from "../../../../console/web/modules/execution/layout.js";
import { moveOf, placeAfter } from "../../../../console/web/modules/execution/places.js";
import { durationText, sinceText, ticksOf } from "../../../../console/web/modules/execution/times.js";
import { inlineMap, inlineMapDefinition } from "./aws_histories.js";

const machine = {
  StartAt: "Ask",
  States: {
    Ask: { Type: "Choice", Choices: [{ Variable: "$.a", StringEquals: "x", Next: "Do" }], Default: "Stop" },
    Do: { Type: "Task", Next: "Stop", Catch: [{ ErrorEquals: ["Busy"], Next: "Stop" }, { ErrorEquals: ["States.ALL"], Next: "Lost" }] },
    Stop: { Type: "Succeed" },
    Lost: { Type: "Fail" },
  },
};

test("a definition's ways are read with what leads along them", () => {
  const graph = graphOf(machine);
  assert.deepEqual(graph?.edges, [
    { from: "Ask", to: "Do", kind: "choice", label: '$.a = "x"' },
    { from: "Ask", to: "Stop", kind: "default", label: "" },
    { from: "Do", to: "Stop", kind: "next", label: "" },
    { from: "Do", to: "Stop", kind: "catch", label: "Busy" },
    { from: "Do", to: "Lost", kind: "catch", label: "States.ALL" },
  ]);
});

test("rules of both query languages are told in short", () => {
  assert.equal(ruleText({ Condition: "{% $x > 1 %}", Next: "A" }), "{% $x > 1 %}");
  assert.equal(ruleText({ And: [{ Variable: "$.a", NumericGreaterThanEquals: 2 }, { Not: { Variable: "$.b", IsPresent: true } }], Next: "A" }), "$.a ≥ 2 and not ($.b IsPresent true)");
});

test("the history of a Map's child is drawn in the inside of that Map", () => {
  const graph = graphOf(inlineMapDefinition);
  assert.equal(graphHolding(graph, ["Each"]), graph);
  assert.equal(graphHolding(graph, ["Work"]), graph?.nodes[0].inner[0]);
  assert.equal(graphHolding(graph, ["Elsewhere"]), null);
});

test("no two states lie upon each other, and a container holds its own", () => {
  const graph = /** @type {any} */ (graphOf({ StartAt: "Ask", States: { ...machine.States, .../** @type {any} */ (inlineMapDefinition.States) } }));
  const level = layoutOf(graph);
  for (const one of level.nodes) {
    for (const other of level.nodes) {
      if (one === other) continue;
      assert.ok(one.x + one.width <= other.x || other.x + other.width <= one.x || one.y + one.height <= other.y || other.y + other.height <= one.y, `${one.node.name} ${other.node.name}`);
    }
    assert.ok(one.x >= 0 && one.x + one.width <= level.width + 1 && one.y >= 0 && one.y + one.height <= level.height + 1, one.node.name);
    for (const inner of one.inner) assert.ok(inner.x >= 0 && inner.x + inner.width <= one.width && inner.y + inner.height <= one.height);
  }
});

test("rules that lead to the same state are one arrow, and a caught error is another", () => {
  const graph = /** @type {any} */ (graphOf({
    StartAt: "Ask",
    States: { Ask: { Type: "Choice", Choices: [{ Condition: "a", Next: "Do" }, { Condition: "b", Next: "Do" }], Default: "Do" }, Do: { Type: "Task", Next: "End", Catch: [{ ErrorEquals: ["E"], Next: "End" }] }, End: { Type: "Succeed" } },
  }));
  assert.deepEqual(layoutOf(graph).edges.map(({ edge }) => [edge.from, edge.to, edge.label]), [["Ask", "Do", "a\nb"], ["Do", "End", ""], ["Do", "End", "E"]]);
});

test("an arrow key leads to the nearest state that way", () => {
  const places = placesOf(layoutOf(/** @type {any} */ (graphOf(machine))));
  assert.equal(neighbour(places, "Ask", "ArrowDown"), "Do");
  assert.equal(neighbour(places, "Do", "ArrowUp"), "Ask");
  assert.equal(neighbour(places, "Do", "ArrowRight"), "Lost");
  assert.equal(neighbour(places, "Ask", "ArrowUp"), null);
  assert.equal(neighbour(places, "Ask", "x"), null);
});

test("keys lead through the history and stop at its ends", () => {
  const history = { steps: { length: 10 }, failures: [3, 7] };
  const after = (/** @type {string} */ key, /** @type {number} */ index) => placeAfter(/** @type {any} */ (moveOf(key)), index, history);
  assert.deepEqual([after("Home", 5), after("End", 5), after("k", 0), after("j", 9), after("ArrowRight", 4)], [0, 9, 0, 9, 5]);
  assert.deepEqual([after("n", 0), after("n", 3), after("n", 7), after("p", 7), after("p", 2)], [3, 7, 7, 3, 2]);
  assert.equal(moveOf("q"), null);
});

test("an export of ours, the API's answer, pages in any order, a definition beside: one execution", () => {
  const ours = JSON.stringify({ execution: { executionArn: "arn:x", name: "x", status: "SUCCEEDED", stateMachineArn: "arn:m", startDate: "2026-09-01T03:00:00Z" }, events: inlineMap });
  assert.deepEqual(pick(exportedFrom([ours])), ["arn:x", "arn:m", "SUCCEEDED", 23, null]);
  const pages = [JSON.stringify({ events: inlineMap.slice(10).reverse() }), JSON.stringify({ events: inlineMap.slice(0, 12) })];
  const machines = [JSON.stringify(inlineMapDefinition), JSON.stringify({ definition: JSON.stringify(inlineMapDefinition), name: "m" })];
  for (const definition of machines) {
    const found = exportedFrom([...pages, definition]);
    assert.deepEqual(found.events.map((event) => event.id), inlineMap.map((event) => event.id));
    assert.deepEqual(found.definition, inlineMapDefinition);
    assert.equal(found.execution.status, "SUCCEEDED");
  }
});

/** @param {import("../../../../console/web/modules/execution/exported.js").Exported} found */
function pick(found) {
  return [found.execution.arn, found.execution.machine, found.execution.status, found.events.length, found.definition];
}

test("times are read as each client prints them", () => {
  const at = Date.UTC(2026, 8, 1, 3, 0, 0, 250);
  for (const told of ["2026-09-01T03:00:00.250Z", "2026-09-01T12:00:00.250000+09:00", "2026-09-01 03:00:00.250000+00:00", at / 1000]) assert.equal(timeOf(told), at);
  for (const told of ["yesterday", null, {}, Number.NaN]) assert.equal(timeOf(told), null);
});

test("durations are short and honest", () => {
  assert.deepEqual([null, 0, 999, 1000, 59_940, 59_960, 185_000, 3_600_000, 7_620_000, 270_000_000].map(durationText), ["–", "0 ms", "999 ms", "1.0 s", "59.9 s", "1 min 00 s", "3 min 05 s", "1 h 00 min", "2 h 07 min", "3 d 03 h"]);
  assert.deepEqual([0, 4_210, 185_120, 7_385_120].map(sinceText), ["+0.000 s", "+4.210 s", "+3:05.120", "+2:03:05.120"]);
  for (const length of [1, 37, 1_000, 61_000, 86_400_000 * 400]) assert.ok(ticksOf(length, 5).length <= 6);
});

test("an output is compared with its input, member by member", () => {
  const { differences, removed } = differencesOf({ a: 1, b: { c: [1, 2] }, gone: 1 }, { a: 2, b: { c: [1, 3], "d/e": 1 } });
  assert.deepEqual([...differences].sort(), [["/a", "changed"], ["/b/c/1", "changed"], ["/b/d~1e", "added"]]);
  assert.deepEqual(removed, ["gone"]);
});

test("text that is no JSON, or too much of it, stays text", () => {
  assert.deepEqual(readJson("{"), { kind: "text", text: "{" });
  assert.equal(readJson(`"${"x".repeat(3_000_000)}"`).kind, "text");
  assert.deepEqual(readJson("[1]"), { kind: "json", value: [1] });
});

test("a Lambda function's cause is told by its message", () => {
  assert.deepEqual(causeOf('{"errorMessage":"no","errorType":"E","stackTrace":["a\\n","b"]}'), { message: "no", trace: ["a", "b"] });
  assert.deepEqual(causeOf("plain"), { message: "plain", trace: [] });
  assert.deepEqual(causeOf(null), { message: null, trace: [] });
});
