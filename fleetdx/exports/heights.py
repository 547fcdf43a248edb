"""How tall a row of wrapped text has to be.

Excel finds out by itself when it opens a file, slowly where rows are many; LibreOffice believes a file that says it is
Excel's, and draws rows without a height over each other. So every row says its height, of a careful estimate.
"""

from __future__ import annotations

import math
from typing import Final

POINTS_A_LINE: Final = 13.5
"""Of 9 points of Malgun Gothic, whose lines are the widest apart."""

TALLEST: Final = 409.0
"""Points of a row: Excel's specifications and limits."""

KOREAN: Final = 1.8
"""Widths of a digit that a Korean letter of Malgun Gothic takes, with some room for lines that end early."""

REMEMBERED: Final = 500
"""Characters up to which a text is likely to come again: a title, a remedy, a name. Its height is worth remembering."""


def height(lines: int) -> float:
    """Points of a row with so many lines."""
    return min(TALLEST, POINTS_A_LINE * lines + 1.5)


def lines_of(text: str, width: float) -> int:
    """How many lines a text takes in a column of a width in characters."""
    if 2 * len(text) <= width and "\n" not in text:
        return 1
    return sum(max(1, math.ceil(drawn_width(line) / width)) for line in text.split("\n"))


def drawn_width(text: str) -> float:
    """About how many digits wide a text is drawn; a Korean letter takes the room of almost two."""
    if text.isascii():
        return len(text)
    plain = len(text.encode("ascii", "ignore"))
    return plain + KOREAN * (len(text) - plain)
