"""What Security Hub has accepted, in S3: one object an account-region, bound to its ETag when it is written.

All profiles share it: a finding's Id is the same in each, so Security Hub holds it once.
"""

from __future__ import annotations

import gzip
import json
import zlib
from typing import TYPE_CHECKING, TypedDict, cast

from fleetdx import keys
from fleetdx.bound_objects import replace, stored_or_none
from fleetdx.feeds.asff import Finding
from fleetdx.feeds.imported import ImportChange, ImportedFinding
from fleetdx.feeds.models import FindingKey
from fleetdx.history import UnreadableHistoryError
from fleetdx.storage import encode_lines

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fleetdx.storage import Bucket

Held = dict[str, ImportedFinding]
"""What Security Hub holds open in an account-region, by `instance/item/check`."""


class ImportEntry(TypedDict):
    """What Security Hub holds of a finding (`instance/item/check`) once it has accepted it, as of `at`."""

    key: str
    change: ImportChange
    after: ImportedFinding | None
    at: str


class ImportLine(ImportEntry):
    """The same with the finding that it has to accept: a line of what is to be imported."""

    finding: Finding


def entry_of(line: ImportLine) -> ImportEntry:
    """A line without its finding, which may be large."""
    return {"key": line["key"], "change": line["change"], "after": line["after"], "at": line["at"]}


def name_of(key: FindingKey) -> str:
    """What a finding is known by within its account-region."""
    return "/".join(key[2:])


class ImportStore:
    """What Security Hub holds of one account-region."""

    def __init__(self, data: Bucket, account: str, region: str) -> None:
        self._data = data
        self._account, self._region = account, region
        self._key = keys.imported(account, region)

    def held(self) -> Held:
        """What it holds open.

        Raises:
            UnreadableHistoryError: It was kept and cannot be read.
        """
        body = stored_or_none(self._data, self._key)
        return {} if body is None else _read(body, self._key)

    def findings(self) -> dict[FindingKey, ImportedFinding]:
        """The same by the keys of findings.

        Raises:
            UnreadableHistoryError: It was kept and cannot be read.
        """
        return {
            FindingKey(self._account, self._region, *name.split("/", 2)): finding
            for name, finding in self.held().items()
        }

    def keep(self, accepted: Iterable[ImportEntry]) -> None:
        """Take up what Security Hub has accepted, unless it was told something newer meanwhile.

        Raises:
            UnreadableHistoryError: What is there cannot be read; it stays as it is.
            ServiceUnavailable: Others write it all the time.
        """
        entries = list(accepted)
        if not entries:
            return

        def change(body: bytes | None) -> bytes:
            held = {} if body is None else _read(body, self._key)
            for entry in entries:
                _take_up(held, entry)
            stored = ({"key": name, **held[name]} for name in sorted(held))
            return gzip.compress(encode_lines(stored), mtime=0)

        replace(self._data, self._key, change, f"what was imported into {self._account}/{self._region}")


def is_accepted(entry: ImportEntry, held: Held) -> bool:
    """Whether Security Hub holds already what it would be told."""
    return held.get(entry["key"]) == entry["after"]


def _take_up(held: Held, entry: ImportEntry) -> None:
    known = held.get(entry["key"])
    if known is not None and known["at"] > entry["at"]:
        return
    if entry["after"] is None:
        held.pop(entry["key"], None)
    else:
        held[entry["key"]] = entry["after"]


def _read(body: bytes, key: str) -> Held:
    if not body:
        # gzip's own reader takes nothing at all for an empty file.
        raise UnreadableHistoryError(f"{key} is empty: it is damaged")
    try:
        lines = [json.loads(line) for line in gzip.decompress(body).splitlines()]
        return {line.pop("key"): cast("ImportedFinding", line) for line in lines}
    except (OSError, EOFError, zlib.error, ValueError, KeyError, AttributeError, TypeError):
        raise UnreadableHistoryError(f"{key} is not what was imported, or is damaged") from None
