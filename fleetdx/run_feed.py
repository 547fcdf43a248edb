"""What a run tells to a SIEM: its lines held against what was known before, account by account."""

from __future__ import annotations

from collections import defaultdict
from itertools import chain, groupby
from typing import TYPE_CHECKING, Protocol

from fleetdx.feeds.changes import compare, snapshot
from fleetdx.feeds.observations import of_ledger, of_result
from fleetdx.feeds.told import Following, earlier_of
from fleetdx.history import UnreadableHistoryError
from fleetdx.reporting.lines import SeenResults

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fleetdx.feeds.looked import Looked
    from fleetdx.feeds.models import Compared, Observation
    from fleetdx.feeds.told import AccountState
    from fleetdx.models import LedgerLine, ResultLine
    from fleetdx.run_history import Known


class Memory(Protocol):
    """What is known of accounts from before the run, however often it is asked (fleetdx.feed_store has it in S3)."""

    def accounts(self) -> Iterable[str]:
        """Every account of which anything was told."""

    def told_before(self, account: str) -> AccountState | None:
        """What the feed had told of an account; None where nothing."""

    def history_before(self, account: str) -> Known:
        """The findings of an account's instances."""


class RunFeed:
    """The feed of one run, while its results pass by.

    Attributes:
        states: What the feed has told after the run, by account; whole when everything has passed.
        unreadable: The accounts of which nothing is known, because what is kept of them cannot be read.
    """

    def __init__(self, looked: Looked, memory: Memory) -> None:
        """Begin with nothing read."""
        self.states: dict[str, AccountState] = {}
        self.unreadable: list[str] = []
        self._looked, self._memory = looked, memory

    def follow(self, ledger: Iterable[LedgerLine], results: Iterable[ResultLine]) -> Iterator[Compared]:
        """Every comparison of the run.

        Args:
            ledger: One line a subject.
            results: Account by account; of an instance that the ledger does not name, none is told.

        Raises:
            UnknownVerdictError: A result has a verdict that nobody knows.
        """
        lines: defaultdict[str, list[LedgerLine]] = defaultdict(list)
        for line in ledger:
            lines[line["account"]].append(line)
        known = (result for key, result in SeenResults().first_times(results) if tuple(key) in self._looked.instances)
        waiting = sorted({*lines, *self._left()})
        for account, own in groupby(known, key=lambda result: result["account"]):
            waiting.remove(account)
            yield from self._account(account, chain(map(of_ledger, lines[account]), map(of_result, own)))
        for account in waiting:
            yield from self._account(account, map(of_ledger, lines[account]))

    def _left(self) -> Iterable[str]:
        """Accounts that may have left the organization; a smaller scope would not tell that."""
        return self._memory.accounts() if "organization" in self._looked.request["scope"] else ()

    def _account(self, account: str, observations: Iterable[Observation]) -> Iterator[Compared]:
        try:
            before = self._memory.told_before(account)
            histories = self._memory.history_before(account).values()
        except UnreadableHistoryError:
            self.unreadable.append(account)
            # Each line is told as far as it goes by itself, and nothing of it as news, which it may not be.
            yield from (each._replace(is_news=False) for each in snapshot(observations))
            return
        earlier = earlier_of(account, before, histories, self._looked.profile)
        following = Following(earlier, before)
        found = compare(earlier.findings, observations, self._looked, earlier.looked, earlier.waived)
        yield from map(following.see, found)
        self.states[account] = following.after(account, self._looked)
