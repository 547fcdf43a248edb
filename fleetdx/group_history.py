"""Since when an Auto Scaling group fails: what its instances come to, followed past their replacement.

A group is told apart by its ARN. Its failing period of a check begins when one of its instances fails, and ends when a
run finds one that passes and knows of none that still fails. That is said of the group alone: each instance has its own
period, and no instance is taken for another.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final, Protocol, TypedDict

from fleetdx.history import ENDING, UnreadableHistoryError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from fleetdx.history import FindingState
    from fleetdx.models import ResultLine

FORGOTTEN_AFTER: Final = dt.timedelta(days=400)
"""A group can be without instances for months; one that nobody has seen for so long is forgotten."""


class GroupFinding(TypedDict):
    """What is known of one check of one item in a group in which it has failed. Times are UTC, RFC 3339.

    `first_seen` is when an instance failed first, `failing_since` the begin of the period that goes on (null where none
    does), `fixed_on` the end of the last one (null while one goes on).
    """

    first_seen: str
    failing_since: str | None
    fixed_on: str | None


class GroupHistory(TypedDict):
    """One line of an account's groups: a group by its ARN, when it was seen last, and its findings by `item/check`."""

    account: str
    region: str
    auto_scaling_group: str
    profile: str
    run: str
    at: str
    findings: dict[str, GroupFinding]


KnownGroups = dict[str, GroupHistory]
"""The groups of an account, by ARN."""


class GroupStore(Protocol):
    """Where the groups of accounts are kept (fleetdx.history_store has the one in S3)."""

    def before(self, account: str) -> KnownGroups:
        """What was known of an account's groups before the run, however often its report is built."""

    def keep(self, account: str, seen: KnownGroups, gone: Iterable[str]) -> None:
        """Put what the run has seen in the place of what was known, and forget what is gone."""


class AccountGroups:
    """The groups of one account, while the results of their instances pass by; read once one of them is in a group.

    Attributes:
        seen: The groups whose instances have passed.
        is_unreadable: Whether what is kept of them cannot be read; then nothing is told of groups, and nothing kept.
    """

    def __init__(self, account: str, store: GroupStore) -> None:
        self.seen: KnownGroups = {}
        self.is_unreadable = False
        self._account, self._store = account, store
        self._before: KnownGroups | None = None
        self._passed: set[tuple[str, str]] = set()

    def see(self, result: ResultLine, key: str, state: FindingState | None) -> str | None:
        """Take a result; returns since when its group fails, None where it is in none or nothing goes on.

        Args:
            result: One result of an instance.
            key: Item and check.
            state: What is known of the finding on this instance after it; None where it has never failed.
        """
        group = result.get("auto_scaling_group")
        if group is None:
            return None
        if group not in self.seen:
            begun = self._begun(group, result)
            if self.is_unreadable:
                return None
            self.seen[group] = begun
        own = self.seen[group]
        own["at"] = max(own["at"], result["at"])
        if result["verdict"] in ENDING:
            self._passed.add((group, key))
        if state is not None and state["failing_since"] is not None:
            own["findings"][key] = _joined(own["findings"].get(key), state["first_seen"], state["failing_since"])
        known = own["findings"].get(key)
        return known["failing_since"] if known else None

    def standing_before(self, result: ResultLine, key: str) -> str | None:
        """How a check stood in the result's group before the run: `failing`, or `not_failing`; None where unknown.

        Unknown is a group that no run has judged before, and an instance in no group.
        """
        group = result.get("auto_scaling_group")
        before = self._known().get(group) if group is not None else None
        if before is None:
            return None
        finding = before["findings"].get(key)
        return "failing" if finding is not None and finding["failing_since"] else "not_failing"

    def close(self, failing: Collection[tuple[str, str]], at: str) -> set[tuple[str, str]]:
        """End the periods of what no instance fails any more, and keep what was seen; returns what has ended.

        Args:
            failing: Group and `item/check` of every finding that goes on, on an instance that is not gone.
            at: When the periods end.
        """
        ended: set[tuple[str, str]] = set()
        for group, own in self.seen.items():
            for key, finding in own["findings"].items():
                subject = group, key
                if finding["failing_since"] and subject in self._passed and subject not in failing:
                    own["findings"][key] = {**finding, "failing_since": None, "fixed_on": at}
                    ended.add(subject)
        if self.seen:
            oldest = f"{dt.datetime.fromisoformat(at) - FORGOTTEN_AFTER:%Y-%m-%dT%H:%M:%SZ}"
            forgotten = [group for group, one in self._known().items() if one["at"] < oldest and group not in self.seen]
            try:
                self._store.keep(self._account, self.seen, forgotten)
            except UnreadableHistoryError:
                self.is_unreadable = True
        return ended

    def since_before(self, group: str | None, key: str) -> str | None:
        """Since when a check failed in a group before the run; None where it did not."""
        known = self._known().get(group) if group is not None and self.seen else None
        finding = known["findings"].get(key) if known else None
        return finding["failing_since"] if finding else None

    def _known(self) -> KnownGroups:
        if self._before is None:
            try:
                self._before = self._store.before(self._account)
            except UnreadableHistoryError:
                self._before, self.is_unreadable = {}, True
        return self._before

    def _begun(self, group: str, result: ResultLine) -> GroupHistory:
        known = self._known().get(group)
        return {
            "account": result["account"],
            "region": result["region"],
            "auto_scaling_group": group,
            "profile": result["profile"],
            "run": result["run"],
            "at": result["at"],
            "findings": dict(known["findings"]) if known else {},
        }


def _joined(known: GroupFinding | None, first_seen: str, failing_since: str) -> GroupFinding:
    """A group's finding with one of an instance: the earlier begin of the period that goes on counts."""
    if known is None:
        return {"first_seen": first_seen, "failing_since": failing_since, "fixed_on": None}
    since = min(known["failing_since"] or failing_since, failing_since)
    return {"first_seen": min(known["first_seen"], first_seen), "failing_since": since, "fixed_on": None}
