"""`fleetdx console` as a person types it: a real process, its address, its end, and why it cannot begin."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from fleetdx.cli.console_command import has_desktop
from tests.embedded import Embedded, embedded

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FLEETDX = Path(sys.executable).with_name("fleetdx")
SECONDS_ON_A_BUSY_MACHINE = 180
ADDRESS = re.compile(r"^http://127\.0\.0\.1:([0-9]+)/#token=([A-Za-z0-9_-]{40,})$")


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    with embedded(tmp_path_factory.mktemp("cloud")) as started:
        yield started


def stack(aws: Embedded) -> dict[str, str]:
    """The environment of somebody who is signed in to the account of the central stack."""
    keys = aws.cloud.operator_credentials(aws.cloud.organization.hub.id).for_boto3()
    return {
        "AWS_ENDPOINT_URL": aws.cloud.url,
        "AWS_ACCESS_KEY_ID": keys["aws_access_key_id"],
        "AWS_SECRET_ACCESS_KEY": keys["aws_secret_access_key"],
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }


@contextmanager
def running(*options: str, environment: Mapping[str, str] | None = None) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The command, once it has printed its address."""
    process = subprocess.Popen(
        [FLEETDX, "console", "--no-browser", *options],
        env={**os.environ, **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        yield process, process.stdout.readline().strip()
    finally:
        process.kill()
        process.communicate(timeout=SECONDS_ON_A_BUSY_MACHINE)


def session_at(address: str) -> dict[str, Any]:
    """What the console says of itself, asked as its page would."""
    found = ADDRESS.fullmatch(address)
    assert found is not None, address
    request = urllib.request.Request(
        f"http://127.0.0.1:{found[1]}/api/session", headers={"Authorization": f"Bearer {found[2]}"}
    )
    with urllib.request.urlopen(request, timeout=SECONDS_ON_A_BUSY_MACHINE) as answer:
        told: dict[str, Any] = json.loads(answer.read())
    return told


def failed(*options: str, environment: Mapping[str, str] | None = None) -> str:
    """What the command says where it ends at once with exit code 2: one sentence."""
    done = subprocess.run(
        [FLEETDX, "console", "--no-browser", *options],
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
        timeout=SECONDS_ON_A_BUSY_MACHINE,
        check=False,
    )
    assert done.returncode == 2, done
    assert done.stdout == ""
    *_, sentence = done.stderr.splitlines()
    assert "Traceback" not in done.stderr
    return sentence


@pytest.mark.needs_node
def test_it_serves_until_ctrl_c(tmp_path: Path) -> None:
    """On the embedded AWS scans may be started; Ctrl-C ends the server and the embedded AWS, with exit code 130."""
    with running("--emulator-directory", str(tmp_path / "emulator")) as (process, address):
        told = session_at(address)
        assert (told["place"], told["may_start"]) == ("embedded", True)
        assert (tmp_path / "emulator/endpoint.json").exists()
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=SECONDS_ON_A_BUSY_MACHINE)
    assert process.returncode == 130
    assert "Traceback" not in errors
    assert not (tmp_path / "emulator/endpoint.json").exists()


@pytest.mark.needs_node
def test_a_deployed_stack_is_shown_read_only(aws: Embedded) -> None:
    """With --aws the stack is found by CloudFormation with the caller's own keys; acting has to be allowed."""
    where = ("--aws", "--aws-region", aws.deployment.home_region)
    with running(*where, environment=stack(aws)) as (_, address):
        told = session_at(address)
        assert (told["place"], told["may_start"]) == ("aws", False)
        assert told["account"] == aws.cloud.organization.hub.id
        assert tuple(told["regions"]) == aws.deployment.regions
    with running(*where, "--allow-start", environment=stack(aws)) as (_, address):
        assert session_at(address)["may_start"] is True


@pytest.mark.needs_node
def test_a_stack_that_is_not_there_is_a_sentence(aws: Embedded) -> None:
    """The name and the region that were asked for are in it."""
    where = ("--aws", "--aws-region", aws.deployment.home_region, "--stack-name", "another")
    sentence = failed(*where, environment=stack(aws))
    assert (
        sentence == f"fleetdx: --stack-name: there is no stack another in {aws.deployment.home_region} of this account"
    )


@pytest.mark.needs_node
def test_a_port_in_use_is_a_sentence(tmp_path: Path) -> None:
    """Nothing is started for it."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        sentence = failed("--port", port, "--emulator-directory", str(tmp_path / "emulator"))
    assert sentence == f"fleetdx: --port: 127.0.0.1:{port} cannot be used: another process listens there"
    assert not (tmp_path / "emulator").exists()


def test_options_that_mean_nothing_are_refused() -> None:
    """A profile without --aws, a name where an address belongs, and an address that is every address."""
    assert "means every address" in failed("--host", "0.0.0.0")  # noqa: S104 - refused
    assert "add --aws" in failed("--aws-profile", "audit")
    assert "is no IP address" in failed("--host", "console.example")


def test_missing_packages_name_the_remedy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without console/node_modules the first file that is missing is named, and the command that installs it."""
    from console import serve  # noqa: PLC0415 - as the command does
    from fleetdx.cli.console_command import console  # noqa: PLC0415 - beside it
    from fleetdx.cli.problems import UsageProblem  # noqa: PLC0415 - beside it

    monkeypatch.setattr(serve, "HERE", tmp_path)
    with pytest.raises(UsageProblem, match=r"console/node_modules/\S+ is not installed; run `make console`"):
        console(no_browser=True, emulator_directory=tmp_path / "emulator")
    assert not (tmp_path / "emulator").exists()


def test_a_browser_is_opened_where_there_is_a_desktop() -> None:
    """In a terminal without one, a text browser would take the terminal for itself."""
    assert not has_desktop("linux", {"TERM": "xterm"})
    assert has_desktop("linux", {"DISPLAY": ":0"})
    assert has_desktop("linux", {"WAYLAND_DISPLAY": "wayland-0"})
    assert has_desktop("darwin", {})
