"""Who makes a change in a member account, and tells it: of several executions about one role, exactly one.

AWS takes the same attachment twice without a word, so the change itself needs no claim; that it is made, counted and told
once does.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

from fleetdx.errors import RecordMissing, ServiceUnavailable

if TYPE_CHECKING:
    from fleetdx.storage import Bucket

SECONDS_OF_A_CHANGE = 120
"""Longer than the function that makes a change may live: an older claim is of a change that was undone since."""


def take(data: Bucket, key: str, execution: str, now: dt.datetime) -> None:
    """Take a change for an execution; the same execution may take it again.

    Raises:
        ServiceUnavailable: Another execution makes it at this moment; the next look shows it made.
    """
    body = json.dumps({"execution": execution, "at": now.isoformat()}).encode()
    if data.put_conditionally(key, body):
        return
    held, etag = data.get_with_etag(key)
    holder, at = _read(data, key, held)
    if holder == execution:
        return
    is_old = (now - at).total_seconds() > SECONDS_OF_A_CHANGE
    if not is_old or not data.put_conditionally(key, body, replaces=etag):
        raise ServiceUnavailable(f"execution {holder} makes the same change at this moment")


def was_taken_by(data: Bucket, key: str, execution: str) -> bool:
    """Whether a change that shows as made was made by an earlier try of this execution."""
    try:
        body = data.get(key)
    except RecordMissing:
        return False
    return _read(data, key, body)[0] == execution


def _read(data: Bucket, key: str, body: bytes) -> tuple[str, dt.datetime]:
    try:
        content = json.loads(body)
        return str(content["execution"]), dt.datetime.fromisoformat(content["at"])
    except (ValueError, KeyError, TypeError):
        raise RecordMissing(f"s3://{data.name}/{key} is no claim of a change") from None
