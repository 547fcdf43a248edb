"""What differs between two runs: each check's verdict on each instance, and what became of each instance.

Pure functions over the lines of ledger.jsonl and results.jsonl. Memory follows the number of results of one run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, TypedDict

from fleetdx.history import ENDING
from fleetdx.models import SEVERITIES, LedgerState, Severity, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fleetdx.models import LedgerLine, ResultLine

Kind = Literal["new", "fixed", "verdict"]
"""A finding that is in the second run alone, in the first alone, or a change between verdicts that are none."""
ORDER: tuple[Kind, ...] = ("new", "fixed", "verdict")


class VerdictDifference(TypedDict):
    """One check of one item on one instance that came to another verdict."""

    kind: Kind
    account: str
    account_name: str
    region: str
    instance: str
    instance_name: str | None
    item: str
    check: str
    severity: Severity
    before: Verdict
    after: Verdict
    reason: str


class InstanceDifference(TypedDict):
    """One instance that ended the two runs in other states; a state is null where that run does not name it."""

    account: str
    account_name: str
    region: str
    instance: str
    instance_name: str | None
    before: LedgerState | None
    after: LedgerState | None
    reason: str


class Comparison(TypedDict):
    """What `fleetdx diff --json` prints."""

    schema: Literal[1]
    before: str
    after: str
    verdicts: list[VerdictDifference]
    instances: list[InstanceDifference]


class Instance(NamedTuple):
    """An instance by what AWS keeps apart."""

    account: str
    region: str
    instance: str


Verdicts = dict[Instance, dict[tuple[str, str], "Verdict"]]
"""The verdicts of a run by instance, then by item and check."""


def verdicts_of(results: Iterable[ResultLine]) -> Verdicts:
    """The verdicts of a run."""
    found: Verdicts = {}
    for line in results:
        place = Instance(line["account"], line["region"], line["instance"])
        found.setdefault(place, {})[line["item"], line["check"]] = line["verdict"]
    return found


def verdict_differences(before: Verdicts, after: Iterable[ResultLine]) -> Iterator[VerdictDifference]:
    """The checks that both runs ran on an instance and that came to different verdicts.

    Args:
        before: The verdicts of the first run.
        after: The result lines of the second; they are read once.
    """
    for line in after:
        known = before.get(Instance(line["account"], line["region"], line["instance"]), {})
        former = known.get((line["item"], line["check"]))
        if former is not None and former != line["verdict"]:
            yield {
                "kind": kind_of(former, line["verdict"]),
                "account": line["account"],
                "account_name": line["account_name"],
                "region": line["region"],
                "instance": line["instance"],
                "instance_name": line["instance_name"],
                "item": line["item"],
                "check": line["check"],
                "severity": line["severity"],
                "before": former,
                "after": line["verdict"],
                "reason": line["reason"],
            }


def kind_of(before: Verdict, after: Verdict) -> Kind:
    """What a change of a verdict means; what could not be judged any more is not fixed."""
    if after == "fail":
        return "new"
    return "fixed" if before == "fail" and after in ENDING else "verdict"


def instance_differences(before: Iterable[LedgerLine], after: Iterable[LedgerLine]) -> list[InstanceDifference]:
    """The instances that ended in another state, appeared, or are no longer there, in the order of their place."""
    earlier, later = _by_instance(before), _by_instance(after)
    found: list[InstanceDifference] = []
    for place in sorted(earlier.keys() | later.keys()):
        was, is_now = earlier.get(place), later.get(place)
        line = is_now or was
        if line is None or (was and is_now and was["state"] == is_now["state"]):
            continue
        found.append(
            {
                "account": place.account,
                "account_name": line["account_name"],
                "region": place.region,
                "instance": place.instance,
                "instance_name": line["instance_name"],
                "before": was["state"] if was else None,
                "after": is_now["state"] if is_now else None,
                "reason": is_now["reason"] if is_now else "",
            }
        )
    return found


def ordered(differences: Iterable[VerdictDifference]) -> list[VerdictDifference]:
    """New before fixed before the rest, the weighty first, then by place."""
    return sorted(
        differences,
        key=lambda one: (
            ORDER.index(one["kind"]),
            SEVERITIES.index(one["severity"]),
            *(one["account"], one["region"], one["instance"], one["item"], one["check"]),
        ),
    )


def _by_instance(ledger: Iterable[LedgerLine]) -> dict[Instance, LedgerLine]:
    return {
        Instance(line["account"], line["region"], line["instance"]): line
        for line in ledger
        if line["instance"] is not None
    }
