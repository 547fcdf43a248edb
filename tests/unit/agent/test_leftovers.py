"""The hosts of a killed embedded AWS end before they are played again."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

from emulator.agent.leftovers import OWNER, processes_of, sweep

if TYPE_CHECKING:
    from pathlib import Path


def started(directory: Path) -> subprocess.Popen[bytes]:
    """A process in a session of its own, with a child, as a killed embedded AWS leaves them."""
    script = "sleep 71201 & wait"
    environment = {"PATH": os.environ["PATH"], OWNER: str(directory)}
    return subprocess.Popen(["sh", "-c", script], env=environment, start_new_session=True)


def test_processes_and_files_of_its_hosts_go_and_no_others(tmp_path: Path) -> None:
    """What another directory's embedded AWS plays is left alone; a host's /run is empty afterwards."""
    ours, others = tmp_path / "ours", tmp_path / "ours-too"
    run = ours / "hosts" / "i-1" / "run"
    (run / "fleetdx").mkdir(parents=True)
    (ours / "s3").mkdir()
    left, stranger = started(ours), started(others)
    try:
        assert left.pid in set(processes_of(ours))
        sweep(ours)
        left.wait(10)
        assert list(processes_of(ours)) == []
        assert stranger.poll() is None
        assert not run.exists()
        assert (ours / "s3").exists()
    finally:
        sweep(others)
        stranger.wait(10)


def test_a_new_directory_has_nothing_to_sweep(tmp_path: Path) -> None:
    """The first start finds neither directory nor processes."""
    sweep(tmp_path / "new")
    assert list(tmp_path.iterdir()) == []
