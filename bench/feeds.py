"""What the feeds of a fleet cost: OCSF whole and of changes alone, and ASFF, at three sizes."""

from __future__ import annotations

import itertools
import math
import multiprocessing
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from bench.fleet import scanner
from bench.measure import MeasuringFailed
from bench.results import Aim, Results
from emulator.synthetic.recording import DEFAULT_HOSTS, record_all
from fleetdx.feeds import asff, ocsf
from fleetdx.feeds.changes import compare, only_news
from fleetdx.feeds.imported import to_import
from fleetdx.feeds.looked import by_run
from fleetdx.feeds.models import FindingKey
from fleetdx.feeds.observations import of_result
from fleetdx.feeds.wording import Words
from tools.bundle import build_bundle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from fleetdx.feeds.imported import ImportedFinding
    from fleetdx.history import FindingState
    from fleetdx.models import Catalog, ResultLine

NAME: Final = "feeds"
SIZES: Final = (100, 1_000, 10_000)
PROFILE: Final = "kisa_unix_2026"
PLACES: Final = 200
ONE_IN: Final = 100
"""Of so many instances one has mended a finding and one has a new one."""
BEFORE, NOW = "2026-11-22T02:00:00Z", "2026-11-23T02:00:00Z"
MOST_SECONDS: Final = 120
"""Of CPU: a feed waits for nothing, and what else the machine does is not its cost."""
MOST_GROWTH: Final = 1.1
MOST_MEMORY_GROWTH: Final = 1.1
KIB: Final = 1_024
WHOLE, CHANGES, ASFF = "OCSF, full snapshot", "OCSF, changes only", "ASFF, changes only"
WAYS: Final = (WHOLE, CHANGES, ASFF)


class Job(NamedTuple):
    """What is to be made, and of what.

    Attributes:
        way: One of WAYS.
        instances: How many.
        recorded: Results of a few real scans, which the instances take turns with.
        catalog: Of the bundle that made them.
    """

    way: str
    instances: int
    recorded: Sequence[Sequence[Mapping[str, Any]]]
    catalog: Catalog


class Spent(NamedTuple):
    """What it came to; memory is the process's at its peak, in MiB."""

    told: int
    mebibytes: float
    wall_seconds: float
    cpu_seconds: float
    peak_mib: float


def result_lines(job: Job) -> Iterator[ResultLine]:
    """The result lines of the fleet, one at a time, in the order of account and region."""
    severities = {name: check["severity"] for name, check in job.catalog["checks"].items()}
    for number in range(job.instances):
        place = number * PLACES // job.instances
        instance = f"i-{number:017x}"
        for one in job.recorded[number % len(job.recorded)]:
            yield {
                "schema": 1,
                "run": "20261123T020000Z-000000",
                "account": f"{100_000_000_001 + place // 4}",
                "account_name": f"account-{place // 4}",
                "region": ("ap-northeast-2", "eu-west-1", "us-east-1", "us-west-2")[place % 4],
                "instance": instance,
                "instance_name": f"web-{number}",
                "ami": "ami-0a1b2c3d4e5f60718",
                "profile": PROFILE,
                "bundle": job.catalog["bundle"],
                "at": NOW,
                "item": one["item"],
                "check": one["check"],
                "severity": severities[one["check"]],
                "verdict": one["verdict"],
                "reason": one["reason"],
                "evidence": one["evidence"],
                "duration_ms": one["duration_ms"],
            }


def known_before(job: Job) -> dict[FindingKey, FindingState]:
    """The history as the run before left it: of one instance in a hundred all failed, of another nothing ever did."""
    known: dict[FindingKey, FindingState] = {}
    for line in result_lines(job):
        turn, verdict = int(line["instance"].removeprefix("i-"), 16) % ONE_IN, line["verdict"]
        if (verdict == "fail" and turn != 1) or (verdict == "pass" and turn == 0):
            key = FindingKey(line["account"], line["region"], line["instance"], line["item"], line["check"])
            known[key] = {
                "verdict": "fail",
                "severity": line["severity"],
                "first_seen": BEFORE,
                "failing_since": BEFORE,
                "fixed_on": None,
            }
    return known


