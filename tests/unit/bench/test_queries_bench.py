"""The figures of the formats: each holds the same lines, and each question comes to the same rows in all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import duckdb

from bench.feeds import WHOLE, Job, result_lines
from bench.queries import ENDS, PARQUET, PLAIN, ask_all, rows_of, write_batches, write_others
from fleetdx.queries.questions import questions
from tests.fakes.feeds import CHECKS, catalog

if TYPE_CHECKING:
    from pathlib import Path


def test_every_format_holds_the_same_lines(tmp_path: Path) -> None:
    """Of 120 instances there are three batches a format, and all lines are in each."""
    recorded = [
        [
            {"item": item, "check": check, "verdict": "fail", "reason": "r", "evidence": ["e"], "duration_ms": 1}
            for item, check in CHECKS.items()
        ]
    ]
    job: Any = Job(WHOLE, 120, recorded, catalog())
    spent = write_batches(result_lines(job), tmp_path, 50)
    write_others(result_lines(job), tmp_path)
    assert spent.keys() == ENDS.keys()
    with duckdb.connect() as connection:
        read = {
            PLAIN: connection.read_json(str(tmp_path / "[0-9]*.jsonl")),
            PARQUET: connection.read_parquet(str(tmp_path / "[0-9]*.parquet")),
        }
        names = "account, region, instance, item, evidence"
        lines = [relation.project(names).order(names).fetchall() for relation in read.values()]
    assert lines[0] == lines[1]
    assert len(lines[0]) == 120 * len(CHECKS)
    assert {len(list(tmp_path.glob(f"[0-9]*.{end}"))) for end in ENDS.values()} == {3}
    rows = rows_of(120, tmp_path, spent, {form: ask_all(tmp_path, form, 1) for form in ENDS})
    assert [row["figure"] for row in rows][2:] == [f"120, seconds: {name}" for name in questions()]
    assert rows[1]["figure"] == "120, milliseconds to write a batch"
    assert all(float(rows[1][form]) > 0 for form in ENDS)
