"""What the files for other readers cost: report.xlsx and the CSV files of synthetic runs at three sizes.

Each file is written by a process of its own (`python -m bench.exports FILE INSTANCES PATH`), whose time, memory and
temporary files are measured. The lines are made up as they are written, so that they cost no memory; making them is
measured as a candidate that writes nothing.
"""

from __future__ import annotations

import os
import random
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final, Self, cast

from bench.measure import Candidate, Cost, started
from bench.memory import MemorySampler
from bench.results import MIB, Aim, Results
from fleetdx.exports.sheets import write_ledger, write_results
from fleetdx.exports.workbook import write_workbook
from fleetdx.models import VERDICTS
from fleetdx.reporting.summary import build_summary
from tools.bundle import build_bundle
from tools.sources import PROJECT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fleetdx.models import Catalog, LedgerLine, ResultLine, Verdict
    from fleetdx.run_models import RunFacts, Summary

NAME: Final = "exports"
SIZES: Final = (1_000, 3_000, 10_000)
MOST_SECONDS: Final = 120
MOST_MEMORY_MIB: Final = 1024
LINEAR: Final = 1.2
"""Time an instance at the largest size, of that at the smallest one."""

RUN, PROFILE, AT = "20261123T021500Z-3fa9c1", "kisa_unix_2026", "2026-11-23T02:17:41Z"
MIXTURE: Final[dict[Verdict, int]] = {"pass": 55, "fail": 25, "manual": 8, "not_applicable": 11, "error": 1}
NOT_SCANNED_ONE_IN: Final = 20


class SyntheticRun:
    """The lines of a run over so many instances; each time they are asked for, the same ones."""

    def __init__(self, instances: int) -> None:
        self.instances = instances
        self.catalog = cast("Catalog", build_bundle().catalog)
        self.items = [
            (item["item"], check, item["importance"])
            for item in self.catalog["profiles"][PROFILE]["items"]
            for check in item["checks"]
        ]

    def ledger(self) -> Iterator[LedgerLine]:
        """One line an instance; one in twenty does not answer."""
        for number in range(self.instances):
            scanned = number % NOT_SCANNED_ONE_IN != 0
            state, reason = ("scanned", "verified") if scanned else ("not_managed", "agent_not_reporting")
            line = {**self._subject(number), "kind": "instance", "platform": "Linux", "state": state, "reason": reason}
            yield cast("LedgerLine", {**line, "detail": "SSM's last word from its agent is ConnectionLost."})

    def results(self) -> Iterator[ResultLine]:
        """A line for each check of every scanned instance, with evidence of no, few or, seldom, fifty lines."""
        drawn = random.Random(self.instances)  # noqa: S311  a repeatable mixture, no secret
        for number in range(self.instances):
            if number % NOT_SCANNED_ONE_IN == 0:
                continue
            subject = {**self._subject(number), "duration_ms": 40}
            verdicts = drawn.choices(VERDICTS, [MIXTURE[verdict] for verdict in VERDICTS], k=len(self.items))
            for (item, check, severity), verdict in zip(self.items, verdicts, strict=True):
                lines = 50 if drawn.random() < 0.01 else drawn.randrange(4)  # noqa: PLR2004
                evidence = [f"/etc/example/{number}.conf:{line}: PermitRootLogin yes" for line in range(lines)]
                told = {"item": item, "check": check, "severity": severity, "verdict": verdict, "evidence": evidence}
                if verdict == "fail":
                    told |= {"first_seen": AT, "failing_since": AT}
                yield cast("ResultLine", {**subject, **told, "reason": "PermitRootLogin is yes for all connections."})

    def _subject(self, number: int) -> dict[str, Any]:
        return {
            "schema": 1,
            "run": RUN,
            "account": f"{100_000_000_000 + number // 200}",
            "account_name": f"commerce-{number // 200}",
            "region": "ap-northeast-2",
            "instance": f"i-{number:017x}",
            "instance_name": f"web-{number}",
            "ami": "ami-0c2acfcb2ac4d02a0",
            "profile": PROFILE,
            "bundle": self.catalog["bundle"],
            "at": AT,
        }

    def summary(self) -> Summary:
        """The summary without the results' counts, which are not what is measured."""
        facts: RunFacts = {
            "run": RUN,
            "profile": PROFILE,
            "requester": "bench",
            "requester_kind": "unproven",
            "started_at": AT,
            "finished_at": AT,
            "request": {"scope": {"organization": True}},
        }
        return build_summary(facts, self.ledger(), (), self.catalog)


