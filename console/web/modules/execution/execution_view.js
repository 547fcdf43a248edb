/**
 * An execution to watch and to debug: its graph or timeline, its events, and the state or event that is looked at.
 *
 * The reader stands at one event; everything is shown as it was then. While the execution runs the view follows the
 * newest event, unless the reader has stepped back. What is shown comes from `history.js` and `moment.js`.
 */

import { html, useEffect, useMemo, useRef, useState } from "../base.js";
import { Tabs } from "../parts/tabs.js";
import { t as translate } from "../texts.js";
import { countsOfChildren } from "./counts.js";
import { graphHolding, graphOf } from "./definition.js";
import { graphOfHistory } from "./definition_of_history.js";
import { readableEvents } from "./events.js";
import { EventsList } from "./events_list.js";
import { EventPanel, ExecutionPanel } from "./execution_panel.js";
import { Graph } from "./graph.js";
import { History } from "./history.js";
import { chosenWith, looksAt } from "./moment.js";
import { moveOf, placeAfter } from "./places.js";
import { StatePanel } from "./state_panel.js";
import { Stepper } from "./stepper.js";
import { Summary } from "./summary.js";
import { Timeline } from "./timeline.js";

/** @typedef {import("./children_list.js").Child} Child */
/** @typedef {import("./records.js").Scope} Scope */

/**
 * @param {object} props
 * @param {Record<string, any>} props.execution as the server tells it
 * @param {unknown} props.definition in Amazon States Language; without one the graph is made of the events
 * @param {any} props.events a list, or a signal of one, that may grow
 * @param {readonly Child[]} [props.children] executions that it has started; `childExecutions` is the same
 * @param {readonly Child[]} [props.childExecutions]
 * @param {(arn: string) => void} [props.onOpenExecution]
 * @param {boolean} [props.live] whether events may still come
 * @param {import("../texts.js").Translate} [props.t]
 */
export function ExecutionView(props) {
  const { execution, definition, events, onOpenExecution, live = false, t = translate } = props;
  const started = listOf(props.childExecutions ?? props.children);
  const history = useHistory(Array.isArray(events) ? events : events?.value);
  const count = history.steps.length;
  const graph = useGraph(definition, history);
  const place = usePlace(history, live);
  const { index, selected, chosen, go } = place;
  const now = useNow(live && history.ending === null && index === count - 1, history.steps[index]?.at ?? null);
  const [picture, setPicture] = useState("graph");
  const [panel, setPanel] = useState("state");
  const looks = useMemo(() => looksAt(graph, history, index, chosen), [graph, history, count, index, chosen]);
  const childCounts = useChildCounts(started);
  useKeys(history, index, go);
  if (count === 0) return html`<p class="ex-note">${t("execution.no_events")}</p>`;
  const step = history.steps[index];
  const select = (/** @type {string} */ name) => {
    place.setSelected(name);
    setPanel("state");
  };
  const onIteration = (/** @type {any} */ _look, /** @type {Scope} */ scope) => place.setChosen(chosenWith(chosen, scope));
  const look = selected === null ? undefined : looks.get(selected);
  const shared = { index, now, onSelect: select, onIteration, t };
  const pictures = [
    { id: "graph", label: t("execution.graph"), view: () => html`<${Graph} graph=${graph} looks=${looks} ...${shared} selected=${selected}
        current=${step?.visit?.name ?? null} childCounts=${childCounts} />` },
    { id: "timeline", label: t("execution.timeline"), view: () => html`<${Timeline} history=${history} index=${index} now=${now} selected=${selected} t=${t}
        onVisit=${(/** @type {import("./records.js").Visit} */ visit) => go(visit.exitedIndex ?? Math.max(index, visit.enteredIndex), visit.name)} />` },
  ];
  const whole = () => html`<${ExecutionPanel} execution=${execution} history=${history} childExecutions=${started} onOpen=${onOpenExecution} t=${t} />`;
  const state = () => look === undefined ? whole() : html`<${StatePanel} look=${look} ...${shared} edges=${edgesFrom(graph, look.node.name)}
    childExecutions=${childrenOf(started, look.node)} onGo=${go} onOpen=${onOpenExecution} />`;
  const panels = [
    { id: "state", label: t("execution.panel.state"), view: state },
    { id: "event", label: t("execution.panel.event"), view: () => html`<${EventPanel} step=${step} t=${t} />` },
    { id: "execution", label: t("execution.panel.execution"), view: whole },
  ];
  return html`<div class="ex">
    <${Summary} execution=${execution} history=${history} index=${index} now=${now} onGo=${go} t=${t} />
    <${Stepper} history=${history} index=${index} live=${live && history.ending === null} following=${place.following} onGo=${go} onFollow=${place.follow} t=${t} />
    <div class="ex-main">
      <div class="ex-left">
        <div class="ex-tabbed"><${Tabs} label=${t("execution.pictures")} tabs=${pictures} chosen=${picture} onChoose=${setPicture} /></div>
        <section class="ex-events" aria-label=${t("execution.events")}><h2>${t("execution.events")}</h2><${EventsList} history=${history} index=${index} onGo=${go} t=${t} /></section>
      </div>
      <div class="ex-right ex-tabbed"><${Tabs} label=${t("execution.panel")} tabs=${panels} chosen=${panel} onChoose=${setPanel} /></div>
    </div>
  </div>`;
}

