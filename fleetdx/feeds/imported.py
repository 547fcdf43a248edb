"""What Security Hub has to be told: each finding held against what it accepted last. Pure.

What it did not accept is not known as told, so it is told by the next run, whatever that was: a new finding, another
verdict, or the end of one.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypedDict

from fleetdx.feeds.changes import compare
from fleetdx.feeds.models import CLOSED
from fleetdx.models import Severity, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from fleetdx.feeds.looked import Looked
    from fleetdx.feeds.models import Compared, FindingKey, Observation
    from fleetdx.history import FindingState

REFRESH_AFTER: Final = dt.timedelta(days=30)
"""Security Hub deletes a finding that was not updated for 90 days; an open one is told again well before."""

ImportChange = Literal["new", "updated", "resolved"]


class ImportedFinding(TypedDict):
    """What Security Hub holds of an open finding, as it was told last.

    `profile` is of the run that told it: only runs of the same profile know whether what they do not see is gone.
    `verdict` is None where an open finding was not judged. `at` is its UpdatedAt.
    """

    profile: str
    verdict: Verdict | None
    severity: Severity
    first_seen: str
    failing_since: str
    is_waived: bool
    at: str


class ToImport(NamedTuple):
    """A finding that Security Hub has to be told.

    Attributes:
        compared: What became of it.
        change: What it is to Security Hub.
        after: What Security Hub holds when it has accepted it; None for what is resolved.
    """

    compared: Compared
    change: ImportChange
    after: ImportedFinding | None


def to_import(
    known: Mapping[FindingKey, ImportedFinding], observations: Iterable[Observation], looked: Looked
) -> Iterator[ToImport]:
    """What is new, updated or resolved to Security Hub, and what is open and was told long ago.

    Args:
        known: What it holds open, of any profile.
        observations: Each key once.
        looked: What the run looked at.
    """
    earlier = {key: _state(one) for key, one in known.items() if one["profile"] == looked.profile}
    for compared in compare(earlier, observations, looked):
        held = known.get(compared.observation.key)
        if compared.kind is None or (held is not None and held["at"] > compared.observation.at):
            continue
        if compared.kind in CLOSED:
            yield ToImport(compared, "resolved", None)
            continue
        after = _after(held, compared.observation, looked.profile)
        if held is None or _is_told_again(held, after):
            begun = compared._replace(first_seen=after["first_seen"], failing_since=after["failing_since"])
            yield ToImport(begun, "new" if held is None else "updated", after)


def _state(held: ImportedFinding) -> FindingState:
    return {
        "verdict": held["verdict"] or "fail",
        "severity": held["severity"],
        "first_seen": held["first_seen"],
        "failing_since": held["failing_since"],
        "fixed_on": None,
    }


def _after(held: ImportedFinding | None, seen: Observation, profile: str) -> ImportedFinding:
    """What was seen, with the beginnings that Security Hub knows or else the run's own history does."""
    is_waived = seen.waiver is not None
    if held is not None and seen.verdict is None:
        is_waived = held["is_waived"]
    return {
        "profile": profile,
        "verdict": seen.verdict,
        "severity": seen.severity or (held["severity"] if held else "medium"),
        "first_seen": held["first_seen"] if held else seen.first_seen or seen.at,
        "failing_since": held["failing_since"] if held else seen.failing_since or seen.at,
        "is_waived": is_waived,
        "at": seen.at,
    }


def _is_told_again(held: ImportedFinding, after: ImportedFinding) -> bool:
    if (held["verdict"], held["is_waived"]) != (after["verdict"], after["is_waived"]):
        return True
    before, now = map(dt.datetime.fromisoformat, (held["at"], after["at"]))
    return now - before >= REFRESH_AFTER
