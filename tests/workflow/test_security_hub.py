"""Findings of real scans in the Security Hub of their own account and region, as the functions' own rights allow it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from emulator.faults.rules import Rule
from fleetdx import keys
from tests.embedded import Embedded, embedded
from tests.fakes.registers import register_of
from tests.workflow.scenarios import CLIENTS_GIVE_UP, SEOUL, TRADING, VIRGINIA, role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.embedded import Ended

HERE, THERE = "market-data-relay-1", "matching-engine-1"
"""One of Virginia, where Security Hub is enabled, and one of Seoul, where it is not."""
LOGIN, OWNERS = "U-01/root_ssh_login_denied", "U-06"
CHECKS = ["U-01", "U-06"]


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    """An organization whose central stack imports findings, with Security Hub in one region of one account."""
    with embedded(tmp_path_factory.mktemp("emulator")) as started:
        # What the parameter SecurityHubFindings of central.yaml does.
        started.set_variables("fleetdx-validate-request", SECURITY_HUB_FINDINGS="on")
        hub_of(started, VIRGINIA).enable_security_hub(EnableDefaultStandards=False)
        yield started


def hub_of(aws: Embedded, region: str) -> Any:
    return aws.cloud.operator_session(TRADING, region).client("securityhub")


def findings(aws: Embedded, region: str = VIRGINIA) -> dict[str, Any]:
    """What Security Hub has, by item and check."""
    found = hub_of(aws, region).get_findings(MaxResults=100)["Findings"]
    assert {(one["AwsAccountId"], one["ProductArn"].split(":")[3]) for one in found} <= {(TRADING, region)}
    by_name = {"/".join(one["Id"].split("/")[3:]): one for one in found}
    assert len(by_name) == len(found)
    return by_name


def counts(ended: Ended) -> tuple[int, int, int, int]:
    told = ended.summary["security_hub"]
    return told["new"], told["updated"], told["resolved"], told["failed"]


def allow_root(aws: Embedded, name: str, login: bytes) -> None:
    """Let root log in on a host, or not; sshd goes by the first word."""
    _, instance = aws.instance_named(name)
    configuration = aws.cloud.fleet.directory / instance / "root" / "etc" / "ssh" / "sshd_config"
    configuration.write_bytes(b"PermitRootLogin " + login + b"\n" + configuration.read_bytes())


@pytest.fixture(scope="module")
def scans(aws: Embedded) -> list[tuple[Ended, dict[str, Any]]]:
    """Four scans with what Security Hub had after each.

    After the first one finding is mended and another waived; nothing happens before the third; before the fourth a
    finding comes back, and Security Hub is enabled in the other region.
    """
    (here, _), (there, _) = aws.instance_named(HERE), aws.instance_named(THERE)
    allow_root(aws, THERE, b"yes")
    after: list[tuple[Ended, dict[str, Any]]] = []

    def scan(login: bytes, *names: str) -> None:
        allow_root(aws, HERE, login)
        after.append((aws.scan({"instances": [here, *names]}, checks=CHECKS), findings(aws)))

    scan(b"yes", there)
    aws.deployment.data.put(keys.EXEMPTIONS, register_of("accepted", {"account": TRADING}, OWNERS))
    scan(b"no")
    scan(b"no")
    hub_of(aws, SEOUL).enable_security_hub(EnableDefaultStandards=False)
    scan(b"yes", there)
    return after


def test_failures_are_imported_where_they_belong(scans: list[Any]) -> None:
    """Each failure of the first scan is one active finding of that account and region, by the role of that duty."""
    ended, found = scans[0]
    assert ended.output["imported"]["is_complete"] is False
    assert (found[LOGIN]["Compliance"]["Status"], found[LOGIN]["RecordState"]) == ("FAILED", "ACTIVE")
    assert found[LOGIN]["Severity"]["Label"] == "HIGH"
    assert ended.summary["security_hub"]["new"] == len(found) > 1


def test_where_security_hub_is_off_the_summary_says_so_and_the_run_is_complete(scans: list[Any]) -> None:
    """One account-region without Security Hub costs the others nothing."""
    ended, _ = scans[0]
    assert (ended.status, ended.summary["status"]) == ("SUCCEEDED", "complete")
    (problem,) = ended.summary["security_hub"]["problems"]
    assert (problem["account"], problem["region"]) == (TRADING, SEOUL)
    assert problem["why"] == "Security Hub is not enabled here"
    assert problem["failed"] > 0


def test_one_change_is_one_update_and_one_end(scans: list[Any]) -> None:
    """After one finding was mended and one waived, exactly these two are told, and neither is there twice."""
    (_, before), (ended, after) = scans[0], scans[1]
    assert counts(ended) == (0, 1, 1, 0)
    assert before.keys() == after.keys()
    changed = {name for name in after if after[name]["UpdatedAt"] != before[name]["UpdatedAt"]}
    (waived,) = (name for name in after if name.startswith(f"{OWNERS}/"))
    assert changed == {LOGIN, waived}
    assert (after[LOGIN]["RecordState"], after[LOGIN]["Compliance"]["Status"]) == ("ARCHIVED", "PASSED")
    assert (after[LOGIN]["Id"], after[LOGIN]["CreatedAt"]) == (before[LOGIN]["Id"], before[LOGIN]["CreatedAt"])
    assert after[waived]["RecordState"] == "ACTIVE"
    assert after[waived]["ProductFields"]["fleetdx/waiver"].startswith("accepted until")


def test_without_a_change_nothing_is_told(scans: list[Any]) -> None:
    """Nobody is entered, and the findings are as they were."""
    (_, before), (ended, after) = scans[1], scans[2]
    assert counts(ended) == (0, 0, 0, 0)
    assert ended.summary["security_hub"]["account_regions"] == 0
    assert ended.output["imported"]["is_complete"] is True
    assert before == after


def test_what_failed_to_be_imported_is_told_by_the_next_run(aws: Embedded, scans: list[Any]) -> None:
    """Where Security Hub is enabled later, what was not accepted is new there; what came back is active again."""
    (first, _), (ended, after) = scans[0], scans[3]
    (problem,) = first.summary["security_hub"]["problems"]
    in_seoul = findings(aws, SEOUL)
    assert len(in_seoul) == problem["failed"]
    assert counts(ended) == (1 + len(in_seoul), 0, 0, 0)
    assert (after[LOGIN]["RecordState"], after[LOGIN]["Compliance"]["Status"]) == ("ACTIVE", "FAILED")
    assert ended.summary["security_hub"]["problems"] == []


def test_a_throttle_that_lasts_is_told_and_made_up_for(aws: Embedded, scans: list[Any]) -> None:
    """Beyond the tries of client and state the run ends complete without its findings; the next run has them."""
    assert scans
    here, _ = aws.instance_named(HERE)
    allow_root(aws, HERE, b"no")
    aws.cloud.faults.add(Rule("securityhub:BatchImportFindings", "throttled", times=None))
    try:
        throttled = aws.scan({"instances": [here]}, checks=CHECKS)
    finally:
        aws.cloud.faults.clear()
    assert (throttled.status, throttled.summary["status"]) == ("SUCCEEDED", "complete")
    assert counts(throttled) == (0, 0, 0, 1)
    (problem,) = throttled.summary["security_hub"]["problems"]
    assert problem["why"].startswith("ServiceThrottled: BatchImportFindings")
    assert findings(aws)[LOGIN]["RecordState"] == "ACTIVE"
    caught_up = aws.scan({"instances": [here]}, checks=CHECKS)
    assert counts(caught_up) == (0, 0, 1, 0)
    assert findings(aws)[LOGIN]["RecordState"] == "ARCHIVED"


def test_a_short_throttle_is_overcome(aws: Embedded, scans: list[Any]) -> None:
    """The state's Retry calls the function again after its client has given up."""
    assert scans
    here, _ = aws.instance_named(HERE)
    allow_root(aws, HERE, b"yes")
    rule = Rule(
        "securityhub:BatchImportFindings", "throttled", caller="*/fleetdx-member-import/*", times=CLIENTS_GIVE_UP
    )
    aws.cloud.faults.add(rule)
    try:
        ended = aws.scan({"instances": [here]}, checks=CHECKS)
        assert all(count for _, count in aws.cloud.faults.struck())
    finally:
        aws.cloud.faults.clear()
    assert counts(ended) == (1, 0, 0, 0)


def test_a_role_may_import_nothing_but_our_own_product(aws: Embedded) -> None:
    """The member role is for one call and one product, and only ImportFindings is let into it."""
    iam = aws.cloud.operator_session(TRADING, SEOUL).client("iam")
    document = iam.get_role_policy(RoleName="fleetdx-member-import", PolicyName="import")["PolicyDocument"]
    (statement,) = document["Statement"]
    assert statement["Action"] == "securityhub:BatchImportFindings"
    assert statement["Resource"] == f"arn:aws:securityhub:*:{TRADING}:product/{TRADING}/default"
    assert role("ImportFindings") == "*/fleetdx-import-findings/*"
