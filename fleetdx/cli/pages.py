"""The pages of a run at home: one for each scanned host, their list, and the report that leads to them.

BuildReport writes report.html alone: 10,000 host pages are 10,000 objects more that a Lambda function of 15 minutes
would have to put. Here they are files, made from the results that are here anyway.
"""

from __future__ import annotations

import json
from array import array
from typing import IO, TYPE_CHECKING

from fleetdx.reporting.host_pages import HostPages, host_page_name
from fleetdx.reporting.html import render_html
from fleetdx.reporting.lines import InstanceKey

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fleetdx.models import Catalog, Language, LedgerLine, ResultLine
    from fleetdx.run_models import Summary

DIRECTORY = "hosts"
CATALOG = "catalog.json"
MOST_WITHOUT_ASKING = 1_000
"""A scan makes the pages of up to so many hosts by itself; of more, `fleetdx report` makes them when asked."""


def write_report(directory: Path, catalog: Catalog, language: Language, *, with_hosts: bool = True) -> int:
    """Write report.html of a run whose outputs are in a directory, and with it the pages of its hosts.

    Returns:
        How many host pages were written.
    """
    summary: Summary = json.loads((directory / "summary.json").read_text(encoding="utf-8"))
    ledger: list[LedgerLine] = list(_lines(directory / "ledger.jsonl"))  # type: ignore[arg-type]
    written = _write_hosts(directory, HostPages(summary, ledger, catalog, language)) if with_hosts else 0
    results: Iterator[ResultLine] = _lines(directory / "results.jsonl")  # type: ignore[assignment]
    page = render_html(summary, ledger, results, catalog, language, has_host_pages=with_hosts)
    (directory / "report.html").write_text(page, encoding="utf-8")
    return written


def finish_report(directory: Path, catalog: Catalog, language: Language) -> None:
    """Keep the catalog beside a run's outputs, and make the pages of its hosts where these are not too many."""
    (directory / CATALOG).write_text(json.dumps(catalog, ensure_ascii=False), encoding="utf-8")
    summary: Summary = json.loads((directory / "summary.json").read_text(encoding="utf-8"))
    if summary["totals"]["states"]["scanned"] <= MOST_WITHOUT_ASKING:
        write_report(directory, catalog, language)


def _write_hosts(directory: Path, pages: HostPages) -> int:
    place = directory / DIRECTORY
    place.mkdir(exist_ok=True)
    # A run that was resumed may have had other hosts before.
    for old in place.glob("*.html"):
        old.unlink()
    written = 0
    for key, results in by_host(directory / "results.jsonl"):
        if key in pages:
            (place / host_page_name(key)).write_text(pages.render(key, results), encoding="utf-8")
            written += 1
    (place / "index.html").write_text(pages.render_index(), encoding="utf-8")
    return written


def by_host(path: Path) -> Iterator[tuple[InstanceKey, list[ResultLine]]]:
    """The results of one host at a time, wherever in the file its lines stand; memory holds where that is, no line."""
    places: dict[InstanceKey, array[int]] = {}
    with path.open("rb") as stream:
        start = 0
        for line in stream:
            result = json.loads(line)
            key = InstanceKey(result["account"], result["region"], result["instance"])
            places.setdefault(key, array("Q")).append(start)
            start += len(line)
        for key, starts in places.items():
            yield key, [_line_at(stream, start) for start in starts]


def _line_at(stream: IO[bytes], start: int) -> ResultLine:
    stream.seek(start)
    line: ResultLine = json.loads(stream.readline())
    return line


def _lines(path: Path) -> Iterator[dict[str, object]]:
    with path.open(encoding="utf-8") as stream:
        for line in stream:
            yield json.loads(line)
