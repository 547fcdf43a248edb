"""`fleetdx scan` as a person types it: a real process, its output, its exit code, and what it leaves."""

from __future__ import annotations

import gc
import json
import os
import signal
import subprocess
import sys
import time
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from emulator.garbage import THRESHOLDS
from fleetdx.cli.presentation import Presentation
from fleetdx.cli.scan import scan
from fleetdx.requests import complete_request
from tests.embedded import Embedded, embedded, wait_until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FLEETDX = Path(sys.executable).with_name("fleetdx")
SECONDS_ON_A_BUSY_MACHINE = 180
RUN = "20261123T021500Z-3fa9c1"
BUNDLE = "fleetdx/bundle"
"""The scanner, as a host names it when it runs it."""
RELAY = "333333333333/us-east-1"


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


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    made = Place(tmp_path)
    yield made
    made.clear()


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    with embedded(tmp_path_factory.mktemp("emulator")) as started:
        yield started


REFUSED = {
    "wrong type": (b'{"scope": {"accounts": "333333333333"}}', "/scope/accounts"),
    "unknown field": (b'{"scope": {"organization": true}, "colour": 1}', "/colour"),
    "unknown region": (b'{"scope": {"organization": true}, "regions": ["mars-north-1"]}', "/regions/0"),
    "empty scope": (b'{"scope": {}}', "/scope"),
    "two scopes": (b'{"scope": {"organization": true, "accounts": ["333333333333"]}}', "/scope"),
    "no JSON": (b"scope: all", "(as a whole)"),
    "300 KB": (b'{"scope": {"accounts": ["' + b"1" * 300_000 + b'"]}}', "(as a whole)"),
    "too long": (
        b'{"scope": {"organization": true}, "execution_timeout_seconds": 3000, "delivery_timeout_seconds": 600}',
        "/execution_timeout_seconds",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_malformed_request_exits_2_and_starts_nothing(place: Place, name: str) -> None:
    """The sentence on standard error points at the fault, and no embedded AWS was started for it."""
    document, pointer = REFUSED[name]
    done = place.run("scan", "--request", "-", given=document)
    assert done.returncode == 2
    assert f"request {pointer}: " in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""
    assert not (place.directory / "emulator").exists()
    assert not (place.directory / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--account", "12"), "request /scope/accounts/0: '12' is malformed"),
        (("--account", "333333333333", "--organizational-unit", "ou-ab12-cd34ef56"), "give one of them"),
        (("--region", "kr-seoul-1"), "request /regions/0: "),
        (("--mend", "--configuration", "absent.json"), "absent.json"),
    ],
)
def test_a_sweep_that_cannot_be_meant_exits_2_and_starts_nothing(
    place: Place, arguments: tuple[str, ...], told: str
) -> None:
    """One sentence names the option or the pointer; no embedded AWS was started for it."""
    done = place.run("coverage", *arguments)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    assert told in done.stderr
    assert not (place.directory / "emulator").exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--instance", "i-0123456789abcdef0"), "--instance: no ledger in out/ names"),
        (("--instance", "x"), "request /scope/instances/0: "),
        (("--account", "333333333333", "--organizational-unit", "r-abcd"), "give one of them"),
        (("--tag", "Environment"), "--tag: 'Environment' is not KEY=VALUE"),
        (("--canary", "333333333333"), "request /canary/targets/0: '333333333333' is malformed"),
        (("--canary-instances", "3"), "--canary-instances: says how many go first, but not where; add --canary"),
        (("--canary", "333333333333/us-east-1", "--canary-instances", "51"), "request /canary/instances: "),
        (("--request", "absent.json"), "--request: absent.json cannot be read"),
        (("--request", "-", "--profile", "quick"), "leave out --profile"),
        (("--root", "absent"), "--root: "),
        (("--faults", "absent.json"), "--faults: absent.json: /: cannot be read"),
        (("--resume", "yesterday"), "--resume: 'yesterday' is no run"),
        (("--stop", "yesterday"), "--stop: 'yesterday' is no run"),
        (("--stop", RUN, "--resume", RUN), "give one of them"),
        (("--resume", RUN, "--account", "333333333333", "--force"), "leave out --account, --force"),
        (("--resume", RUN, "--canary", "333333333333/us-east-1"), "leave out --canary"),
        (("--resume", RUN, "--ignore-windows"), "leave out --ignore-windows"),
        (("--resume", RUN), f"run {RUN} has left no request here; start a new run"),
        (("--stop", RUN), f"there is no run {RUN}"),
        (("--fail-on", "severe"), "severe"),
        (("--colour",), "--colour"),
    ],
)
def test_wrong_options_exit_2_with_a_remedy(place: Place, arguments: tuple[str, ...], told: str) -> None:
    """An option that cannot be used is named, with what to write instead."""
    done = place.run("scan", *arguments)
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_help_teaches(place: Place) -> None:
    """`fleetdx scan --help` names scope, limits, outputs and exit codes."""
    done = place.run("scan", "--help")
    assert done.returncode == 0
    for word in ("--instance", "--dry-run", "--canary", "--ignore-windows", "--export", "Exit codes", "incomplete"):
        assert word in done.stdout


