"""`fleetdx` with an embedded AWS of its own: a real process that is interrupted, stopped, or given a root."""

from __future__ import annotations

import json
import signal
from itertools import takewhile
from typing import TYPE_CHECKING

import psutil
import pytest

from tests.embedded import wait_until
from tests.place import SECONDS_ON_A_BUSY_MACHINE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.place import Place

BUNDLE = "fleetdx/bundle"
"""The scanner, as a host names it when it runs it."""


def at_work_on_hosts(pid: int) -> list[psutil.Process]:
    """Every process that a `fleetdx` has started, as soon as one of them is a host's scanner."""
    found: list[psutil.Process] = []

    def is_scanning() -> bool:
        found[:] = psutil.Process(pid).children(recursive=True)
        return any(is_scanner(one) for one in found)

    wait_until(is_scanning, "no host is scanned", SECONDS_ON_A_BUSY_MACHINE)
    return found


def is_scanner(process: psutil.Process) -> bool:
    try:
        return BUNDLE in process.cmdline()
    except psutil.NoSuchProcess:
        return False


def test_control_c_stops_everything(place: Place) -> None:
    """Ctrl-C ends the executions and every process, leaves no endpoint and no directory on a host, and exits 130."""
    process = place.start("scan")
    endpoint = place.endpoint()
    children = at_work_on_hosts(process.pid)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=SECONDS_ON_A_BUSY_MACHINE)
    assert process.returncode == 130
    assert b"Stopped run" in errors
    assert b"Traceback" not in errors
    assert not endpoint.exists()
    _, alive = psutil.wait_procs(children, timeout=10)
    assert alive == []


def test_control_c_stops_a_sweep(place: Place) -> None:
    """Ctrl-C ends the sweep's execution, leaves no endpoint, says so in one sentence, and exits 130."""
    process = place.start("coverage")
    assert process.stderr is not None
    # The end of the stream ends the search too: what never says that it looks has failed.
    told = list(takewhile(lambda line: not line.startswith(b"Looking"), process.stderr))
    assert any(line.startswith(b"Sweep ") for line in told)
    assert process.poll() is None, b"".join(told)
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=SECONDS_ON_A_BUSY_MACHINE)
    assert (process.returncode, output) == (130, b"")
    assert b"Stopped sweep" in errors
    assert b"Traceback" not in errors
    assert not (place.directory / "emulator" / "endpoint.json").exists()
    assert not (place.directory / "out" / "coverage").exists()


def test_a_run_is_stopped_from_another_terminal(place: Place) -> None:
    """`--stop` ends a run that somebody else follows: both tell the same closed ledger, and resuming completes it."""
    first = place.start("scan", "--account", "444444444444", "--region", "ap-northeast-2")
    place.endpoint()
    assert first.stderr is not None
    run = next(line.split()[1] for line in first.stderr if line.startswith(b"Run ")).decode()
    stopped = place.run("scan", "--stop", run)
    assert stopped.returncode == 0, stopped.stderr
    assert f"Stopped run {run}" in stopped.stderr
    told, _ = first.communicate(timeout=SECONDS_ON_A_BUSY_MACHINE)
    assert first.returncode == 4
    for output in (told.decode(), stopped.stdout):
        assert "Incomplete" in output
        assert "stopped_by_operator" in output
    resumed = place.run("scan", "--resume", run, "--json")
    assert resumed.returncode == 0, resumed.stderr
    assert (json.loads(resumed.stdout)["run"], json.loads(resumed.stdout)["status"]) == (run, "complete")


def test_an_unpacked_root_is_scanned(place: Place) -> None:
    """`--root DIR` alone scans that tree as a host, through the whole chain."""
    root = place.directory / "some root"
    (root / "etc").mkdir(parents=True)
    (root / "etc" / "os-release").write_text('ID=alpine\nVERSION_ID=3.20\nNAME="Alpine Linux"\n')
    (root / "etc" / "passwd").write_text("root:x:0:0:root:/root:/bin/ash\n")
    done = place.run("scan", "--root", str(root), "--json")
    assert done.returncode == 0, done.stderr
    summary = json.loads(done.stdout)
    assert summary["totals"]["states"]["scanned"] == 1
    assert summary["totals"]["instances"] == 1


@pytest.mark.needs_debootstrap
def test_a_distribution_nobody_prepared_is_scanned(place: Place, debian_root: Callable[[str], Path]) -> None:
    """A root that debootstrap has just unpacked gives a complete run without one check in error."""
    done = place.run("scan", "--root", str(debian_root("bookworm")), "--json")
    assert done.returncode == 0, done.stderr
    summary = json.loads(done.stdout)
    assert summary["totals"]["states"]["scanned"] == 1
    assert summary["totals"]["verdicts"]["error"] == 0
    assert summary["totals"]["verdicts"]["pass"] > 15
