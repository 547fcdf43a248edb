"""What was to go wrong in a run on the embedded AWS, and how often it did, for whoever asked for it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console


def tell_faults(faults: list[dict[str, Any]], directory: Path, console: Console) -> None:
    """Write faults.json into the run's directory and print one line a rule; nothing where there is no rule."""
    if not faults:
        return
    (directory / "faults.json").write_text(f"{json.dumps(faults, indent=1)}\n", encoding="utf-8")
    title = "What went wrong on purpose, besides the hosts named for their faults"
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for name in ("Call", "Fault", "Where"):
        table.add_column(name, overflow="fold")
    table.add_column("Times", justify="right")
    for fault in faults:
        where = [fault[name] for name in ("account", "region", "resource") if fault[name] != "*"]
        table.add_row(Text(fault["call"]), Text(fault["fault"]), Text(" ".join(where)), str(fault["struck"]))
    console.print(table)
