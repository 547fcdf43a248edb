"""The memory that a command and all it starts use together."""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING, Self

import psutil

if TYPE_CHECKING:
    from types import TracebackType

INTERVAL_SECONDS = 0.02


class MemorySampler:
    """Samples the proportional set size (shared pages divided by who shares them) of a process and its descendants.

    The kernel's own figure for a child (ru_maxrss) is of its largest process only, and includes what the child was
    before it ran its program: a copy of this Python. A peak between two samples, 20 ms apart unless told otherwise, is
    missed.

    Attributes:
        peak_bytes: The largest sum seen.
    """

    def __init__(self, pid: int, interval_seconds: float = INTERVAL_SECONDS) -> None:
        """Sample a process; what runs for minutes is looked at less often, since each look costs milliseconds."""
        self.peak_bytes = 0
        self._interval_seconds = interval_seconds
        self._root = psutil.Process(pid)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()

    def _sample(self) -> None:
        while not self._ended.wait(self._interval_seconds):
            with contextlib.suppress(psutil.Error):
                family = [self._root, *self._root.children(recursive=True)]
                self.peak_bytes = max(self.peak_bytes, sum(map(proportional_bytes, family)))


def proportional_bytes(process: psutil.Process) -> int:
    """A process's proportional set size; 0 when it has just ended."""
    try:
        return int(process.memory_full_info().pss)
    except psutil.Error:
        return 0
