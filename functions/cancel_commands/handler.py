"""CancelCommands: cancel what a stopped run has outstanding in one account-region.

A command may still appear after the stop: its claim was won and its function was at work. So every claim is waited for
until its command shows, or until no function that had begun can still be at work.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, TypedDict

from fleetdx import keys, ssm
from fleetdx.accounts import member_session
from fleetdx.claims import outstanding
from fleetdx.entrypoint import entrypoint
from fleetdx.events import TargetEvent
from fleetdx.sessions import own_s3
from fleetdx.settings import setting
from fleetdx.storage import Bucket

if TYPE_CHECKING:
    from types_boto3_ssm.client import SSMClient

LOOKS = 8
"""20 s apart (stop_scan.asl.json), they last longer than SendCommand's function may (120 s, central.yaml)."""
UNFINISHED = frozenset({"Pending", "InProgress", "Cancelling"})


class Cancelled(TypedDict):
    """How often was looked, and how many commands were cancelled so far."""

    looks: int
    commands: int


class Input(TargetEvent):
    """The account-region, and what was done there so far."""

    cancelled: Cancelled


class Output(Cancelled):
    """What was done so far, and whether nothing can be outstanding any more."""

    settled: bool


def run(event: Input, data: Bucket, member_ssm: SSMClient) -> Output:
    """Cancel every command of the run that has not ended."""
    prefix = keys.command_claims_prefix(event["run"], event["account"], event["region"])
    claimed = outstanding(data, prefix)
    began = min(claimed.values(), default=dt.datetime.now(dt.UTC))
    seen: set[str] = set()
    cancelled = 0
    for command in ssm.commands_of_run(member_ssm, event["run"], began):
        seen.add(command["Comment"])
        if command["Status"] in UNFINISHED:
            ssm.cancel(member_ssm, command["CommandId"])
            cancelled += command["Status"] != "Cancelling"
    awaited = {ssm.comment_of(event["run"], batch) for batch in claimed} - seen
    looks = event["cancelled"]["looks"] + 1
    return {
        "looks": looks,
        "commands": event["cancelled"]["commands"] + cancelled,
        "settled": not awaited or looks >= LOOKS,
    }


@entrypoint
def lambda_handler(event: Input, context: object) -> Output:  # noqa: D103 - see the module
    data = Bucket(own_s3(), setting("DATA_BUCKET"))
    return run(event, data, member_session(event, "cancel-commands", "scan").client("ssm"))
