"""CheckCommand: has every invocation of a command ended, and if not, how long to wait before asking again?

Asks with 50 invocations a call, never once an instance. After the command's deadline the answer is `finished` too:
what has not ended by then is told as it is.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, TypedDict

from fleetdx import ssm
from fleetdx.accounts import member_session
from fleetdx.entrypoint import entrypoint
from fleetdx.events import TargetEvent
from fleetdx.invocations import is_terminal

if TYPE_CHECKING:
    from types_boto3_ssm.client import SSMClient

LONGEST_WAIT_SECONDS = 600
GROWTH = 2
"""A host that is late is mostly late by much: of 50 batches in a fleet, half have one that hangs or has gone silent."""


class Command(TypedDict):
    """The command as SendCommand or an earlier CheckCommand left it."""

    id: str
    batch: str
    instances: int
    deadline: str
    wait_seconds: int


class Input(TargetEvent):
    """The account-region and the command that was sent there."""

    command: Command


class Output(Command):
    """The command, with the next wait and whether it has finished."""

    finished: bool
    ended: int


def run(event: Input, member_ssm: SSMClient, moment: dt.datetime) -> Output:
    """Count the invocations that have ended.

    SSM is eventually consistent: until it lists as many invocations as instances were sent to, none is missing yet.
    """
    command = event["command"]
    ended = sum(is_terminal(invocation) for invocation in ssm.invocations(member_ssm, command["id"], details=False))
    overdue = moment >= dt.datetime.fromisoformat(command["deadline"])
    return {
        "id": command["id"],
        "batch": command["batch"],
        "instances": command["instances"],
        "deadline": command["deadline"],
        "wait_seconds": min(LONGEST_WAIT_SECONDS, command["wait_seconds"] * GROWTH),
        "finished": overdue or ended >= command["instances"],
        "ended": ended,
    }


@entrypoint
def lambda_handler(event: Input, context: object) -> Output:  # noqa: D103 - see the module
    member = member_session(event, "check-command", "scan")
    return run(event, member.client("ssm"), dt.datetime.now(dt.UTC))
