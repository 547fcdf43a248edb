"""What is remembered of each instance: which execution looks after it, and what was last told of it.

Events come more than once, late and in any order. One is covered by the last execution if that one reads the
instance's state after the event has occurred; else it needs an execution of its own. When the state was read, Step
Functions' own history says (docs/adr/0009-one-execution-for-what-happened-before-it-read.md).
"""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Literal, NamedTuple, TypedDict, cast

from fleetdx import keys
from fleetdx.errors import RecordMissing
from fleetdx.events import InstanceTarget, Told

if TYPE_CHECKING:
    from fleetdx.executions import Progress
    from fleetdx.instance_events import InstanceEvent
    from fleetdx.storage import Bucket

NOTHING_TOLD = Told(outcome="", reason="")
CLOCKS_APART = dt.timedelta(seconds=3)
"""CloudTrail and EventBridge tell whole seconds, and the clocks of two services differ a little."""
REMEMBERED_EVENTS = 20


class InstanceRecord(TypedDict):
    """What lies under an instance's key.

    Attributes:
        generation: The number of its last execution; 1 is the first.
        given: That execution's input.
        event_ids: The events that led to executions, the newest last.
        told: What was last told.
        told_by: The execution that told it, or was about to; empty where none was.
    """

    generation: int
    given: InstanceTarget
    event_ids: list[str]
    told: Told
    told_by: str


class Stored(NamedTuple):
    """A record and the ETag that its replacement is bound to; both None where there is none yet."""

    record: InstanceRecord | None
    etag: str | None


def execution_name(event: InstanceEvent, generation: int) -> str:
    """The name of an execution: the same for the same instance and generation, whoever computes it."""
    return f"{event.account}-{event.region}-{event.instance_id}-{generation}"


def load(data: Bucket, account: str, region: str, instance: str) -> Stored:
    """Read an instance's record.

    Raises:
        RecordMissing: What lies there is none.
    """
    key = keys.instance_record(account, region, instance)
    try:
        body, etag = data.get_with_etag(key)
    except RecordMissing:
        return Stored(None, None)
    try:
        record = json.loads(body)
        complete = isinstance(record, dict) and set(InstanceRecord.__annotations__) <= set(record)
    except ValueError:
        complete = False
    if not complete:
        raise RecordMissing(f"s3://{data.name}/{key} is no record of an instance")
    return Stored(cast("InstanceRecord", record), etag)


def store(data: Bucket, record: InstanceRecord, replaces: str | None) -> bool:
    """Write a record where nobody has written another meanwhile; says whether it was written."""
    given = record["given"]
    key = keys.instance_record(given["account"], given["region"], given["instance_id"])
    return data.put_conditionally(key, json.dumps(record).encode(), replaces)


def coverage(
    record: InstanceRecord, event: InstanceEvent, progress: Progress
) -> Literal["covered", "not_started", "needs_another"]:
    """Whether an instance's last execution takes care of an event.

    Args:
        record: The instance's record.
        event: The event.
        progress: How far the last execution has come towards reading the instance's state.

    Returns:
        `not_started` where the execution is recorded and does not exist: whoever recorded it died before it started it.
    """
    if progress.standing == "absent":
        return "not_started"
    if event.event_id in record["event_ids"] or progress.standing == "before":
        return "covered"
    if progress.at is not None and event.occurred_at + CLOCKS_APART < progress.at:
        return "covered"
    return "needs_another"


def next_record(record: InstanceRecord | None, event: InstanceEvent) -> InstanceRecord:
    """The record of an instance whose next execution is led to by an event."""
    generation = record["generation"] + 1 if record else 1
    told = record["told"] if record else NOTHING_TOLD
    known = record["event_ids"] if record else []
    return {
        "generation": generation,
        "given": {
            "account": event.account,
            "region": event.region,
            "instance_id": event.instance_id,
            "event_id": event.event_id,
            "occurred_at": event.occurred_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "reason": event.detail_type,
            "execution": execution_name(event, generation),
            "told": told,
        },
        "event_ids": [*known, event.event_id][-REMEMBERED_EVENTS:],
        "told": told,
        "told_by": record["told_by"] if record else "",
    }


def execution_led_to(record: InstanceRecord, event: InstanceEvent, after: int) -> str:
    """The name of the execution that an event has led to.

    An instance that was mended is an event by itself, so that the last execution need not be the one that was led to.

    Args:
        record: The instance's record, read after the event was received.
        event: The event.
        after: The number of the last execution that existed before.

    Returns:
        Empty where the event led to none: another execution covers it.
    """
    newest_first = reversed(record["event_ids"])
    led = dict(zip(newest_first, range(record["generation"], after, -1), strict=False))
    # The first one can be an older event's, which was recorded and whose execution did not exist.
    restarted = record["generation"] == after + 1 and event.event_id not in record["event_ids"]
    generation = record["generation"] if restarted else led.get(event.event_id)
    return execution_name(event, generation) if generation else ""
