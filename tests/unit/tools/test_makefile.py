"""Targets of the Makefile install what they use, so that each works first in a fresh clone."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tools.sources import PROJECT

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    """A clone in which nothing is installed, as far as make looks at it."""
    for name in ("Makefile", "tools/setup.mk", "pyproject.toml", "console/package-lock.json"):
        copy = tmp_path / name
        copy.parent.mkdir(exist_ok=True)
        shutil.copy(PROJECT / name, copy)
    shutil.copytree(PROJECT / "requirements", tmp_path / "requirements")
    return tmp_path


def told(clone: Path, target: str) -> str:
    """What make would do."""
    return subprocess.run(["make", "--dry-run", target], cwd=clone, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("target", ["setup", "lint", "format", "test"])
def test_what_writes_or_checks_pages_has_their_packages(fresh: Path, target: str) -> None:
    """The page of licences is made from the metadata of what is installed, wherever that is."""
    for installed in ("dev.lock", "sbom.lock", "checkov.lock", "npm ci"):
        assert installed in told(fresh, target)


def test_opening_the_console_keeps_what_its_tests_need(fresh: Path) -> None:
    """`make console` takes nothing away that `make lint` would then miss; by itself it needs less."""
    assert "npm ci --omit=dev" in told(fresh, "console")
    (fresh / ".venv").mkdir()
    (fresh / ".venv" / "console-test.ready").touch()
    assert "npm ci  --silent" in told(fresh, "console")
