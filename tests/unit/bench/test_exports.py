"""The measurement of the files for other readers writes each of them, and its synthetic run is what it says."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from bench.exports import FILES, SyntheticRun, measure

if TYPE_CHECKING:
    from pathlib import Path


def test_each_file_is_written_at_each_size(tmp_path: Path) -> None:
    """A row for each file and size has its cost; every file but the one that writes nothing has bytes."""
    said: list[str] = []
    results = measure(tmp_path, said.append, sizes=(2, 4))
    assert [row["written"] for row in results.rows] == [f"{file} of {size}" for file in FILES for size in (2, 4)]
    assert all(float(row["cpu_seconds"]) > 0 and float(row["peak_memory_mib"]) > 0 for row in results.rows)
    assert [row["file_mib"] for row in results.rows[:2]] == [0, 0]
    assert len(results.aims) == 6
    assert len(said) == len(results.rows)


def test_the_synthetic_run_has_a_result_for_each_check_of_each_scanned_instance() -> None:
    """One instance in twenty is not scanned; the others have all checks, with each verdict among them."""
    run = SyntheticRun(20)
    assert Counter(line["state"] for line in run.ledger()) == {"scanned": 19, "not_managed": 1}
    lines = list(run.results())
    assert len(lines) == 19 * len(run.items) == 19 * 75
    assert len({line["verdict"] for line in lines}) == 5
    assert lines == list(run.results())
