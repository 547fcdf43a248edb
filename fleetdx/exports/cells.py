"""What one cell can hold: hidden characters written out, and Excel's limit kept and said where something is cut."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fleetdx.reporting.text import inert, visible

if TYPE_CHECKING:
    from fleetdx.reporting.messages import Translate

MOST_CHARACTERS: Final = 32_767
"""Of one cell, in UTF-16 code units: Excel's specifications and limits. A longer field of a CSV file spills over."""


def cell(text: str, translate: Translate) -> str:
    """A text as a cell of a workbook holds it; line feeds stay, and what is cut is said at the end."""
    return _cut(visible(text[:MOST_CHARACTERS]), len(text), translate)


def field(text: str | None, translate: Translate) -> str:
    """A text as a field of a CSV file holds it: one line that no spreadsheet carries out, cut like a cell."""
    if text is None:
        return ""
    return _cut(inert(text[:MOST_CHARACTERS]), len(text), translate)


def _cut(shown: str, length: int, translate: Translate) -> str:
    if length <= MOST_CHARACTERS and _fits(shown):
        return shown
    note = " " + translate("cut.text", count=length)
    units = shown.encode("utf-16-le")[: 2 * (MOST_CHARACTERS - len(note))]
    return units.decode("utf-16-le", "ignore") + note


def _fits(text: str) -> bool:
    # No character has more than two code units, so most texts need no counting.
    return 2 * len(text) <= MOST_CHARACTERS or len(text.encode("utf-16-le")) <= 2 * MOST_CHARACTERS
