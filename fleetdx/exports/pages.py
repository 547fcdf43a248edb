"""Sheets of a workbook, set up for a screen and for paper."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from fleetdx.exports.cells import cell
from fleetdx.exports.heights import REMEMBERED, height, lines_of
from fleetdx.exports.row_sheet import RowSheet, number_cell, text_cell
from fleetdx.reporting.text import begins_formula

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from fleetdx.exports.rows import Run
    from fleetdx.reporting.messages import Translate

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
    """A column: the message that heads it, its width in characters, and whether its texts are short and centered."""

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


class Text(NamedTuple):
    """A text as it is written: always as a text, whatever it looks like."""

    shown: str
    looks_like_formula: bool


def as_text(text: str, translate: Translate) -> Text:
    """A text made safe to write into a cell."""
    shown = cell(text, translate)
    if shown.startswith("<r>"):
        # The library takes it for its own markup of rich text and writes it as XML.
        shown = f" {shown}"
    return Text(shown, begins_formula(shown))


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
        self._known = functools.lru_cache(maxsize=16_384)(self._text)
        self._sheets: list[RowSheet] = []
        self._begin()

    def add(self, cells: Iterable[str | int]) -> None:
        """Write one row: texts as texts, counts as numbers, and what is missing or empty as an empty cell."""
        if self._row == self._most:
            self.close()
            self._begin()
        ready = [self._ready(index, value) for index, value in enumerate(cells)]
        self._sheets[-1].add_row(self._row, height(max(lines for _, lines in ready)), [xml for xml, _ in ready])
        self._row += 1

    def close(self) -> None:
        """No more rows come."""
        self._sheets[-1].autofilter(0, 0, max(1, self._row - 1), len(self._columns) - 1)

    def _ready(self, index: int, value: str | int) -> tuple[str, int]:
        """A cell, and how many lines it takes."""
        if isinstance(value, int):
            return number_cell(value, self._formats.count), 1
        # Most texts come again and again. A long one is evidence, which does not.
        return self._known(index, value) if len(value) <= REMEMBERED else self._text(index, value)

    def _text(self, index: int, value: str) -> tuple[str, int]:
        if not value:
            return "", 1
        shown = cell(value, self._run.translate)
        look = self._formats.text_inert if begins_formula(shown) else self._usual[index]
        return text_cell(shown, look), lines_of(shown, self._columns[index].width)

    def _begin(self) -> None:
        number = len(self._sheets) + 1
        sheet = self._book.add_worksheet(self._name if number == 1 else f"{self._name} ({number})", RowSheet)
        self._sheets.append(sheet)
        set_up(sheet, self._run, sum(column.width for column in self._columns))
        sheet.hide_gridlines(0)  # nor on paper
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        sheet.set_row(0, height(2))
        for index, column in enumerate(self._columns):
            sheet.set_column(index, index, column.width, self._usual[index])
            sheet.write_string(0, index, self._run.translate(column.key), self._formats.heading)
        self._row = 1
