"""A prepared organization with an instance for every cause: swept, compared, mended, and told as a person reads it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from emulator.coverage.preparation import EXPECTED, EXPECTED_DISAGREEMENT
from emulator.faults.rules import Rule
from fleetdx import keys
from fleetdx.cli.coverage import CoverageOptions, CoveragePresentation, cover, request_of
from fleetdx.cli.event_files import apply_configuration
from fleetdx.coverage.models import CAUSES
from fleetdx.coverage.texts import all_texts
from tests.embedded import Embedded, embedded
from tests.leaks import leaks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STAGING, VIRGINIA = "555555555555", "us-east-1"
CANNOT_BE_PREPARED = {"unknown/rights_not_simulated", "unknown/facts_missing"}
"""Too many roles, and answers that AWS does not give: functions and judge are tested for them by themselves."""


class Swept:
    """A sweep that has ended: its exit code, its outputs and what was printed."""

    def __init__(self, code: int, directory: Path, printed: str) -> None:
        self.code = code
        self.directory = directory
        self.printed = printed
        self.summary: dict[str, Any] = json.loads((directory / "summary.json").read_text(encoding="utf-8"))
        found = (directory / "coverage.jsonl").read_bytes().splitlines()
        self.lines: dict[str, dict[str, Any]] = {
            line["instance"]: line for line in map(json.loads, found) if line["kind"] == "instance"
        }

    def causes(self) -> dict[str, str]:
        """Cause and reason of each instance."""
        return {name: f"{line['cause']}/{line['reason']}" for name, line in self.lines.items()}


class Sweeper:
    """Runs sweeps on one embedded organization, the first one once."""

    def __init__(self, aws: Embedded, output: Path) -> None:
        self.aws = aws
        self.output = output
        self._first: Swept | None = None

    def first(self, capsys: pytest.CaptureFixture[str]) -> Swept:
        """The sweep of the organization as it was prepared; every test leaves it so until one mends what it can."""
        self._first = self._first or self.sweep(capsys)
        return self._first

    def sweep(self, capsys: pytest.CaptureFixture[str], *, as_json: bool = False, **options: Any) -> Swept:
        fails = options.pop("fails_on_unmanaged", False)
        request = request_of(CoverageOptions(**options), self.aws.deployment.regions)
        capsys.readouterr()
        presentation = CoveragePresentation(self.output, as_json, "en", fails)
        code = cover(self.aws.deployment, request, presentation)
        return Swept(code, (self.output / "coverage" / "latest").resolve(), capsys.readouterr().out)

    def tags(self, key: str) -> dict[str, str]:
        """The value of a tag of every instance that has it."""
        found: dict[str, str] = {}
        for account in self.aws.cloud.organization.accounts:
            for region in self.aws.cloud.organization.regions if account.status == "ACTIVE" else ():
                ec2 = self.aws.cloud.operator_session(account.id, region).client("ec2")
                for page in ec2.get_paginator("describe_tags").paginate(Filters=[{"Name": "key", "Values": [key]}]):
                    found |= {tag["ResourceId"]: tag["Value"] for tag in page["Tags"]}
        return found


@pytest.fixture(scope="module")
def sweeper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sweeper]:
    with embedded(tmp_path_factory.mktemp("emulator"), every_cause=True) as aws:
        yield Sweeper(aws, tmp_path_factory.mktemp("out"))


def test_every_prepared_instance_gets_its_cause(sweeper: Sweeper, capsys: pytest.CaptureFixture[str]) -> None:
    """Cause and reason of each are those it was made for, and everything that can be prepared occurs."""
    swept = sweeper.first(capsys)
    expected = sweeper.tags(EXPECTED)
    causes = swept.causes()
    assert {name: causes[name] for name in expected} == expected
    texts = all_texts()["causes"]
    known = {f"{cause}/{reason}" for cause in CAUSES for reason in texts[cause]["reasons"]}
    assert set(causes.values()) == known - CANNOT_BE_PREPARED
    assert (swept.code, swept.summary["status"]) == (0, "complete")


def test_differences_from_security_hub_have_their_reason(sweeper: Sweeper, capsys: pytest.CaptureFixture[str]) -> None:
    """Where SSM.1 says something else, the likely reason is the one that was prepared."""
    swept = sweeper.first(capsys)
    expected = sweeper.tags(EXPECTED_DISAGREEMENT)
    told = {name: line["control"]["disagreement"] for name, line in swept.lines.items() if line["control"]}
    assert {name: told[name] for name in expected} == expected
    assert swept.summary["control"]["joined"] is True
    assert swept.summary["control"]["without_instance"] == 1


def test_columns_show_what_systems_manager_reports(sweeper: Sweeper, capsys: pytest.CaptureFixture[str]) -> None:
    """Sessions by the agent's version, patches as compliant or not, silent agents by image with their command."""
    swept = sweeper.first(capsys)
    managed = [line for line in swept.lines.values() if line["cause"] == "managed"]
    assert {line["session_manager"] for line in managed} == {"available", "agent_too_old"}
    assert {line["patch_compliance"] for line in managed} >= {"COMPLIANT", "NON_COMPLIANT"}
    images = swept.summary["silent_images"]
    assert [image["instances"] for image in images] == [2, 1, 1]
    assert all(image["install_command"] for image in images)


