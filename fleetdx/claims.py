"""Claims: who may cause an effect that AWS cannot make idempotent, decided by conditional writes to S3."""

from __future__ import annotations

import datetime as dt
import json
import secrets
from typing import TYPE_CHECKING, Any, NamedTuple

from fleetdx.errors import RecordMissing

if TYPE_CHECKING:
    from fleetdx.storage import Bucket

LOOKUPS = "-lookups"


class _Held(NamedTuple):
    """A claim as it lies in the bucket, with the ETag that its replacement is bound to."""

    content: dict[str, Any]
    etag: str


def claim(data: Bucket, key: str) -> dt.datetime | None:
    """Claim an effect, by writing a key that must not exist yet.

    Returns:
        None where the claim is now ours; else the time of the earlier claim, whose effect may have happened.

    Raises:
        ServiceUnavailable: Somebody writes the same key at this moment; who has claimed it shows later.
        RecordMissing: What lies there is no claim.
    """
    ours = {"at": dt.datetime.now(dt.UTC).isoformat(), "by": secrets.token_hex(8)}
    body = json.dumps(ours).encode()
    if data.put_conditionally(key, body):
        return None
    held = _read(data, key)
    # A client repeats a write whose answer was lost: then the claim that it finds is its own.
    if held.content["by"] == ours["by"]:
        return None
    if held.content.get("released") and data.put_conditionally(key, body, replaces=held.etag):
        return None
    return dt.datetime.fromisoformat(held.content["at"])


def release(data: Bucket, key: str) -> None:
    """Give a claim back whose effect AWS has refused: the next try need not look for it."""
    data.put_json(key, {**_read(data, key).content, "released": True})


def outstanding(data: Bucket, prefix: str) -> dict[str, dt.datetime]:
    """The claims below a prefix that were not given back, by the rest of their key, with the time they were made."""
    found: dict[str, dt.datetime] = {}
    for stored in data.keys(prefix):
        if not stored.key.endswith(LOOKUPS):
            held = _read(data, stored.key).content
            if not held.get("released"):
                found[stored.key.removeprefix(prefix)] = dt.datetime.fromisoformat(held["at"])
    return found


def count_lookup(data: Bucket, key: str) -> int:
    """Count how often a claim's effect was looked for and not found, this time included."""
    counter = f"{key}{LOOKUPS}"
    try:
        count = int(data.get_json(counter)["lookups"]) + 1
    except RecordMissing:
        count = 1
    data.put_json(counter, {"lookups": count})
    return count


def _read(data: Bucket, key: str) -> _Held:
    body, etag = data.get_with_etag(key)
    try:
        content = json.loads(body)
        dt.datetime.fromisoformat(content["at"])
        return _Held({"by": content["by"], **content}, etag)
    except (ValueError, KeyError, TypeError):
        raise RecordMissing(f"s3://{data.name}/{key} is no claim") from None
