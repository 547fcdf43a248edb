"""What report.html and the host pages of synthetic runs cost at three sizes: to write, and to open in Chromium.

Each is written by a process of its own (`python -m bench.report FILE INSTANCES DIRECTORY`), whose time and memory are
measured. The results lie in a file before, as they do when a run has been brought home.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from playwright.sync_api import sync_playwright

from bench.exports import SyntheticRun
from bench.measure import Candidate, MeasuringFailed, started
from bench.memory import MemorySampler
from bench.results import Aim, Results
from fleetdx.cli.pages import write_report
from fleetdx.reporting.summary import build_summary
from fleetdx.storage import encode_lines
from tools.sources import PROJECT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any

    from playwright.sync_api import Page as BrowserPage

    from fleetdx.run_models import RunFacts

NAME: Final = "report"
SIZES: Final = (100, 1_000, 10_000)
FILES: Final = {"report.html": "report.html", "hosts": "hosts/index.html"}
"""What is written, and which page of it is opened."""
MB: Final = 1_000_000
MOST_MB: Final = 10
MOST_SECONDS_TO_OPEN: Final = 2
MOST_SECONDS: Final = 300
MOST_MEMORY_MB: Final = 3_000
LOADED: Final = "performance.getEntriesByType('navigation')[0].loadEventEnd"
"""Milliseconds from the begin of the navigation until the page is laid out and its load event has ended."""


def measure(directory: Path, say: Callable[[str], None], sizes: tuple[int, ...] = SIZES) -> Results:
    """Write and open every file once at each size."""
    results = Results(NAME, 1)
    for size in sizes:
        say(f"{NAME}: making the results of {size:,} instances ...")
        place = directory / str(size)
        _make_run(place, size)
        rows = []
        for file in FILES:
            say(f"{NAME}: {file} of {size:,} instances ...")
            rows.append(_row(place, file, size))
        times = opened_in([place / page for page in FILES.values()])
        results.rows += [{**row, "open_seconds": opened} for row, opened in zip(rows, times, strict=True)]
        shutil.rmtree(place)
    results.aims = _aims(results.rows[-2:], max(sizes))
    return results


def _aims(rows: list[dict[str, str | float]], size: int) -> list[Aim]:
    page, hosts = rows
    return [
        Aim(f"report.html: MB at {size:,} instances", MOST_MB, float(page["written_mb"])),
        Aim("report.html: seconds until open", MOST_SECONDS_TO_OPEN, float(page["open_seconds"])),
        Aim("report.html and host pages: seconds", MOST_SECONDS, float(hosts["wall_seconds"])),
        Aim("report.html and host pages: MB of memory", MOST_MEMORY_MB, float(hosts["peak_memory_mb"])),
    ]


def _make_run(place: Path, size: int) -> None:
    place.mkdir()
    run = SyntheticRun(size)
    facts = cast("RunFacts", {**run.summary(), "request": {"scope": {"organization": True}}})
    summary = build_summary(facts, run.ledger(), run.results(), run.catalog)
    (place / "summary.json").write_text(json.dumps(summary), encoding="utf-8")
    (place / "catalog.json").write_text(json.dumps(run.catalog), encoding="utf-8")
    _write_lines(place / "ledger.jsonl", run.ledger())
    _write_lines(place / "results.jsonl", run.results())


def _write_lines(path: Path, lines: Iterable[Mapping[str, Any]]) -> None:
    with path.open("wb") as stream:
        for line in lines:
            stream.write(encode_lines([line]))


def _row(place: Path, file: str, size: int) -> dict[str, str | float]:
    command = (sys.executable, "-m", __name__, file, str(place))
    begun = time.monotonic()
    with (
        started(Candidate(file, command, (("PYTHONPATH", str(PROJECT)),))) as process,
        MemorySampler(process.pid) as memory,
    ):
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
    written = [place / "report.html"] if file == "report.html" else list((place / "hosts").iterdir())
    return {
        "written": f"{file} of {size:,}",
        "wall_seconds": round(wall, 1),
        "cpu_seconds": round(usage.ru_utime + usage.ru_stime, 1),
        "peak_memory_mb": round(memory.peak_bytes / MB, 1),
        "written_mb": round(sum(one.stat().st_size for one in written) / MB, 2),
    }


def opened_in(pages: Iterable[Path]) -> list[float]:
    """Seconds until each page is open in Chromium, by the browser's own timing; the browser was started before.

    Raises:
        MeasuringFailed: Chromium is not installed.
    """
    executable = shutil.which("chromium")
    if executable is None:
        raise MeasuringFailed("chromium is not installed: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        tab = browser.new_page(viewport={"width": 1280, "height": 900})
        tab.goto("about:blank")
        seconds = [_seconds_to_open(tab, page) for page in pages]
        browser.close()
    return seconds


def _seconds_to_open(tab: BrowserPage, page: Path) -> float:
    tab.goto(page.as_uri(), wait_until="load", timeout=120_000)
    # The load event has ended only when whoever listens has been told.
    tab.wait_for_function(f"{LOADED} > 0")
    return round(float(tab.evaluate(LOADED)) / 1_000, 2)


def main(file: str, directory: str) -> None:
    """Write report.html alone, or with the host pages."""
    place = Path(directory)
    catalog = json.loads((place / "catalog.json").read_text(encoding="utf-8"))
    write_report(place, catalog, "ko", with_hosts=file == "hosts")


if __name__ == "__main__":
    main(*sys.argv[1:])
