"""The histories of accounts in S3, of instances and of groups: one object each, bound to its ETag when it is written.

What an account's history held before a run is kept with the run, so that a report that is built again tells the same
changes.
"""

from __future__ import annotations

import functools
import gzip
import json
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar, cast

from fleetdx import keys
from fleetdx.bound_objects import before_run, replace
from fleetdx.history import UnreadableHistoryError, is_stale
from fleetdx.storage import encode_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from fleetdx.group_history import GroupHistory
    from fleetdx.history import InstanceHistory
    from fleetdx.storage import Bucket

COMPRESSION = 6
NOTHING = gzip.compress(b"", mtime=0)
"""Kept with a run where nothing was known before it."""


class Places(NamedTuple):
    """The keys of an account's object: as it is now, and as it was before the run."""

    now: Callable[[str], str]
    before: Callable[[str], str]


Key = TypeVar("Key", bound="str | tuple[str, str]")
Line = TypeVar("Line", bound="InstanceHistory | GroupHistory")


class LineStore(Generic[Key, Line]):
    """Lines of each account in one object of the data bucket, as one run reads and writes them.

    What other profiles found stands apart.
    """

    def __init__(self, data: Bucket, places: Places, identity: Callable[[Line], Key]) -> None:
        """Take where lines are.

        Args:
            data: The data bucket.
            places: The keys of an account's object.
            identity: What a line is about.
        """
        self._data, self._places, self._identity = data, places, identity

    def before(self, account: str) -> dict[Key, Line]:
        """What was known of an account before the run: read once, and kept with the run.

        Raises:
            UnreadableHistoryError: It is there and cannot be read: nothing is told as new that may be old.
        """
        kept = self._places.before(account)
        return self._read(before_run(self._data, self._places.now(account), kept, NOTHING), kept)

    def keep(self, account: str, seen: dict[Key, Line], gone: Iterable[Key]) -> None:
        """Put what the run has seen in the place of what was known, unless something newer is known by now.

        Raises:
            UnreadableHistoryError: What is there cannot be read; it stays as it is.
            ServiceUnavailable: Others write the same history all the time.
        """
        left_out = frozenset(gone)
        if not seen and not left_out:
            return
        key = self._places.now(account)

        def change(body: bytes | None) -> bytes:
            there = self._read(NOTHING if body is None else body, key)
            known = {place: one for place, one in there.items() if place not in left_out}
            newer = {place for place, one in seen.items() if place in known and is_stale(known[place], one["at"])}
            known |= {place: one for place, one in seen.items() if place not in newer}
            return gzip.compress(encode_lines(known[place] for place in sorted(known)), COMPRESSION, mtime=0)

        replace(self._data, key, change, f"the history of account {account}")

    def _read(self, body: bytes, key: str) -> dict[Key, Line]:
        if not body:
            # gzip's own reader takes nothing at all for an empty file.
            raise UnreadableHistoryError(f"{key} is empty")
        try:
            lines = [cast("Line", json.loads(line)) for line in gzip.decompress(body).splitlines()]
            return {self._identity(line): line for line in lines}
        except (OSError, EOFError, ValueError, KeyError, TypeError):
            raise UnreadableHistoryError(f"{key} is no history, or is damaged") from None


class HistoryStore(LineStore["tuple[str, str]", "InstanceHistory"]):
    """The histories of instances, by region and id."""

    def __init__(self, data: Bucket, run: str, profile: str) -> None:
        now, before = functools.partial(keys.history, profile), functools.partial(keys.history_before, run)
        super().__init__(data, Places(now, before), lambda line: (line["region"], line["instance"]))


class GroupHistoryStore(LineStore[str, "GroupHistory"]):
    """The histories of Auto Scaling groups, by ARN."""

    def __init__(self, data: Bucket, run: str, profile: str) -> None:
        now, before = functools.partial(keys.group_history, profile), functools.partial(keys.group_history_before, run)
        super().__init__(data, Places(now, before), lambda line: line["auto_scaling_group"])
