"""The measurement of the report writes and opens it and the host pages at each size."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bench.report import measure

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.needs_chromium
def test_each_page_is_written_and_opened(tmp_path: Path) -> None:
    """A row for report.html and the host pages has cost, bytes and the browser's time; nothing is left behind."""
    results = measure(tmp_path, lambda _: None, sizes=(3,))
    assert [row["written"] for row in results.rows] == ["report.html of 3", "hosts of 3"]
    assert all(float(row["open_seconds"]) > 0 and float(row["written_mb"]) > 0 for row in results.rows)
    assert len(results.aims) == 4
    assert list(tmp_path.iterdir()) == []
