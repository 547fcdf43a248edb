"""Lay a sweep out for the page: rows in their order, limits applied and what was left off counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fleetdx.coverage.models import CAUSES, QUIET_CAUSES
from fleetdx.coverage.texts import ReasonText, cause_meaning, cause_title, disagreement_text, reason_text
from fleetdx.reporting.coverage.grid import Grid
from fleetdx.reporting.coverage.tally import Tally, fair_shares, place_of, unmanaged_in
from fleetdx.reporting.coverage.trend import Trend
from fleetdx.reporting.lines import Place
from fleetdx.reporting.messages import cause_for_reason, remedy_for_reason
from fleetdx.reporting.text import elapsed
from fleetdx.reporting.view import describe_scope

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fleetdx.coverage.models import Cause, CoverageLine, CoverageSummary, CoverageTarget, Disagreement
    from fleetdx.models import Language

UNCHECKED_FIRST: Final = 10
"""How many places that could not be looked at stand in the status panel; all are under their own heading."""

MOST_ROWS: Final = 500
"""The longest table, and how many unmanaged instances are shown one by one."""

MOST_DISAGREEMENTS: Final = 100


@dataclass(frozen=True)
class ReasonRow:
    """One reason of a cause, and on how many instances it was found."""

    reason: str
    text: ReasonText
    instances: int
    mendable: int


@dataclass(frozen=True)
class CauseRow:
    """One cause that occurs."""

    cause: Cause
    title: str
    meaning: str
    instances: int
    reasons: list[ReasonRow]


@dataclass(frozen=True)
class PlaceGroup:
    """The unmanaged instances of one cause in one account-region; `instances` counts those not shown too."""

    link: str
    instances: int
    lines: list[CoverageLine]


@dataclass(frozen=True)
class CauseGroup:
    """The unmanaged instances of one cause, by account-region."""

    cause: Cause
    title: str
    instances: int
    places: list[PlaceGroup]

    @property
    def left_off(self) -> int:
        """How many of its instances are not shown."""
        return self.instances - sum(len(place.lines) for place in self.places)


@dataclass(frozen=True)
class PlaceRow:
    """An account-region with unmanaged instances: its causes with their counts, and where they are listed."""

    link: str
    target: CoverageTarget
    unmanaged: int
    causes: list[tuple[Cause, int, str | None]]


@dataclass(frozen=True)
class DisagreementRow:
    """One likely reason for another word of SSM.1, and the instances that are shown of it."""

    text: ReasonText
    instances: int
    lines: list[CoverageLine]


class Page:
    """Everything the template asks for."""

    def __init__(self, summary: CoverageSummary, lines: Iterable[CoverageLine], language: Language) -> None:
        """Read the lines once."""
        self.summary = summary
        self.language = language
        self.tally = Tally(lines)
        causes = [self._cause_row(cause) for cause in CAUSES if summary["totals"]["causes"][cause]]
        causes.sort(key=lambda row: -row.instances)
        self.causes: list[CauseRow] = [row for row in causes if row.cause not in QUIET_CAUSES]
        self.quiet_causes: list[CauseRow] = [row for row in causes if row.cause in QUIET_CAUSES]
        self.groups: list[CauseGroup] = self._groups()
        self.places: list[PlaceRow] = self._place_rows()
        self.unchecked: list[CoverageTarget] = [one for one in summary["targets"] if not one["checked"]]
        links = {place_of(row.target): row.link for row in self.places[:MOST_ROWS]}
        links |= {place_of(one): "unchecked" for one in self.unchecked}
        self.grid: Grid = Grid(summary["targets"], links)
        self.trend: Trend = Trend(summary["trend"])

    @property
    def took(self) -> str:
        """How long the sweep took; empty where that is unknown."""
        return elapsed(self.summary["started_at"], self.summary["finished_at"])

    @property
    def scope(self) -> list[str]:
        """What the request asked to look at, in a few words each."""
        return describe_scope(self.summary["request"], self.language)

    @property
    def mendable(self) -> int:
        """How many unmanaged instances fleetdx can mend."""
        return sum(row.mendable for cause in self.causes for row in cause.reasons)

    @property
    def left_off(self) -> int:
        """How many unmanaged instances are not shown one by one."""
        return sum(group.left_off for group in self.groups)

    @property
    def disagreements(self) -> list[DisagreementRow]:
        """The likely reasons for another word of SSM.1, the most frequent first."""
        counted = self.summary["control"]["disagreements"]
        names: list[Disagreement] = sorted((one for one in counted if counted[one]), key=lambda one: -counted[one])
        found = [self.tally.disagreeing[name] for name in names]
        shares = fair_shares([len(lines) for lines in found], MOST_DISAGREEMENTS)
        return [
            DisagreementRow(disagreement_text(name, self.language), counted[name], lines[:share])
            for name, lines, share in zip(names, found, shares, strict=True)
        ]

    def title_of(self, cause: Cause) -> str:
        """A cause in a few words, in the page's language."""
        return cause_title(cause, self.language)

    def reason_of(self, cause: Cause, reason: str) -> str:
        """A reason of a cause in a few words, in the page's language."""
        return reason_text(cause, reason, self.language).title

    def cause_of(self, reason: str) -> str:
        """What kept an account-region from being looked at; empty where its own sentence is in the page's language."""
        return cause_for_reason(self.language, reason)

    def remedy_of(self, reason: str) -> str:
        """What a person does about an account-region that could not be looked at."""
        return remedy_for_reason(self.language, "scan_failed", reason)

    def _cause_row(self, cause: Cause) -> CauseRow:
        found = [(code, count) for (of, code), count in self.tally.reasons.most_common() if of == cause]
        rows = [
            ReasonRow(code, reason_text(cause, code, self.language), count, self.tally.mendable[cause, code])
            for code, count in found
        ]
        instances = self.summary["totals"]["causes"][cause]
        return CauseRow(cause, self.title_of(cause), cause_meaning(cause, self.language), instances, rows)

    def _groups(self) -> list[CauseGroup]:
        causes = [row.cause for row in self.causes]
        found = [
            sorted(self.tally.unmanaged[cause].items(), key=lambda item: (-len(item[1]), item[0])) for cause in causes
        ]
        sizes = [sum(len(lines) for _, lines in places) for places in found]
        return [
            CauseGroup(cause, self.title_of(cause), size, _place_groups(cause, places, share))
            for cause, places, size, share in zip(causes, found, sizes, fair_shares(sizes, MOST_ROWS), strict=True)
        ]

    def _place_rows(self) -> list[PlaceRow]:
        shown = {
            (group.cause, Place(place.lines[0]["account"], place.lines[0]["region"])): place.link
            for group in self.groups
            for place in group.places
        }
        targets = [one for one in self.summary["targets"] if unmanaged_in(one)]
        targets.sort(key=lambda one: -unmanaged_in(one))
        return [
            PlaceRow(
                f"place-{number}",
                target,
                unmanaged_in(target),
                [
                    (cause, count, shown.get((cause, place_of(target))))
                    for cause, count in sorted(target["causes"].items(), key=lambda item: -item[1])
                    if cause not in QUIET_CAUSES
                ],
            )
            for number, target in enumerate(targets, 1)
        ]


def _place_groups(cause: Cause, places: list[tuple[Place, list[CoverageLine]]], limit: int) -> list[PlaceGroup]:
    """The account-regions of a cause, each with the instances that have been unmanaged longest."""
    shares = fair_shares([len(lines) for _, lines in places], limit)
    return [
        PlaceGroup(f"{cause}-{number}", len(lines), sorted(lines, key=_longest_first)[:share])
        for number, ((_, lines), share) in enumerate(zip(places, shares, strict=True), 1)
        if share
    ]


def _longest_first(line: CoverageLine) -> tuple[str, str]:
    return line["unmanaged_since"] or line["at"], line["instance"] or ""
