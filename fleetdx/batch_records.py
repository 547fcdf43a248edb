"""What a batch leaves in the ledger and the results: each instance once, whatever its attempts came to."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from fleetdx import keys
from fleetdx.ledger import instance_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fleetdx.inventory import InventoryInstance
    from fleetdx.ledger import Outcome, Place
    from fleetdx.models import Delivery, ResultLine
    from fleetdx.storage import Bucket


class Ended(NamedTuple):
    """What an instance came to: its outcome, its result lines, and how its evidence came, if it did."""

    entry: InventoryInstance
    outcome: Outcome
    results: list[ResultLine]
    delivery: Delivery | None


def record(data: Bucket, place: Place, name: str, ended: Iterable[Ended], told: Mapping[str, str]) -> int:
    """Write the ledger lines and results of an attempt.

    Results first: a ledger line must never promise results that are not there. What an earlier attempt told of an
    instance stands, unless this one brings what that one lacked, the evidence; then its results there are taken back.

    Args:
        data: The data bucket.
        place: The run and account-region.
        name: The attempt.
        ended: What is to be recorded.
        told: Instances with verdicts that an earlier attempt has recorded, and that attempt.

    Returns:
        How many ledger lines were written.
    """
    new = [one for one in ended if one.entry["instance"] not in told or one.delivery is not None]
    lines = [line for one in new for line in one.results]
    data.put_lines(keys.results_part(place.run, place.account, place.region, name), lines)
    _take_back(data, place, told, frozenset(one.entry["instance"] for one in new))
    ledger = [instance_line(place, one.entry, one.outcome, one.delivery) for one in new]
    data.put_lines(keys.ledger_part(place.run, place.account, place.region, name), ledger)
    return len(ledger)


def _take_back(data: Bucket, place: Place, told: Mapping[str, str], instances: frozenset[str]) -> None:
    """Remove the results of instances from the parts of earlier attempts, so that nobody counts them twice."""
    outdated: defaultdict[str, set[str]] = defaultdict(set)
    for instance in instances & told.keys():
        outdated[told[instance]].add(instance)
    for name, gone in outdated.items():
        key = keys.results_part(place.run, place.account, place.region, name)
        data.put_lines(key, [line for line in data.get_lines(key) if line["instance"] not in gone])
