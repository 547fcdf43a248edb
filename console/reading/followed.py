"""Runs that somebody looks at: how far each is, read once for all who watch it, and never everything anew."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any, Final

from fleetdx.cli.runs import Progress

if TYPE_CHECKING:
    from collections.abc import Callable

    from fleetdx.storage import Bucket

MOST: Final = 50


class Follower:
    """How far one run is, and the document that was made of it last."""

    def __init__(self) -> None:
        self.progress = Progress()
        self.lock = threading.Lock()
        self.document: dict[str, Any] | None = None
        self.at = 0.0


class Followed:
    """The followers of runs, the ones asked for last."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._followers: dict[tuple[str, str], Follower] = {}
        self._lock = threading.Lock()

    def document(
        self, run: str, execution: str, seconds: float, read: Callable[[Progress], dict[str, Any]]
    ) -> dict[str, Any]:
        """The document of a run that an execution works on; younger than so many seconds, or read anew."""
        with self._lock:
            follower = self._followers.pop((run, execution), None) or Follower()
            self._followers[(run, execution)] = follower
            while len(self._followers) > MOST:
                self._followers.pop(next(iter(self._followers)))
        with follower.lock:
            if follower.document is None or self._clock() - follower.at >= seconds:
                follower.document = read(follower.progress)
                follower.at = self._clock()
            return follower.document


def updated(progress: Progress, data: Bucket, run: str) -> Progress:
    """The progress with what is new in the run's records."""
    progress.update(data, run)
    return progress
