"""Whether the canary lets the rest of a run go on: the ledger lines of the hosts that went first. Pure.

What counts against the bundle is told by the step Run, which runs it, or by whoever reads its result; a host that was
not reached, or could not fetch the bundle, says nothing of it.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple, TypedDict

from fleetdx.invocations import STATUS_REASONS
from fleetdx.ledger import Outcome, merge
from fleetdx.reasons import reasons

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fleetdx.inventory import Inventory
    from fleetdx.models import LedgerLine

BLAMING = frozenset({"host/Run", "function/UploadResults"})
"""Who tells what a bundle can be blamed for."""
OUT_OF_TIME = STATUS_REASONS["ExecutionTimedOut"][0]
"""Systems Manager tells it of any step; only Run, which runs the bundle, takes long."""


class Canary(TypedDict):
    """What a request says of its canary: the account-regions (`ACCOUNT/REGION`), hosts in each, failures allowed."""

    targets: list[str]
    instances: int
    max_failures: int


class Entered(NamedTuple):
    """What the canary has left in one account-region: its inventory, None where there is none, and its ledger lines."""

    inventory: Inventory | None
    lines: list[LedgerLine]


class Judgement(NamedTuple):
    """What the canary came to.

    Attributes:
        scanned: Hosts with a verified result.
        failures: Hosts whose failure the bundle can be blamed for, by reason.
        others: Everything else that the ledger says of its account-regions, by reason.
        unrecorded: Hosts that were to be scanned and have no line.
        max_failures: How many failures are allowed.
    """

    scanned: int
    failures: Mapping[str, int]
    others: Mapping[str, int]
    unrecorded: int
    max_failures: int

    def too_many_failures(self) -> Outcome | None:
        """The outcome of everybody else where more hosts failed than are allowed."""
        failed = sum(self.failures.values())
        if failed <= self.max_failures:
            return None
        told = f"{failed} failed ({_listed(self.failures)}), {self.max_failures} may, {self.scanned} were scanned"
        return _failed(f"Of the canary's hosts {told}. Nothing more was sent.")

    def nobody_scanned(self) -> Outcome | None:
        """The outcome of everybody else where the canary proves nothing."""
        if self.scanned:
            return None
        known = {**self.others, **self.failures, **({"not recorded": self.unrecorded} if self.unrecorded else {})}
        why = _listed(known) if known else "there is nobody to scan"
        return _failed(f"The canary scanned nobody, so it proves nothing ({why}). Nothing more was sent.")

    def has_passed(self) -> bool:
        """Whether all of it has been recorded, and nothing speaks against going on."""
        return not (self.unrecorded or self.too_many_failures() or self.nobody_scanned())


def _failed(sentence: str) -> Outcome:
    return Outcome("scan_failed", "canary_failed", sentence)


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {reason}" for reason, count in sorted(counts.items(), key=lambda one: (-one[1], one[0])))


def is_blamed(reason: str) -> bool:
    """Whether a bundle can be blamed for a reason code: nobody tells it but Run and who reads what Run has printed."""
    told = reasons().get(reason)
    if told is None or "scan_failed" not in told["states"]:
        return False
    return reason == OUT_OF_TIME or set(told["told_by"]) <= BLAMING


def hosts_of(inventory: Inventory) -> frozenset[str]:
    """The hosts of an account-region that go first: those of its first batch."""
    return frozenset(host for batch in inventory["batches"][:1] for host in batch)


def judge(entered: Iterable[Entered], max_failures: int) -> Judgement:
    """Count what became of the canary's hosts.

    Where an account-region has none, what the ledger says of it and of its instances stands for them.
    """
    scanned, unrecorded = 0, 0
    failures: Counter[str] = Counter()
    others: Counter[str] = Counter()
    for inventory, lines in entered:
        hosts = frozenset() if inventory is None else hosts_of(inventory)
        merged = merge(lines)
        told = [line for line in merged if line["instance"] in hosts]
        scanned += sum(line["state"] == "scanned" for line in told)
        failed = [line["reason"] for line in told if line["state"] != "scanned"]
        failures.update(reason for reason in failed if is_blamed(reason))
        others.update(reason for reason in failed if not is_blamed(reason))
        unrecorded += len(hosts) - len(told)
        if not hosts:
            others.update(line["reason"] for line in merged if line["state"] != "scanned")
            unrecorded += inventory is None and not merged
    return Judgement(scanned, failures, others, unrecorded, max_failures)
