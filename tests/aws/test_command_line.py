"""On a real account: commands with --aws find the deployed stack and work on it.

Run it with credentials of the central account, of who may start runs:

    AWS_PROFILE=... AWS_REGION=... .venv/bin/python -m pytest -m aws tests/aws

A dry run and a sweep are started, which send nothing to an instance; the rest only reads.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.aws

FLEETDX = Path(sys.executable).with_name("fleetdx")
SECONDS_FOR_AN_ORGANIZATION = 1_800


def typed(directory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`fleetdx ... --aws`, with the AWS settings of whoever runs the test."""
    return subprocess.run(
        [FLEETDX, *arguments, "--aws"],
        cwd=directory,
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS_FOR_AN_ORGANIZATION,
    )


def test_what_is_deployed_is_read(tmp_path: Path) -> None:
    """The history of bundles, and every document that operators have written."""
    listed = typed(tmp_path, "bundle", "list", "--json")
    assert listed.returncode == 0, listed.stderr
    assert json.loads(listed.stdout)["acts"], "no bundle is published: fleetdx bundle publish --aws"
    checked = typed(tmp_path, "check-configuration")
    assert checked.returncode == 0, checked.stderr


@pytest.mark.timeout(SECONDS_FOR_AN_ORGANIZATION)
def test_a_dry_run_comes_to_its_plan(tmp_path: Path) -> None:
    """4 where an account cannot be entered: that is for the plan to say, not for this test."""
    done = typed(tmp_path, "scan", "--dry-run", "--json")
    assert done.returncode in {0, 4}, done.stderr
    assert json.loads(done.stdout)["targets"]


@pytest.mark.timeout(SECONDS_FOR_AN_ORGANIZATION)
def test_a_sweep_comes_to_its_end(tmp_path: Path) -> None:
    """Its outputs come home; nothing is mended."""
    done = typed(tmp_path, "coverage", "--json")
    assert done.returncode in {0, 4}, done.stderr
    assert (tmp_path / "out" / "coverage" / "latest" / "coverage.jsonl").is_file()


def test_a_run_that_never_was_is_a_sentence(tmp_path: Path) -> None:
    """AWS's words for what is absent are those that the embedded AWS has."""
    for option in ("--resume", "--stop"):
        done = typed(tmp_path, "scan", option, "20200101T000000Z-000000")
        assert (done.returncode, "Traceback" in done.stderr) == (2, False), done.stderr