def held_of(state: FindingState) -> ImportedFinding:
    """What Security Hub holds of a finding that it was told in the run before."""
    return {
        "profile": PROFILE,
        "verdict": state["verdict"],
        "severity": state["severity"],
        "first_seen": state["first_seen"],
        "failing_since": BEFORE,
        "is_waived": False,
        "at": BEFORE,
    }


def run(job: Job) -> Spent:
    """Make a feed and count it, keeping nothing of it."""
    known = {} if job.way == WHOLE else known_before(job)
    looked = by_run("20261123T020000Z-000000", PROFILE, NOW, {"scope": {"organization": True}}, [])
    words = Words(job.catalog, PROFILE)
    begun, begun_cpu = time.monotonic(), time.process_time()
    told, size = 0, 0
    if job.way == ASFF:
        held = {key: held_of(state) for key, state in known.items()}
        selected = to_import(held, map(of_result, result_lines(job)), looked)
        findings = (asff.finding_of(one.compared, words.of(one.compared.observation)) for one in selected)
        for batch in asff.in_batches(findings, lambda finding: finding):
            told += len(batch)
            size += sum(map(asff.size_of, batch))
    else:
        compared = compare(known, map(of_result, result_lines(job)), looked)
        for line in ocsf.lines(only_news(compared) if job.way == CHANGES else compared, words):
            told += 1
            size += len(line.encode()) + 1
    peak = peak_kib() / KIB
    cpu = time.process_time() - begun_cpu
    return Spent(told, size / KIB / KIB, time.monotonic() - begun, cpu, peak)


def peak_kib() -> int:
    """What this process itself had in memory at its peak; ru_maxrss would be its parent's where that had more."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.partition("VmHWM:")[2].split()[0])


def in_a_process_of_its_own(job: Job) -> Spent:
    """So that one feed's memory is not another's.

    Raises:
        MeasuringFailed: It did not come to its end.
    """
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as processes:
        try:
            return processes.submit(run, job).result()
        except Exception as error:
            raise MeasuringFailed(f"{NAME}: {job.way}, {job.instances:,} instances: {error!r}") from error


def growth(smaller: tuple[int, Spent], larger: tuple[int, Spent], way: str) -> Aim:
    """With which power of the size the CPU time grows."""
    exponent = math.log(larger[1].cpu_seconds / smaller[1].cpu_seconds) / math.log(larger[0] / smaller[0])
    label = f"{way}: growth of CPU time from {smaller[0]:,} to {larger[0]:,}, as a power of the size"
    return Aim(label, MOST_GROWTH, exponent)


def measure(_: Path, say: Callable[[str], None], sizes: Sequence[int] = SIZES) -> Results:
    """Make every feed at every size."""
    results = Results(NAME, 1)
    say(f"{NAME}: {len(DEFAULT_HOSTS)} scans to replay ...")
    recorded = [recording.document["results"] for recording in record_all(scanner(), DEFAULT_HOSTS)]
    catalog: Any = build_bundle().catalog
    spent: dict[str, list[tuple[int, Spent]]] = {way: [] for way in WAYS}
    for way, instances in itertools.product(WAYS, sizes):
        say(f"{NAME}: {instances:,} instances, {way} ...")
        one = in_a_process_of_its_own(Job(way, instances, recorded, catalog))
        spent[way].append((instances, one))
        results.rows.append(row_of(way, instances, one))
    for way, measured in spent.items():
        results.aims.append(Aim(f"{way}: CPU seconds at {sizes[-1]:,}", MOST_SECONDS, measured[-1][1].cpu_seconds))
        results.aims += [growth(*pair, way) for pair in itertools.pairwise(measured)]
    smallest, largest = spent[WHOLE][0][1], spent[WHOLE][-1][1]
    label = f"{WHOLE}: peak memory at {sizes[-1]:,}, of that at {sizes[0]:,}"
    results.aims.append(Aim(label, MOST_MEMORY_GROWTH, largest.peak_mib / smallest.peak_mib))
    return results


def row_of(way: str, instances: int, spent: Spent) -> dict[str, str | float]:
    """A feed as a row of the table."""
    return {
        "feed": f"{way}, {instances:,}",
        "told": spent.told,
        "MiB": round(spent.mebibytes, 1),
        "wall_seconds": round(spent.wall_seconds, 2),
        "cpu_seconds": round(spent.cpu_seconds, 2),
        "peak_mib": round(spent.peak_mib, 1),
    }
