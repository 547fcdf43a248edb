"""A result and a ledger line in the words of one language, as all sheets show them."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from fleetdx.models import GAP_STATES, SEVERITIES, VERDICTS
from fleetdx.reporting.lines import SeenResults, read_ledger
from fleetdx.reporting.messages import cause_for_reason, localized, remedy_for_reason, translator
from fleetdx.reporting.summary import profile_of
from fleetdx.reporting.text import day, moment, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fleetdx.models import Catalog, CatalogItem, Language, LedgerLine, ResultLine, Severity, Verdict, Waiver
    from fleetdx.reporting.lines import Ledger
    from fleetdx.reporting.messages import Translate
    from fleetdx.run_models import Gap, Summary

PACKAGE: Final = "fleetdx.exports"


class ResultRow(NamedTuple):
    """One result, in the order of the columns that every sheet of results has."""

    item: str
    title: str
    criterion: str
    importance: str
    verdict: str
    basis: str
    remedy: str
    waiver: str
    account: str
    account_name: str
    region: str
    instance: str
    instance_name: str
    at: str
    failing_since: str


class Check(NamedTuple):
    """What is said of one check of one item, whatever the instance."""

    title: str
    criterion: str
    remedies: dict[Verdict, str]


class Words:
    """What every sheet says in one language.

    Attributes:
        translate: The texts of this package.
        common: The texts of the report, which names states and importance in the same words.
        verdicts: The name of each verdict.
        importance: The name of each importance.
    """

    def __init__(self, language: Language) -> None:
        self.language = language
        self.translate: Translate = translator(language, PACKAGE)
        self.common: Translate = translator(language)
        self.verdicts: dict[Verdict, str] = {name: self.translate(f"verdict.{name}") for name in VERDICTS}
        self.importance: dict[Severity, str] = {name: self.common(f"severity.{name}") for name in SEVERITIES}

    def cause(self, line: LedgerLine | Gap) -> str:
        """What a line's reason code means; empty in English, where the detail says it, and where nobody wrote it."""
        return cause_for_reason(self.language, line["reason"])

    def remedy(self, line: LedgerLine | Gap) -> str:
        """What a person does about what was not scanned; empty where nothing needs to be done."""
        return "" if line["state"] == "scanned" else remedy_for_reason(self.language, line["state"], line["reason"])

    def missed(self, line: LedgerLine | Gap) -> str:
        """Whether something is a gap, which makes the run incomplete, or was left out; empty where it was scanned."""
        if line["state"] == "scanned":
            return ""
        return self.translate("gap.yes" if line["state"] in GAP_STATES else "gap.no")


class Run(Words):
    """A run as the sheets of its results need it.

    Attributes:
        summary: The run's summary.
        ledger: One line a subject.
        profile: The catalog's entry of its profile.
        check: What is said of a check of an item.
    """

    def __init__(self, summary: Summary, ledger: Iterable[LedgerLine], catalog: Catalog, language: Language) -> None:
        """Read the ledger once. Raises UnknownProfileError."""
        super().__init__(language)
        self.summary = summary
        self.ledger: Ledger = read_ledger(ledger)
        self.profile = profile_of(catalog, summary["profile"])
        self._checks = catalog["checks"]
        self._items: dict[str, CatalogItem] = {item["item"]: item for item in self.profile["items"]}
        self.check = functools.cache(self._check)

    def first_results(self, results: Iterable[ResultLine]) -> Iterator[ResultLine]:
        """Each result once, of the instances that the ledger names; the summary counts the same ones.

        Raises UnknownVerdictError.
        """
        for key, result in SeenResults().first_times(results):
            if key in self.ledger.instances:
                yield result

    def row(self, result: ResultLine, basis: str) -> ResultRow:
        """One result's row; `basis` is its reason and evidence as the sheet shows them."""
        known = self.check(result["item"], result["check"])
        return ResultRow(
            result["item"],
            known.title,
            known.criterion,
            self.importance[result["severity"]],
            self.verdicts[result["verdict"]],
            basis,
            known.remedies[result["verdict"]],
            self._waiver(result["waiver"]) if "waiver" in result else "",
            result["account"],
            _one_line(result["account_name"]),
            result["region"],
            result["instance"],
            _one_line(result["instance_name"] or ""),
            _moment(result["at"]),
            _day(result.get("failing_since", "")),
        )

    def unscanned(self) -> list[LedgerLine | Gap]:
        """What was not scanned: the summary's gaps first, then what was left out for its state."""
        lines = (*self.ledger.places.values(), *self.ledger.instances.values())
        left_out = [line for line in lines if line["state"] != "scanned" and line["state"] not in GAP_STATES]
        left_out.sort(key=lambda line: (line["account"], line["region"], line["instance"] or ""))
        return [*self.summary["gaps"], *left_out]

    def _waiver(self, waiver: Waiver) -> str:
        """By which entry a finding is accepted, by whom, until when and why."""
        by = self.common(
            "waiver.by",
            id=waiver["id"],
            ticket=waiver["ticket"],
            owner=waiver["owner"],
            approver=waiver["approver"],
            until=_moment(waiver["expires_at"]),
        )
        return _one_line(f"{by} {waiver['reason']}")

    def _check(self, item: str, check: str) -> Check:
        known: dict[str, Any] = self._checks.get(check, {})
        title = localized(self._items[item]["title"], self.language) if item in self._items else check
        by_hand = self._said(known, "check_by_hand")
        confirm = self.translate("by_hand", text=by_hand) if by_hand else ""
        remedies: dict[Verdict, str] = dict.fromkeys(VERDICTS, "")
        remedies |= {"fail": self._said(known, "remediation"), "manual": confirm, "error": confirm}
        return Check(title, self._said(known, "title"), remedies)

    def _said(self, known: dict[str, Any], key: str) -> str:
        return localized(known[key], self.language) if known.get(key) else ""


_moment = functools.lru_cache(maxsize=1024)(moment)
_day = functools.lru_cache(maxsize=1024)(day)
_one_line = functools.lru_cache(maxsize=1024)(one_line)
