"""All outputs of one run at three sizes: what BuildReport writes, every export, and what is made at home.

A run is written as a real one is: by the functions' own code, each function in a process of its own, from ledger and
results as batches leave them; then it is brought home, where report.html is made again with a page for each host. Where
S3 would be is a directory. Exports are written two at a time, on two cores; the state machine writes one after the
other. It is a first run, in which every finding is a change: there is no more to tell. What it costs to make up the
results is not measured.
"""

from __future__ import annotations

import datetime as dt
import itertools
import math
import os
import shutil
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from bench.exports import AT, PROFILE, RUN, SyntheticRun
from bench.measure import Candidate, started
from bench.memory import MemorySampler
from bench.report import MOST_SECONDS_TO_OPEN, opened_in
from bench.results import Aim, Results
from bench.stored import DirectoryS3
from fleetdx import keys
from fleetdx.cli.outputs import REPORT_FILES, download
from fleetdx.cli.pages import write_report
from fleetdx.export_files import FILES
from fleetdx.ledger import Outcome, Place, target_line
from fleetdx.storage import Bucket
from fleetdx.waivers import Rules
from functions.build_report import handler as build_report
from functions.export_results import handler as export_results
from tools.sources import PROJECT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from fleetdx.export_files import Export
    from fleetdx.models import LedgerLine

NAME: Final = "outputs"
SIZES: Final = (100, 1_000, 10_000)
REPORT, HOME, ALL = "BuildReport", "home: report and host pages", "everything"
EXPORTS_AT_ONCE: Final = 2
BATCH: Final = 50
SAMPLED_EVERY_SECONDS: Final = 0.25
ENTERED: Final = Outcome("scanned", "entered", "Its instances are listed below.")
MB: Final = 1_000_000
MOST_SECONDS: Final = 300
MOST_MEMORY_MB: Final = 3_000
MOST_REPORT_MB: Final = 10
MOST_GROWTH: Final = 1.1


class Spent(NamedTuple):
    """What a step came to; `megabytes` are those that it has written, as they are stored."""

    wall_seconds: float
    cpu_seconds: float
    peak_mb: float
    megabytes: float


def measure(directory: Path, say: Callable[[str], None], sizes: tuple[int, ...] = SIZES) -> Results:
    """Write everything once at each size."""
    results = Results(NAME, 1)
    spent: dict[int, dict[str, Spent]] = {}
    for size in sizes:
        say(f"{NAME}: making the results of {size:,} instances ...")
        place = directory / str(size)
        make_run(place, size)
        spent[size] = _written(place, size, say)
        results.rows += [_row(f"{step} of {size:,}", one) for step, one in spent[size].items()]
        if size == max(sizes):
            results.aims = _aims(place, size, spent[size][ALL])
        shutil.rmtree(place)
    for smaller, larger in itertools.pairwise(sizes):
        exponent = growth(smaller, spent[smaller][ALL], larger, spent[larger][ALL])
        label = f"growth of CPU time from {smaller:,} to {larger:,}, as a power of the size"
        results.aims.append(Aim(label, MOST_GROWTH, exponent))
    return results


def growth(smaller: int, before: Spent, larger: int, after: Spent) -> float:
    """With which power of the size the CPU time grows."""
    return round(math.log(after.cpu_seconds / before.cpu_seconds) / math.log(larger / smaller), 3)


def _aims(place: Path, size: int, everything: Spent) -> list[Aim]:
    page = place / "home" / "report.html"
    (opened,) = opened_in([page])
    return [
        Aim(f"seconds at {size:,} instances", MOST_SECONDS, everything.wall_seconds),
        Aim("MB of memory, all processes at once", MOST_MEMORY_MB, everything.peak_mb),
        Aim("report.html: MB", MOST_REPORT_MB, round(page.stat().st_size / MB, 2)),
        Aim("report.html: seconds until open", MOST_SECONDS_TO_OPEN, opened),
    ]


def _row(what: str, spent: Spent) -> dict[str, str | float]:
    names = ("wall_seconds", "cpu_seconds", "peak_memory_mb", "written_mb")
    return {"written": what, **{name: round(figure, 1) for name, figure in zip(names, spent, strict=True)}}


