"""The page's pure modules, tried by Node; each of its test files is one case here."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent
FILES = sorted(path.relative_to(HERE).as_posix() for path in HERE.rglob("*.test.*js"))


@pytest.mark.parametrize("name", FILES)
def test_module_does_as_its_file_says(name: str) -> None:
    """Every sentence of the test file holds."""
    command = ["node", "--test", "--test-reporter=spec", name]
    done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout[-6_000:] + done.stderr[-2_000:]
    assert "ℹ pass 0" not in done.stdout
