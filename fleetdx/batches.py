"""Batches: what the state machine carries of each, and which instances an attempt takes up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypedDict

from fleetdx import keys
from fleetdx.ledger import Outcome
from fleetdx.models import Delivery

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fleetdx.inventory import Inventory, InventoryInstance
    from fleetdx.storage import Bucket


class BatchState(TypedDict):
    """A batch as the state machine carries it.

    Attributes:
        number: Its number in the inventory.
        attempt: 0 first; every command is one: a retry, and each further part of an inline delivery.
        last_attempt: The last one of this opening that may be a retry.
        delivery: How this attempt's bundle and results travel.
        part: Which of the inline parts that hold a check asked for this attempt runs, 0 first; by S3 always 0.
        wait_seconds: How long to wait before this attempt is sent.
    """

    number: int
    attempt: int
    last_attempt: int
    delivery: Delivery
    part: int
    wait_seconds: int


class AttemptPlan(NamedTuple):
    """Whom an attempt takes up, as the attempt before it left it.

    Attributes:
        instances: Whom its command goes to.
        postponed: Whom a later attempt takes up from the first part on, and what an earlier part came to there.
        told: Whose verdicts an earlier attempt has recorded, with the name of that attempt.
    """

    instances: list[str]
    postponed: dict[str, Outcome]
    told: dict[str, str]


def batch_name(batch: BatchState) -> str:
    """`0007-01`: batch 7, second attempt."""
    return f"{batch['number']:04d}-{batch['attempt']:02d}"


def command_name(batch: BatchState) -> str:
    """What the attempt's command is claimed and found by: `0007-01`, or `0007-01-inline-1` where it carries a part.

    A resumed run may plan another delivery for an attempt that a dead execution has sent: that is another command.
    """
    name = batch_name(batch)
    return name if batch["delivery"] == "s3" else f"{name}-inline-{batch['part']}"


def write_plan(data: Bucket, event: Mapping[str, Any], batch: BatchState, plan: AttemptPlan) -> None:
    """Leave a plan for an attempt that is not its batch's first."""
    document = plan._asdict() | {"postponed": {name: list(one) for name, one in plan.postponed.items()}}
    data.put_json(keys.retry(event["run"], event["account"], event["region"], batch_name(batch)), document)


def read_inventory(data: Bucket, event: Mapping[str, Any]) -> Inventory:
    """What was discovered in the account-region that an event names.

    Raises:
        RecordMissing: It is absent.
    """
    inventory: Inventory = data.get_json(keys.inventory(event["run"], event["account"], event["region"]))
    return inventory


def read_plan(data: Bucket, event: Mapping[str, Any], batch: BatchState, inventory: Inventory) -> AttemptPlan:
    """Whom an attempt takes up: the whole batch at first, later whom the attempt before it has left.

    Raises:
        RecordMissing: The attempt before it has left no plan.
    """
    if batch["attempt"] == 0:
        return AttemptPlan(inventory["batches"][batch["number"]], {}, {})
    document = data.get_json(keys.retry(event["run"], event["account"], event["region"], batch_name(batch)))
    postponed = {name: Outcome(*outcome) for name, outcome in document["postponed"].items()}
    return AttemptPlan(document["instances"], postponed, document["told"])


def entries_of(inventory: Inventory, instances: Iterable[str]) -> list[InventoryInstance]:
    """The inventory's entries of some instances, in its order."""
    wanted = frozenset(instances)
    return [entry for entry in inventory["instances"] if entry["instance"] in wanted]
