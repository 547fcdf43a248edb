"""Who else uses the embedded AWS of this checkout: it stays until the last of them has what it came for."""

from __future__ import annotations

import os
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SECONDS_BETWEEN_LOOKS = 0.2


@contextmanager
def present(directory: Path) -> Iterator[None]:
    """Be known as a guest: a file named by the process, gone when its work is done."""
    place = directory / "guests"
    place.mkdir(mode=0o700, exist_ok=True)
    mark = place / str(os.getpid())
    mark.touch(mode=0o600)
    try:
        yield
    finally:
        mark.unlink(missing_ok=True)


@contextmanager
def outlasting_guests(directory: Path) -> Iterator[None]:
    """Do one's work and end when no guest is left; if the work fails, it is told then. Ctrl-C waits for nobody."""
    try:
        yield
    except Exception:
        wait_for_guests(directory)
        raise
    wait_for_guests(directory)


def wait_for_guests(directory: Path) -> None:
    """Wait until no other process uses the embedded AWS; what a killed one has left is removed, and Ctrl-C ends it."""
    if not _guests(directory):
        return
    told = "Another fleetdx still uses the embedded AWS here; Ctrl-C ends both"
    with Console(stderr=True).status(told):
        while _guests(directory):
            time.sleep(SECONDS_BETWEEN_LOOKS)


def _guests(directory: Path) -> list[Path]:
    marks = [mark for mark in (directory / "guests").glob("*") if mark.name.isdecimal()]
    return [mark for mark in marks if _lives(mark)]


def _lives(mark: Path) -> bool:
    try:
        os.kill(int(mark.name), 0)
    except (ProcessLookupError, PermissionError):
        # Gone; or the number is another user's process by now, who could not have opened this directory.
        mark.unlink(missing_ok=True)
        return False
    return True
