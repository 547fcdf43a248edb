"""What the command line imports before it knows what it is asked: everybody waits for it, at every command."""

from __future__ import annotations

import subprocess
import sys

SLOW = {"duckdb", "moto", "rfc3987_syntax", "uvicorn", "xlsxwriter"}
"""Of what a command or a test needs, each takes longer to import than everything that all commands need."""


def test_what_takes_long_is_not_imported_at_the_start() -> None:
    """The embedded AWS, the database, the console's server; and no grammar of IRIs, which no document of ours holds."""
    program = "import sys, fleetdx.cli.main; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    imported = {name.partition(".")[0] for name in done.stdout.split()}
    assert "typer" in imported
    assert imported & SLOW == set()
