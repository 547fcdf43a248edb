"""What a resumed run still has to do, from its own records. Pure functions.

A resumed run keeps the fleet that it discovered: what has a verified result is not scanned again, everything else is
taken up where its records end. An account-region without an inventory is entered as if for the first time.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from fleetdx import keys
from fleetdx.errors import InvalidRequest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fleetdx.inventory import Inventory
    from fleetdx.models import LedgerLine


def resumed_run(document: Any) -> str | None:  # noqa: ANN401 - not validated yet
    """The run that an input `{"resume": RUN}` asks to go on with; None where it is a request for a new run.

    Raises:
        InvalidRequest: It names no run, or holds more than that name.
    """
    if not isinstance(document, dict) or "resume" not in document:
        return None
    if set(document) != {"resume"}:
        raise InvalidRequest("", "a resumption takes everything from the records of its run: give resume alone")
    run = document["resume"]
    if not isinstance(run, str) or not keys.RUN_PATTERN.fullmatch(run):
        raise InvalidRequest("/resume", f"{str(run)[:80]!r} is no run; one is like 20261123T021500Z-3fa9c1")
    return run


class UnfinishedBatch(NamedTuple):
    """A batch with instances that have no verified result: its number, the attempt that comes next, and who is left."""

    number: int
    attempt: int
    instances: list[str]


def is_finished(inventory: Inventory | None, lines: Iterable[LedgerLine]) -> bool:
    """Whether an account-region was entered and each of its instances that was to be scanned has a verified result."""
    known = list(lines)
    entered = any(line["kind"] == "account_region" and line["state"] == "scanned" for line in known)
    if inventory is None or not entered:
        return False
    scanned = verified(known)
    return all(entry["instance"] in scanned for entry in inventory["instances"] if entry["state"] is None)


def verified(lines: Iterable[LedgerLine]) -> frozenset[str]:
    """The instances that the ledger calls scanned."""
    return frozenset(line["instance"] for line in lines if line["instance"] and line["state"] == "scanned")


def recorded_of(lines: Iterable[LedgerLine], hosts: frozenset[str]) -> frozenset[str]:
    """Those of some instances that have a ledger line: the canary's, which have had all their attempts with it."""
    return hosts & {line["instance"] for line in lines if line["instance"]}


def attempts_of(parts: Iterable[str]) -> Mapping[int, int]:
    """How many attempts of each batch were recorded, from the names of an account-region's ledger parts (`0007-01`)."""
    return Counter(int(part.partition("-")[0]) for part in parts if part[:4].isdecimal())


def unfinished_batches(
    inventory: Inventory, scanned: frozenset[str], attempts: Mapping[int, int]
) -> list[UnfinishedBatch]:
    """The batches that are not done, each with the first attempt that was not recorded.

    That attempt may have been claimed and sent by an execution that died; then SendCommand finds its command.
    """
    found = []
    for number, batch in enumerate(inventory["batches"]):
        left = [instance for instance in batch if instance not in scanned]
        if left:
            found.append(UnfinishedBatch(number, attempts.get(number, 0), left))
    return found
