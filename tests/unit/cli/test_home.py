"""Runs of a deployed stack are brought home before commands read them."""

from __future__ import annotations

import contextlib
import json
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from fleetdx import keys
from fleetdx.cli.home import at_home
from fleetdx.cli.outputs import REPORT_FILES
from fleetdx.cli.problems import UsageProblem
from fleetdx.cli.stacks import stack_of
from tests.fakes.runs import BUNDLE, RUN, publish_bundle
from tests.fakes.s3 import bucket

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fleetdx.storage import Bucket

LATER, UNFINISHED = "20261124T021500Z-3fa9c1", "20261125T021500Z-3fa9c1"


class FakeStack:
    """A deployed stack with nothing but its bucket."""

    is_deployed = True

    def __init__(self, data: Bucket) -> None:
        self._data = data

    @contextlib.contextmanager
    def deployment(self) -> Iterator[Any]:
        yield SimpleNamespace(data=self._data)


@pytest.fixture
def data() -> Bucket:
    """Two runs that have ended, and one that has not."""
    made = bucket()
    publish_bundle(made)
    for run in (RUN, LATER):
        for name in REPORT_FILES:
            made.put(keys.out(run, name), b"")
        made.put_json(keys.out(run, "summary.json"), {"run": run, "bundle": BUNDLE, "status": "complete"})
    made.put_json(keys.targets(UNFINISHED), [])
    return made


def test_a_run_is_downloaded_with_its_catalog(data: Bucket, tmp_path: Path) -> None:
    """What a scan followed from here would have left, but for pages and histories."""
    assert at_home(FakeStack(data), tmp_path, RUN) == (RUN,)
    found = {path.name for path in (tmp_path / RUN).iterdir()}
    assert found == {*REPORT_FILES, "catalog.json"}
    assert json.loads((tmp_path / RUN / "summary.json").read_text(encoding="utf-8"))["run"] == RUN


def test_the_latest_is_the_newest_that_has_ended(data: Bucket, tmp_path: Path) -> None:
    """A run that is under way has left no report yet."""
    assert at_home(FakeStack(data), tmp_path, RUN, "latest") == (RUN, LATER)
    assert (tmp_path / LATER).is_dir()


def test_what_lies_here_is_kept_until_the_bucket_has_another(data: Bucket, tmp_path: Path) -> None:
    """A run that somebody resumed since is downloaded again; one that is the same is not."""
    at_home(FakeStack(data), tmp_path, RUN)
    results = tmp_path / RUN / "results.jsonl"
    results.write_text("here\n", encoding="utf-8")
    at_home(FakeStack(data), tmp_path, RUN)
    assert results.read_text(encoding="utf-8") == "here\n"
    data.put_json(keys.out(RUN, "summary.json"), {"run": RUN, "bundle": BUNDLE, "status": "incomplete"})
    at_home(FakeStack(data), tmp_path, RUN)
    assert results.read_text(encoding="utf-8") == ""


def test_a_run_without_a_report_is_a_sentence(data: Bucket, tmp_path: Path) -> None:
    """Unfinished, unknown, no run at all, or none in the bucket: nothing is left behind here."""
    with pytest.raises(UsageProblem, match=f"run {UNFINISHED} has left no report in s3://data"):
        at_home(FakeStack(data), tmp_path, UNFINISHED)
    with pytest.raises(UsageProblem, match="is no run"):
        at_home(FakeStack(data), tmp_path, "../secrets")
    with pytest.raises(UsageProblem, match="no run has left a report in s3://data"):
        at_home(FakeStack(bucket()), tmp_path, "latest")
    assert list(tmp_path.iterdir()) == []


def test_runs_of_the_embedded_aws_lie_here_already(tmp_path: Path) -> None:
    """Nothing is opened for them."""
    assert at_home(stack_of(), tmp_path, "latest") == ("latest",)
