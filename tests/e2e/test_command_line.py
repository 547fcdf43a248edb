"""`fleetdx scan` as a person types it: its output, its exit code, and what it leaves.

What starts an embedded AWS or reaches another's is a real process; what only answers is typed in this one.
"""

from __future__ import annotations

import gc
import json
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock

from emulator.garbage import THRESHOLDS
from fleetdx import keys
from fleetdx.cli import deployments
from fleetdx.cli.presentation import Presentation
from fleetdx.cli.scan import scan
from fleetdx.requests import complete_request
from tests.embedded import Embedded, embedded

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.place import Place

RUN = "20261123T021500Z-3fa9c1"


@pytest.fixture(scope="module")
def offered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Embedded, Path]]:
    """An embedded AWS of this process, and the directory by which any `fleetdx` reaches it."""
    directory = tmp_path_factory.mktemp("emulator")
    with embedded(directory) as started, FileLock(directory / "lock", mode=0o600):
        deployments._tell_others(directory, started.cloud, started.deployment)
        yield started, directory


@pytest.fixture(scope="module")
def aws(offered: tuple[Embedded, Path]) -> Embedded:
    return offered[0]


@pytest.fixture
def guest(place: Place, offered: tuple[Embedded, Path]) -> Place:
    """A place where commands reach an embedded AWS that runs already."""
    place.environment["FLEETDX_EMULATOR_DIRECTORY"] = str(offered[1])
    return place


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
    done = place.type("scan", "--request", "-", given=document)
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
    done = place.type("coverage", *arguments)
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
        (("--fail-on", "severe"), "severe"),
        (("--colour",), "--colour"),
    ],
)
def test_wrong_options_exit_2_with_a_remedy(place: Place, arguments: tuple[str, ...], told: str) -> None:
    """An option that cannot be used is named, with what to write instead."""
    done = place.type("scan", *arguments)
    assert done.returncode == 2
    assert told in done.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--resume", RUN), f"run {RUN} has left no request here; start a new run"),
        (("--stop", RUN), f"there is no run {RUN}"),
    ],
)
def test_a_run_that_is_not_there_exits_2(guest: Place, arguments: tuple[str, ...], told: str) -> None:
    """It can neither be resumed nor stopped; the embedded AWS is asked for it."""
    done = guest.type("scan", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr


def test_the_program_refuses_as_its_command_line_does(place: Place) -> None:
    """A process of the installed program: the same exit code and sentence, no traceback, and nothing started."""
    document, pointer = REFUSED["wrong type"]
    done = place.run("scan", "--request", "-", given=document)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    assert f"request {pointer}: " in done.stderr
    assert not (place.directory / "emulator").exists()


def test_help_teaches(place: Place) -> None:
    """`fleetdx scan --help` names scope, limits, outputs and exit codes."""
    done = place.run("scan", "--help")
    assert done.returncode == 0
    for word in ("--instance", "--dry-run", "--canary", "--ignore-windows", "--export", "Exit codes", "incomplete"):
        assert word in done.stdout


def test_a_scan_leaves_its_outputs(place: Place, offered: tuple[Embedded, Path]) -> None:
    """One place, then one of its instances by its bare id through the last ledger; JSON on standard output alone."""
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
    assert list((place.directory / "emulator" / "s3").rglob("*"))
    assert (place.directory / "emulator").stat().st_mode & 0o077 == 0
    # Instances have the same ids in every embedded AWS.
    place.environment["FLEETDX_EMULATOR_DIRECTORY"] = str(offered[1])
    again = place.run("scan", "--instance", instance, "--check", "U-01", "--export", "xlsx")
    assert again.returncode == 0, again.stderr
    assert "Complete" in again.stdout
    assert "report.xlsx: out/" in again.stdout
    assert {path.name for path in latest.iterdir() if path.suffix in {".xlsx", ".csv"}} == {"report.xlsx"}
    assert "\x1b[" not in again.stdout + again.stderr


def test_a_dry_run_prints_the_plan(guest: Place) -> None:
    """`--dry-run` says how many instances and commands, and leaves no report."""
    done = guest.type("scan", "--account", "333333333333", "--dry-run")
    assert done.returncode == 0, done.stderr
    assert "5 instances would be scanned with 2 commands" in done.stdout
    assert not (guest.directory / "out" / "latest").exists()


def test_a_second_fleetdx_reaches_the_first(aws: Embedded, guest: Place) -> None:
    """While one process runs the embedded AWS, another scans through it instead of starting its own."""
    second = guest.run("scan", "--account", "333333333333", "--region", "us-east-1", "--check", "U-01", "--json")
    assert second.returncode == 0, second.stderr
    summary = json.loads(second.stdout)
    assert summary["status"] == "complete"
    assert aws.deployment.data.get_json(keys.out(summary["run"], "summary.json")) == summary
    assert not (guest.directory / "emulator").exists()


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
