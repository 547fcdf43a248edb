"""Targets of the Makefile install what they use, so that each works first in a fresh clone."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tools.sources import PROJECT

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("target", ["setup", "lint", "format", "test"])
def test_what_writes_or_checks_pages_has_their_packages(tmp_path: Path, target: str) -> None:
    """The page of licences is made from the metadata of what is installed: tests' packages, checkov's and the console's."""
    for name in ("Makefile", "tools/setup.mk"):
        copy = tmp_path / name
        copy.parent.mkdir(exist_ok=True)
        shutil.copy(PROJECT / name, copy)
    shutil.copytree(PROJECT / "requirements", tmp_path / "requirements")
    (tmp_path / "console").mkdir()
    for name in ("pyproject.toml", "console/package-lock.json"):
        shutil.copy(PROJECT / name, tmp_path / name)
    told = subprocess.run(
        ["make", "--dry-run", target], cwd=tmp_path, capture_output=True, text=True, check=True
    ).stdout
    for installed in ("dev.lock", "sbom.lock", "checkov.lock", "npm ci"):
        assert installed in told
