"""The threads that run host processes: few of them, whatever the fleet, since they share one machine."""

from __future__ import annotations

import logging
import os
import queue
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_LOGGER = logging.getLogger(__name__)


def default_size() -> int:
    """Twice the processors: a scan waits about as long as it computes."""
    return 2 * (os.cpu_count() or 1)


class HostPool:
    """Runs tasks on a fixed number of daemon threads, in the order given.

    Daemon threads, so that an interrupted emulator ends; `close` lets the threads end when the tasks at hand are done.
    """

    def __init__(self, size: int | None = None) -> None:
        self._tasks: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._size = size or default_size()
        self._threads = [
            threading.Thread(target=self._work, name=f"host-{number}", daemon=True) for number in range(self._size)
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, task: Callable[[], None]) -> None:
        """Run a task as soon as a thread is free."""
        self._tasks.put(task)

    def close(self, seconds: float = 5.0) -> None:
        """Take no thread to a further task once those submitted are done; wait at most `seconds` for each."""
        for _ in self._threads:
            self._tasks.put(None)
        for thread in self._threads:
            thread.join(seconds)

    def _work(self) -> None:
        while (task := self._tasks.get()) is not None:
            try:
                task()
            except Exception:
                # A thread that died would take a place from every later command; the fault itself has to be seen.
                _LOGGER.exception("a task of the agent stand-in failed")
