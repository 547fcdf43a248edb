"""report.xlsx: a run in the form that Korean audits use, in Korean or English.

Sheets: summary, every result, counts by item, what was not scanned. One row is in memory at a time; rows wait in
temporary files (`tempfile`'s directory) until the workbook is closed.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from xlsxwriter import Workbook

from fleetdx.exports.heights import lines_of
from fleetdx.exports.pages import EXCEL_ROWS, Column, Table, add_formats
from fleetdx.exports.rows import Run
from fleetdx.exports.summary_sheet import SummarySheet
from fleetdx.exports.tally import OUTCOMES, Tally
from fleetdx.reporting.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import BinaryIO

    from fleetdx.exports.pages import Formats
    from fleetdx.models import Catalog, Language, LedgerLine, ResultLine
    from fleetdx.run_models import Gap, Summary

RESULTS: Final = (
    Column("column.item", 8, centered=True),
    Column("column.title", 20),
    Column("column.criterion", 22),
    Column("column.importance", 10, centered=True),
    Column("column.verdict", 9, centered=True),
    Column("column.basis", 48),
    Column("column.remedy", 44),
    Column("column.waiver", 22),
    Column("column.account", 14),
    Column("column.account_name", 14),
    Column("column.region", 15),
    Column("column.instance", 21),
    Column("column.instance_name", 14),
    Column("column.at", 19, centered=True),
    Column("column.failing_since", 12, centered=True),
    Column("column.assessor", 9),
    Column("column.owner", 9),
)
"""The last two are for a person to fill in."""

ITEMS: Final = (
    Column("column.item", 8, centered=True),
    Column("column.title", 34),
    Column("column.criterion", 44),
    Column("column.importance", 10, centered=True),
)
UNSCANNED: Final = (
    Column("column.gap", 9, centered=True),
    Column("column.state", 10, centered=True),
    Column("column.reason", 22),
    Column("column.cause", 32),
    Column("column.detail", 36),
    Column("column.remedy", 36),
    Column("column.account", 13),
    Column("column.account_name", 14),
    Column("column.region", 14),
    Column("column.instance", 20),
    Column("column.instance_name", 14),
)
BASIS_WIDTH: Final = next(column.width for column in RESULTS if column.key == "column.basis")
MOST_LINES: Final = 28
"""Of reason and evidence in one cell, as they are wrapped: with one that says what is missing, Excel's tallest row."""

MOST_OF_A_LINE: Final = 600
"""Characters of one line; what a run keeps is shorter."""


def write_workbook(
    out: BinaryIO,
    summary: Summary,
    ledger: Iterable[LedgerLine],
    results: Iterable[ResultLine],
    catalog: Catalog,
    language: Language,
    *,
    rows_a_sheet: int = EXCEL_ROWS,
) -> None:
    """Write report.xlsx: a row for each result of an instance that the ledger names, in the order they come.

    Args:
        out: Open for writing bytes; stays open.
        summary: The run's summary.
        ledger: Its ledger; read once and kept.
        results: Its results; read once and not kept.
        catalog: The bundle's catalog.
        language: Of every heading, title and remedy; evidence is the host's own.
        rows_a_sheet: How many rows a sheet holds, its header included; what is more goes to a further sheet.

    Raises UnknownProfileError and UnknownVerdictError.
    """
    run = Run(summary, ledger, catalog, language)
    font = {"font_name": run.translate("font"), "font_size": 9}
    options: dict[str, Any] = {"constant_memory": True, "use_zip64": True, "default_format_properties": font}
    with Workbook(out, options) as book:
        book.set_properties(
            {"title": run.translate("title"), "created": datetime.fromisoformat(summary["finished_at"])}
        )
        formats, tally = add_formats(book), Tally()
        first = SummarySheet(book.add_worksheet(run.translate("sheet.summary")), run, formats)
        table = Table(book, run, formats, run.translate("sheet.results"), RESULTS, rows_a_sheet)
        for result in run.first_results(results):
            tally.add(result)
            table.add(run.row(result, basis(run, result)))
        table.close()
        _items(book, run, formats, tally)
        _unscanned(book, run, formats, rows_a_sheet)
        first.write(tally)


def basis(run: Run, result: ResultLine) -> str:
    """A result's reason and evidence, as many lines as a row can show; the others are counted."""
    lines = (result["reason"], *result["evidence"])
    kept: list[str] = []
    room = MOST_LINES
    for line in lines:
        shown = _short(run, line)
        room -= lines_of(shown, BASIS_WIDTH)
        if room < 0:
            return "\n".join((*kept, run.translate("cut.lines", count=len(lines) - len(kept))))
        kept.append(shown)
    return "\n".join(kept)


def _short(run: Run, line: str) -> str:
    if len(line) <= MOST_OF_A_LINE:
        return one_line(line)
    return f"{one_line(line[:MOST_OF_A_LINE])} {run.translate('cut.text', count=len(line))}"


def _items(book: Workbook, run: Run, formats: Formats, tally: Tally) -> None:
    """The sheet of counts: a row for each check of each item of the edition."""
    columns = (*ITEMS, *(Column(f"verdict.{name}", 9) for name in OUTCOMES), Column("column.total", 9))
    table = Table(book, run, formats, run.translate("sheet.items"), columns)
    importance = {item["item"]: run.importance[item["importance"]] for item in run.profile["items"]}
    for item, check in tally.in_order(run.profile):
        known, counts = run.check(item, check), tally.checks[item, check]
        criterion = known.criterion if check else run.translate("no_check")
        numbers = [counts[outcome] for outcome in OUTCOMES]
        table.add([item, known.title, criterion, importance.get(item, ""), *numbers, sum(numbers)])
    table.close()


def _unscanned(book: Workbook, run: Run, formats: Formats, rows_a_sheet: int) -> None:
    """The sheet of what was not scanned, gaps first."""
    table = Table(book, run, formats, run.translate("sheet.unscanned"), UNSCANNED, rows_a_sheet)
    lines = run.unscanned()
    for line in lines:
        table.add(_unscanned_row(run, line))
    if not lines:
        table.add(["", "", "", run.translate("unscanned.none")])
    table.close()


def _unscanned_row(run: Run, line: Gap | LedgerLine) -> list[str]:
    return [
        run.missed(line),
        run.common(f"state.{line['state']}"),
        line["reason"],
        run.cause(line),
        line["detail"],
        run.remedy(line),
        line["account"],
        line["account_name"],
        line["region"],
        line["instance"] or run.translate("whole_place"),
        line["instance_name"] or "",
    ]
