"""The version that the command line tells."""

from __future__ import annotations

import tomllib
from pathlib import Path

from typer.testing import CliRunner

from fleetdx.cli.main import app


def test_version_is_the_projects() -> None:
    """`fleetdx --version` tells the version that pyproject.toml declares."""
    declared = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text())["project"]["version"]
    told = CliRunner().invoke(app, ["--version"])
    assert (told.exit_code, told.stdout) == (0, f"fleetdx {declared}\n")
