"""Who makes a change in a member account, and tells it: of several executions about one role, exactly one.

AWS takes the same attachment twice without a word; that it is made, counted and told once takes a claim.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Literal, NamedTuple

from fleetdx.errors import RecordMissing, ServiceUnavailable

if TYPE_CHECKING:
    from fleetdx.storage import Bucket

SECONDS_OF_A_CHANGE = 120
"""Longer than the function that makes a change may live, and than IAM takes to show it. What is missing after that was
undone since, or never made."""


class _Held(NamedTuple):
    """A claim as it lies in the bucket."""

    execution: str
    at: dt.datetime
    is_made: bool


def take(data: Bucket, key: str, execution: str, now: dt.datetime) -> Literal["first", "again", "made_by_another"]:
    """Take a change for an execution.

    Returns:
        `again` where an earlier try of the same execution had taken it: its effect may have happened.

    Raises:
        ServiceUnavailable: Another execution makes it at this moment; the next look shows whether it did.
        RecordMissing: What lies there is no claim of a change.
    """
    body = _body(execution, now, is_made=False)
    if data.put_conditionally(key, body):
        return "first"
    stored, etag = data.get_with_etag(key)
    held = _read(data, key, stored)
    if held.execution == execution:
        return "again"
    if (now - held.at).total_seconds() <= SECONDS_OF_A_CHANGE:
        if held.is_made:
            return "made_by_another"
        raise ServiceUnavailable(f"execution {held.execution} makes the same change at this moment")
    if not data.put_conditionally(key, body, replaces=etag):
        raise ServiceUnavailable("another execution takes the same change at this moment")
    return "first"


def made(data: Bucket, key: str, execution: str, now: dt.datetime) -> None:
    """Say that a change that this execution has taken is made."""
    data.put(key, _body(execution, now, is_made=True), "application/json")


def _body(execution: str, now: dt.datetime, *, is_made: bool) -> bytes:
    return json.dumps({"execution": execution, "at": now.isoformat(), "made": is_made}).encode()


def _read(data: Bucket, key: str, body: bytes) -> _Held:
    try:
        content = json.loads(body)
        return _Held(str(content["execution"]), dt.datetime.fromisoformat(content["at"]), bool(content["made"]))
    except (ValueError, KeyError, TypeError):
        raise RecordMissing(f"s3://{data.name}/{key} is no claim of a change") from None
