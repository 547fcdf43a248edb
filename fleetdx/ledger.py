"""Ledger lines: what became of each instance and of each account-region."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from fleetdx.inventory import now
from fleetdx.reasons import UNEXPECTED, goes_with

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from fleetdx.inventory import Inventory, InventoryInstance
    from fleetdx.models import Delivery, LedgerKind, LedgerLine, LedgerState


class Place(NamedTuple):
    """The run and the account-region that a line speaks of."""

    run: str
    account: str
    account_name: str
    region: str
    profile: str
    bundle: str | None


class Outcome(NamedTuple):
    """The state that an instance or an account-region ends in, with a reason code and a sentence."""

    state: LedgerState
    reason: str
    detail: str


def as_documented(kind: LedgerKind, outcome: Outcome) -> Outcome:
    """The outcome as a ledger line may carry it: one without a documented reason is a failure nobody expected.

    Args:
        kind: What the line is about.
        outcome: What it came to. Its reason can be a host's own word.
    """
    if goes_with(outcome.reason, kind, outcome.state):
        return outcome
    detail = f"No documented reason of state {outcome.state}: {outcome.reason}. {outcome.detail}"
    return Outcome("scan_failed", UNEXPECTED, detail)


def instance_line(
    place: Place, entry: InventoryInstance, outcome: Outcome, delivery: Delivery | None = None
) -> LedgerLine:
    """The ledger line of one instance, with a documented reason; `delivery` says how its result came, if one did."""
    told = as_documented("instance", outcome)
    line: LedgerLine = {
        "schema": 1,
        "kind": "instance",
        "run": place.run,
        "account": place.account,
        "account_name": place.account_name,
        "region": place.region,
        "instance": entry["instance"],
        "instance_name": entry["instance_name"],
        "ami": entry["ami"],
        "platform": entry["platform"],
        "state": told.state,
        "reason": told.reason,
        "detail": told.detail,
        "profile": place.profile,
        "bundle": place.bundle,
        "at": now(),
        "delivery": delivery,
    }
    if told.state == "excluded" and "exclusion" in entry:
        line["exclusion"] = entry["exclusion"]
    return line


def target_line(place: Place, outcome: Outcome, instances: int | None, notes: Sequence[str] = ()) -> LedgerLine:
    """The ledger line of one account-region, with a documented reason; `instances` is None where it was not entered."""
    told = as_documented("account_region", outcome)
    line: LedgerLine = {
        "schema": 1,
        "kind": "account_region",
        "run": place.run,
        "account": place.account,
        "account_name": place.account_name,
        "region": place.region,
        "instance": None,
        "instance_name": None,
        "ami": None,
        "platform": None,
        "state": told.state,
        "reason": told.reason,
        "detail": told.detail,
        "profile": place.profile,
        "bundle": place.bundle,
        "at": now(),
        "delivery": None,
        "instances": instances,
    }
    if notes:
        line["notes"] = list(notes)
    return line


def settled_lines(place: Place, inventory: Inventory) -> list[LedgerLine]:
    """Lines of the instances whose fate discovery settled: excluded, stopped, unsupported, not managed, not found."""
    return [
        instance_line(place, entry, outcome)
        for entry in inventory["instances"]
        if (outcome := _settled(entry)) is not None
    ]


def unrecorded_lines(place: Place, inventory: Inventory, recorded: Iterable[str], outcome: Outcome) -> list[LedgerLine]:
    """Lines for instances that no part of the ledger accounts for: `outcome` for those that were to be scanned.

    What discovery had settled keeps its own state, for the case that its part of the ledger was not written.
    """
    known = frozenset(recorded)
    return [
        instance_line(place, entry, _settled(entry) or outcome)
        for entry in inventory["instances"]
        if entry["instance"] not in known
    ]


def _settled(entry: InventoryInstance) -> Outcome | None:
    return None if entry["state"] is None else Outcome(entry["state"], entry["reason"], entry["detail"])


def merge(lines: Iterable[LedgerLine]) -> list[LedgerLine]:
    """One line for each instance and each account-region, ordered by account, region and instance.

    Parts can tell the same instance twice: a batch's own line, the summary's for what it missed, another attempt. A
    later line replaces an earlier one, but one with a verified result stays: a late failure does not undo it.
    """
    chosen: dict[tuple[str, str, str], LedgerLine] = {}
    for line in lines:
        key = (line["account"], line["region"], line["instance"] or "")
        if key not in chosen or line["state"] == "scanned" or chosen[key]["state"] != "scanned":
            chosen[key] = line
    return [chosen[key] for key in sorted(chosen)]


def place_of(event: Mapping[str, Any], bundle: str | None) -> Place:
    """The place that a state's input names: run, account, account_name, region, profile."""
    return Place(event["run"], event["account"], event["account_name"], event["region"], event["profile"], bundle)
