"""What running a command costs."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bench.memory import MemorySampler

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ENVIRONMENT = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C", "HOME": "/root"}
"""What every candidate gets: nothing of the caller's shell may cost one of them time."""


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
    """

    wall_seconds: float
    cpu_seconds: float


@dataclass(frozen=True)
class Measured:
    """All runs of one candidate.

    Attributes:
        peak_memory_bytes: What all its processes used together at their peak, in the untimed run.
        costs: Of each timed run.
    """

    peak_memory_bytes: int
    costs: list[Cost] = field(default_factory=list)


@contextmanager
def started(candidate: Candidate) -> Iterator[subprocess.Popen[bytes]]:
    """A candidate's process; whoever waits for it sets its return code, which is then looked at.

    Raises:
        MeasuringFailed: It ended with a status that does not mean success.
    """
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            candidate.command,
            env={**ENVIRONMENT, **dict(candidate.variables)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
        )
        yield process
        if process.returncode not in candidate.good_statuses:
            errors.seek(0)
            last_words = errors.read().decode("utf-8", "replace").strip().splitlines()[-3:]
            raise MeasuringFailed(
                f"{candidate.name}: {' '.join(candidate.command)} ended with {process.returncode}: {last_words}"
            )


def run_measured(candidate: Candidate) -> Cost:
    """Run a candidate to its end and say what it cost; raises MeasuringFailed as `started` does."""
    begun = time.monotonic()
    with started(candidate) as process:
        _, wait_status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - begun
        process.returncode = os.waitstatus_to_exitcode(wait_status)
    return Cost(wall, usage.ru_utime + usage.ru_stime)


def peak_memory(candidate: Candidate) -> int:
    """Run a candidate to its end and say what memory it used at its peak, in bytes; raises as `started` does."""
    with started(candidate) as process, MemorySampler(process.pid) as sampler:
        process.wait()
    return sampler.peak_bytes


def in_turns(candidates: Sequence[Candidate], rounds: int) -> dict[str, Measured]:
    """Run all candidates in turns, so that what disturbs the machine disturbs all of them.

    Memory is sampled in a first round, which warms the caches: sampling costs time, so its round is not timed.
    """
    measured = {candidate.name: Measured(peak_memory(candidate)) for candidate in candidates}
    for _ in range(rounds):
        for candidate in candidates:
            measured[candidate.name].costs.append(run_measured(candidate))
    return measured
