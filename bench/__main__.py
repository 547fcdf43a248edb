"""`python -m bench`: runs the benchmarks, prints their tables and writes out/bench/<benchmark>.json."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from bench import (
    console as console_page,
)
from bench import (
    coverage_sweep,
    exports,
    feeds,
    file_system_walk,
    fleet,
    instance_events,
    outputs,
    queries,
    report,
    scanner_beside_peers,
)
from bench.measure import MeasuringFailed
from bench.results import publish
from bench.roots import make_root
from tools.bundle import build_bundle
from tools.sources import PROJECT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bench.results import Results

EXIT_USAGE = 2
ON_A_ROOT = {module.NAME: module for module in (scanner_beside_peers, file_system_walk)}
BY_THEMSELVES = {
    module.NAME: module
    for module in (instance_events, coverage_sweep, fleet, feeds, exports, queries, report, outputs, console_page)
}
BENCHMARKS = (*ON_A_ROOT, *BY_THEMSELVES)
PROGRAMS = {"debootstrap": "debootstrap", "lynis": "lynis", "oscap": "openscap-scanner", "unshare": "util-linux"}
"""What the benchmarks run, and the Debian package it is in."""

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


def refuse(message: str) -> typer.Exit:
    """Tell what is wrong and how to mend it; the exit to raise."""
    Console(stderr=True).print(f"[red]bench:[/] {message}")
    return typer.Exit(EXIT_USAGE)


def missing_packages() -> list[str]:
    """Debian packages without which the benchmarks cannot run."""
    missing = [package for program, package in PROGRAMS.items() if shutil.which(program) is None]
    return missing if Path(scanner_beside_peers.CONTENT).exists() else [*missing, "ssg-debian"]


@app.command(help="Measure fleetdx beside its peers; without a name, run every benchmark.")
def main(
    names: Annotated[list[str] | None, typer.Argument(help=f"Which: {', '.join(BENCHMARKS)}.")] = None,
    rounds: Annotated[int, typer.Option(min=1, help="Runs of each candidate; the figures are medians.")] = 5,
    out: Annotated[Path, typer.Option(help="Where the JSON files go.")] = PROJECT / "out" / "bench",
) -> None:
    """Run the benchmarks that are named.

    Raises:
        typer.Exit: With 2 when a name is unknown or something they need is missing, before anything is measured.
    """
    chosen = names or list(BENCHMARKS)
    if unknown := [name for name in chosen if name not in BENCHMARKS]:
        raise refuse(f"no benchmark is named {unknown[0]}; there are: {', '.join(BENCHMARKS)}")
    if not set(chosen).isdisjoint(ON_A_ROOT):
        if missing := missing_packages():
            raise refuse(f"install what is missing: apt-get install {' '.join(missing)}")
        if os.geteuid() != 0:
            raise refuse("run it as root: it makes Debian roots and reads them whole")
    run(chosen, rounds, out)


def run(names: list[str], rounds: int, out: Path) -> None:
    """Run the benchmarks and leave nothing but their results.

    Raises:
        typer.Exit: With 1 when a candidate ended as it must not.
    """
    console, progress = Console(), Console(stderr=True)
    with tempfile.TemporaryDirectory(prefix="fleetdx-bench-") as directory:
        place = Path(directory)
        place.chmod(0o755)
        try:
            for results in measured(names, rounds, place, progress.print):
                publish(results, out, console)
        except MeasuringFailed as failed:
            progress.print(f"[red]{failed}[/]")
            raise typer.Exit(1) from failed


def measured(names: list[str], rounds: int, place: Path, say: Callable[[str], None]) -> Iterator[Results]:
    """The results of one benchmark after the other; a Debian root is made for those that need one."""
    if on_a_root := [name for name in names if name in ON_A_ROOT]:
        bundle = place / "bundle"
        bundle.write_bytes(build_bundle().script)
        say("making a Debian root (about a minute) ...")
        root = make_root(place)
        for name in on_a_root:
            yield ON_A_ROOT[name].measure(root, bundle, rounds, say)
    for name in names:
        if name in BY_THEMSELVES:
            yield BY_THEMSELVES[name].measure(place, say)


if __name__ == "__main__":
    app()