def test_a_sweep_in_which_nothing_changed_tells_nobody(sweeper: Sweeper, capsys: pytest.CaptureFixture[str]) -> None:
    """Its page and trend are there; Slack hears nothing."""
    sweeper.first(capsys)
    again = sweeper.sweep(capsys)
    changes = again.summary["changes"]
    counts = [changes[f"{kind}_count"] for kind in ("newly_unmanaged", "managed_again", "other_cause", "gone")]
    assert counts == [0, 0, 0, 0]
    notified = keys.coverage_notification(again.summary["sweep"])
    assert [stored.key for stored in sweeper.aws.deployment.data.keys(notified)] == []


def test_what_is_printed_names_causes_and_the_page(sweeper: Sweeper, capsys: pytest.CaptureFixture[str]) -> None:
    """A table for people, one JSON document for machines; exit code 3 where unmanaged instances are to fail."""
    table = sweeper.first(capsys)
    assert "(no_route)" in table.printed
    assert str(sweeper.output) in table.printed.replace("\n", "")
    document = sweeper.sweep(capsys, as_json=True, fails_on_unmanaged=True)
    assert json.loads(document.printed)["totals"] == document.summary["totals"]
    assert document.code == 3


def test_an_account_region_that_is_shut_makes_the_sweep_incomplete(
    sweeper: Sweeper, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 4; the place is told as lost, its instances neither as gone nor as new."""
    before = sweeper.first(capsys)
    sweeper.aws.cloud.faults.add(Rule("ec2:DescribeInstances", "denied", account=STAGING, region=VIRGINIA, times=None))
    try:
        shut = sweeper.sweep(capsys)
    finally:
        sweeper.aws.cloud.faults.clear()
    assert (shut.code, shut.summary["status"]) == (4, "incomplete")
    assert shut.summary["changes"]["places_lost"] == [f"{STAGING}/{VIRGINIA}"]
    assert shut.summary["changes"]["gone_count"] == 0
    missing = set(before.lines) - set(shut.lines)
    assert {before.lines[name]["account"] for name in missing} == {STAGING}
    assert sweeper.sweep(capsys).causes() == before.causes()


def test_mending_mends_what_can_be_mended(sweeper: Sweeper, capsys: pytest.CaptureFixture[str]) -> None:
    """A missing policy is attached and a missing profile given; the next sweep finds both managed again."""
    before = sweeper.first(capsys)
    mendable = {name for name, line in before.lines.items() if line["mendable"]}
    wanted = {"mode": "enforce", "default_instance_profile": "fleetdx-default-instance"}
    apply_configuration(sweeper.aws.deployment, json.dumps(wanted))
    mended = sweeper.sweep(capsys, mend=True, as_json=True)
    outcomes = {one["instance"]: (one["outcome"], one["reason"]) for one in json.loads(mended.printed)["mending"]}
    assert set(outcomes) == mendable
    by_reason = {
        before.lines[name]["reason"]: outcomes[name] for name in mendable if before.lines[name]["platform"] == "Linux"
    }
    assert by_reason == {
        "policies_missing": ("mended", "policy_attached"),
        "no_instance_profile": ("mended", "profile_associated"),
    }
    after = sweeper.sweep(capsys)
    again = {change["instance"] for change in after.summary["changes"]["managed_again"]}
    assert {name for name in mendable if outcomes[name][0] == "mended"} == again


def test_no_secret_is_left(sweeper: Sweeper) -> None:
    """Neither a key nor a token in any object of the sweeps, their outputs or the functions' log."""
    data = sweeper.aws.deployment.data
    places = {stored.key: data.get(stored.key) for stored in data.keys("coverage/")}
    places |= {str(path): path.read_bytes() for path in sweeper.output.rglob("*") if path.is_file()}
    places["functions.log"] = "\n".join(sweeper.aws.cloud.runtime.log.lines).encode()
    states = sweeper.aws.deployment.session.client("stepfunctions")
    machine = sweeper.aws.deployment.report_coverage
    for execution in states.list_executions(stateMachineArn=machine)["executions"]:
        history = sweeper.aws.history(execution["executionArn"])
        places[execution["name"]] = json.dumps(history, default=str).encode()
    secrets = {secret.encode() for secret in sweeper.aws.cloud.store.issued()}
    assert len(places) > 20
    assert leaks(places, secrets) == []
