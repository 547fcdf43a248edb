"""What the measurements say: medians, ratios and aims, as a table and as a JSON file."""

from __future__ import annotations

import json
import os
import platform
import statistics
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from rich.table import Table

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

    from bench.measure import Measured

MIB = 1024 * 1024
MOST_COLUMNS = 6
"""What 80 columns of a terminal hold."""


@dataclass(frozen=True)
class Row:
    """The median costs of one candidate on one root.

    Attributes:
        root: Which root, for example `100,000 files`.
        candidate: Its name.
        wall_seconds: Median.
        cpu_seconds: Median.
        peak_memory_mib: Of all its processes together.
        slowest_wall_seconds: Of all rounds: how steady the median is.
    """

    root: str
    candidate: str
    wall_seconds: float
    cpu_seconds: float
    peak_memory_mib: float
    slowest_wall_seconds: float


@dataclass(frozen=True)
class Aim:
    """What was aimed for, and what was measured.

    Attributes:
        name: The figure, in words.
        at_most: The figure aimed for.
        measured: The figure measured.
    """

    name: str
    at_most: float
    measured: float

    @property
    def met(self) -> bool:
        """Whether the aim is met."""
        return self.measured <= self.at_most


@dataclass
class Results:
    """One benchmark's figures.

    Attributes:
        benchmark: Its name, also the file's.
        rounds: How many runs each median is of.
        commands: The command of each candidate, so that a reader can repeat it.
        rows: Figures by name, the same names in each.
        aims: Aims and ratios.
    """

    benchmark: str
    rounds: int
    commands: dict[str, str] = field(default_factory=dict)
    rows: list[dict[str, str | float]] = field(default_factory=list)
    aims: list[Aim] = field(default_factory=list)

    def add(self, root: str, measured: dict[str, Measured]) -> dict[str, Row]:
        """Add the median costs of all candidates on a root; returns them by candidate."""
        rows = {name: median_row(root, name, runs) for name, runs in measured.items()}
        self.rows.extend(asdict(row) for row in rows.values())
        return rows


def median_row(root: str, candidate: str, measured: Measured) -> Row:
    """The medians of several runs."""
    costs = measured.costs
    return Row(
        root,
        candidate,
        round(statistics.median(cost.wall_seconds for cost in costs), 4),
        round(statistics.median(cost.cpu_seconds for cost in costs), 4),
        round(measured.peak_memory_bytes / MIB, 1),
        round(max(cost.wall_seconds for cost in costs), 4),
    )


def shown(value: object) -> str:
    """A figure as a table shows it."""
    return f"{value:,.2f}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else str(value)


def table_of(results: Results) -> Table:
    """The rows for a person; where they have more figures than a terminal has room for, each figure is a line."""
    title = results.benchmark if results.rounds == 1 else f"{results.benchmark}: medians of {results.rounds}"
    if len(results.rows[0]) > MOST_COLUMNS:
        return _upright(results, title)
    table = Table(title=title, title_justify="left")
    for name, value in results.rows[0].items():
        words = name.replace("_", " ")
        table.add_column(words, justify="left" if isinstance(value, str) else "right", no_wrap=isinstance(value, str))
    for row in results.rows:
        table.add_row(*map(shown, row.values()))
    return table


def _upright(results: Results, title: str) -> Table:
    (name, _), *others = results.rows[0].items()
    table = Table(name.replace("_", " "), title=title, title_justify="left")
    for row in results.rows:
        table.add_column(shown(row[name]), justify="right", no_wrap=True)
    for figure, _ in others:
        table.add_row(figure.replace("_", " "), *(shown(row[figure]) for row in results.rows))
    return table


def aims_of(results: Results) -> Table:
    """The aims for a person."""
    table = Table("aim", title="aims", title_justify="left")
    for heading in ("at most", "measured", "met"):
        table.add_column(heading, justify="right")
    for aim in results.aims:
        table.add_row(aim.name, f"{aim.at_most:g}", f"{aim.measured:.2f}", "yes" if aim.met else "no")
    return table


def document_of(results: Results) -> dict[str, object]:
    """The figures for a machine, with what they were measured on."""
    return {
        "schema": 1,
        "benchmark": results.benchmark,
        "taken_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {"cpus": os.cpu_count(), "architecture": platform.machine(), "kernel": platform.release()},
        "rounds": results.rounds,
        "commands": results.commands,
        "rows": results.rows,
        "aims": [{**asdict(aim), "met": aim.met} for aim in results.aims],
    }


def publish(results: Results, directory: Path, console: Console) -> Path:
    """Print the tables and write `<benchmark>.json` into the directory; returns its path."""
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / f"{results.benchmark}.json"
    path.write_text(json.dumps(document_of(results), indent=2) + "\n", encoding="utf-8")
    console.print(table_of(results))
    console.print(aims_of(results))
    console.print(f"written: {path}")
    return path
