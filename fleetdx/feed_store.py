"""What the feeds of changes have told, in S3: one object an account, of each profile apart and of sweeps.

What it had told before a run is kept with the run, so that a feed that is written again tells the same changes.
"""

from __future__ import annotations

import gzip
import json
import zlib
from typing import TYPE_CHECKING, cast

from fleetdx import keys
from fleetdx.bound_objects import before_run, replace
from fleetdx.history import UnreadableHistoryError
from fleetdx.history_store import HistoryStore
from fleetdx.storage import encode_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fleetdx.feeds.told import AccountState
    from fleetdx.run_history import Known
    from fleetdx.storage import Bucket

NOTHING = gzip.compress(b"null", mtime=0)
"""Kept with a run where nothing had been told before it."""


class ToldStore:
    """What was told of accounts, as one run or sweep reads and writes it."""

    def __init__(self, data: Bucket, shared: str, kept: str) -> None:
        """Begin with nothing read.

        Args:
            data: The data bucket.
            shared: Prefix of the objects that all runs of a profile share, or all sweeps.
            kept: Prefix of what they held before this one.
        """
        self._data = data
        self._shared = shared
        self._kept = kept

    def accounts(self) -> Iterator[str]:
        """Every account of which anything was told."""
        return (keys.account_told(stored.key) for stored in self._data.keys(self._shared))

    def told_before(self, account: str) -> AccountState | None:
        """What the feed had told before the run: read once, and kept with the run.

        Raises:
            UnreadableHistoryError: It is there and cannot be read.
        """
        kept = keys.told(self._kept, account)
        return _read(before_run(self._data, keys.told(self._shared, account), kept, NOTHING), kept)

    def keep(self, account: str, state: AccountState) -> None:
        """Put what has been told after the run in the place of what was there, unless that is of a newer run.

        Raises:
            UnreadableHistoryError: What is there cannot be read; it stays as it is.
            ServiceUnavailable: Others write it all the time.
        """
        key = keys.told(self._shared, account)

        def change(body: bytes | None) -> bytes | None:
            there = None if body is None else _read(body, key)
            is_newer = there is not None and there["at"] > state["at"]
            return None if is_newer else gzip.compress(encode_lines([state]), mtime=0)

        replace(self._data, key, change, f"what was told of account {account}")


class FeedStore(ToldStore):
    """What is known from before a run; what other profiles found stands apart."""

    def __init__(self, data: Bucket, run: str, profile: str) -> None:
        """Begin with nothing read."""
        super().__init__(data, keys.feeds(profile), keys.feeds_before(run))
        self._histories = HistoryStore(data, run, profile)

    def history_before(self, account: str) -> Known:
        """The findings of an account's instances before the run.

        Raises:
            UnreadableHistoryError: They are there and cannot be read.
        """
        return self._histories.before(account)


class SweepFeedStore(ToldStore):
    """What is known from before a sweep: all of it was told, no history keeps more."""

    def __init__(self, data: Bucket, sweep: str) -> None:
        """Begin with nothing read."""
        super().__init__(data, keys.COVERAGE_FEEDS, keys.coverage_feeds_before(sweep))

    def history_before(self, account: str) -> Known:  # noqa: ARG002 - as a run's memory has it
        """Nothing: the causes of an account are in what was told."""
        return {}


def _read(body: bytes, key: str) -> AccountState | None:
    try:
        return cast("AccountState | None", json.loads(gzip.decompress(body)))
    except (OSError, EOFError, zlib.error, ValueError):
        raise UnreadableHistoryError(f"{key} is not what a feed has told, or is damaged") from None
