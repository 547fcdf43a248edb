"""Gather what the page shows of each host, in one pass over the result lines and with a bound on its size."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from fleetdx.models import SEVERITIES, WORST_VERDICT_FIRST
from fleetdx.reporting.heat import HeatTally
from fleetdx.reporting.lines import InstanceKey, Ledger, SeenResults
from fleetdx.reporting.summary import no_findings, rank
from fleetdx.reporting.text import Clipped, clip
from fleetdx.waivers import is_waived

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fleetdx.models import LedgerLine, ResultLine, Severity, Verdict, Waiver
    from fleetdx.run_models import FindingCounts, Summary

MOST_HOSTS: Final = 300
"""Up to this many instances in scope the page shows every scanned host; above it, only the ranked worst ones."""

EVIDENCE_LINES: Final = 20
"""How many lines of evidence one result shows."""

_EVIDENCE_OF_ONE: Final = (200, 2_000)
"""The least and the most characters that one line of evidence shows."""

_EVIDENCE_OF_ALL: Final = 100_000
"""Characters that one evidence line shows, times the hosts: many hosts get less each, so that the page stays small."""


@dataclass(slots=True, frozen=True)
class HostResult:
    """One result as the page shows it: a finding, or something that a person has to look at."""

    item: str
    check: str
    severity: Severity
    reason: str
    evidence: tuple[Clipped, ...]
    lines_left_off: int
    waiver: Waiver | None
    failing_since: str
    group_failing_since: str


@dataclass(slots=True)
class Host:
    """One scanned instance with its results."""

    key: InstanceKey
    name: str | None
    account_name: str
    ami: str | None
    at: str
    reason: str
    detail: str
    """A sentence where the ledger has something to add about how the result came; else empty."""
    is_inline: bool
    """Whether its result came in the output of the command, and not by S3."""
    counts: FindingCounts = field(default_factory=no_findings)
    shown: dict[Verdict, list[HostResult]] = field(default_factory=lambda: {"fail": [], "error": [], "manual": []})
    item_verdicts: dict[str, Verdict] = field(default_factory=dict)

    def add(self, result: ResultLine, limit: int, most_lines: int = EVIDENCE_LINES) -> None:
        """Take one result in; what is `shown` keeps its evidence: so many lines, `limit` characters a line."""
        verdict = result["verdict"]
        known = self.item_verdicts.get(result["item"], verdict)
        self.item_verdicts[result["item"]] = min(known, verdict, key=WORST_VERDICT_FIRST.index)
        if verdict == "fail" and not is_waived(result):
            self.counts[result["severity"]] += 1
        if verdict in self.shown:
            self.shown[verdict].append(_shorten(result, limit, most_lines))

    def put_in_order(self) -> None:
        """Sort what is shown: waived ones last, then by importance, item and check."""
        for shown in self.shown.values():
            shown.sort(key=lambda one: (one.waiver is not None, SEVERITIES.index(one.severity), one.item, one.check))

    def items_with(self, verdict: Verdict) -> list[str]:
        """Return the items that came to a verdict, in the profile's order of numbers."""
        return sorted(item for item, own in self.item_verdicts.items() if own == verdict)


@dataclass(slots=True)
class Hosts:
    """The hosts shown, worst first, and for each item and check of all hosts how often it came to which verdict."""

    shown: list[Host]
    checks: defaultdict[tuple[str, str], Counter[Verdict]]
    are_all: bool
    heat: HeatTally


def collect_hosts(summary: Summary, ledger: Ledger, results: Iterable[ResultLine]) -> Hosts:
    """Gather hosts and verdicts; reads `results` once, and keeps evidence of the shown hosts only."""
    are_all = summary["totals"]["instances"] <= MOST_HOSTS
    ranked = {InstanceKey(one["account"], one["region"], one["instance"]) for one in summary["worst_instances"]}
    limit = evidence_limit(len(ledger.instances) if are_all else len(ranked))
    hosts: dict[InstanceKey, Host] = {}
    checks: defaultdict[tuple[str, str], Counter[Verdict]] = defaultdict(Counter)
    heat = HeatTally()
    for key, result in SeenResults().first_times(results):
        if key not in ledger.instances:
            continue
        checks[result["item"], result["check"]][result["verdict"]] += 1
        heat.add(key, result)
        if are_all or key in ranked:
            host = hosts.get(key) or hosts.setdefault(key, host_of(key, ledger.instances[key]))
            host.add(result, limit)
    for host in hosts.values():
        host.put_in_order()
    return Hosts(sorted(hosts.values(), key=lambda host: rank(host.counts, host.key)), checks, are_all, heat)


def evidence_limit(hosts: int) -> int:
    """Return how many characters of one evidence line the page shows when it shows this many hosts."""
    least, most = _EVIDENCE_OF_ONE
    return max(least, min(most, _EVIDENCE_OF_ALL // max(1, hosts)))


def host_of(key: InstanceKey, line: LedgerLine) -> Host:
    """A host as its ledger line tells it, without a result yet."""
    is_usual = line["state"] == "scanned" and line["reason"] == "verified"
    detail = "" if is_usual else line["detail"]
    # Ledgers from before there was another way than S3 do not name it.
    is_inline = line.get("delivery") == "inline"
    names = (line["instance_name"], line["account_name"], line["ami"])
    return Host(key, *names, line["at"], line["reason"], detail, is_inline)


def _shorten(result: ResultLine, limit: int, most_lines: int) -> HostResult:
    evidence = result["evidence"]
    return HostResult(
        item=result["item"],
        check=result["check"],
        severity=result["severity"],
        reason=clip(result["reason"], 1_000).text,
        evidence=tuple(clip(line, limit) for line in evidence[:most_lines]),
        lines_left_off=max(0, len(evidence) - most_lines),
        waiver=result.get("waiver"),
        failing_since=result.get("failing_since", ""),
        group_failing_since=result.get("group_failing_since", ""),
    )
