"""Narrow verbs over Step Functions: whether an execution has ended, and to stop it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from fleetdx.errors import RunStopped

if TYPE_CHECKING:
    from types_boto3_stepfunctions.client import SFNClient

ABSENT_CODES = frozenset({"ExecutionDoesNotExist", "InvalidArn"})
UNFINISHED = frozenset({"RUNNING", "PENDING_REDRIVE"})
STOPPED_CAUSE = "stopped by operator"


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


def running_children(states: SFNClient, machine: str, prefix: str) -> list[str]:
    """The ARNs of a machine's executions that have not ended and whose names start with a prefix."""
    pages = states.get_paginator("list_executions").paginate(stateMachineArn=machine, statusFilter="RUNNING")
    return [
        execution["executionArn"]
        for page in pages
        for execution in page["executions"]
        if execution["name"].startswith(prefix)
    ]
