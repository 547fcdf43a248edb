"""What a killed embedded AWS has left behind: processes of its hosts, and the files they were about to write.

An agent's host would go on without us; here the hosts end with the process that played them, as if they were started
anew. Their processes are known by a variable of their environment, which everything that they start inherits.
"""

from __future__ import annotations

import os
import shutil
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

OWNER: Final = "EMBEDDED_AWS_DIRECTORY"
"""The variable in each host process's environment: the directory of the embedded AWS that plays the host."""
LOOKS: Final = 20
SECONDS_BETWEEN_LOOKS: Final = 0.1


def sweep(directory: Path) -> None:
    """End every process of hosts that a killed embedded AWS of this directory played, and empty the hosts' /run."""
    for _ in range(LOOKS):
        left = list(processes_of(directory))
        if not left:
            break
        for process in left:
            _kill(process)
        time.sleep(SECONDS_BETWEEN_LOOKS)
    for run in (directory / "hosts").glob("*/run"):
        shutil.rmtree(run)


def processes_of(directory: Path) -> Iterator[int]:
    """The ids of the processes on this machine that run for hosts of the embedded AWS of a directory."""
    wanted = f"{OWNER}={directory}".encode()
    for place in Path("/proc").glob("[0-9]*/environ"):
        try:
            environment = place.read_bytes()
        except OSError:  # it has ended, or is another user's
            continue
        if wanted in environment.split(b"\0"):
            yield int(place.parent.name)


def _kill(process: int) -> None:
    try:
        os.kill(process, signal.SIGKILL)
    except ProcessLookupError:
        return
