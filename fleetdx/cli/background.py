"""The embedded AWS in a process of its own, for commands that deploy to it, use it and remove it again one by one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout

from fleetdx.cli.problems import EmbeddedAwsUnreachable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import FrameType

SECONDS_TO_COME_UP = 90.0
SECONDS_TO_END = 30.0
SECONDS_BETWEEN_LOOKS = 0.1
MODULE = "fleetdx.cli.background"


def runs(directory: Path) -> bool:
    """Whether some process holds the embedded AWS of that directory."""
    directory.mkdir(mode=0o700, exist_ok=True, parents=True)
    lock = FileLock(directory / "lock", mode=0o600)
    try:
        lock.acquire(blocking=False)
    except Timeout:
        return True
    lock.release()
    return False


def start(directory: Path) -> subprocess.Popen[bytes]:
    """Start it, without fleetdx on it, and give its process when it has come up; it outlives this one, until `end`.

    Raises:
        EmbeddedAwsUnreachable: It did not come up; the text names its log.
    """
    (directory / "endpoint.json").unlink(missing_ok=True)
    directory.mkdir(mode=0o700, exist_ok=True, parents=True)
    log = directory / "background.log"
    with log.open("w", encoding="utf-8") as written:
        process = subprocess.Popen(
            [sys.executable, "-m", MODULE, str(directory)],
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=written,
            # Ctrl-C in the terminal of whoever starts it is not meant for it.
            start_new_session=True,
        )
    deadline = time.monotonic() + SECONDS_TO_COME_UP
    while not (directory / "endpoint.json").exists():
        if process.poll() is not None or time.monotonic() > deadline:
            raise EmbeddedAwsUnreachable(f"the embedded AWS did not come up; {log} says why")
        time.sleep(SECONDS_BETWEEN_LOOKS)
    return process


def end(directory: Path, told: Mapping[str, Any]) -> bool:
    """End it, where it is one that `start` has started; tells whether it was.

    Raises:
        EmbeddedAwsUnreachable: It does not end.
    """
    number = told.get("background_process")
    if number is None or not _is_ours(number):
        return False
    os.kill(number, signal.SIGTERM)
    deadline = time.monotonic() + SECONDS_TO_END
    while runs(directory) or _is_ours(number):
        if time.monotonic() > deadline:
            raise EmbeddedAwsUnreachable(f"process {number} runs the embedded AWS and does not end; end it yourself")
        time.sleep(SECONDS_BETWEEN_LOOKS)
    return True


def _is_ours(number: int) -> bool:
    """Whether a process is one of these: its number may be another one's by now."""
    try:
        command = Path(f"/proc/{number}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return MODULE.encode() in command


def serve(directory: Path) -> None:
    """Run the embedded AWS until the process is told to end."""
    from emulator.cloud import embedded_aws  # noqa: PLC0415 - it takes a second, which others should not wait for
    from fleetdx.cli.deployments import endpoint_facts, write_endpoint  # noqa: PLC0415 - as above
    from fleetdx.cli.surroundings import forget_aws_environment  # noqa: PLC0415 - as above

    forget_aws_environment()
    is_over = threading.Event()

    def stop(_: int, __: FrameType | None) -> None:
        is_over.set()

    signal.signal(signal.SIGTERM, stop)
    lock = FileLock(directory / "lock", mode=0o600)
    try:
        lock.acquire(blocking=False)
    except Timeout:
        return
    try:
        with embedded_aws(directory, deployed=False) as cloud:
            write_endpoint(directory, {**endpoint_facts(cloud), "background_process": os.getpid()})
            is_over.wait()
    finally:
        (directory / "endpoint.json").unlink(missing_ok=True)
        lock.release()


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
