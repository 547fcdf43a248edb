"""Batches: which instances an attempt takes up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

from fleetdx import keys

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fleetdx.inventory import Inventory, InventoryInstance
    from fleetdx.storage import Bucket

MAXIMUM_ATTEMPTS = 2
"""How often a batch is sent in one opening of a run."""


class BatchState(TypedDict):
    """A batch as the state machine carries it: its number in the inventory, the attempt (0 first), and the last one.

    `wait_seconds` pass before the attempt is sent.
    """

    number: int
    attempt: int
    last_attempt: int
    wait_seconds: int


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
