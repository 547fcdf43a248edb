"""What a run has changed: every line to a stream, counts and the weightiest few to summary.json."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Final, Protocol, get_args

from fleetdx.models import SEVERITIES
from fleetdx.run_models import Change

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fleetdx.models import Severity
    from fleetdx.run_models import ChangeLine, ChangeSummary, FindingCounts

MOST_TOLD: Final = 100
"""How many changes summary.json tells one by one; the others are in changes.jsonl."""
TOLD_FIRST: Final[tuple[Change, ...]] = ("new", "fixed", "gone")
"""Findings of instances that are judged for the first time are counted alone: they tell nothing of what was done."""


def change_totals(changes: ChangeSummary) -> dict[Change, int]:
    """How many changes of each kind there are; none of a kind is left out."""
    totals = {kind: counts["high"] + counts["medium"] + counts["low"] for kind, counts in changes["counts"].items()}
    return {kind: total for kind, total in totals.items() if total}


def left_off(changes: ChangeSummary, shown: int) -> int:
    """How many of the changes that are told one by one are not among the first so many."""
    totals = change_totals(changes)
    return max(0, sum(totals.get(kind, 0) for kind in TOLD_FIRST) - shown)


class Sink(Protocol):
    """Where lines go."""

    def write(self, data: bytes, /) -> int:
        """Take some bytes."""


class Changes:
    """Takes the changes of a run one by one; memory follows the few that are told."""

    def __init__(self, stream: Sink) -> None:
        """Begin with none; each goes to the stream as a JSON line."""
        self._stream = stream
        self._counts: Counter[tuple[Change, Severity]] = Counter()
        self._told: dict[tuple[Change, Severity], list[ChangeLine]] = {}

    def add(self, change: ChangeLine) -> None:
        """Write one change and count it."""
        self._stream.write(json.dumps(change, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
        kind = change["change"], change["severity"]
        self._counts[kind] += 1
        if change["change"] in TOLD_FIRST and self._counts[kind] <= MOST_TOLD:
            self._told.setdefault(kind, []).append(change)

    def summary(self, unreadable: Sequence[str]) -> ChangeSummary:
        """Counts by change and severity, and the weightiest changes one by one: new before fixed before gone.

        Args:
            unreadable: Accounts whose history could not be read.
        """
        order = [(change, severity) for severity in SEVERITIES for change in TOLD_FIRST]
        told = [line for kind in order for line in self._told.get(kind, [])]
        return {
            "counts": {change: self._counted(change) for change in get_args(Change)},
            "first": told[:MOST_TOLD],
            "unreadable": list(unreadable),
        }

    def _counted(self, change: Change) -> FindingCounts:
        counts = self._counts
        return {"high": counts[change, "high"], "medium": counts[change, "medium"], "low": counts[change, "low"]}
