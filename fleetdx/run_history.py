"""Follows the results of one run past what was known before it, account by account."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Protocol

from fleetdx.history import (
    FindingState,
    InstanceHistory,
    UnreadableHistoryError,
    change_of,
    finding_key,
    next_state,
    open_findings,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from fleetdx.models import LedgerLine, ResultLine
    from fleetdx.run_models import Change, ChangeLine

Known = dict[tuple[str, str], InstanceHistory]
"""The instances of an account, by region and id."""


class Store(Protocol):
    """Where the histories of accounts are kept (fleetdx.history_store has the one in S3)."""

    def before(self, account: str) -> Known:
        """What was known of an account before the run, however often its report is built."""

    def keep(self, account: str, seen: Known, gone: Iterable[tuple[str, str]]) -> None:
        """Put what the run has seen in the place of what was known, and forget instances that are gone."""


class RunHistory:
    """The history of the accounts of one run, while its results pass by.

    Attributes:
        unreadable: The accounts whose history cannot be read; of them no change is told, and nothing is kept.
    """

    def __init__(
        self, at: str, store: Store, alive: Mapping[tuple[str, str], frozenset[str]], tell: Callable[[ChangeLine], None]
    ) -> None:
        """Begin with nothing read.

        Args:
            at: When what is gone was seen to be gone.
            store: Where histories are.
            alive: For each account and region whose instances the run has listed without leaving any out: their ids.
            tell: Takes each change, in the order in which it is seen.
        """
        self.unreadable: list[str] = []
        self._at, self._store, self._alive, self._tell = at, store, alive, tell

    def follow(self, results: Iterable[ResultLine]) -> Iterator[ResultLine]:
        """Pass the results on, findings with `first_seen` and `failing_since`; keep each account when it has passed.

        Args:
            results: Account by account.
        """
        passed = set()
        for account, lines in groupby(results, key=lambda result: result["account"]):
            passed.add(account)
            before, seen = self._before(account), Known()
            if before is None:
                yield from lines
                continue
            for line in lines:
                yield self._seen(line, before, seen)
            self._close(account, before, seen)
        for account in sorted({account for account, _ in self._alive} - passed):
            if (before := self._before(account)) is not None:
                self._close(account, before, Known())

    def _before(self, account: str) -> Known | None:
        try:
            return self._store.before(account)
        except UnreadableHistoryError:
            self.unreadable.append(account)
            return None

    def _seen(self, result: ResultLine, before: Known, seen: Known) -> ResultLine:
        place = result["region"], result["instance"]
        known = before.get(place)
        own = seen.setdefault(place, _begun(result, known))
        key = finding_key(result)
        former = own["findings"].get(key)
        state = next_state(former, result["verdict"], result["severity"], result["at"])
        if state is None:
            return result
        own["findings"][key] = state
        change = change_of(former, state)
        if change is not None:
            is_first = known is None or known["profile"] != result["profile"]
            period = former if change == "fixed" and former is not None else state
            told: Change = "initial" if change == "new" and is_first else change
            self._tell(_change(told, own, key, period, result["at"]))
        if state["failing_since"] is None:
            return result
        return {**result, "first_seen": state["first_seen"], "failing_since": state["failing_since"]}

    def _close(self, account: str, before: Known, seen: Known) -> None:
        gone = [place for place in before if place not in seen and self._is_gone(account, *place)]
        for place in gone:
            for key, state in open_findings(before[place]).items():
                self._tell(_change("gone", before[place], key, state, self._at))
        try:
            self._store.keep(account, seen, gone)
        except UnreadableHistoryError:
            self.unreadable.append(account)

    def _is_gone(self, account: str, region: str, instance: str) -> bool:
        alive = self._alive.get((account, region))
        return alive is not None and instance not in alive


def alive_instances(
    ledger: Iterable[LedgerLine], request: Mapping[str, object]
) -> dict[tuple[str, str], frozenset[str]]:
    """The instances of each account-region whose list is whole: entered, and none left out by tag or name."""
    lines = list(ledger)
    scope = request["scope"]
    if request.get("tags") or not isinstance(scope, dict) or "instances" in scope:
        return {}
    entered = {
        (line["account"], line["region"])
        for line in lines
        if line["kind"] == "account_region" and line["state"] == "scanned"
    }
    found: dict[tuple[str, str], set[str]] = {place: set() for place in entered}
    for line in lines:
        if line["instance"] is not None and (place := (line["account"], line["region"])) in found:
            found[place].add(line["instance"])
    return {place: frozenset(instances) for place, instances in found.items()}


def _begun(result: ResultLine, known: InstanceHistory | None) -> InstanceHistory:
    """The instance as this run sees it, with the findings that it had, if they were judged by the same profile."""
    same = known is not None and known["profile"] == result["profile"]
    return {
        "account": result["account"],
        "account_name": result["account_name"],
        "region": result["region"],
        "instance": result["instance"],
        "instance_name": result["instance_name"],
        "profile": result["profile"],
        "run": result["run"],
        "at": result["at"],
        "findings": dict(known["findings"]) if known is not None and same else {},
    }


def _change(change: Change, history: InstanceHistory, key: str, state: FindingState, at: str) -> ChangeLine:
    item, _, check = key.partition("/")
    return {
        "schema": 1,
        "change": change,
        "account": history["account"],
        "account_name": history["account_name"],
        "region": history["region"],
        "instance": history["instance"],
        "instance_name": history["instance_name"],
        "profile": history["profile"],
        "item": item,
        "check": check,
        "severity": state["severity"],
        "first_seen": state["first_seen"],
        "failing_since": state["failing_since"] or state["first_seen"],
        "at": at,
    }
