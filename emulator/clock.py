"""A clock on which an hour passes in a moment.

Step Functions' Wait and Retry and Systems Manager's delivery timeout wait on this clock. What real processes do (a
step's own time limit, curl's timeouts) stays on the machine's time: a process runs no faster because we wait less.
Timestamps are the machine's too, so that what a run writes is comparable with everything else on the machine.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Clock:
    """Turns seconds of the emulated AWS into seconds of this machine.

    Attributes:
        factor: Real seconds for one emulated second: 1.0 is real time, 0.001 makes an hour 3.6 seconds.

    Raises:
        ValueError: The factor is negative, or is no number.
    """

    factor: float = 1.0

    def __post_init__(self) -> None:
        if not 0 <= self.factor < float("inf"):
            raise ValueError(f"a clock's factor is a number from 0 up, not {self.factor}")

    def real_seconds(self, seconds: float) -> float:
        """How long an emulated span lasts on this machine."""
        return max(0.0, seconds) * self.factor

    def sleep(self, seconds: float, interrupted: threading.Event | None = None) -> bool:
        """Wait an emulated span; true if it passed whole, false if `interrupted` was set before its end."""
        return not (interrupted or threading.Event()).wait(self.real_seconds(seconds))

    def deadline(self, seconds: float) -> Deadline:
        """The moment that lies an emulated span ahead."""
        return Deadline(time.monotonic() + self.real_seconds(seconds))


@dataclass(frozen=True)
class Deadline:
    """A moment on the machine's monotonic clock, which no change of the wall clock moves."""

    at: float

    def remaining(self) -> float:
        """Real seconds until then, never below zero."""
        return max(0.0, self.at - time.monotonic())

    def passed(self) -> bool:
        """Whether it is then or later."""
        return self.remaining() == 0.0
