"""Narrow verbs over Step Functions: start an execution, ask how far it has come or whether it has ended, stop it."""

from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from botocore.exceptions import ClientError

from fleetdx.errors import RunStopped

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from types_boto3_stepfunctions.client import SFNClient

ABSENT_CODES = frozenset({"ExecutionDoesNotExist", "InvalidArn"})
UNFINISHED = frozenset({"RUNNING", "PENDING_REDRIVE"})
ABORTED: Final = "ABORTED"
STOPPED_CAUSE = "stopped by operator"
FIRST_EVENTS = 25
"""Enough of a history to hold the states before one that is near the beginning; with retries it takes more pages."""


class Progress(NamedTuple):
    """Whether an execution has entered a state, and when (UTC) first.

    Attributes:
        standing: `entered`; `before` while it runs and has not yet; `never` where it ended without; `absent` where
            there is no such execution.
        at: When it did.
    """

    standing: Literal["entered", "before", "never", "absent"]
    at: dt.datetime | None = None


def execution_arn(machine: str, name: str) -> str:
    """The ARN of a machine's execution (of a Standard workflow) by its name."""
    return f"{machine.replace(':stateMachine:', ':execution:')}:{name}"


def start(states: SFNClient, machine: str, name: str, given: Mapping[str, Any]) -> str:
    """Start an execution and return its ARN; harmless where one of that name was started before."""
    try:
        answer = states.start_execution(stateMachineArn=machine, name=name, input=json.dumps(given))
    except ClientError as error:
        if error.response["Error"]["Code"] == "ExecutionAlreadyExists":
            return execution_arn(machine, name)
        raise
    return answer["executionArn"]


def progress(states: SFNClient, execution: str, state: str) -> Progress:
    """Whether an execution, by its ARN, has entered a state that stands near its beginning."""
    pages = states.get_paginator("get_execution_history").paginate(
        executionArn=execution, PaginationConfig={"PageSize": FIRST_EVENTS}
    )
    try:
        for event in (event for page in pages for event in page["events"]):
            if event.get("stateEnteredEventDetails", {}).get("name") == state:
                return Progress("entered", event["timestamp"])
    except ClientError as error:
        if error.response["Error"]["Code"] in ABSENT_CODES:
            return Progress("absent")
        raise
    return Progress("before" if is_running(states, execution) else "never")


def exists(states: SFNClient, execution: str) -> bool:
    """Whether Step Functions knows an execution, by its ARN; the empty text is none."""
    if not execution:
        return False
    try:
        states.describe_execution(executionArn=execution)
    except ClientError as error:
        if error.response["Error"]["Code"] in ABSENT_CODES:
            return False
        raise
    return True


def is_running(states: SFNClient, execution: str) -> bool:
    """Whether an execution, by its ARN, has not ended; one that Step Functions does not know has."""
    try:
        answer = states.describe_execution(executionArn=execution)
    except ClientError as error:
        if error.response["Error"]["Code"] in ABSENT_CODES:
            return False
        raise
    return answer["status"] in UNFINISHED


def stop(states: SFNClient, execution: str) -> None:
    """Stop an execution, by its ARN, in the operator's name: its error is RunStopped."""
    states.stop_execution(executionArn=execution, error=RunStopped.__name__, cause=STOPPED_CAUSE)


def was_stopped(states: SFNClient, execution: str, since: dt.datetime) -> bool:
    """Whether an execution, by its ARN, was stopped at a moment or later."""
    try:
        answer = states.describe_execution(executionArn=execution)
    except ClientError as error:
        if error.response["Error"]["Code"] in ABSENT_CODES:
            return False
        raise
    return answer["status"] == ABORTED and answer["stopDate"] >= since


def stopped_children(states: SFNClient, machine: str, prefix: str, began: dt.datetime, since: dt.datetime) -> int:
    """How many of a machine's executions, by their names' prefix, were stopped at a moment or later.

    Those that Step Functions ended because it ended what had started them count too. None of them was started before
    `began`; what was is not read, since ListExecutions tells the most recent first (its reference).
    """
    pages = states.get_paginator("list_executions").paginate(stateMachineArn=machine, statusFilter=ABORTED)
    listed = (execution for page in pages for execution in page["executions"])
    recent = itertools.takewhile(lambda execution: execution["startDate"] >= began, listed)
    return sum(execution["name"].startswith(prefix) and execution["stopDate"] >= since for execution in recent)


def running_children(states: SFNClient, machine: str, prefix: str) -> list[str]:
    """The ARNs of a machine's executions that have not ended and whose names start with a prefix."""
    pages = states.get_paginator("list_executions").paginate(stateMachineArn=machine, statusFilter="RUNNING")
    return [
        execution["executionArn"]
        for page in pages
        for execution in page["executions"]
        if execution["name"].startswith(prefix)
    ]
