"""A history of any length, shaped as Step Functions writes it: an inline Map whose iterations run at once, retries."""

from __future__ import annotations

import heapq
import json
from datetime import UTC, datetime, timedelta
from typing import Any, Final

BEGIN: Final = datetime(2026, 9, 1, 3, tzinfo=UTC)
AT_ONCE: Final = 40
"""The most iterations that an inline Map runs at once ("Map state processing modes" of the Developer Guide)."""
LOST_OF: Final = 97
"""Of so many iterations one fails for good, and is caught."""
RETRIED_OF: Final = 10
"""Of so many iterations one is tried twice."""
FRAME: Final = 12
"""Events outside of the iterations."""
LAMBDA: Final = {"resourceType": "lambda", "resource": "invoke"}
DEFINITION: Final[dict[str, Any]] = {
    "StartAt": "Prepare",
    "States": {
        "Prepare": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Next": "Items"},
        "Items": {
            "Type": "Map",
            "ItemProcessor": {
                "ProcessorConfig": {"Mode": "INLINE"},
                "StartAt": "Work",
                "States": {
                    "Work": {
                        "Type": "Task",
                        "Resource": "arn:aws:states:::lambda:invoke",
                        "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Lost"}],
                        "Next": "Good?",
                    },
                    "Good?": {
                        "Type": "Choice",
                        "Choices": [{"Variable": "$.good", "BooleanEquals": True, "Next": "Record"}],
                        "Default": "Lost",
                    },
                    "Record": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": True},
                    "Lost": {"Type": "Pass", "End": True},
                },
            },
            "Next": "Report",
        },
        "Report": {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "NotReported"}],
            "Next": "Done",
        },
        "NotReported": {"Type": "Fail"},
        "Done": {"Type": "Succeed"},
    },
}


class _Writer:
    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []

    def add(self, at: float, before: int, kind: str, **details: Any) -> int:  # noqa: ANN401 - members of any type
        member = f"{kind[0].lower()}{kind[1:]}EventDetails"
        if kind.endswith(("StateEntered", "StateExited")):
            member = "stateEnteredEventDetails" if kind.endswith("Entered") else "stateExitedEventDetails"
        told = {member: details} if details else {}
        stamp = (BEGIN + timedelta(seconds=at)).isoformat(timespec="milliseconds")
        event = {"timestamp": stamp, "type": kind, "id": len(self.events) + 1, "previousEventId": before, **told}
        self.events.append(event)
        return len(self.events)


def _payload(number: int) -> str:
    document = {
        "item": number,
        "good": True,
        "region": "ap-northeast-2",
        "tags": {f"tag{n}": "value" * 5 for n in range(12)},
    }
    return json.dumps(document)


def _task(name: str, payload: str, *, fails: int = 0, caught: bool = False) -> list[tuple[str, float, dict[str, Any]]]:
    """The events of a Task that fails some times before it succeeds, or is caught: kind, seconds until it, members."""
    steps: list[tuple[str, float, dict[str, Any]]] = [("TaskStateEntered", 0.001, {"name": name, "input": payload})]
    call = [("TaskScheduled", 0.01, {**LAMBDA, "parameters": payload}), ("TaskStarted", 0.01, LAMBDA)]
    failed = {**LAMBDA, "error": "ServiceUnavailable", "cause": json.dumps({"errorMessage": "no answer from AWS"})}
    for _ in range(fails):
        steps += [*call, ("TaskFailed", 1.2, failed)]
    if not caught:
        steps += [*call, ("TaskSucceeded", 0.8, {**LAMBDA, "output": payload})]
    return [*steps, ("TaskStateExited", 0.002, {"name": name, "output": payload})]


