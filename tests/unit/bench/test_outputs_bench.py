"""The measurement of all outputs writes each of them from one run, and its directory answers as S3 does."""

from __future__ import annotations

import gzip
import io
from typing import TYPE_CHECKING, Any, cast

import pytest

from bench.outputs import Spent, bucket_of, growth, make_run, measure
from bench.stored import DirectoryS3
from fleetdx import keys
from fleetdx.errors import RecordMissing
from fleetdx.export_files import FILES
from fleetdx.storage import Bucket, StoredObject
from fleetdx.streams import put_packed

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.needs_chromium
def test_every_output_is_written_at_each_size(tmp_path: Path) -> None:
    """A row for each step has its cost and its bytes, the last one the sum of all; nothing is left behind."""
    results = measure(tmp_path, lambda _: None, sizes=(2, 60))
    steps = ["BuildReport", *FILES, "home: report and host pages", "everything"]
    assert [row["written"] for row in results.rows] == [f"{step} of {size}" for size in (2, 60) for step in steps]
    assert all(float(row["cpu_seconds"]) > 0 and float(row["peak_memory_mb"]) > 0 for row in results.rows)
    *parts, everything = results.rows[-len(steps) :]
    assert float(everything["written_mb"]) == pytest.approx(sum(float(row["written_mb"]) for row in parts), abs=0.5)
    assert len(results.aims) == 5
    assert list(tmp_path.iterdir()) == []


def test_a_run_lies_there_as_batches_leave_it(tmp_path: Path) -> None:
    """Results are in parts of up to 50 hosts, and each account-region's ledger is closed."""
    make_run(tmp_path / "run", 110)
    data = bucket_of(tmp_path / "run")
    (target,) = data.get_json(keys.targets("20261123T021500Z-3fa9c1"))
    parts = list(data.keys("results/"))
    hosts = [{line["instance"] for line in data.get_lines(part.key)} for part in parts]
    assert [len(one) for one in hosts] == [50, 50, 4]
    (ledger,) = data.keys("runs/20261123T021500Z-3fa9c1/ledger/")
    closed, *instances = data.get_lines(ledger.key)
    assert (closed["kind"], closed["account"], closed["instances"]) == ("account_region", target["account"], 110)
    assert len(instances) == 110


def test_growth_is_a_power() -> None:
    """Ten times the size at ten times the time is the power one, at a hundred times the power two."""
    before = Spent(1.0, 2.0, 1.0, 1.0)
    assert growth(100, before, 1_000, before._replace(cpu_seconds=20.0)) == 1.0
    assert growth(100, before, 1_000, before._replace(cpu_seconds=200.0)) == 2.0


def test_the_directory_answers_as_s3_does(tmp_path: Path) -> None:
    """Objects come back, packed ones unpacked; listings are in order; a condition that does not hold writes nothing."""
    data = Bucket(cast("Any", DirectoryS3(tmp_path)), "data")
    data.put("a/b/2", b"xx")
    data.put("a/b/1", b"x")
    data.put("a/c", b"xxx")
    assert list(data.keys("a/b/")) == [StoredObject("a/b/1", 1), StoredObject("a/b/2", 2)]
    assert [one.key for one in data.keys("a/b")] == ["a/b/1", "a/b/2"]
    assert list(data.keys("none/")) == []
    assert not data.put_conditionally("a/c", b"y")
    body, etag = data.get_with_etag("a/c")
    assert (body, data.put_conditionally("a/c", b"y", etag)) == (b"xxx", True)
    assert not data.put_conditionally("a/c", b"z", etag)
    put_packed(data, "a/c", io.BytesIO(gzip.compress(b"packed")))
    assert data.get("a/c") == b"packed"
    assert [one.key for one in data.keys("a/c")] == ["a/c"]
    with pytest.raises(RecordMissing):
        data.get("a/d")
