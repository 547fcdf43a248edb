"""A directory in which somebody types `fleetdx` on the embedded AWS; credentials that must not be used lie around."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from tests.typed import typed

FLEETDX = Path(sys.executable).with_name("fleetdx")
SECONDS_ON_A_BUSY_MACHINE = 180


class Place:
    """A directory of its own to run commands in."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(directory),
            "FLEETDX_EMULATOR_DIRECTORY": str(directory / "emulator"),
            # Credentials in the environment must never be used.
            "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
            "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            "AWS_PROFILE": "nobody",
        }
        self.started: list[subprocess.Popen[bytes]] = []

    def run(self, *arguments: str, given: bytes | None = None) -> subprocess.CompletedProcess[str]:
        """Run `fleetdx` to its end."""
        done = subprocess.run(
            [FLEETDX, *arguments],
            cwd=self.directory,
            env=self.environment,
            input=given,
            capture_output=True,
            check=False,
            timeout=240,
        )
        return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())

    def type(self, *arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[str]:
        """Type `fleetdx` without a process of its own."""
        return typed(self.directory, *arguments, environment=self.environment, given=given)

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start `fleetdx` and do not wait."""
        process = subprocess.Popen(
            [FLEETDX, *arguments],
            cwd=self.directory,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self.started.append(process)
        return process

    def clear(self) -> None:
        """End what a failed test has left running, so that no other test suffers for it."""
        for process in self.started:
            process.kill()
            process.communicate()

    def endpoint(self) -> Path:
        """The file by which a second `fleetdx` finds the embedded AWS, once the first has it running."""
        path = self.directory / "emulator" / "endpoint.json"
        deadline = time.monotonic() + SECONDS_ON_A_BUSY_MACHINE
        while not path.exists():
            assert time.monotonic() < deadline, "the embedded AWS does not come up"
            time.sleep(0.1)
        return path
