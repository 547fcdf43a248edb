"""The histories of accounts in S3: one object an account, bound to its ETag when it is written.

What an account's history held before a run is kept with the run, so that a report that is built again tells the same
changes.
"""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, cast

from fleetdx import keys
from fleetdx.bound_objects import before_run, replace
from fleetdx.history import InstanceHistory, UnreadableHistoryError, is_stale
from fleetdx.storage import encode_lines

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fleetdx.run_history import Known
    from fleetdx.storage import Bucket

COMPRESSION = 6
NOTHING = gzip.compress(b"", mtime=0)
"""Kept with a run where nothing was known before it."""


class HistoryStore:
    """The histories in the data bucket, as one run reads and writes them; what other profiles found stands apart."""

    def __init__(self, data: Bucket, run: str, profile: str) -> None:
        self._data = data
        self._run = run
        self._profile = profile

    def before(self, account: str) -> Known:
        """What was known of an account before the run: read once, and kept with the run.

        Raises:
            UnreadableHistoryError: It is there and cannot be read: nothing is told as new that may be old.
        """
        kept = keys.history_before(self._run, account)
        return _read(before_run(self._data, keys.history(self._profile, account), kept, NOTHING), kept)

    def keep(self, account: str, seen: Known, gone: Iterable[tuple[str, str]]) -> None:
        """Put what the run has seen in the place of what was known, unless something newer is known by now.

        Raises:
            UnreadableHistoryError: What is there cannot be read; it stays as it is.
            ServiceUnavailable: Others write the same history all the time.
        """
        left_out = frozenset(gone)
        if not seen and not left_out:
            return
        key = keys.history(self._profile, account)

        def change(body: bytes | None) -> bytes:
            there = _read(NOTHING if body is None else body, key)
            known = {place: one for place, one in there.items() if place not in left_out}
            newer = {place for place, one in seen.items() if place in known and is_stale(known[place], one["at"])}
            known |= {place: one for place, one in seen.items() if place not in newer}
            return gzip.compress(encode_lines(known[place] for place in sorted(known)), COMPRESSION, mtime=0)

        replace(self._data, key, change, f"the history of account {account}")


def _read(body: bytes, key: str) -> Known:
    if not body:
        # gzip's own reader takes nothing at all for an empty file.
        raise UnreadableHistoryError(f"{key} is empty")
    try:
        lines = [json.loads(line) for line in gzip.decompress(body).splitlines()]
        return {(line["region"], line["instance"]): cast("InstanceHistory", line) for line in lines}
    except (OSError, EOFError, ValueError, KeyError, TypeError):
        raise UnreadableHistoryError(f"{key} is no history, or is damaged") from None
