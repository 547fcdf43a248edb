"""What a run or a sweep tells to a SIEM: its lines held against what was known before, account by account."""

from __future__ import annotations

from collections import defaultdict
from itertools import chain, groupby
from typing import TYPE_CHECKING, Protocol

from fleetdx.feeds.changes import compare, snapshot
from fleetdx.feeds.observations import of_ledger, of_result, of_sweep
from fleetdx.feeds.told import Following, earlier_of
from fleetdx.history import UnreadableHistoryError
from fleetdx.reporting.lines import SeenResults

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fleetdx.coverage.models import CoverageLine
    from fleetdx.feeds.looked import Looked
    from fleetdx.feeds.models import Compared, Observation
    from fleetdx.feeds.told import AccountState
    from fleetdx.models import LedgerLine, ResultLine
    from fleetdx.run_history import Known


class Memory(Protocol):
    """What is known of accounts from before the run, however often it is asked (fleetdx.feed_store has them in S3)."""

    def accounts(self) -> Iterable[str]:
        """Every account of which anything was told."""

    def told_before(self, account: str) -> AccountState | None:
        """What the feed had told of an account; None where nothing."""

    def history_before(self, account: str) -> Known:
        """The findings of an account's instances."""


class Feed:
    """The feed of one run or sweep, account by account.

    Attributes:
        states: What the feed has told after it, by account; whole when everything has passed.
        unreadable: The accounts of which nothing is known, because what is kept of them cannot be read.
    """

    def __init__(self, looked: Looked, memory: Memory) -> None:
        """Begin with nothing read."""
        self.states: dict[str, AccountState] = {}
        self.unreadable: list[str] = []
        self._looked, self._memory = looked, memory

    def left(self) -> Iterable[str]:
        """Accounts that may have left the organization; a smaller scope would not tell that."""
        return self._memory.accounts() if "organization" in self._looked.request["scope"] else ()

    def account(self, account: str, observations: Iterable[Observation]) -> Iterator[Compared]:
        """Every comparison of an account: each observation, and each open finding of which there is none."""
        try:
            before = self._memory.told_before(account)
            histories = self._memory.history_before(account).values()
        except UnreadableHistoryError:
            self.unreadable.append(account)
            # Each line is told as far as it goes by itself, and nothing of it as news, which it may not be.
            yield from (each._replace(is_news=False) for each in snapshot(observations))
            return
        earlier = earlier_of(account, before, histories, self._looked)
        following = Following(earlier, before)
        found = compare(earlier.findings, observations, self._looked, earlier.looked, earlier.waived)
        yield from map(following.see, found)
        self.states[account] = following.after(account, self._looked)


class RunFeed(Feed):
    """The feed of one run, while its results pass by."""

    def follow(self, ledger: Iterable[LedgerLine], results: Iterable[ResultLine]) -> Iterator[Compared]:
        """Every comparison of the run.

        Args:
            ledger: One line a subject.
            results: Account by account; of an instance that the ledger does not name, none is told.

        Raises:
            UnknownVerdictError: A result has a verdict that nobody knows.
        """
        for account, observations in by_account(self._looked, ledger, results, self.left()):
            yield from self.account(account, observations)


class SweepFeed(Feed):
    """The feed of one sweep."""

    def follow(self, lines: Iterable[CoverageLine]) -> Iterator[Compared]:
        """Every comparison of the sweep, of all its lines, in any order."""
        of_account: defaultdict[str, list[CoverageLine]] = defaultdict(list)
        for line in lines:
            of_account[line["account"]].append(line)
        for account in sorted({*of_account, *self.left()}):
            yield from self.account(account, map(of_sweep, of_account[account]))


def by_account(
    looked: Looked, ledger: Iterable[LedgerLine], results: Iterable[ResultLine], others: Iterable[str] = ()
) -> Iterator[tuple[str, Iterable[Observation]]]:
    """What a run has observed, each account with all its observations, which are to be read before the next.

    Args:
        looked: What the run looked at.
        ledger: One line a subject.
        results: Account by account; those of an instance that the ledger does not name are left out, and repeated ones.
        others: Accounts that are given in any case.

    Raises:
        UnknownVerdictError: A result has a verdict that nobody knows.
    """
    lines: defaultdict[str, list[LedgerLine]] = defaultdict(list)
    for line in ledger:
        lines[line["account"]].append(line)
    known = (result for key, result in SeenResults().first_times(results) if tuple(key) in looked.instances)
    waiting = sorted({*lines, *others})
    for account, own in groupby(known, key=lambda result: result["account"]):
        waiting.remove(account)
        yield account, chain(map(of_ledger, lines[account]), map(of_result, own))
    for account in waiting:
        yield account, map(of_ledger, lines[account])
