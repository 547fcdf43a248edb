"""Sheets of a workbook, set up for a screen and for paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from fleetdx.exports.cells import cell
from fleetdx.exports.heights import height, lines_of
from fleetdx.reporting.text import begins_formula

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from fleetdx.exports.rows import Run

EXCEL_ROWS: Final = 1_048_576
"""Of one sheet, its header included: Excel's specifications and limits."""

A3, A4 = 8, 9
WIDEST_ON_A4: Final = 190
"""Characters across; a wider table is printed on A3, or its letters would be too small to read."""

SIDE_MARGIN, OTHER_MARGIN = 0.4, 0.6  # inches
TEXT: Final[dict[str, Any]] = {"valign": "top", "text_wrap": True}
BOXED: Final[dict[str, Any]] = {**TEXT, "border": 1}
COUNT: Final[dict[str, Any]] = {"num_format": "#,##0"}
AS_TEXT: Final[dict[str, Any]] = {"quote_prefix": True}
"""As if a person had typed an apostrophe before it: what looks like a formula stays text when its cell is edited."""


class Column(NamedTuple):
    """A column: the key of its heading, its width in characters, and whether it is short enough to stand centered."""

    key: str
    width: float
    centered: bool = False


class Formats(NamedTuple):
    """How cells look. Nothing is told by a color alone."""

    title: Format
    section: Format
    heading: Format
    text: Format
    text_inert: Format
    centered: Format
    count: Format
    boxed: Format
    boxed_inert: Format
    boxed_centered: Format
    boxed_count: Format


def add_formats(book: Workbook) -> Formats:
    """The formats of a workbook; lines between the cells of long tables are the sheet's own gridlines."""
    heading = {**BOXED, "bold": True, "bg_color": "#E7E6E6", "align": "center", "valign": "vcenter"}
    return Formats(
        title=book.add_format({"bold": True, "font_size": 16}),
        section=book.add_format({"bold": True, "font_size": 11}),
        heading=book.add_format(heading),
        text=book.add_format(TEXT),
        text_inert=book.add_format({**TEXT, **AS_TEXT}),
        centered=book.add_format({**TEXT, "align": "center"}),
        count=book.add_format({**TEXT, **COUNT}),
        boxed=book.add_format(BOXED),
        boxed_inert=book.add_format({**BOXED, **AS_TEXT}),
        boxed_centered=book.add_format({**BOXED, "align": "center"}),
        boxed_count=book.add_format({**BOXED, **COUNT}),
    )


def put(sheet: Worksheet, row: int, column: int, shown: str, usual: Format, inert: Format) -> None:
    """Write a text as a text, whatever it looks like; `inert` is the format of what looks like a formula."""
    if shown.startswith("<r>"):
        # The library takes it for its own markup of rich text and writes it as XML.
        shown = f" {shown}"
    sheet.write_string(row, column, shown, inert if begins_formula(shown) else usual)


def set_up(sheet: Worksheet, run: Run, width: float) -> None:
    """Paper: landscape, as wide as the page, with the run at the top of each page and its number at the bottom."""
    sheet.set_landscape()
    sheet.set_paper(A4 if width <= WIDEST_ON_A4 else A3)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(SIDE_MARGIN, SIDE_MARGIN, OTHER_MARGIN, OTHER_MARGIN)
    sheet.set_header(f"&L{run.translate('title')}&R{run.summary['run'].replace('&', '&&')}")
    sheet.set_footer("&C" + run.translate("page", page="&P", pages="&N"))
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})


class Table:
    """Sheets with one header row and a filter; a further sheet is begun where one is full."""

    def __init__(
        self, book: Workbook, run: Run, formats: Formats, name: str, columns: Iterable[Column], rows: int = EXCEL_ROWS
    ) -> None:
        """Begin the first sheet; `rows` is how many a sheet holds."""
        self._book = book
        self._run = run
        self._formats = formats
        self._name = name
        self._columns = tuple(columns)
        self._usual = [formats.centered if column.centered else formats.text for column in self._columns]
        self._most = rows
        self._sheets: list[Worksheet] = []
        self._begin()

    def add(self, cells: Iterable[str | int]) -> None:
        """Write one row: texts as texts, counts as numbers, and what is missing or empty as an empty cell."""
        if self._row == self._most:
            self.close()
            self._begin()
        sheet, row, lines = self._sheets[-1], self._row, 1
        for index, (value, column) in enumerate(zip(cells, self._columns, strict=False)):
            if isinstance(value, int):
                sheet.write_number(row, index, value, self._formats.count)
            elif value:
                shown = cell(value, self._run.translate)
                put(sheet, row, index, shown, self._usual[index], self._formats.text_inert)
                lines = max(lines, lines_of(shown, column.width))
        sheet.set_row(row, height(lines))
        # The library would remember every height to the end; it has written the row before by now.
        sheet.row_info.pop(row - 1, None)
        self._row += 1

    def close(self) -> None:
        """No more rows come."""
        self._sheets[-1].autofilter(0, 0, max(1, self._row - 1), len(self._columns) - 1)

    def _begin(self) -> None:
        number = len(self._sheets) + 1
        sheet = self._book.add_worksheet(self._name if number == 1 else f"{self._name} ({number})")
        self._sheets.append(sheet)
        set_up(sheet, self._run, sum(column.width for column in self._columns))
        sheet.hide_gridlines(0)  # nor on paper
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        sheet.set_row(0, height(2))
        for index, column in enumerate(self._columns):
            sheet.set_column(index, index, column.width, self._usual[index])
            sheet.write_string(0, index, self._heading(column.key), self._formats.heading)
        self._row = 1

    def _heading(self, key: str) -> str:
        return dict(self._run.verdicts).get(key) or self._run.translate(f"column.{key}")  # type: ignore[call-overload]
