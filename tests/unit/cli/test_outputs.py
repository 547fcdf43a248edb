"""Outputs of a run that two processes bring home at once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from fleetdx.cli.outputs import alone_in, point_latest

if TYPE_CHECKING:
    from pathlib import Path


def test_outputs_of_a_run_are_brought_home_by_one_at_a_time(tmp_path: Path) -> None:
    """Many at once stand in the same directory one after the other; each leaves `latest` leading to the run."""
    inside: list[int] = []

    def bring(number: int) -> None:
        with alone_in(tmp_path / "run"):
            inside.append(number)
            point_latest(tmp_path, "run")
            assert inside == [number]
            inside.remove(number)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(bring, range(200)))
    assert (tmp_path / "latest").resolve() == tmp_path / "run"


def test_one_that_fails_keeps_nobody_waiting(tmp_path: Path) -> None:
    """The directory is free again when the work in it has failed."""
    message = "no room"
    with pytest.raises(OSError, match=message), alone_in(tmp_path):
        raise OSError(message)
    done = threading.Event()

    def bring() -> None:
        with alone_in(tmp_path):
            done.set()

    threading.Thread(target=bring, daemon=True).start()
    assert done.wait(5)


def test_a_pointer_left_by_a_killed_process_is_no_obstacle(tmp_path: Path) -> None:
    """`latest` is made although its temporary name exists already."""
    (tmp_path / ".latest-run").symlink_to("elsewhere")
    point_latest(tmp_path, "run")
    assert (tmp_path / "latest").readlink().name == "run"
