"""Who runs the embedded AWS stays until those who reached it are done."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from typing import TYPE_CHECKING

from fleetdx.cli.guests import present, wait_for_guests

if TYPE_CHECKING:
    from pathlib import Path


def test_a_guest_is_known_while_it_works_and_no_longer(tmp_path: Path) -> None:
    """Its mark bears its process and is gone at the end, also when its work fails."""
    with present(tmp_path):
        assert [mark.name for mark in (tmp_path / "guests").iterdir()] == [str(os.getpid())]
    assert list((tmp_path / "guests").iterdir()) == []


def test_the_end_waits_for_a_guest(tmp_path: Path) -> None:
    """While a guest's mark is there, the wait goes on; it ends with it."""
    with present(tmp_path):
        waiting = threading.Thread(target=wait_for_guests, args=(tmp_path,))
        waiting.start()
        time.sleep(0.5)
        assert waiting.is_alive()
    waiting.join(timeout=5)
    assert not waiting.is_alive()


def test_a_killed_guest_keeps_nobody(tmp_path: Path) -> None:
    """The mark of a process that is gone is removed, and nothing waits for it."""
    process = subprocess.Popen(["sleep", "0"])
    process.wait()
    mark = tmp_path / "guests" / str(process.pid)
    mark.parent.mkdir()
    mark.touch()
    wait_for_guests(tmp_path)
    assert not mark.exists()
