"""The page's pure modules are tested by Node's own test runner; each of its files is a test here."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent
FILES = sorted(HERE.glob("**/*.test.js"))


def test_there_are_files() -> None:
    """A file that is moved is missed, not passed over."""
    assert FILES


@pytest.mark.needs_node
@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(HERE)))
def test_module(file: Path) -> None:
    """Every test in the file passes."""
    done = subprocess.run(
        ["node", "--test", str(file)], cwd=HERE, capture_output=True, text=True, timeout=280, check=False
    )
    assert done.returncode == 0, done.stdout[-8_000:] + done.stderr[-2_000:]
