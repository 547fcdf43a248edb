"""The files in hosts/: a page for each host of a run, and their list; of many hosts by several processes."""

from __future__ import annotations

import json
import multiprocessing
import os
from array import array
from concurrent.futures import ProcessPoolExecutor
from typing import IO, TYPE_CHECKING, NamedTuple

from fleetdx.reporting.host_pages import HostPages, IndexRow, host_page_name
from fleetdx.reporting.lines import InstanceKey

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from fleetdx.models import Catalog, Language, LedgerLine, ResultLine
    from fleetdx.run_models import Summary

Places = dict[InstanceKey, "array[int]"]
"""Where in results.jsonl the lines of each host begin: memory holds that, and no line."""
DIRECTORY = "hosts"
RESULTS = "results.jsonl"
MOST_IN_ONE_PROCESS = 1_000
"""A page costs 4 ms, a process a second until it has begun."""
JOBS_A_PROCESS = 2
"""One core may be slower than another, because somebody else works on it too."""


class HostsJob(NamedTuple):
    """Which pages are to be written, and of what run."""

    directory: Path
    catalog: Catalog
    language: Language
    hosts: list[tuple[InstanceKey, array[int]]]

    def pages(self) -> HostPages:
        """What renders them. Raises UnknownProfileError."""
        summary: Summary = json.loads((self.directory / "summary.json").read_text(encoding="utf-8"))
        with (self.directory / "ledger.jsonl").open(encoding="utf-8") as stream:
            ledger: Iterable[LedgerLine] = map(json.loads, stream)
            return HostPages(summary, ledger, self.catalog, self.language)


def noting_places(path: Path, places: Places) -> Iterator[ResultLine]:
    """The result lines of a file, while `places` learns where those of each host stand."""
    with path.open("rb") as stream:
        start = 0
        for line in stream:
            result: ResultLine = json.loads(line)
            key = InstanceKey(result["account"], result["region"], result["instance"])
            places.setdefault(key, array("Q")).append(start)
            start += len(line)
            yield result


def write_hosts(directory: Path, catalog: Catalog, language: Language, places: Places) -> int:
    """Write a page for each host that the ledger names, and the list of them.

    Returns:
        How many host pages were written.
    """
    place = directory / DIRECTORY
    place.mkdir(exist_ok=True)
    # A run that was resumed may have had other hosts before.
    for old in place.glob("*.html"):
        old.unlink()
    whole = HostsJob(directory, catalog, language, list(places.items()))
    pages = whole.pages()
    if len(places) <= MOST_IN_ONE_PROCESS:
        _write_pages(whole, pages)
    else:
        pages.rows += _written_by_processes(whole)
    (place / "index.html").write_text(pages.render_index(), encoding="utf-8")
    return len(pages.rows)


def _written_by_processes(whole: HostsJob) -> list[IndexRow]:
    count = len(os.sched_getaffinity(0))
    parts = count * JOBS_A_PROCESS
    jobs = [whole._replace(hosts=whole.hosts[number::parts]) for number in range(parts)]
    with ProcessPoolExecutor(count, mp_context=multiprocessing.get_context("spawn")) as processes:
        return [row for rows in processes.map(_written, jobs) for row in rows]


def _written(job: HostsJob) -> list[IndexRow]:
    pages = job.pages()
    _write_pages(job, pages)
    return pages.rows


def _write_pages(job: HostsJob, pages: HostPages) -> None:
    with (job.directory / RESULTS).open("rb") as stream:
        for key, starts in job.hosts:
            if key in pages:
                text = pages.render(key, [_line_at(stream, start) for start in starts])
                (job.directory / DIRECTORY / host_page_name(key)).write_text(text, encoding="utf-8")


def _line_at(stream: IO[bytes], start: int) -> ResultLine:
    stream.seek(start)
    line: ResultLine = json.loads(stream.readline())
    return line
