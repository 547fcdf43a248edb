"""A worksheet of XlsxWriter that takes whole rows of cells whose XML is ready.

The library makes the XML of each cell anew: of 10,000 instances nine million times, and most cells hold a text that was
there before. With ready cells a workbook takes a third of the time. A test holds them against the library's own cells.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsxwriter.format import Format

_LOOKS_ESCAPED: Final = re.compile(r"(_x[0-9a-fA-F]{4}_)")
"""Excel reads this as a character of that number, wherever it stands (ECMA-376, ST_Xstring); its escape is `_x005F`."""

_SPACE_AT_AN_END: Final = re.compile(r"\A\s|\s\Z")


class RowSheet(Worksheet):  # type: ignore[misc]  # untyped
    """A worksheet, in constant memory, with one method more."""

    def add_row(self, row: int, points: float, cells: Sequence[str]) -> None:
        """Write a row below all rows so far.

        Args:
            row: Its number from 0.
            points: Its height.
            cells: What `text_cell` or `number_cell` made, one a column from the first; an empty one is an empty cell.
        """
        self._write_single_row(row)  # what came before by the library's own methods
        self._check_dimensions(row, 0)
        self._check_dimensions(row, len(cells) - 1)
        number = row + 1
        written = "".join(f'<c r="{_LETTERS[index]}{number}"{cell}' for index, cell in enumerate(cells) if cell)
        self.fh.write(f'<row r="{number}" ht="{points:g}" customHeight="1">{written}</row>')


def text_cell(text: str, look: Format) -> str:
    """The XML of a cell with a text, from its format on; the text has no control characters but tab and line feed."""
    if "_x" in text:
        text = _LOOKS_ESCAPED.sub(r"_x005F\1", text)
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    space = ' xml:space="preserve"' if _SPACE_AT_AN_END.search(text) else ""
    return f' s="{look._get_xf_index()}" t="inlineStr"><is><t{space}>{text}</t></is></c>'  # noqa: SLF001  as the library does


def number_cell(number: int, look: Format) -> str:
    """The XML of a cell with a number, from its format on."""
    return f' s="{look._get_xf_index()}"><v>{number}</v></c>'  # noqa: SLF001  as the library does


_LETTERS: Final = tuple(xl_col_to_name(column) for column in range(64))
