"""A person at a terminal of their own: AWS settings as they have them, an empty home, and `fleetdx --aws` to type."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

from fleetdx.cli import deployed
from fleetdx.cli.pace import EMBEDDED_PACE
from tests.typed import typed

if TYPE_CHECKING:
    from emulator.front_door.credentials import IssuedCredentials
    from tests.embedded import Embedded

FLEETDX = Path(sys.executable).with_name("fleetdx")
SECONDS_ON_A_BUSY_MACHINE = 240
PROFILE = "audit"


class Person:
    """Somebody with a profile of the AWS configuration that may reach the central account; and nothing else of AWS."""

    def __init__(self, aws: Embedded, home: Path, keys: IssuedCredentials | None = None) -> None:
        self.home = home
        self.environment = {"PATH": os.environ["PATH"], "HOME": str(home), "AWS_ENDPOINT_URL": aws.cloud.url}
        self.started: list[subprocess.Popen[str]] = []
        self.sign_in(keys or aws.cloud.operator_credentials(aws.cloud.organization.hub.id), aws.cloud.home_region)

    def sign_in(self, keys: IssuedCredentials, region: str) -> None:
        """Write the profile anew, as `aws configure` and `aws sso login` would."""
        lines = [f"[profile {PROFILE}]", f"region = {region}"]
        lines += [f"{name.lower()} = {value}" for name, value in keys.for_environment().items()]
        configuration = self.home / ".aws" / "config"
        configuration.parent.mkdir(parents=True, exist_ok=True)
        configuration.write_text("\n".join(lines) + "\n", encoding="utf-8")

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start `fleetdx ... --aws --aws-profile audit` and do not wait."""
        return self.start_plainly(*arguments, "--aws", "--aws-profile", PROFILE)

    def start_plainly(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        """Start `fleetdx` with just these arguments and do not wait."""
        process = subprocess.Popen(
            [FLEETDX, *arguments],
            cwd=self.home,
            env=self.environment | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.started.append(process)
        return process

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run `fleetdx ... --aws --aws-profile audit` to its end."""
        return ended(self.start(*arguments))

    def type(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Type `fleetdx ... --aws --aws-profile audit`: the same command line without a process of its own."""
        return self.type_plainly(*arguments, "--aws", "--aws-profile", PROFILE)

    def type_plainly(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Type `fleetdx` with just these arguments, without a process of its own, and without waits that spare AWS."""
        with patch.object(deployed, "AWS_PACE", EMBEDDED_PACE):
            return typed(self.home, *arguments, environment=self.environment | environment)

    def run_plainly(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run `fleetdx` with just these arguments to its end."""
        return ended(self.start_plainly(*arguments, **environment))

    def clear(self) -> None:
        """End what a failed test has left running, so that no other test suffers for it."""
        for process in self.started:
            process.kill()
            process.communicate()


def ended(process: subprocess.Popen[str]) -> subprocess.CompletedProcess[str]:
    """A process at its end, with what it has said and not been read yet."""
    output, errors = process.communicate(timeout=SECONDS_ON_A_BUSY_MACHINE)
    return subprocess.CompletedProcess(process.args, process.returncode, output, errors)


def run_of(process: subprocess.Popen[str]) -> str:
    """The run that a process has started, once it says so."""
    assert process.stderr is not None
    return next(line.split()[1] for line in process.stderr if line.startswith("Run "))
