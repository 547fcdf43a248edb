"""Carries what one service hands to the next: later, at least once, and in no order where that is asked for."""

from __future__ import annotations

import heapq
import itertools
import logging
import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from emulator.clock import Clock

_LOG = logging.getLogger(__name__)
CARRIERS = 4


@dataclass(frozen=True, slots=True)
class Disorder:
    """How the last hop into a queue may differ from once and in order.

    Attributes:
        duplicates: Share of messages that arrive twice, 0 to 1.
        most_delay_seconds: Each copy is late by up to this many seconds of the emulated clock, evenly spread.
        seed: The same seed gives the same choices in the same order of asking.
    """

    duplicates: float = 0.0
    most_delay_seconds: float = 0.0
    seed: int = 0


@dataclass(order=True)
class _Hop:
    due: float
    number: int
    work: Callable[[], None] = field(compare=False)
    is_event: bool = field(compare=False, default=True)


class Courier:
    """Hops wait on the scaled clock and are then made by a few threads; a hop that fails is logged and lost."""

    def __init__(self, clock: Clock, disorder: Disorder | None = None) -> None:
        self._clock = clock
        self._disorder = disorder or Disorder()
        self._random = random.Random(self._disorder.seed)  # noqa: S311 - choices that repeat, no secret
        self._hops: list[_Hop] = []
        self._numbers = itertools.count()
        self._changed = threading.Condition()
        self._under_way = 0
        self._closed = False
        self._pool = ThreadPoolExecutor(CARRIERS, thread_name_prefix="courier")
        self._thread = threading.Thread(target=self._run, name="courier", daemon=True)
        self._thread.start()

    def carry(self, work: Callable[[], None], seconds: float = 0.0, *, is_event: bool = True) -> None:
        """Do something a span of emulated seconds from now; `settle` waits for events alone."""
        due = time.monotonic() + self._clock.real_seconds(seconds)
        with self._changed:
            heapq.heappush(self._hops, _Hop(due, next(self._numbers), work, is_event))
            self._changed.notify_all()

    def carry_last(self, work: Callable[[], None], seconds: float = 0.0) -> None:
        """Do something that may happen twice and out of order: the hop into a queue."""
        with self._changed:
            copies = 2 if self._random.random() < self._disorder.duplicates else 1
            late = [self._random.uniform(0, self._disorder.most_delay_seconds) for _ in range(copies)]
        for delay in late:
            self.carry(work, seconds + delay)

    def settle(self, within: float, *, ahead: float = 0.0) -> bool:
        """Wait until no event is under way, or due within `ahead` emulated seconds; false if real seconds run out."""
        deadline = time.monotonic() + within
        with self._changed:
            while self._under_way or self._due_within(ahead):
                if time.monotonic() > deadline:
                    return False
                self._changed.wait(0.05)
        return True

    def close(self) -> None:
        """Drop what has not been carried, and end the threads."""
        with self._changed:
            self._closed = True
            self._hops.clear()
            self._changed.notify_all()
        self._thread.join()
        self._pool.shutdown(cancel_futures=True)

    def _due_within(self, ahead: float) -> bool:
        horizon = time.monotonic() + self._clock.real_seconds(ahead)
        return any(hop.is_event and hop.due <= horizon for hop in self._hops)

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._closed and (not self._hops or self._hops[0].due > time.monotonic()):
                    remaining = self._hops[0].due - time.monotonic() if self._hops else None
                    self._changed.wait(remaining)
                if self._closed:
                    return
                hop = heapq.heappop(self._hops)
                self._under_way += hop.is_event
            self._pool.submit(self._make, hop)

    def _make(self, hop: _Hop) -> None:
        try:
            hop.work()
        except Exception:  # noqa: BLE001 - a hop of whatever kind; nobody waits for it
            _LOG.exception("a delivery failed and is lost")
        finally:
            with self._changed:
                self._under_way -= hop.is_event
                self._changed.notify_all()