/** Reads what is new of the events. @param {unknown} events */
function useHistory(events) {
  const kept = useRef({ history: new History(), read: 0, first: /** @type {unknown} */ (undefined) });
  const list = Array.isArray(events) ? events : [];
  const { current } = kept;
  if (list.length < current.read || (current.read > 0 && list[0]?.id !== current.first)) {
    kept.current = { history: new History(), read: 0, first: undefined };
  }
  if (list.length > kept.current.read) {
    kept.current.history.add(readableEvents(list.slice(kept.current.read)));
    kept.current.read = list.length;
    kept.current.first = list[0]?.id;
  }
  return kept.current.history;
}

/** @param {unknown} definition @param {History} history */
function useGraph(definition, history) {
  const whole = useMemo(() => graphOf(definition), [definition]);
  const states = history.root.visits.size;
  const held = useMemo(() => graphHolding(whole, history.root.visits.keys()), [whole, history, states]);
  const known = held === null ? history.visits.length : 0;
  return useMemo(() => held ?? graphOfHistory(history), [held, history, known]);
}

/** Where the reader stands, what is selected, and which iterations are looked at. @param {History} history @param {boolean} live */
function usePlace(history, live) {
  const last = history.steps.length - 1;
  const [stood, setStood] = useState(/** @type {number | null} */ (null));
  const [selected, setSelected] = useState(/** @type {string | null | undefined} */ (undefined));
  const [chosen, setChosen] = useState(/** @type {import("./moment.js").Chosen} */ (new Map()));
  const index = stood === null ? last : Math.min(stood, last);
  const ownerAt = (/** @type {number} */ place) => history.steps[place]?.visit?.name ?? history.steps[place]?.scope.parent?.name ?? null;
  const go = (/** @type {number} */ wanted, /** @type {string=} */ name) => {
    const step = history.steps[wanted];
    if (step === undefined) return;
    setStood(live && wanted === last ? null : wanted);
    setChosen(chosenWith(chosen, step.scope));
    setSelected(name ?? ownerAt(wanted));
  };
  const follow = () => {
    setStood(null);
    setSelected(undefined);
  };
  const unless = ownerAt(index) ?? (history.ending === "ExecutionSucceeded" ? null : ownerAt(history.failures.at(-1) ?? -1));
  return { index, selected: selected === undefined ? unless : selected, chosen, go, follow, following: stood === null, setSelected, setChosen };
}

/** The time to which what runs has lasted: the clock's while watching, else the event's. @param {boolean} ticks @param {number | null} at */
function useNow(ticks, at) {
  const [, draw] = useState(0);
  useEffect(() => {
    if (!ticks) return undefined;
    const timer = setInterval(() => draw((times) => times + 1), 1000);
    return () => clearInterval(timer);
  }, [ticks]);
  return ticks ? Math.max(Date.now(), at ?? 0) : at;
}

/** Keys step from anywhere on the page but where they have a meaning of their own. @param {History} history @param {number} index @param {(index: number, name?: string) => void} go */
function useKeys(history, index, go) {
  const latest = useRef({ history, index, go });
  latest.current = { history, index, go };
  useEffect(() => {
    const press = (/** @type {KeyboardEvent} */ event) => {
      const target = event.target;
      if (!(target instanceof HTMLElement) || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (target.closest("select, textarea, dialog, [role=tab], input:not([type=range], [type=file])") !== null) return;
      // Up and down scroll the page, as readers expect, but within the view.
      if ((event.key === "ArrowUp" || event.key === "ArrowDown") && target.closest(".ex") === null) return;
      if (target.closest("input[type=range], .ex-canvas, .ex-state") !== null && event.key.length > 1) return;
      const move = moveOf(event.key);
      if (move === null) return;
      event.preventDefault();
      latest.current.go(placeAfter(move, latest.current.index, latest.current.history));
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, []);
}

/** @param {readonly Child[]} children @returns {Map<string, import("./moment.js").Counts>} */
function useChildCounts(children) {
  return useMemo(() => {
    const names = new Set(children.map((child) => child.state ?? ""));
    return new Map([...names].map((name) => [name, countsOfChildren(children.filter((child) => (child.state ?? "") === name))]));
  }, [children]);
}

/** @param {readonly Child[]} children @param {import("./definition.js").GraphNode} node */
function childrenOf(children, node) {
  const inside = new Set(node.inner.flatMap((graph) => graph.nodes.map((one) => one.name)));
  return children.filter((child) => child.state === node.name || (child.state !== undefined && inside.has(child.state)));
}

/** @param {import("./definition.js").Graph} graph @param {string} name @returns {import("./definition.js").GraphEdge[]} */
function edgesFrom(graph, name) {
  const waiting = [graph];
  for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
    if (one.nodes.some((node) => node.name === name)) return one.edges.filter((edge) => edge.from === name);
    for (const node of one.nodes) waiting.push(...node.inner);
  }
  return [];
}

/** @type {readonly Child[]} */
const NONE = [];

/** @param {unknown} children @returns {readonly Child[]} */
function listOf(children) {
  return Array.isArray(children) && children.every((one) => typeof one?.arn === "string") ? children : NONE;
}
