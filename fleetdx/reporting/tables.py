"""How tables look in a terminal."""

from __future__ import annotations

from typing import Final

from rich.constrain import Constrain
from rich.table import Table
from rich.text import Text

MOST_COLUMNS: Final = 100
"""Wider terminals do not pull the columns of a table further apart."""


def plain_table(title: str) -> Table:
    """A table without lines, as wide as it may be."""
    return Table(
        box=None,
        expand=True,
        padding=(0, 2, 0, 0),
        pad_edge=False,
        title=Text(title, "bold"),
        title_justify="left",
        header_style="dim",
    )


def constrained(table: Table) -> Constrain:
    """A table that a wide terminal does not pull apart."""
    return Constrain(table, MOST_COLUMNS)
