"""Histories in memory, and runs that are followed past them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fleetdx.group_history import KnownGroups
from fleetdx.history import UnreadableHistoryError
from fleetdx.run_history import Known, RunHistory, Stores
from tests.fakes.runs import ACCOUNT, REGION

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fleetdx.models import Verdict
    from fleetdx.run_models import ChangeLine

DAYS = [f"2026-11-{day:02d}T00:00:00Z" for day in range(1, 29)]
ONE, TWO = "i-00000000000000001", "i-00000000000000002"


class GroupShelf:
    """Histories of groups in memory.

    Attributes:
        known: Each account's groups, by ARN.
        asked: How often any was asked for.
        damaged: Accounts whose groups cannot be read.
    """

    def __init__(self) -> None:
        self.known: dict[str, KnownGroups] = {}
        self.asked = 0
        self.damaged: frozenset[str] = frozenset()

    def before(self, account: str) -> KnownGroups:
        self.asked += 1
        if account in self.damaged:
            raise UnreadableHistoryError(account)
        return KnownGroups(self.known.get(account, {}))

    def keep(self, account: str, seen: KnownGroups, gone: Iterable[str]) -> None:
        left = {group: one for group, one in self.known.get(account, {}).items() if group not in set(gone)}
        self.known[account] = left | seen


class Shelf:
    """Histories in memory; those of groups stand beside them."""

    def __init__(self, damaged: tuple[str, ...] = ()) -> None:
        self.known: dict[str, Known] = {}
        self.damaged = damaged
        self.groups = GroupShelf()

    def before(self, account: str) -> Known:
        if account in self.damaged:
            raise UnreadableHistoryError(account)
        return Known(self.known.get(account, {}))

    def keep(self, account: str, seen: Known, gone: Iterable[tuple[str, str]]) -> None:
        left = {place: one for place, one in self.known.get(account, {}).items() if place not in set(gone)}
        self.known[account] = left | seen


def line(verdict: Verdict, day: int, instance: str = ONE, **fields: Any) -> Any:
    given: dict[str, Any] = {
        "run": f"run-{day}",
        "account": ACCOUNT,
        "account_name": "Payments",
        "region": REGION,
        "instance": instance,
        "instance_name": "web",
        "profile": "kisa_unix_2026",
        "at": DAYS[day],
        "item": "U-01",
        "check": "root_ssh_login_denied",
        "severity": "high",
        "verdict": verdict,
    }
    return {**given, **fields}


def run(
    shelf: Shelf, day: int, *results: Any, alive: Iterable[str] | None = None
) -> tuple[list[Any], list[ChangeLine]]:
    """The results of a run as they pass, and its changes."""
    told: list[ChangeLine] = []
    places = {} if alive is None else {(ACCOUNT, REGION): frozenset(alive)}
    history = RunHistory(DAYS[day], Stores(shelf, shelf.groups), places, told.append)
    return list(history.follow(results)), told


def kinds(changes: Iterable[ChangeLine]) -> list[tuple[str, str]]:
    return [(change["change"], change["instance"]) for change in changes]
