"""What operators write is refused, with a pointer to its fault, before anything is deployed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.typed import typed

FLEETDX = Path(sys.executable).with_name("fleetdx")
ENTRY: dict[str, Any] = {
    "id": "legacy",
    "scope": {"account": "111122223333"},
    "owner": "owner@example.com",
    "approver": "approver@example.com",
    "reason": "vendor appliance",
    "approved_at": "2026-01-01T00:00:00Z",
    "expires_at": "2026-01-31T00:00:00Z",
}


def checked(directory: Path, **documents: Any) -> subprocess.CompletedProcess[str]:
    """Run the command on these documents, each as a file of its option's name."""
    arguments = []
    for name, document in documents.items():
        path = directory / f"{name}.json"
        path.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
        arguments += [f"--{name.replace('_', '-')}", path.name]
    return typed(directory, "check-configuration", *arguments)


def test_good_documents_are_told_in_a_sentence_each(tmp_path: Path) -> None:
    """What will hold when they are deployed."""
    done = checked(tmp_path, configuration={"mode": "enforce"}, exemptions={"schema": 1, "exemptions": [ENTRY]})
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == ("configuration.json: mode enforce\nexemptions.json: 1 exemptions, 1 of them expired\n")


def test_windows_are_told_with_their_next_openings(tmp_path: Path) -> None:
    """Who may be entered when, as a run would see it now."""
    days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    always = {"days": days, "from": "00:00", "to": "24:00", "time_zone": "Asia/Seoul"}
    windows = {"schema": 1, "quiet_hours": [], "windows": [{**always, "accounts": ["111122223333"]}]}
    done = checked(tmp_path, windows=windows)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "windows.json: 0 quiet hours, windows of 1 accounts\nother accounts: open now\n111122223333: open now\n"
    )
    done = checked(tmp_path, windows={**windows, "quiet_hours": [always]})
    assert done.stdout.endswith("other accounts: open not within 8 days\n111122223333: open not within 8 days\n")


def test_routes_are_told_with_what_they_hold(tmp_path: Path) -> None:
    """Each channel by the name of its parameter."""
    route = {"id": "payments", "webhook_parameter": "/fleetdx/slack/payments", "accounts": ["111122223333"]}
    done = checked(tmp_path, notification_routes={"schema": 1, "routes": [route]})
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "notification_routes.json: 1 routes\n"
        "payments: 1 accounts and 0 organizational units, by /fleetdx/slack/payments\n"
    )


def test_rules_are_told_with_what_they_allow(tmp_path: Path) -> None:
    """Whom, where, and how wide: what a refusal would say, before anybody is refused."""
    team = "arn:aws:sts::111122223333:assumed-role/fleetdx-operator/*"
    rule = {"id": "seoul", "requesters": [team], "scope": {"accounts": ["444455556666"]}, "regions": ["ap-northeast-2"]}
    wide = {"id": "ciso", "requesters": ["schedule"], "scope": {"organization": True}, "may_mend": True}
    few = {"id": "few", "requesters": [team], "scope": {"organization": True}, "maximum_instances": 5, "may_stop": True}
    done = checked(tmp_path, operators={"schema": 1, "operators": [rule, wide, few]})
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "operators.json: 3 rules\n"
        f"seoul: {team}: scans and sweeps in 444455556666, in ap-northeast-2\n"
        "ciso: schedule: scans and sweeps in the whole organization, with mending\n"
        f"few: {team}: scans of instances named one by one in the whole organization, at most 5 at a time, "
        "and stops of runs of others\n"
    )


@pytest.mark.parametrize(
    ("documents", "told"),
    [
        (
            {"operators": {"schema": 1, "operators": [{"id": "x", "requesters": ["*"], "scope": {}}]}},
            "--operators: operators.json: /operators/0/requesters/0: ",
        ),
        ({"configuration": {"mode": "on"}}, "--configuration: configuration.json: /mode: "),
        ({"configuration": "{"}, "--configuration: configuration.json: /: it is not JSON"),
        (
            {"exemptions": {"schema": 1, "exemptions": [{**ENTRY, "scope": {}}]}},
            "--exemptions: exemptions.json: /exemptions/0/scope: is empty",
        ),
        (
            {"exemptions": {"schema": 1, "exemptions": [{**ENTRY, "approver": "owner@example.com"}]}},
            "--exemptions: exemptions.json: /exemptions/0: exemption legacy was approved by its own owner",
        ),
        (
            {
                "configuration": {"mode": "enforce", "exemptions": {"maximum_days": 7}},
                "exemptions": {"schema": 1, "exemptions": [ENTRY]},
            },
            "--exemptions: exemptions.json: /exemptions/0: exemption legacy runs longer than 7 days",
        ),
        (
            {"windows": {"schema": 1, "quiet_hours": [], "windows": [{}]}},
            "--windows: windows.json: /windows/0/accounts: is required",
        ),
        (
            {"notification_routes": {"schema": 1, "routes": [{"id": "payments"}]}},
            "--notification-routes: notification_routes.json: /routes/0",
        ),
        ({}, "--configuration: give a file to check"),
    ],
)
def test_a_fault_is_named_by_its_pointer(tmp_path: Path, documents: dict[str, Any], told: str) -> None:
    """Usage, exit code 2, one sentence."""
    done = checked(tmp_path, **documents)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"fleetdx: {told}")
    assert len(done.stderr.splitlines()) == 1


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    """No traceback; here of the installed program itself."""
    command = [FLEETDX, "check-configuration", "--exemptions", "none.json"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, done.stderr) == (
        2,
        "fleetdx: --exemptions: none.json cannot be read: No such file or directory\n",
    )
