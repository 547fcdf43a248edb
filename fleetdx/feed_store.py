"""What the feed of changes has told, in S3: one object an account, bound to its ETag when it is written.

What lay there before a run is kept with the run, so that a feed that is written again tells the same changes.
"""

from __future__ import annotations

import gzip
import json
import zlib
from typing import TYPE_CHECKING, cast

from fleetdx import keys
from fleetdx.errors import RecordMissing, ServiceUnavailable
from fleetdx.history import UnreadableHistoryError
from fleetdx.history_store import TRIES, HistoryStore
from fleetdx.storage import encode_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fleetdx.feeds.told import AccountState
    from fleetdx.run_history import Known
    from fleetdx.storage import Bucket

NOTHING = b"null"
"""Kept with a run where nothing had been told before it."""


class FeedStore:
    """What is known from before a run, in the data bucket."""

    def __init__(self, data: Bucket, run: str, profile: str) -> None:
        self._data = data
        self._run = run
        self._histories = HistoryStore(data, run, profile)

    def accounts(self) -> Iterator[str]:
        """Every account of which anything was told."""
        suffix = keys.feed("").removeprefix(keys.FEEDS)
        return (stored.key.removeprefix(keys.FEEDS).removesuffix(suffix) for stored in self._data.keys(keys.FEEDS))

    def history_before(self, account: str) -> Known:
        """The findings of an account's instances before the run.

        Raises:
            UnreadableHistoryError: They are there and cannot be read.
        """
        return self._histories.before(account)

    def told_before(self, account: str) -> AccountState | None:
        """What the feed had told before the run: read once, and kept with the run.

        Raises:
            UnreadableHistoryError: It is there and cannot be read.
        """
        kept = keys.feed_before(self._run, account)
        body, etag = self._stored(kept)
        if etag is None:
            body, _ = self._stored(keys.feed(account))
            if not self._data.put_conditionally(kept, body):
                body = self._data.get(kept)
        return _read(body, kept)

    def keep(self, account: str, state: AccountState) -> None:
        """Put what has been told after the run in the place of what was there, unless that is of a newer run.

        Raises:
            UnreadableHistoryError: What is there cannot be read; it stays as it is.
            ServiceUnavailable: Others write it all the time.
        """
        key = keys.feed(account)
        packed = gzip.compress(encode_lines([state]), mtime=0)
        for _ in range(TRIES):
            body, etag = self._stored(key)
            there = _read(body, key)
            if there is not None and there["at"] > state["at"]:
                return
            if self._data.put_conditionally(key, packed, etag):
                return
        raise ServiceUnavailable(f"what was told of account {account} is written by others all the time")

    def _stored(self, key: str) -> tuple[bytes, str | None]:
        try:
            return self._data.get_with_etag(key)
        except RecordMissing:
            return gzip.compress(NOTHING, mtime=0), None


def _read(body: bytes, key: str) -> AccountState | None:
    try:
        return cast("AccountState | None", json.loads(gzip.decompress(body)))
    except (OSError, EOFError, zlib.error, ValueError):
        raise UnreadableHistoryError(f"{key} is not what a feed has told, or is damaged") from None
