"""What a scan of a fleet costs, at three sizes, with and without faults, beside one command for each instance."""

from __future__ import annotations

import itertools
import json
import math
import multiprocessing
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from typing import TYPE_CHECKING, Final, cast

from bench.fleet_run import FleetRun, Job, run_fleet
from bench.measure import MeasuringFailed
from bench.one_command_each import run_one_command_each
from bench.results import Aim, Results
from emulator.synthetic.organization import Size
from emulator.synthetic.recording import DEFAULT_HOSTS, Scanner, record_all
from tools.bundle import build_bundle

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from emulator.synthetic.recording import Recording
    from fleetdx.models import Catalog

NAME: Final = "fleet"
SIZES: Final = (100, 1_000, 10_000)
ACCOUNTS: Final = 50
PROFILE: Final = "kisa_unix_2026"
CLOCK_FACTOR: Final = 0.2
"""Slow enough that hosts, not this machine, decide how long a command takes; a faster clock makes more polls of it."""
MOST_CALLS, MOST_TRANSITIONS = 0.6, 0.6
MOST_SECONDS, MOST_MIB = 600, 2_048
MOST_GROWTH: Final = 1.1
"""Exponent of the size with which time may grow."""
TIMES_THE_CALLS: Final = 2.0
MOST_PAYLOAD, MOST_HISTORY = 32_768, 2_500

Way = tuple[str, "Callable[[Job], FleetRun]", bool]
WAYS: Final[tuple[Way, ...]] = (
    ("without faults", run_fleet, False),
    ("with faults", run_fleet, True),
    ("one command each, with faults", run_one_command_each, True),
)


def scanner() -> Scanner:
    """What hosts are to run."""
    bundle = build_bundle()
    return Scanner.of(bundle.script, cast("Catalog", bundle.catalog), PROFILE)


def in_a_process_of_its_own(run: Callable[[Job], FleetRun], job: Job) -> FleetRun:
    """So that one run's memory is not another's.

    Raises:
        MeasuringFailed: The run did not come to its end.
    """
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as processes:
        try:
            return processes.submit(run, job).result()
        except Exception as error:
            raise MeasuringFailed(f"{NAME}: {job.size.instances:,} instances: {error!r}") from error


def row_of(run: FleetRun) -> dict[str, str | float]:
    """A run as a row of the table."""
    size, spent = run.instances, run.spent
    by_service: Counter[str] = Counter()
    for name, count in run.calls.items():
        by_service[name.partition(":")[0]] += count
    return {
        "instances": f"{size:,}",
        "way": run.job,
        "wall_seconds": spent.wall_seconds,
        "cpu_seconds": spent.cpu_seconds,
        "peak_mib": spent.peak_memory_mib,
        "ssm": by_service["ssm"],
        "sts": by_service["sts"],
        "ec2": by_service["ec2"],
        "calls_each": round(run.control_plane_calls / size, 3),
        "transitions_each": round(run.transitions / size, 3),
        "invocations": run.counts.get("lambda_invocations", 0),
        "mib_moved": round(run.bytes_moved / 2**20, 1),
        "clock_seconds": round(spent.wall_seconds / CLOCK_FACTOR),
    }


def aims_of(runs: Sequence[FleetRun]) -> list[Aim]:
    """The aims that one size can meet: those at 10,000 are told at every size, and meant there."""
    clean, faulty = runs[0], runs[1]
    size = f"{clean.instances:,} instances"
    aims = [
        Aim(f"{size}: SSM, STS and EC2 calls each", MOST_CALLS, clean.control_plane_calls / clean.instances),
        Aim(f"{size}: state transitions each", MOST_TRANSITIONS, clean.transitions / clean.instances),
        Aim(f"{size}: seconds", MOST_SECONDS, clean.spent.wall_seconds),
        Aim(f"{size}: peak memory in MiB", MOST_MIB, clean.spent.peak_memory_mib),
        Aim(
            f"{size}, faults: calls, of those without",
            TIMES_THE_CALLS,
            faulty.control_plane_calls / clean.control_plane_calls,
        ),
    ]
    for run in (clean, faulty):
        label = f"{run.instances:,} instances, {run.job}"
        aims += [
            Aim(f"{label}: ledger lines that are not the plan's", 0, len(run.differences)),
            Aim(f"{label}: strays more or fewer than planned", 0, abs(run.strays[0] - run.strays[1])),
            Aim(f"{label}: bytes of the largest payload", MOST_PAYLOAD, run.largest_payload),
            Aim(f"{label}: events of the longest history", MOST_HISTORY, run.largest_history),
        ]
    return aims


def growth(smaller: FleetRun, larger: FleetRun) -> Aim:
    """With which power of the size the time grows."""
    times = larger.spent.wall_seconds / smaller.spent.wall_seconds
    exponent = math.log(times) / math.log(larger.instances / smaller.instances)
    label = f"{smaller.job}: growth of time from {smaller.instances:,} to {larger.instances:,}, as a power of the size"
    return Aim(label, MOST_GROWTH, exponent)


def measure(
    directory: Path,
    say: Callable[[str], None],
    sizes: Sequence[int] = SIZES,
    ways: Sequence[Way] = WAYS,
    recordings: Sequence[Recording] = (),
) -> Results:
    """Run every size every way; each run's whole figures are among the commands of the results' file."""
    results = Results(NAME, 1)
    say(f"{NAME}: {len(DEFAULT_HOSTS)} scans to replay ...")
    known = recordings or record_all(scanner(), DEFAULT_HOSTS)
    by_size: list[list[FleetRun]] = []
    for instances in sizes:
        runs: list[FleetRun] = []
        for name, run, with_faults in ways:
            say(f"{NAME}: {instances:,} instances, {name} ...")
            place = directory / f"fleet-{instances}-{len(runs)}"
            ended = in_a_process_of_its_own(
                run, Job(place, known, Size(instances, ACCOUNTS), with_faults, CLOCK_FACTOR)
            )
            results.rows.append(row_of(ended))
            say(f"{NAME}: {', '.join(f'{name} {value}' for name, value in results.rows[-1].items())}")
            results.commands[f"{instances:,} instances, {name}"] = json.dumps(asdict(ended))
            runs.append(ended)
        if len(runs) > 1:
            results.aims += aims_of(runs)
        by_size.append(runs)
    for smaller, larger in itertools.pairwise(by_size):
        results.aims += [growth(*pair) for pair in zip(smaller, larger, strict=True)]
    return results
