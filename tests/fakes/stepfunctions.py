"""Step Functions in memory: executions with a status, which can be described, listed and stopped."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

from tests.fakes.aws_errors import client_error
from tests.fakes.pages import Pages, split

if TYPE_CHECKING:
    from collections.abc import Iterator

BEGAN = dt.datetime(2026, 11, 23, 2, 15, tzinfo=dt.UTC)
"""When everything was started of which nothing else is said."""


class FakeStepFunctions:
    """A client that knows executions by their ARN (`MACHINE:NAME`).

    Attributes:
        statuses: ARN to status, in the order of their start.
        stopped: ARNs that were stopped, in order, with the error that they were given.
        inputs: ARN to the input of an execution that was started here.
        entered: ARN to a state that the execution has entered, and when.
        dates: ARN to when an execution was started and, once it was, stopped.
        late: ARNs that appear only after so many stops, as one that was just being started.
        stops_before: How many.
    """

    def __init__(self, statuses: dict[str, str], late: tuple[str, ...] = (), stops_before: int = 1) -> None:
        self.statuses = statuses
        self.stopped: list[tuple[str, str]] = []
        self.dates: dict[str, dict[str, dt.datetime]] = {}
        self.late = late
        self.stops_before = stops_before
        self.inputs: dict[str, dict[str, Any]] = {}
        self.entered: dict[str, tuple[str, dt.datetime]] = {}

    def start_execution(self, *, stateMachineArn: str, name: str, input: str) -> dict[str, Any]:  # noqa: A002, N803
        """Start an execution; the same one again while it runs with the same input is harmless, as on AWS."""
        arn = f"{stateMachineArn.replace(':stateMachine:', ':execution:')}:{name}"
        given = json.loads(input)
        if arn in self.statuses and (self.statuses[arn] != "RUNNING" or self.inputs.get(arn) != given):
            raise client_error("ExecutionAlreadyExists", "StartExecution")
        self.statuses[arn] = "RUNNING"
        self.inputs[arn] = given
        return {"executionArn": arn}

    def describe_execution(self, *, executionArn: str) -> dict[str, Any]:  # noqa: N803
        """Tell an execution's status, or that there is none."""
        if executionArn not in self.statuses:
            raise client_error("ExecutionDoesNotExist", "DescribeExecution", 400)
        return {"status": self.statuses[executionArn], **self._dates(executionArn)}

    def _dates(self, arn: str) -> dict[str, dt.datetime]:
        return {"startDate": BEGAN, **self.dates.get(arn, {})}

    def stop_execution(self, *, executionArn: str, error: str, cause: str) -> dict[str, Any]:  # noqa: N803
        """End an execution."""
        assert cause
        self.statuses[executionArn] = "ABORTED"
        self.dates[executionArn] = {"stopDate": dt.datetime.now(dt.UTC)}
        self.stopped.append((executionArn, error))
        if len(self.stopped) == self.stops_before:
            self.statuses |= dict.fromkeys(self.late, "RUNNING")
        return {}

    def get_paginator(self, operation: str) -> Pages:
        """The paginator of one of the two lists."""
        lists: dict[str, Any] = {"list_executions": self._executions, "get_execution_history": self._history}
        return Pages(lists[operation])

    def _history(self, *, executionArn: str, PaginationConfig: Any) -> Iterator[dict[str, Any]]:  # noqa: N803
        """The start, and on a page of its own the state that an execution is said to have entered."""
        assert PaginationConfig["PageSize"] <= 1000
        if executionArn not in self.statuses:
            raise client_error("ExecutionDoesNotExist", "GetExecutionHistory")
        yield {"events": [{"type": "ExecutionStarted", "timestamp": dt.datetime.now(dt.UTC)}]}
        if executionArn in self.entered:
            state, moment = self.entered[executionArn]
            entered = {"type": "TaskStateEntered", "timestamp": moment, "stateEnteredEventDetails": {"name": state}}
            yield {"events": [entered]}

    def _executions(self, *, stateMachineArn: str, statusFilter: str) -> Iterator[dict[str, Any]]:  # noqa: N803
        found = [
            {"executionArn": arn, "name": arn.removeprefix(f"{stateMachineArn}:"), **self._dates(arn)}
            for arn, status in self.statuses.items()
            if arn.startswith(f"{stateMachineArn}:") and status == statusFilter
        ]
        for page in split(found, 2):
            yield {"executions": page}
        if not found:
            yield {"executions": []}
