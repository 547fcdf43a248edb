"""Lay a run out for the page: rows in their order, limits applied and what was left off counted."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from fleetdx.models import GAP_STATES, VERDICTS
from fleetdx.reporting.heat import HeatMap
from fleetdx.reporting.hosts import Host, Hosts, collect_hosts
from fleetdx.reporting.lines import InstanceKey, Ledger, Place, read_ledger
from fleetdx.reporting.messages import cause_for_reason, localized, remedy_for_reason, translator
from fleetdx.reporting.summary import is_quiet, profile_of
from fleetdx.reporting.text import elapsed, moment

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fleetdx.models import Catalog, CatalogItem, Language, LedgerLine, LedgerState, ResultLine, Severity, Verdict
    from fleetdx.run_models import Gap, Summary, Target

GAPS_FIRST: Final = 10
"""How many gaps stand in the status panel; all are under "Not scanned"."""

MOST_ROWS: Final = 500
"""The longest table; what does not fit is counted and said to be elsewhere."""

WORST_ITEMS: Final = 10
WORST_INSTANCES: Final = 10


@dataclass(frozen=True)
class Missed:
    """An instance or a whole account-region that was not scanned; `instance` is None for the latter."""

    account: str
    account_name: str
    region: str
    instance: str | None
    instance_name: str | None
    state: LedgerState
    reason: str
    detail: str
    remedy: str
    is_gap: bool


@dataclass(frozen=True)
class Titled:
    """An item's title in the page's language, and in the other one for readers who know it by that."""

    text: str
    other: str
    other_language: Language


@dataclass(frozen=True)
class ItemRow:
    """One check of one item, and on how many instances it came to which verdict."""

    item: str
    check: str
    severity: Severity
    title: Titled
    verdicts: dict[Verdict, int]

    @property
    def assessed(self) -> int:
        """On how many instances the check came to pass or fail."""
        return self.verdicts["pass"] + self.verdicts["fail"]


@dataclass(frozen=True)
class CoverageRow:
    """One account in one region; `rows_of_account` is how many rows the account has, on its first one, and else 0."""

    target: Target
    rows_of_account: int
    is_gap: bool


class Page:
    """Everything the template asks for."""

    def __init__(
        self,
        summary: Summary,
        ledger: Iterable[LedgerLine],
        results: Iterable[ResultLine],
        catalog: Catalog,
        language: Language,
    ) -> None:
        """Read ledger and results once each. Raises UnknownProfileError and UnknownVerdictError."""
        self.summary = summary
        self.language = language
        self._catalog = catalog
        self._profile = profile_of(catalog, summary["profile"])
        self._items: dict[str, CatalogItem] = {item["item"]: item for item in self._profile["items"]}
        subjects = read_ledger(ledger)
        self.hosts: Hosts = collect_hosts(summary, subjects, results)
        self.missed: list[Missed] = self._missed(subjects)
        self.gaps: list[Missed] = [one for one in self.missed if one.is_gap]
        self.items: list[ItemRow] = [self._item_row(*key) for key in self._check_order()]
        self.heat: HeatMap = self._heat(subjects)

    @property
    def profile_title(self) -> str:
        """The profile's title in the page's language."""
        return localized(self._profile["title"], self.language)

    @property
    def checked_items(self) -> int:
        """How many items of the edition have a check in this profile."""
        return sum(bool(item["checks"]) for item in self._profile["items"])

    @property
    def items_in_edition(self) -> int:
        """How many items the edition has."""
        return self._profile["items_in_edition"]

    @property
    def started(self) -> str:
        """When the run started, UTC, as a person reads it."""
        return moment(self.summary["started_at"])

    @property
    def took(self) -> str:
        """How long the run took; empty where that is unknown."""
        return elapsed(self.summary["started_at"], self.summary["finished_at"])

    @property
    def scope(self) -> list[str]:
        """What the request asked to scan, in a few words each; empty where the request does not say."""
        return describe_scope(self.summary["request"], self.language)

    @property
    def coverage(self) -> list[CoverageRow]:
        """The account-regions that have something to tell, in the order of account and region."""
        targets = [target for target in self.summary["targets"] if not is_quiet(target)][:MOST_ROWS]
        gaps = {Place(gap["account"], gap["region"]) for gap in self.summary["gaps"] if gap["instance"] is None}
        rows = Counter(target["account"] for target in targets)
        # pop: the first row of an account takes its count, and finds none on the rows that follow.
        return [
            CoverageRow(target, rows.pop(target["account"], 0), Place(target["account"], target["region"]) in gaps)
            for target in targets
        ]

    @property
    def quiet_targets(self) -> int:
        """How many account-regions were entered and are empty."""
        return sum(map(is_quiet, self.summary["targets"]))

    @property
    def worst_items(self) -> list[ItemRow]:
        """The checks that failed most, in the order of the summary."""
        return [self._item_row(row["item"], row["check"]) for row in self.summary["worst_items"][:WORST_ITEMS]]

    @property
    def worst_hosts(self) -> list[Host]:
        """The hosts with most findings; none without a finding."""
        return [host for host in self.hosts.shown if any(host.counts.values())][:WORST_INSTANCES]

    def title_of(self, item: str, check: str) -> Titled:
        """Return an item's title in both languages, or the check's name where the catalog has no such item."""
        other: Language = "en" if self.language == "ko" else "ko"
        if item not in self._items:
            return Titled(check, "", other)
        title = self._items[item]["title"]
        return Titled(localized(title, self.language), localized(title, other), other)

    def has_several_checks(self, item: str) -> bool:
        """Whether an item's title alone leaves open which of its checks is meant."""
        return item in self._items and len(self._items[item]["checks"]) > 1

    def remedy_of(self, check: str) -> str:
        """Return how a failed check is put right, from its check.json; empty where the catalog does not know it."""
        text: dict[str, Any] = self._catalog["checks"].get(check, {}).get("remediation", {})
        return localized(text, self.language) if text else ""

    def cause_of(self, reason: str) -> str:
        """Return what a reason code means; empty where the ledger's own sentence is in the page's language."""
        return cause_for_reason(self.language, reason)

    def row_of(self, item: str) -> int:
        """The number of the first row about an item in the table of all items, from 1."""
        return next(number for number, row in enumerate(self.items, 1) if row.item == item)

    def _heat(self, ledger: Ledger) -> HeatMap:
        names = {line["account"]: line["account_name"] for line in ledger.instances.values()}
        importance = {row.item: row.severity for row in self.items}
        return HeatMap(self.hosts.heat, names, importance, list(importance))

    def _item_row(self, item: str, check: str) -> ItemRow:
        counts = self.hosts.checks[item, check]
        own = self._catalog["checks"].get(check, {}).get("severity")
        severity = self._items[item]["importance"] if item in self._items else own or "high"
        verdicts = {verdict: counts[verdict] for verdict in VERDICTS}
        return ItemRow(item, check, severity, self.title_of(item, check), verdicts)

    def _check_order(self) -> list[tuple[str, str]]:
        planned = [(item["item"], check) for item in self._profile["items"] for check in item["checks"]]
        unplanned = sorted(key for key in self.hosts.checks if key not in set(planned))
        return planned + unplanned

    def _missed(self, ledger: Ledger) -> list[Missed]:
        left_out = [line for line in (*ledger.places.values(), *ledger.instances.values()) if _is_left_out(line)]
        left_out.sort(key=lambda line: (line["account"], line["region"], line["instance"] or ""))
        return [self._missed_one(gap, ledger) for gap in self.summary["gaps"]] + [
            self._missed_one(line, ledger) for line in left_out
        ]

    def _missed_one(self, line: Gap | LedgerLine, ledger: Ledger) -> Missed:
        name = None
        if line["instance"] is not None:
            known = ledger.instances.get(InstanceKey(line["account"], line["region"], line["instance"]))
            name = known["instance_name"] if known else None
        return Missed(
            account=line["account"],
            account_name=line["account_name"],
            region=line["region"],
            instance=line["instance"],
            instance_name=name,
            state=line["state"],
            reason=line["reason"],
            detail=line["detail"],
            remedy=remedy_for_reason(self.language, line["state"], line["reason"]),
            is_gap=line["state"] in GAP_STATES,
        )


def describe_scope(request: dict[str, Any], language: Language) -> list[str]:
    """Say what a scan request covers, a few words each: accounts, units or instances, regions, what narrows it."""
    translate = translator(language)
    scope = request.get("scope", {})
    parts = [
        translate("scope.organization") if kind == "organization" else translate(f"scope.{kind}", count=len(named))
        for kind, named in scope.items()
    ]
    parts += request.get("regions", [])
    parts += [
        translate("scope.tags", tag=tag, values=", ".join(values)) for tag, values in request.get("tags", {}).items()
    ]
    checks = request.get("checks")
    parts += [translate("scope.checks", count=len(checks), names=", ".join(checks))] if checks else []
    return parts


def _is_left_out(line: LedgerLine) -> bool:
    return line["state"] != "scanned" and line["state"] not in GAP_STATES
