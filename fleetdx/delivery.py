"""Delivery: how bundles reach the hosts of an account-region and results come back, and what is remembered of it.

By S3 a host fetches the bundle and posts its result. Inline, a part of the bundle travels inside the command and the
result comes back in the command's output: for hosts that reach Systems Manager and nothing else.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Literal, TypedDict

from fleetdx import keys
from fleetdx.errors import RecordMissing
from fleetdx.models import Delivery

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from fleetdx.models import Catalog, InlinePart, LedgerLine
    from fleetdx.storage import Bucket

RequestedDelivery = Literal["s3", "inline", "auto"]
REMEMBERED_FOR = dt.timedelta(days=14)
"""After that S3 is tried again: the network may have opened meanwhile."""


class Memory(TypedDict):
    """What worked in an account-region, the run that found it out, and when (RFC 3339)."""

    delivery: Delivery
    run: str
    at: str


def read_memory(data: Bucket, account: str, region: str) -> Memory | None:
    """What is remembered of an account-region; None where nothing is."""
    try:
        memory: Memory = data.get_json(keys.delivery_memory(account, region))
    except RecordMissing:
        return None
    return memory


def write_memory(data: Bucket, account: str, region: str, memory: Memory) -> None:
    """Remember what worked in an account-region."""
    data.put_json(keys.delivery_memory(account, region), dict(memory))


def is_fresh(memory: Memory | None, moment: dt.datetime) -> bool:
    """Whether a memory is young enough to be followed."""
    return memory is not None and moment - dt.datetime.fromisoformat(memory["at"]) <= REMEMBERED_FOR


def first_delivery(memory: Memory | None, moment: dt.datetime) -> Delivery:
    """How the first attempts of an account-region travel where the request leaves it open.

    Args:
        memory: What an earlier run found out there; None where none did.
        moment: Now.
    """
    return memory["delivery"] if memory is not None and is_fresh(memory, moment) else "s3"


def lesson(lines: Iterable[LedgerLine], memory: Memory | None, run: str, moment: dt.datetime) -> Memory | None:
    """What a run is to write down of an account-region; None where it has learned nothing new.

    Who follows a memory does not learn it anew: its date stays that of the run that found S3 closed, so that S3 is
    tried again in time however often inline works.

    Args:
        lines: The run's ledger of the account-region.
        memory: What was remembered before.
        run: The run.
        moment: Now.
    """
    ways = {line.get("delivery") for line in lines}
    worked: Delivery | None = "s3" if "s3" in ways else "inline" if "inline" in ways else None
    if worked is None or (memory is not None and is_fresh(memory, moment) and memory["delivery"] == worked):
        return None
    return {"delivery": worked, "run": run, "at": moment.strftime("%Y-%m-%dT%H:%M:%SZ")}


def inline_parts(catalog: Catalog, profile: str, checks: Collection[str]) -> list[InlinePart]:
    """The parts of a profile that hold a check asked for, each with those checks alone, in the profile's order.

    Args:
        catalog: The bundle's catalog.
        profile: Name of the profile.
        checks: The checks asked for.
    """
    parts = catalog.get("inline", {}).get(profile, [])
    narrowed: list[InlinePart] = [
        {"bundle": part["bundle"], "checks": [check for check in part["checks"] if check in checks]} for part in parts
    ]
    return [part for part in narrowed if part["checks"]]
