"""Follows the results of one run past what was known before it, account by account."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple, Protocol

from fleetdx.group_history import AccountGroups
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

    from fleetdx.group_history import GroupStore
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


class Stores(NamedTuple):
    """Where the histories of instances and of their Auto Scaling groups are."""

    instances: Store
    groups: GroupStore


class RunHistory:
    """The history of the accounts of one run, while its results pass by.

    Attributes:
        unreadable: The accounts whose history cannot be read; of them no change is told, and nothing is kept.
        unreadable_groups: The accounts of whose Auto Scaling groups that is so.
    """

    def __init__(
        self,
        at: str,
        stores: Stores,
        alive: Mapping[tuple[str, str], frozenset[str]],
        tell: Callable[[ChangeLine], None],
    ) -> None:
        """Begin with nothing read.

        Args:
            at: When what is gone was seen to be gone.
            stores: Where histories are.
            alive: For each account and region whose instances the run has listed without leaving any out: their ids.
            tell: Takes each change, in the order in which it is seen.
        """
        self.unreadable: list[str] = []
        self.unreadable_groups: list[str] = []
        self._at, self._stores, self._alive, self._tell = at, stores, alive, tell

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
            groups = AccountGroups(account, self._stores.groups)
            for line in lines:
                yield self._seen(line, before, seen, groups)
            self._close(account, before, seen, groups)
        for account in sorted({account for account, _ in self._alive} - passed):
            if (before := self._before(account)) is not None:
                self._close(account, before, Known(), AccountGroups(account, self._stores.groups))

    def _before(self, account: str) -> Known | None:
        try:
            return self._stores.instances.before(account)
        except UnreadableHistoryError:
            self.unreadable.append(account)
            return None

    def _seen(self, result: ResultLine, before: Known, seen: Known, groups: AccountGroups) -> ResultLine:
        place = result["region"], result["instance"]
        known = before.get(place)
        own = seen.setdefault(place, _begun(result, known))
        key = finding_key(result)
        former = own["findings"].get(key)
        state = next_state(former, result["verdict"], result["severity"], result["at"])
        group_since = groups.see(result, key, state)
        if state is None:
            return result
        own["findings"][key] = state
        change = change_of(former, state)
        if change is not None:
            is_first = known is None or known["profile"] != result["profile"]
            period = former if change == "fixed" and former is not None else state
            told = _first_change(groups.standing_before(result, key)) if change == "new" and is_first else change
            self._tell(_change(told, own, key, period, result["at"], group_since))
        if state["failing_since"] is None:
            return result
        failing: ResultLine = {**result, "first_seen": state["first_seen"], "failing_since": state["failing_since"]}
        return failing if group_since is None else {**failing, "group_failing_since": group_since}

    def _close(self, account: str, before: Known, seen: Known, groups: AccountGroups) -> None:
        gone = [place for place in before if place not in seen and self._is_gone(account, *place)]
        left = [*seen.values(), *(before[place] for place in before.keys() - seen.keys() - set(gone))]
        failing = {
            (one["auto_scaling_group"], key)
            for one in left
            if "auto_scaling_group" in one
            for key in open_findings(one)
        }
        ended = groups.close(failing, self._at)
        for place in gone:
            group = before[place].get("auto_scaling_group")
            for key, state in open_findings(before[place]).items():
                line = _change("gone", before[place], key, state, self._at, groups.since_before(group, key))
                self._tell({**line, "group_fixed_on": self._at} if (group, key) in ended else line)
        if groups.is_unreadable:
            self.unreadable_groups.append(account)
        try:
            self._stores.instances.keep(account, seen, gone)
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
    begun: InstanceHistory = {
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
    if "auto_scaling_group" in result:
        begun["auto_scaling_group"] = result["auto_scaling_group"]
    return begun


def _first_change(in_group: str | None) -> Change:
    """How a finding of an instance that was judged for the first time is told.

    Where its group was judged before, it is known whether the finding came with this instance.
    """
    if in_group is None:
        return "initial"
    return "continued" if in_group == "failing" else "new"


def _change(
    change: Change, history: InstanceHistory, key: str, state: FindingState, at: str, group_since: str | None
) -> ChangeLine:
    item, _, check = key.partition("/")
    line: ChangeLine = {
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
    if "auto_scaling_group" in history:
        line["auto_scaling_group"] = history["auto_scaling_group"]
    if group_since is not None:
        line["group_failing_since"] = group_since
    return line
