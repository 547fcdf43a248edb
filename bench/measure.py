"""What running a command costs."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

ENVIRONMENT = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C", "HOME": "/root"}
"""What every candidate gets: nothing of the caller's shell may cost one of them time."""
KIB = 1024


class MeasuringFailed(Exception):
    """A candidate ended as it must not; the message has its command, status and last words."""


@dataclass(frozen=True)
class Candidate:
    """One way of doing what a benchmark compares.

    Attributes:
        name: What the table calls it.
        command: The program and its arguments.
        variables: Environment variables beyond ENVIRONMENT.
        good_statuses: Exit statuses that mean it did its work.
    """

    name: str
    command: Sequence[str]
    variables: tuple[tuple[str, str], ...] = ()
    good_statuses: frozenset[int] = frozenset({0})


@dataclass(frozen=True)
class Cost:
    """What one run cost, with all the processes it waited for.

    Attributes:
        wall_seconds: From start to end.
        cpu_seconds: User and system time.
        largest_process_bytes: The resident memory of its largest process at its peak, as the kernel counts it.
    """

    wall_seconds: float
    cpu_seconds: float
    largest_process_bytes: int


def run_measured(candidate: Candidate) -> Cost:
    """Run a candidate to its end and say what it cost.

    Raises:
        MeasuringFailed: It ended with a status that does not mean success.
    """
    with tempfile.TemporaryFile() as errors:
        started = time.monotonic()
        process = subprocess.Popen(
            candidate.command,
            env={**ENVIRONMENT, **dict(candidate.variables)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
        )
        _, wait_status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - started
        process.returncode = os.waitstatus_to_exitcode(wait_status)
        if process.returncode not in candidate.good_statuses:
            errors.seek(0)
            last_words = errors.read().decode("utf-8", "replace").strip().splitlines()[-3:]
            raise MeasuringFailed(
                f"{candidate.name}: {' '.join(candidate.command)} ended with {process.returncode}: {last_words}"
            )
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * KIB)


def in_turns(candidates: Sequence[Candidate], rounds: int) -> dict[str, list[Cost]]:
    """Run all candidates once uncounted and then in turns, so that what disturbs the machine disturbs all of them."""
    costs: dict[str, list[Cost]] = {candidate.name: [] for candidate in candidates}
    for candidate in candidates:
        run_measured(candidate)
    for _ in range(rounds):
        for candidate in candidates:
            costs[candidate.name].append(run_measured(candidate))
    return costs
