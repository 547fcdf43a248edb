"""Who runs the embedded AWS stays until those who reached it are done."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from typing import TYPE_CHECKING

import pytest

from fleetdx.cli.guests import outlasting_guests, present, wait_for_guests

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


def test_a_failure_waits_for_guests_too(tmp_path: Path) -> None:
    """What failed in the process that runs the embedded AWS takes it from nobody: the guest's work ends first."""
    left = threading.Event()

    def visit() -> None:
        with present(tmp_path):
            entered.set()
            time.sleep(0.5)
            left.set()

    entered = threading.Event()
    threading.Thread(target=visit).start()
    assert entered.wait(5)
    message = "disk full"
    with pytest.raises(OSError, match=message), outlasting_guests(tmp_path):
        raise OSError(message)
    assert left.is_set()
