"""tools/preconditions.sh: one sentence with the remedy before anything is set up."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping

SCRIPT = Path(__file__).parents[3] / "tools" / "preconditions.sh"


def tell(directory: Path, python: str, programs: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run the script where only these programs exist."""
    for name, text in programs.items():
        program = directory / name
        program.write_text(f"#!/bin/sh\n{text}\n")
        program.chmod(0o755)
    return subprocess.run(
        ["/bin/sh", SCRIPT, python], env={"PATH": str(directory)}, capture_output=True, text=True, check=False
    )


LINUX = {"uname": "echo Linux"}
CURL = {"curl": "exit 0"}
OLD = {"old": 'case "$1" in --version) echo Python 3.9.2 ;; *) exit 1 ;; esac'}
BARE = {"bare": 'case "$2" in *ensurepip*) exit 1 ;; esac'}


@pytest.mark.parametrize(
    ("python", "programs", "told"),
    [
        ("python3", {"uname": "echo Darwin"}, "needs Linux"),
        ("python3", LINUX, "no python3 found"),
        ("old", LINUX | OLD, "Python 3.9.2 is too old"),
        ("bare", LINUX | BARE, "apt install python3-venv"),
        (sys.executable, LINUX, "no curl found"),
    ],
)
def test_what_is_missing_is_told_with_its_remedy(
    tmp_path: Path, python: str, programs: dict[str, str], told: str
) -> None:
    """Each missing precondition stops with one sentence on standard error."""
    done = tell(tmp_path, python, programs)
    assert done.returncode == 1
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_fit_machine_is_told_nothing(tmp_path: Path) -> None:
    """Where everything is there the script says nothing."""
    done = tell(tmp_path, sys.executable, LINUX | CURL)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