def _written(place: Path, size: int, say: Callable[[str], None]) -> dict[str, Spent]:
    """Write everything, step by step; the exports two at a time."""
    say(f"{NAME}: everything of {size:,} instances ...")
    begun = time.monotonic()
    spent = {REPORT: _step(place, REPORT)}
    with ThreadPoolExecutor(EXPORTS_AT_ONCE) as threads:
        spent |= dict(zip(FILES, threads.map(lambda export: _step(place, export), FILES), strict=True))
    at_once = sorted(spent[export].peak_mb for export in FILES)[-EXPORTS_AT_ONCE:]
    spent[HOME] = _step(place, HOME)
    peak = max(spent[REPORT].peak_mb, sum(at_once), spent[HOME].peak_mb)
    cpu, megabytes = (sum(figures) for figures in zip(*((one[1], one[3]) for one in spent.values()), strict=True))
    return {**spent, ALL: Spent(time.monotonic() - begun, cpu, peak, megabytes)}


def _step(place: Path, step: str) -> Spent:
    command = (sys.executable, "-m", __name__, step, str(place))
    begun = time.monotonic()
    with (
        started(Candidate(step, command, (("PYTHONPATH", str(PROJECT)), ("TMPDIR", str(place))))) as process,
        MemorySampler(process.pid, SAMPLED_EVERY_SECONDS) as memory,
    ):
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
    return Spent(wall, usage.ru_utime + usage.ru_stime, memory.peak_bytes / MB, _megabytes(place, step))


def _megabytes(place: Path, step: str) -> float:
    if step == HOME:
        files = [place / "home" / "report.html", *(place / "home" / "hosts").iterdir()]
    else:
        stored = place / "s3" / keys.run_prefix(RUN)
        names = REPORT_FILES if step == REPORT else FILES[cast("Export", step)]
        files = [path for name in names for path in stored.glob(f"{name}*")]
    return sum(path.stat().st_size for path in files) / MB


def make_run(place: Path, size: int) -> None:
    """What the batches of a run have left in the data bucket, and the bundle's catalog."""
    (place / "s3").mkdir(parents=True)
    (place / "home").mkdir()
    run, data = SyntheticRun(size), bucket_of(place)
    data.put_json(keys.catalog(run.catalog["bundle"]), dict(run.catalog))
    data.put_json(keys.request(RUN), {"request": {"scope": {"organization": True}}})
    ledger = list(run.ledger())
    places = {(line["account"], line["account_name"], line["region"]) for line in ledger}
    targets = [dict(zip(("account", "account_name", "region"), one, strict=True)) for one in sorted(places)]
    data.put_json(keys.targets(RUN), targets)
    for account, lines in itertools.groupby(ledger, key=lambda line: line["account"]):
        _put_ledger(data, account, list(lines))
    _put_results(data, run.results())


def _put_ledger(data: Bucket, account: str, lines: list[LedgerLine]) -> None:
    first = lines[0]
    place = Place(RUN, account, first["account_name"], first["region"], PROFILE, str(first["bundle"]))
    whole = [target_line(place, ENTERED, len(lines)), *lines]
    data.put_lines(keys.ledger_part(RUN, account, first["region"], "target"), whole)


def _put_results(data: Bucket, results: Iterable[Mapping[str, Any]]) -> None:
    for (account, region), lines in itertools.groupby(results, key=lambda line: (line["account"], line["region"])):
        for number, batch in enumerate(_batches(lines)):
            data.put_lines(keys.results_part(RUN, account, region, f"{number:04d}-1"), batch)


def _batches(lines: Iterable[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    hosts = itertools.groupby(lines, key=lambda line: line["instance"])
    while batch := [line for _, own in itertools.islice(hosts, BATCH) for line in own]:
        yield batch


def bucket_of(place: Path) -> Bucket:
    """The data bucket of a made-up run."""
    return Bucket(cast("Any", DirectoryS3(place / "s3")), "data")


def main(step: str, directory: str) -> None:
    """Do one step of a run."""
    place = Path(directory)
    data = bucket_of(place)
    (catalog,) = (data.get_json(stored.key) for stored in data.keys("config/bundles/"))
    if step == REPORT:
        opened = {"run": RUN, "profile": PROFILE, "bundle": catalog["bundle"], "dry_run": False, "opening": 0}
        rules = Rules(365, dt.datetime.now(dt.UTC), lambda _: frozenset())
        event = cast("Any", {**opened, "requester": "bench", "requester_kind": "unproven", "started_at": AT})
        build_report.run(event, data, lambda: build_report.Register([], rules, ""))
    elif step == HOME:
        download(data, RUN, place / "home")
        write_report(place / "home", catalog, "ko")
    else:
        export_results.run(cast("Any", {"run": RUN, "bundle": catalog["bundle"], "export": step}), data, "ko")


if __name__ == "__main__":
    main(*sys.argv[1:])