def write(file: str, run: SyntheticRun, out: BinaryIO) -> None:
    """Write one of the files; `none` makes the lines alone."""
    if file == "none":
        for _ in run.results():
            pass
    elif file == "ledger.csv":
        write_ledger(out, run.ledger(), "ko")
    else:
        writer = write_workbook if file == "report.xlsx" else write_results
        writer(out, run.summary(), run.ledger(), run.results(), run.catalog, "ko")


FILES: Final = ("none", "report.xlsx", "results.csv", "ledger.csv")
AIMED_AT: Final = frozenset({"report.xlsx", "results.csv"})


class DirectorySampler:
    """The most bytes that the files of a directory have together, looked at ten times a second."""

    def __init__(self, directory: Path) -> None:
        self.peak_bytes = 0
        self._directory = directory
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _sample(self) -> None:
        while not self._ended.wait(0.1):
            self.peak_bytes = max(self.peak_bytes, sum(map(_size, self._directory.iterdir())))


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def measure(directory: Path, say: Callable[[str], None], sizes: tuple[int, ...] = SIZES) -> Results:
    """Write every file once at each size."""
    results = Results(NAME, 1)
    for file in FILES:
        rows: dict[int, dict[str, str | float]] = {}
        for size in sizes:
            say(f"{NAME}: {file} of {size:,} instances ...")
            rows[size] = _row(directory, file, size)
        results.rows += rows.values()
        if file in AIMED_AT:
            results.aims += _aims(file, rows)
    return results


def _aims(file: str, rows: dict[int, dict[str, str | float]]) -> list[Aim]:
    largest = rows[max(rows)]
    each = [float(rows[size]["cpu_seconds"]) / size for size in (min(rows), max(rows))]
    return [
        Aim(f"{file}: seconds at {max(rows):,} instances", MOST_SECONDS, float(largest["wall_seconds"])),
        Aim(f"{file}: MiB of memory", MOST_MEMORY_MIB, float(largest["peak_memory_mib"])),
        Aim(f"{file}: CPU an instance, of the smallest's", LINEAR, round(each[1] / each[0], 3)),
    ]


def _row(directory: Path, file: str, size: int) -> dict[str, str | float]:
    place, temporary = directory / "export", directory / f"temporary-{file}-{size}"
    temporary.mkdir()
    command = (sys.executable, "-m", __name__, file, str(size), str(place))
    candidate = Candidate(file, command, (("TMPDIR", str(temporary)), ("PYTHONPATH", str(PROJECT))))
    begun = time.monotonic()
    with (
        started(candidate) as process,
        MemorySampler(process.pid) as memory,
        DirectorySampler(temporary) as files,
    ):
        _, status, usage = os.wait4(process.pid, 0)
        cost = Cost(time.monotonic() - begun, usage.ru_utime + usage.ru_stime)
        process.returncode = os.waitstatus_to_exitcode(status)
    return {
        "written": f"{file} of {size:,}",
        "wall_seconds": round(cost.wall_seconds, 1),
        "cpu_seconds": round(cost.cpu_seconds, 1),
        "peak_memory_mib": round(memory.peak_bytes / MIB, 1),
        "temporary_mib": round(files.peak_bytes / MIB, 1),
        "file_mib": round(place.stat().st_size / MIB, 1),
    }


def main(file: str, instances: str, path: str) -> None:
    """Write one file."""
    run = SyntheticRun(int(instances))
    with Path(path).open("wb") as out:
        write(file, run, out)


if __name__ == "__main__":
    main(*sys.argv[1:])