def test_a_scan_of_one_instance_leaves_its_outputs(place: Place) -> None:
    """One instance, then the same by its bare id through the last ledger; JSON on standard output, nothing else."""
    done = place.run("scan", "--account", "333333333333", "--region", "us-east-1", "--check", "U-01", "--json")
    assert done.returncode == 0, done.stderr
    summary = json.loads(done.stdout)
    latest = place.directory / "out" / "latest"
    assert latest.resolve().name == summary["run"]
    assert {path.name for path in latest.iterdir()} == {
        "summary.json",
        "ledger.jsonl",
        "results.jsonl",
        "changes.jsonl",
        "report.html",
        "hosts",
        "catalog.json",
        "report.xlsx",
        "results.csv",
        "ledger.csv",
        "findings.ocsf.jsonl",
        "metrics.json",
        "executions",
    }
    lines = [json.loads(line) for line in (latest / "ledger.jsonl").read_text().splitlines()]
    instance = next(line["instance"] for line in lines if line["instance"])
    again = place.run("scan", "--instance", instance, "--check", "U-01", "--export", "xlsx")
    assert again.returncode == 0, again.stderr
    assert "Complete" in again.stdout
    assert "report.xlsx: out/" in again.stdout
    assert {path.name for path in latest.iterdir() if path.suffix in {".xlsx", ".csv"}} == {"report.xlsx"}
    assert "\x1b[" not in again.stdout + again.stderr
    assert list((place.directory / "emulator" / "s3").rglob("*"))
    assert (place.directory / "emulator").stat().st_mode & 0o077 == 0


def test_a_dry_run_prints_the_plan(place: Place) -> None:
    """`--dry-run` says how many instances and commands, and leaves no report."""
    done = place.run("scan", "--account", "333333333333", "--dry-run")
    assert done.returncode == 0, done.stderr
    assert "5 instances would be scanned with 2 commands" in done.stdout
    assert not (place.directory / "out" / "latest").exists()


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


def test_a_second_fleetdx_reaches_the_first(place: Place) -> None:
    """While one runs the embedded AWS, another scans through it instead of starting its own."""
    first = place.start("scan", "--account", "444444444444")
    place.endpoint()
    second = place.run("scan", "--account", "333333333333", "--region", "us-east-1", "--check", "U-01", "--json")
    assert second.returncode == 0, second.stderr
    assert json.loads(second.stdout)["status"] == "complete"
    first.communicate(timeout=180)
    assert first.returncode == 0


@pytest.mark.usefixtures("aws")
def test_an_embedded_aws_looks_for_garbage_seldom() -> None:
    """Otherwise a process that holds ten thousand instances spends more and more of its time on it."""
    assert gc.get_threshold() == THRESHOLDS


def test_a_gap_exits_4_and_is_named(aws: Embedded, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With one member's role gone the run says incomplete, names the account and exits 4."""
    iam = aws.cloud.operator_session("444444444444", "us-east-1").client("iam")
    iam.delete_role_policy(RoleName="fleetdx-member-read", PolicyName="read")
    iam.delete_role(RoleName="fleetdx-member-read")
    request = complete_request({"scope": {"accounts": ["444444444444"]}, "regions": ["us-east-1"]})
    assert scan(aws.deployment, request, Presentation(tmp_path)) == 4
    told = capsys.readouterr().out
    assert "Incomplete" in told
    assert "444444444444" in told
    assert "wallet-production" in told


@pytest.mark.parametrize(("fail_on", "code"), [("high", 3), (None, 0)])
def test_findings_exit_3_only_when_asked(aws: Embedded, tmp_path: Path, fail_on: str | None, code: int) -> None:
    """--fail-on turns findings of that severity or a higher one into exit code 3."""
    name, _ = aws.instance_named("old-jump-host")
    request = complete_request({"scope": {"instances": [name]}, "checks": ["U-01"]})
    assert scan(aws.deployment, request, Presentation(tmp_path, fail_on=fail_on)) == code  # type: ignore[arg-type]


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
