"""`fleetdx deploy` and `fleetdx remove` as a person types them: output, exit codes, what they leave.

What is deployed and removed again is so by real processes; what is refused is typed in this one.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from emulator.endpoint import session_with
from fleetdx.cli import background
from fleetdx.cli.background import start
from fleetdx.cli.deployments import endpoint_of
from tests.typed import typed

if TYPE_CHECKING:
    from collections.abc import Iterator

FLEETDX = Path(sys.executable).with_name("fleetdx")
SECONDS_ON_A_BUSY_MACHINE = 300
SETTINGS: dict[str, Any] = {
    "schema": 1,
    "home_region": "ap-northeast-2",
    "regions": ["ap-northeast-2", "us-east-1"],
    "organizational_units": ["r-ab12"],
    "management_account": "included",
    "events": "none",
    "external_id": "ours",
    "profiles": {"hub": "hub", "management": "management"},
}


class Place:
    """A directory of its own to run commands in, as someone has it who never used AWS."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.emulator = directory / "emulator"
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(directory),
            "FLEETDX_EMULATOR_DIRECTORY": str(self.emulator),
            **{name: value for name, value in os.environ.items() if name.startswith("PIP_")},
        }

    def run(self, *arguments: str, given: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
        """Run `fleetdx` to its end."""
        return subprocess.run(
            [FLEETDX, *arguments],
            cwd=self.directory,
            env={**self.environment, **environment},
            input=given,
            text=True,
            capture_output=True,
            check=False,
            timeout=SECONDS_ON_A_BUSY_MACHINE,
        )

    def type(self, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
        """Type `fleetdx` without a process of its own."""
        return typed(self.directory, *arguments, environment=self.environment, given=given.encode())

    def settings(self, **changes: Any) -> str:
        """A file of settings."""
        path = self.directory / "settings.json"
        path.write_text(json.dumps({**SETTINGS, **changes}), encoding="utf-8")
        return str(path)

    def serving(self) -> list[int]:
        """The processes that run an embedded AWS of this place."""
        found = []
        for process in psutil.process_iter(["cmdline"]):
            command = process.info["cmdline"] or []
            if background.MODULE in command and str(self.emulator) in command:
                found.append(process.pid)
        return found


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    made = Place(tmp_path_factory.mktemp("place"))
    yield made
    for number in made.serving():
        psutil.Process(number).kill()


def test_faulty_settings_start_nothing(place: Place) -> None:
    """Exit code 2 and the JSON pointer of the fault; neither the embedded AWS nor AWS is touched."""
    for arguments in (("deploy",), ("remove", "--yes"), ("deploy", "--aws")):
        done = place.type(*arguments, "--settings", place.settings(management_account="perhaps"))
        assert done.returncode == 2
        assert "--settings: /management_account:" in done.stderr
    assert place.serving() == []
    assert not (place.emulator / "endpoint.json").exists()


def test_without_what_they_need_the_commands_say_so(place: Place) -> None:
    """AWS needs settings; what is not there cannot be removed; nobody is taken at a word that was not given."""
    assert "--settings: a deployment on AWS needs its settings" in place.type("deploy", "--aws").stderr
    assert "/profiles/hub" in place.type("deploy", "--aws", "--settings", place.settings()).stderr
    gone = place.type("remove", "--yes")
    assert (gone.returncode, "no embedded AWS runs" in gone.stderr) == (2, True)
    refused = place.type("remove", given="n\n")
    assert refused.returncode != 0
    assert "Stays:" in refused.stderr


def test_a_stranger_deploys_scans_and_removes(place: Place) -> None:
    """Deployed in the background, deployed again without a change, scanned by another process, and gone."""
    first = place.run("deploy")
    assert first.returncode == 0, first.stderr
    assert "Deployed: 8 of 8 stacks and StackSets have changed." in first.stdout
    (server,) = place.serving()
    again = place.run("deploy")
    assert "Nothing to change: 8 stacks" in again.stdout
    assert place.serving() == [server]
    scanned = place.run("scan", "--account", "333333333333", "--region", "us-east-1", "--check", "U-01", "--json")
    summary = json.loads(scanned.stdout)
    assert (summary["status"], summary["totals"]["states"]["scanned"] > 0) == ("complete", True)
    assert (place.directory / "out/latest/report.html").exists()
    removed = place.run("remove", "--yes", "--with-data", "--json")
    assert removed.returncode == 0, removed.stderr
    assert json.loads(removed.stdout)["left"] == []
    assert place.serving() == []
    assert not (place.emulator / "endpoint.json").exists()


def test_with_aws_the_accounts_of_the_settings_are_reached_by_their_profiles(place: Place) -> None:
    """The way to AWS itself, package and layer included, against the embedded AWS's address in three profiles."""
    server = start(place.emulator)
    told = endpoint_of(place.emulator)
    accounts = {"hub": told["account"], "management": "111111111111"}
    written = ""
    for name, account in accounts.items():
        keys = told["operators"][account]
        written += (
            f"[profile {name}]\nendpoint_url = {told['url']}\naws_access_key_id = {keys['aws_access_key_id']}\n"
            f"aws_secret_access_key = {keys['aws_secret_access_key']}\n"
        )
    configuration = place.directory / "aws-config"
    configuration.write_text(written, encoding="utf-8")
    session = session_with(told["url"], told["operators"]["111111111111"], "ap-northeast-2")
    root = session.client("organizations").list_roots()["Roots"][0]["Id"]
    data = f"{told['url']}/fleetdx-data-{told['account']}-ap-northeast-2/scripts/"
    intake = f"{told['url']}/fleetdx-intake-{told['account']}-ap-northeast-2"
    options = {"central": {"ScriptsUrl": data}, "member_region": {"IntakeUrl": intake}}
    settings = place.settings(organizational_units=[root], options=options)
    for arguments, sentence in (
        (("deploy",), "Deployed: 6 of 6 stacks and StackSets have changed."),
        (("deploy",), "Nothing to change: 6 stacks and StackSets are what they shall be."),
        (("remove", "--yes", "--with-data"), "Nothing else of fleetdx is left in 111111111111, 222222222222."),
    ):
        done = place.run(*arguments, "--aws", "--settings", settings, AWS_CONFIG_FILE=str(configuration))
        assert (done.returncode, sentence in done.stdout) == (0, True), done.stdout + done.stderr
    assert place.run("remove", "--yes").returncode == 0
    assert server.wait(SECONDS_ON_A_BUSY_MACHINE) == 0
