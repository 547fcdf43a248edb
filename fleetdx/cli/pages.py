"""The pages of a run at home: one for each scanned host, their list, and the report that leads to them.

BuildReport writes report.html alone: 10,000 host pages are 10,000 objects more that a Lambda function of 15 minutes
would have to put. Here they are files, made from the results that are here anyway.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from fleetdx.cli.host_files import Places, noting_places, write_hosts
from fleetdx.reporting.html import render_html

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fleetdx.models import Catalog, Language, LedgerLine, ResultLine
    from fleetdx.run_models import Summary

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
    places: Places = {}
    results: Iterator[ResultLine] = noting_places(directory / "results.jsonl", places)
    page = render_html(summary, ledger, results, catalog, language, has_host_pages=with_hosts)
    written = write_hosts(directory, catalog, language, places) if with_hosts else 0
    (directory / "report.html").write_text(page, encoding="utf-8")
    return written


def finish_report(directory: Path, catalog: Catalog, language: Language) -> None:
    """Keep the catalog beside a run's outputs, and make the pages of its hosts where these are not too many."""
    (directory / CATALOG).write_text(json.dumps(catalog, ensure_ascii=False), encoding="utf-8")
    summary: Summary = json.loads((directory / "summary.json").read_text(encoding="utf-8"))
    if summary["totals"]["states"]["scanned"] <= MOST_WITHOUT_ASKING:
        write_report(directory, catalog, language)


def _lines(path: Path) -> Iterator[dict[str, object]]:
    with path.open(encoding="utf-8") as stream:
        for line in stream:
            yield json.loads(line)
