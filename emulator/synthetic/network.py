"""A synthetic host's way to S3: real requests to the addresses of its document, with the command's signatures."""

from __future__ import annotations

import hashlib
import threading
from concurrent.futures import Future
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, NamedTuple

import urllib3

if TYPE_CHECKING:
    from collections.abc import Mapping

_SECONDS: Final = urllib3.Timeout(connect=10, read=60)
_CONNECTIONS: Final = 16
ACCEPTED: Final = frozenset({HTTPStatus.CREATED, HTTPStatus.NO_CONTENT})


class Fetched(NamedTuple):
    """What came of a download: the HTTP status (0 where there was none) and the SHA-256 of the body."""

    status: int
    sha256: str


class HostNetwork:
    """The connections of all synthetic hosts.

    A signed URL is fetched once, for all hosts of the command that it was signed for: S3 would count each of them.
    """

    def __init__(self) -> None:
        self._pool = urllib3.PoolManager(maxsize=_CONNECTIONS, retries=False, timeout=_SECONDS)
        self._lock = threading.Lock()
        self._fetched: dict[str, Future[Fetched]] = {}

    def fetch(self, url: str) -> Fetched:
        """Download what a signed URL leads to."""
        with self._lock:
            known = self._fetched.get(url)
            ours = known is None
            answer = known or self._fetched.setdefault(url, Future())
        if ours:
            answer.set_result(self._download(url))
        return answer.result()

    def post(self, url: str, form: Mapping[str, str], body: bytes) -> int:
        """Post a signed form with a result, as curl does: the file comes last. The HTTP status; 0 for none."""
        file = ("file", ("result.json.gz", body, "application/gzip"))
        fields: list[tuple[str, str | tuple[str, bytes, str]]] = [*form.items(), file]
        try:
            return int(self._pool.request("POST", url, fields=fields).status)
        except urllib3.exceptions.HTTPError:
            return 0

    def close(self) -> None:
        """Close every connection."""
        self._pool.clear()

    def _download(self, url: str) -> Fetched:
        try:
            answer = self._pool.request("GET", url)
        except urllib3.exceptions.HTTPError:
            return Fetched(0, "")
        return Fetched(answer.status, hashlib.sha256(answer.data).hexdigest())
