"""The threads that run host processes: few of them, whatever the fleet, since they share one machine."""

from __future__ import annotations

import heapq
import itertools
import logging
import os
import queue
import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_LOGGER = logging.getLogger(__name__)


def default_size() -> int:
    """Twice the processors: a scan waits about as long as it computes."""
    return 2 * (os.cpu_count() or 1)


class HostPool:
    """Runs tasks on a fixed number of daemon threads, in the order given.

    Daemon threads, so that an interrupted emulator ends; `close` lets the threads end when the tasks at hand are done,
    and forgets tasks whose time has not come.
    """

    def __init__(self, size: int | None = None) -> None:
        self._tasks: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._size = size or default_size()
        self._threads = [
            threading.Thread(target=self._work, name=f"host-{number}", daemon=True) for number in range(self._size)
        ]
        self._later: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = itertools.count()
        self._changed = threading.Condition()
        self._closed = False
        for thread in (*self._threads, threading.Thread(target=self._hand_over, name="hosts-later", daemon=True)):
            thread.start()

    def submit(self, task: Callable[[], None], after_seconds: float = 0.0) -> None:
        """Run a task as soon as a thread is free, but not before some real seconds have passed."""
        if not after_seconds:
            self._tasks.put(task)
            return
        with self._changed:
            heapq.heappush(self._later, (time.monotonic() + after_seconds, next(self._numbers), task))
            self._changed.notify()

    def close(self, seconds: float = 5.0) -> None:
        """Take no thread to a further task once those submitted are done; wait at most `seconds` for each."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        for _ in self._threads:
            self._tasks.put(None)
        for thread in self._threads:
            thread.join(seconds)

    def _hand_over(self) -> None:
        """Give each later task to the threads when its time has come."""
        with self._changed:
            while not self._closed:
                until = self._later[0][0] - time.monotonic() if self._later else None
                if until is None or until > 0:
                    self._changed.wait(until)
                    continue
                self._tasks.put(heapq.heappop(self._later)[2])

    def _work(self) -> None:
        while (task := self._tasks.get()) is not None:
            try:
                task()
            except Exception:
                # A thread that died would take a place from every later command; the fault itself has to be seen.
                _LOGGER.exception("a task of the agent stand-in failed")
