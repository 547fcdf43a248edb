"""What is known of a way: reachable, blocked or unknown; and how several ways come to one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

Standing = Literal["reachable", "blocked", "unknown"]


class Reachability(NamedTuple):
    """Whether an instance reaches Systems Manager.

    Attributes:
        standing: `unknown` where nobody can tell from outside.
        reason: A code of fleetdx/coverage/causes.json below `no_route` or `unknown`; empty where it is reachable.
        detail: One sentence for a person, naming what is at fault; by what way, where it is reachable.
    """

    standing: Standing
    reason: str
    detail: str


def reachable(detail: str) -> Reachability:
    """There is a way."""
    return Reachability("reachable", "", detail)


def blocked(reason: str, detail: str) -> Reachability:
    """There is none, for this reason."""
    return Reachability("blocked", reason, detail)


def unknown(reason: str, detail: str) -> Reachability:
    """Nobody can tell from outside, for this reason."""
    return Reachability("unknown", reason, detail)


def all_needed(verdicts: Sequence[Reachability]) -> Reachability:
    """Each has to be reachable: the first that is blocked decides, then the first unknown one, then the last."""
    return _first(verdicts, "blocked", "unknown") or verdicts[-1]


def one_suffices(verdicts: Sequence[Reachability]) -> Reachability:
    """One that is reachable is enough: it decides, then the first unknown one, then the first."""
    return _first(verdicts, "reachable", "unknown") or verdicts[0]


def agreed(verdicts: Sequence[Reachability]) -> Reachability:
    """Nobody knows which of them counts: known only where all say the same."""
    standings = {verdict.standing for verdict in verdicts}
    if len(standings) == 1:
        return verdicts[0]
    open_one = _first(verdicts, "unknown")
    if open_one is not None:
        return open_one
    against = next(verdict for verdict in verdicts if verdict.standing == "blocked")
    return unknown("facts_missing", f"Only a part of the possible ways is closed: {against.detail}")


def _first(verdicts: Sequence[Reachability], *standings: Standing) -> Reachability | None:
    for standing in standings:
        for verdict in verdicts:
            if verdict.standing == standing:
                return verdict
    return None
