"""Read the lines of a sweep once: counts of what is told of all, and the lines that are shown one by one."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from fleetdx.coverage.models import MANAGED_CAUSES, QUIET_CAUSES
from fleetdx.reporting.lines import Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fleetdx.coverage.models import (
        Cause,
        CoverageLine,
        CoverageTarget,
        Disagreement,
        PatchCompliance,
        SessionManager,
    )


class Tally:
    """What the page needs of the lines; it keeps those of unmanaged instances and of disagreements, and no other."""

    def __init__(self, lines: Iterable[CoverageLine]) -> None:
        """Read the lines once; lines of account-regions are in the summary already."""
        self.reasons: Counter[tuple[Cause, str]] = Counter()
        self.mendable: Counter[tuple[Cause, str]] = Counter()
        self.sessions: Counter[SessionManager | None] = Counter()
        self.patches: Counter[PatchCompliance | None] = Counter()
        self.unmanaged: defaultdict[Cause, defaultdict[Place, list[CoverageLine]]]
        self.unmanaged = defaultdict(lambda: defaultdict(list))
        self.disagreeing: defaultdict[Disagreement, list[CoverageLine]] = defaultdict(list)
        for line in lines:
            if line["cause"] is not None:
                self._add(line, line["cause"])

    def _add(self, line: CoverageLine, cause: Cause) -> None:
        self.reasons[cause, line["reason"]] += 1
        self.mendable[cause, line["reason"]] += line["mendable"]
        if cause in MANAGED_CAUSES:
            self.sessions[line["session_manager"]] += 1
            self.patches[line["patch_compliance"]] += 1
        if cause not in QUIET_CAUSES:
            self.unmanaged[cause][Place(line["account"], line["region"])].append(line)
        control = line["control"]
        if control is not None and control["disagreement"] is not None:
            self.disagreeing[control["disagreement"]].append(line)


def fair_shares(sizes: Sequence[int], limit: int) -> list[int]:
    """How many of each to show so that no more than `limit` are shown and the large leave room for the small."""
    shares = [0] * len(sizes)
    for others, place in enumerate(sorted(range(len(sizes)), key=lambda place: sizes[place])):
        shares[place] = min(sizes[place], limit // (len(sizes) - others))
        limit -= shares[place]
    return shares


def unmanaged_in(target: CoverageTarget) -> int:
    """How many running instances of an account-region somebody should look after."""
    return sum(count for cause, count in target["causes"].items() if cause not in QUIET_CAUSES)


def place_of(target: CoverageTarget) -> Place:
    """The account and region of a target."""
    return Place(target["account"], target["region"])
