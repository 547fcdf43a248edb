"""The measurements measure: costs are the commands' own, medians are medians, and a missed aim says so."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest
from rich.console import Console
from typer.testing import CliRunner

from bench.__main__ import app
from bench.file_system_walk import growth
from bench.measure import Candidate, Cost, Measured, MeasuringFailed, in_turns, peak_memory, run_measured
from bench.results import MIB, Aim, Results, median_row, publish
from bench.roots import filled_root

if TYPE_CHECKING:
    from pathlib import Path

BUSY = """
import time
end = time.process_time() + 0.2
while time.process_time() < end: pass
numbers = list(range(2_000_000))
time.sleep(0.1)
"""


def test_what_a_child_of_the_command_costs_is_counted() -> None:
    """CPU time and memory of a command's own child count as the command's."""
    busy = Candidate("busy", ["sh", "-c", '"$0" -c "$1"; true', sys.executable, BUSY])
    cost = run_measured(busy)
    assert cost.wall_seconds >= cost.cpu_seconds * 0.5 > 0.09
    assert peak_memory(busy) > 50 * MIB


def test_memory_is_the_commands_own() -> None:
    """A small program is not charged with the Python that started it."""
    assert 0 < peak_memory(Candidate("small", ["dash", "-c", "sleep 0.3"])) < 5 * MIB


def test_a_candidate_that_fails_is_named_with_its_last_words() -> None:
    """A command that ends with a status that is no success stops the benchmark, with what it said."""
    with pytest.raises(MeasuringFailed, match=r"^broken: sh -c .* ended with 7: \['no such thing'\]$"):
        run_measured(Candidate("broken", ["sh", "-c", "echo no such thing >&2; exit 7"]))
    run_measured(Candidate("used to it", ["sh", "-c", "exit 7"], good_statuses=frozenset({7})))


def test_candidates_run_in_turns_after_an_untimed_round(tmp_path: Path) -> None:
    """Each round runs every candidate once; the first, in which memory is sampled, is not timed."""
    log = tmp_path / "log"
    candidates = [Candidate(name, ["sh", "-c", f"echo {name} >>{log}"]) for name in ("one", "two")]
    costs = in_turns(candidates, rounds=2)
    assert log.read_text(encoding="utf-8").split() == ["one", "two"] * 3
    assert [len(costs[name].costs) for name in ("one", "two")] == [2, 2]


def test_a_median_is_not_moved_by_one_slow_run() -> None:
    """One run that was disturbed shows as the slowest and does not move the median."""
    row = median_row("minimal", "find", Measured(20 * MIB, [Cost(1, 0.5), Cost(9, 0.6), Cost(1.2, 0.4)]))
    assert (row.wall_seconds, row.cpu_seconds, row.peak_memory_mib) == (1.2, 0.5, 20)
    assert row.slowest_wall_seconds == 9


def test_a_missed_aim_is_told_as_missed(tmp_path: Path) -> None:
    """The file and the table name each aim, what was measured, and whether it is met."""
    results = Results(
        "example",
        3,
        rows=[{"root": "minimal", "wall_seconds": 1.0}],
        aims=[Aim("wall of find's", 1.5, 1.5), Aim("CPU of find's", 1.5, 1.51)],
    )
    console = Console(record=True, width=120)
    path = publish(results, tmp_path / "bench", console)
    assert [aim["met"] for aim in json.loads(path.read_text(encoding="utf-8"))["aims"]] == [True, False]
    assert [line.split()[-2] for line in console.export_text().splitlines() if "of find's" in line] == ["yes", "no"]


def test_growth_compares_the_time_a_file_takes() -> None:
    """Twenty times the time for ten times the files is a growth of two."""
    rows = {
        size: {"walk": median_row(str(size), "walk", Measured(1, [Cost(1, seconds)]))}
        for size, seconds in ((10, 5.0), (100, 1.0), (1000, 20.0))
    }
    assert growth("walk", rows).measured == 2


def test_a_root_is_filled_to_the_number_asked_for_and_removed(tmp_path: Path) -> None:
    """The copy has the files it had and as many more as are missing; the original stays as it was."""
    root = tmp_path / "minimal"
    root.mkdir()
    (root / "file").touch()
    with filled_root(root, 250) as filled:
        assert sum(path.is_file() for path in filled.rglob("*")) == 250
        assert (filled / "file").exists()
    assert not filled.exists()
    assert [path.name for path in root.iterdir()] == ["file"]


def test_an_unknown_benchmark_is_refused_before_anything_is_made() -> None:
    """A name that is none ends with 2 and the names that are."""
    result = CliRunner().invoke(app, ["no_such"])
    assert result.exit_code == 2
    assert "scanner_beside_peers, file_system_walk, instance_events" in " ".join(result.stderr.split())
