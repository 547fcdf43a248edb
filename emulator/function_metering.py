"""Count what functions cost: invocations, the time that Lambda would bill, and what they write to their log."""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass
from typing import TypedDict

MILLISECONDS = 1000


class FunctionUsage(TypedDict):
    """What one function did so far.

    Attributes:
        invocations: How often it was asked for, refused invocations included.
        failed: How many of them ended in an error of whatever kind.
        memory_mb: As its template has it.
        billed_ms: Its measured time on this machine, each invocation rounded up to a millisecond, as Lambda bills it
            (AWS's page "Lambda pricing"). Starting an environment is not in it: nothing is started here.
        log_bytes: What it has logged itself, in UTF-8.
    """

    invocations: int
    failed: int
    memory_mb: int
    billed_ms: int
    log_bytes: int


@dataclass
class _Count:
    invocations: int = 0
    failed: int = 0
    memory_mb: int = 0
    billed_ms: int = 0


def billed_milliseconds(seconds: float) -> int:
    """The time that Lambda bills for an invocation that ran so long: rounded up, and never nothing."""
    return max(1, math.ceil(seconds * MILLISECONDS))


class FunctionMeter:
    """Counts invocations; safe under threads."""

    def __init__(self) -> None:
        """Start at nothing."""
        self._lock = threading.Lock()
        self._counts: dict[str, _Count] = {}

    def count(self, name: str, memory_mb: int, *, failed: bool, seconds: float | None) -> None:
        """Count one invocation that has ended; `seconds` is None where Lambda refused it, so that nothing ran."""
        with self._lock:
            count = self._counts.setdefault(name, _Count())
            count.invocations += 1
            count.failed += failed
            count.memory_mb = memory_mb
            count.billed_ms += 0 if seconds is None else billed_milliseconds(seconds)

    def snapshot(self, log_bytes: dict[str, int]) -> dict[str, FunctionUsage]:
        """Copy the counts, by function; `log_bytes` says what each has logged."""
        with self._lock:
            return {
                name: FunctionUsage(
                    invocations=count.invocations,
                    failed=count.failed,
                    memory_mb=count.memory_mb,
                    billed_ms=count.billed_ms,
                    log_bytes=log_bytes.get(name, 0),
                )
                for name, count in sorted(self._counts.items())
            }
