"""Progress of a run on standard error: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from fleetdx.cli.runs import Progress as RunProgress

SECONDS_BETWEEN_LINES = 10


class Reporter(Protocol):
    """Shows how far a run is."""

    def show(self, phase: str, progress: RunProgress | None = None) -> None:
        """Show a phase, and counts where there are some."""


def counts(progress: RunProgress) -> str:
    """The counts as a person reads them."""
    targets = "?" if progress.targets is None else str(progress.targets)
    return (
        f"{progress.targets_done}/{targets} account-regions, {progress.instances_done}/{progress.instances} instances"
    )


class BarReporter:
    """A bar that follows the instances."""

    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._task = bar.add_task("", total=None, counts="")

    def show(self, phase: str, progress: RunProgress | None = None) -> None:
        """Move the bar; until something is counted it only pulses."""
        if progress is None or progress.targets is None:
            self._bar.update(self._task, description=phase)
            return
        # Closed account-regions count too, so that the bar does not stand full while some are still unlisted.
        total = progress.targets + progress.instances
        done = progress.targets_done + progress.instances_done
        self._bar.update(self._task, description=phase, total=total, completed=done, counts=counts(progress))


class LineReporter:
    """A line at each new phase and every ten seconds."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._phase = ""
        self._next = 0.0

    def show(self, phase: str, progress: RunProgress | None = None) -> None:
        """Print a line if the phase is new or enough time has passed."""
        moment = time.monotonic()
        if phase == self._phase and moment < self._next:
            return
        tail = f": {counts(progress)}" if progress is not None and progress.targets is not None else ""
        self._console.print(f"{phase}{tail}", highlight=False, markup=False)
        self._phase, self._next = phase, moment + SECONDS_BETWEEN_LINES


def one_line(console: Console, sentence: str) -> Text:
    """The sentence as it fits beside a spinner; of one that is broken into lines, a terminal would keep the first."""
    shown = Text(sentence)
    shown.truncate(console.width - len("* ") - 1, overflow="ellipsis")
    return shown


@contextmanager
def reporter(console: Console) -> Iterator[Reporter]:
    """The reporter that fits where standard error goes."""
    if not console.is_terminal:
        yield LineReporter(console)
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=16),
        TextColumn("{task.fields[counts]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        yield BarReporter(bar)
