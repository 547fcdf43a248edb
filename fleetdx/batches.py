"""Batches: which instances an attempt takes up, and the claim that keeps one attempt from being sent twice."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, TypedDict

from botocore.exceptions import ClientError

from fleetdx import keys
from fleetdx.errors import RecordMissing, ServiceUnavailable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fleetdx.inventory import Inventory, InventoryInstance
    from fleetdx.storage import Bucket

MAXIMUM_ATTEMPTS = 2
RELEASED = b"released"


class BatchState(TypedDict):
    """A batch as the state machine carries it: its number in the inventory, and the attempt (0 first)."""

    number: int
    attempt: int


def batch_name(batch: BatchState) -> str:
    """`0007-01`: batch 7, second attempt."""
    return f"{batch['number']:04d}-{batch['attempt']:02d}"


def instances_of(data: Bucket, event: Mapping[str, Any], batch: BatchState) -> list[InventoryInstance]:
    """The instances that this attempt of a batch takes up.

    Raises:
        RecordMissing: The inventory or the list for the next attempt is absent.
    """
    run, account, region = event["run"], event["account"], event["region"]
    inventory: Inventory = data.get_json(keys.inventory(run, account, region))
    if batch["attempt"] == 0:
        wanted = set(inventory["batches"][batch["number"]])
    else:
        wanted = set(data.get_json(keys.retry(run, account, region, batch_name(batch))))
    return [entry for entry in inventory["instances"] if entry["instance"] in wanted]


def claim(data: Bucket, key: str) -> dt.datetime | None:
    """Claim an effect that AWS cannot make idempotent, by writing a key that must not exist yet.

    Returns:
        None where the claim is now ours; else the time of the earlier claim, whose effect may have happened.

    Raises:
        ServiceUnavailable: Somebody writes the same key at this moment; who has claimed it shows later.
    """
    moment = dt.datetime.now(dt.UTC)
    try:
        data.client.put_object(Bucket=data.name, Key=key, Body=moment.isoformat().encode(), IfNoneMatch="*")
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code == "ConditionalRequestConflict":
            raise ServiceUnavailable(f"PutObject: {code}") from None
        if code != "PreconditionFailed":
            raise
        held = data.get(key)
        if held != RELEASED:
            return dt.datetime.fromisoformat(held.decode())
        data.put(key, moment.isoformat().encode())
    return None


def release(data: Bucket, key: str) -> None:
    """Give a claim back whose effect AWS has refused: the next try need not look for it."""
    data.put(key, RELEASED)


def count_lookup(data: Bucket, key: str) -> int:
    """Count how often a claim's effect was looked for and not found, this time included."""
    counter = f"{key}-lookups"
    try:
        count = int(data.get(counter)) + 1
    except RecordMissing:
        count = 1
    data.put(counter, str(count).encode())
    return count
