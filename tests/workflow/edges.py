"""The Retry and Catch edges of the state machines: all that are drawn, and those that an execution has taken."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from tools.sources import State, machines, states_of

if TYPE_CHECKING:
    from collections.abc import Iterable


SCHEDULED = "start_scheduled"


class Edge(NamedTuple):
    """A retrier or catcher of a state of a machine, by its place in the state's list."""

    machine: str
    state: str
    kind: Literal["Retry", "Catch"]
    number: int

    def __str__(self) -> str:
        return f"{self.machine} {self.state} {self.kind} {self.number}"


STATES: dict[tuple[str, str], State] = {
    (name, state.name): state for name, machine in machines().items() for state in states_of(machine)
}
EDGES = [
    Edge(machine, name, kind, number)
    for (machine, name), state in STATES.items()
    for kind in ("Retry", "Catch")
    for number in range(len(state.fields.get(kind, [])))
]


def edge_for(machine: str, state: str, kind: Literal["Retry", "Catch"], error: str) -> Edge:
    """The edge that an error takes out of a state: the first whose list names it."""
    rules = STATES[machine, state].fields[kind]
    number = next(n for n, rule in enumerate(rules) if {error, "States.ALL"} & set(rule["ErrorEquals"]))
    return Edge(machine, state, kind, number)


class _Failure(NamedTuple):
    """A failed try of a state; the history of a Map does not name its error."""

    machine: str
    state: str
    error: str | None


def taken(machine: str, history: Iterable[dict[str, Any]]) -> set[Edge]:
    """The edges that an execution has taken, from its history alone: a try after a failed one, a state after a failed.

    Each is checked to lead where it is drawn. For histories in which no two states run at once.
    """
    found: set[Edge] = set()
    entered: list[str] = []
    failure: _Failure | None = None
    for event in history:
        kind = event["type"]
        if kind in {"TaskScheduled", "MapRunStarted"} and failure and failure.state == entered[-1]:
            found.add(_repeated(failure))
            failure = None
        elif kind.endswith("StateEntered"):
            details = event["stateEnteredEventDetails"]
            if failure:
                found.add(_caught(failure, details))
                del entered[entered.index(failure.state) :]
                failure = None
            entered.append(details["name"])
        elif kind.endswith("StateExited") and not failure:
            entered.remove(event["stateExitedEventDetails"]["name"])
        elif kind in {"TaskFailed", "TaskTimedOut", "MapRunFailed"}:
            told = event.get("taskFailedEventDetails") or event.get("taskTimedOutEventDetails") or {}
            failure = _Failure(machine, entered[-1], told.get("error"))
    return found


def _repeated(failure: _Failure) -> Edge:
    if failure.error is not None:
        return edge_for(failure.machine, failure.state, "Retry", failure.error)
    (_,) = STATES[failure.machine, failure.state].fields["Retry"]
    return Edge(failure.machine, failure.state, "Retry", 0)


def _caught(failure: _Failure, entered: dict[str, Any]) -> Edge:
    """The Catch edge; its target has the error in its input, under the ResultPath or as a whole."""
    given = json.loads(entered["input"])
    beside = [
        given.get("import_failure"),
        given.get("failure"),
        given.get("control_failure"),
        given.get("batch", {}).get("failure"),
        given,
    ]
    error = next(one for one in beside if one is not None)["Error"]
    assert failure.error in {error, None}
    edge = edge_for(failure.machine, failure.state, "Catch", error)
    assert STATES[edge.machine, edge.state].fields["Catch"][edge.number]["Next"] == entered["name"]
    return edge