def _iteration(number: int) -> list[tuple[str, float, dict[str, Any]]]:
    payload, lost = _payload(number), number % LOST_OF == LOST_OF - 1
    last = {"name": "Lost", "input": payload}
    end = [("PassStateEntered", 0.001, last), ("PassStateExited", 0.0, {"name": "Lost", "output": payload})]
    asked = {"name": "Good?", "input": payload}
    good = [("ChoiceStateEntered", 0.001, asked), ("ChoiceStateExited", 0.0, {"name": "Good?", "output": payload})]
    work = _task("Work", payload, fails=2 if lost else int(number % RETRIED_OF == RETRIED_OF - 1), caught=lost)
    return [*work, *(end if lost else [*good, *_task("Record", payload)])]


def _map(writer: _Writer, begin: float, before: int, count: int) -> tuple[float, int]:
    """Iterations, AT_ONCE at a time, their events mixed as they come; the time and number of the last event."""
    waiting: list[tuple[float, int, int, int]] = []
    scripts = [_iteration(number) for number in range(min(count, AT_ONCE))]
    for number in range(len(scripts)):
        heapq.heappush(waiting, (begin + number * 0.003, number, -1, before))
    at, last = begin, before
    while waiting:
        at, number, step, previous = heapq.heappop(waiting)
        script = scripts[number]
        facts = {"name": "Items", "index": number}
        if step == -1:
            last = writer.add(at, previous, "MapIterationStarted", **facts)
        elif step < len(script):
            kind, _, details = script[step]
            last = writer.add(at, previous, kind, **details)
        else:
            last = writer.add(at, previous, "MapIterationSucceeded", **facts)
            if len(scripts) < count:
                scripts.append(_iteration(len(scripts)))
                heapq.heappush(waiting, (at + 0.002, len(scripts) - 1, -1, before))
            continue
        seconds = script[step + 1][1] if step + 1 < len(script) else 0.001
        heapq.heappush(waiting, (at + seconds, number, step + 1, last))
    return at, last


def _sequence(
    writer: _Writer, at: float, before: int, steps: list[tuple[str, float, dict[str, Any]]]
) -> tuple[float, int]:
    for kind, seconds, details in steps:
        at += seconds
        before = writer.add(at, before, kind, **details)
    return at, before


def history(events: int, *, fails: bool = False) -> dict[str, Any]:
    """An exported execution of about so many events, with its definition.

    Args:
        events: At least 40.
        fails: Whether its last Task fails three times, is caught, and ends it as failed.
    """
    writer = _Writer()
    count = max(1, (events - FRAME - 10) // 15)
    payload = _payload(count)
    at, last = 0.0, writer.add(0.0, 0, "ExecutionStarted", input=payload)
    at, last = _sequence(writer, at, 0, _task("Prepare", payload))
    entered = writer.add(at, last, "MapStateEntered", name="Items", input=payload)
    at, last = _map(writer, at, writer.add(at, entered, "MapStateStarted", length=count), count)
    last = writer.add(at, last, "MapStateSucceeded")
    last = writer.add(at, last, "MapStateExited", name="Items", output=payload)
    at, last = _sequence(writer, at, last, _task("Report", payload, fails=3 if fails else 0, caught=fails))
    if fails:
        last = writer.add(at, last, "FailStateEntered", name="NotReported", input=payload)
        writer.add(at, last, "ExecutionFailed", error="ServiceUnavailable", cause="no answer from AWS, three times")
    else:
        last = writer.add(at, last, "SucceedStateEntered", name="Done", input=payload)
        last = writer.add(at, last, "SucceedStateExited", name="Done", output=payload)
        writer.add(at, last, "ExecutionSucceeded", output=payload)
    arn = "arn:aws:states:ap-northeast-2:222222222222"
    execution = {
        "executionArn": f"{arn}:execution:synthetic:one",
        "stateMachineArn": f"{arn}:stateMachine:synthetic",
        "name": "one",
        "status": "FAILED" if fails else "SUCCEEDED",
        "startDate": BEGIN.isoformat(),
        "stopDate": writer.events[-1]["timestamp"],
    }
    return {"execution": execution, "definition": DEFINITION, "events": writer.events}
