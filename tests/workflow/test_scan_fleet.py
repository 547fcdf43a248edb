"""The state machines as a whole, on the embedded AWS: what a fault comes to, asserted in ledger and history."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from emulator.faults.rules import Rule
from tests.embedded import Embedded, embedded
from tools.sources import machines

if TYPE_CHECKING:
    from collections.abc import Iterator

TRADING = "333333333333"
WALLET = "444444444444"
SEOUL, VIRGINIA = "ap-northeast-2", "us-east-1"
MEMBER_ROLE = "fleetdx-member-read"
SENDS_IN_ONE_ATTEMPT = 1 + machines()["scan_batch"]["States"]["SendCommand"]["Retry"][1]["MaxAttempts"]
"""SendCommand's client repeats nothing by itself: a command must not go out twice."""


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    with embedded(tmp_path_factory.mktemp("emulator")) as started:
        yield started


@pytest.mark.reaches("verified")
def test_a_single_instance_is_scanned_and_nothing_else_is_touched(aws: Embedded) -> None:
    """A request for one instance enters its account-region alone and gives that instance a verified result."""
    name, instance = aws.instance_named("market-data-relay-1")
    ended = aws.scan({"instances": [name]}, checks=["U-01"])
    assert ended.summary["status"] == "complete"
    assert [line["instance"] for line in ended.ledger if line["kind"] == "instance"] == [instance]
    assert ended.line_of(instance)["reason"] == "verified"
    child = aws.child(ended.run, TRADING, VIRGINIA)
    assert aws.states(child["executionArn"])[-2:] == ["ScanBatches", "SummarizeTarget"]
    assert aws.states(aws.batch(ended.run, TRADING, VIRGINIA)["executionArn"])[-1] == "BatchEnded"


def test_a_dry_run_sends_no_command(aws: Embedded) -> None:
    """A dry run lists what would be scanned and goes from discovery straight to the summary."""
    before = aws.cloud.meter.snapshot()["control_plane"].get("ssm:SendCommand", {}).get("calls", 0)
    ended = aws.scan({"accounts": [TRADING]}, dry_run=True)
    plan = aws.deployment.data.get_json(f"runs/{ended.run.id}/plan.json")
    assert (ended.status, plan["instances_to_scan"], plan["commands"]) == ("SUCCEEDED", 5, 2)
    after = aws.cloud.meter.snapshot()["control_plane"].get("ssm:SendCommand", {}).get("calls", 0)
    assert after == before
    child = aws.child(ended.run, TRADING, SEOUL)
    assert aws.states(child["executionArn"]) == [
        "AssumeRole",
        "DiscoverInstances",
        "AnythingToScan?",
        "SummarizeTarget",
    ]


def test_a_bad_request_ends_before_anything_is_listed(aws: Embedded) -> None:
    """A request started from a console is refused by the first state, with the pointer of the fault as cause."""
    client = aws.deployment.session.client("stepfunctions")
    arn = client.start_execution(stateMachineArn=aws.deployment.scan_fleet, input='{"scope": {"accounts": ["12"]}}')[
        "executionArn"
    ]
    while (state := client.describe_execution(executionArn=arn))["status"] == "RUNNING":
        pass
    assert (state["status"], state["error"]) == ("FAILED", "InvalidRequest")
    assert "/scope/accounts/0" in state["cause"]
    assert aws.states(arn) == ["ValidateRequest", "RequestRefused"]


@pytest.mark.reaches("role_not_assumable")
def test_a_role_that_cannot_be_assumed_is_a_named_gap(aws: Embedded) -> None:
    """Without its role a member is a gap that the run names; the other accounts are scanned all the same."""
    iam = aws.cloud.operator_session(WALLET, SEOUL).client("iam")
    trust = iam.get_role(RoleName=MEMBER_ROLE)["Role"]["AssumeRolePolicyDocument"]
    stranger = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:root"}, "Action": "sts:AssumeRole"}
    nobody_here = {"Version": "2012-10-17", "Statement": [stranger]}
    iam.update_assume_role_policy(RoleName=MEMBER_ROLE, PolicyDocument=json.dumps(nobody_here))
    try:
        ended = aws.scan({"accounts": [WALLET, TRADING]}, regions=[VIRGINIA], checks=["U-01"])
    finally:
        iam.update_assume_role_policy(RoleName=MEMBER_ROLE, PolicyDocument=json.dumps(trust))
    assert ended.summary["status"] == "incomplete"
    gap = next(gap for gap in ended.summary["gaps"])
    assert (gap["account"], gap["instance"], gap["reason"]) == (WALLET, None, "role_not_assumable")
    assert MEMBER_ROLE in gap["detail"]
    child = aws.child(ended.run, WALLET, VIRGINIA)
    assert aws.states(child["executionArn"]) == ["AssumeRole", "SummarizeTarget"]
    assert ended.summary["totals"]["states"]["scanned"] == 2


@pytest.mark.reaches("bundle_hash_mismatch")
def test_a_changed_bundle_runs_on_no_host(aws: Embedded) -> None:
    """A bundle that was changed in the bucket fails its hash on the host, and the ledger says so."""
    name, instance = aws.instance_named("market-data-relay-1")
    data = aws.deployment.data
    digest = data.get_json("config/current.json")["bundle"]
    script = data.get(f"scripts/{digest}")
    data.put(f"scripts/{digest}", script + b"\ntouch /tmp/changed\n")
    try:
        ended = aws.scan({"instances": [name]}, checks=["U-01"])
    finally:
        data.put(f"scripts/{digest}", script)
    assert ended.line_of(instance)["state"] == "scan_failed"
    assert ended.line_of(instance)["reason"] == "bundle_hash_mismatch"
    assert ended.summary["status"] == "incomplete"


@pytest.mark.reaches("delivery_timed_out")
def test_an_agent_that_never_answers_is_tried_again_and_told(aws: Embedded) -> None:
    """A host that takes no command in time is tried as often as the request says, then it is told with the reason."""
    name, instance = aws.instance_named("market-data-relay-1")
    aws.cloud.fleet.change(instance, agent_state="silent")
    try:
        limits = {"delivery_timeout_seconds": 30, "max_attempts": 2}
        ended = aws.scan({"instances": [name]}, checks=["U-01"], **limits)
    finally:
        aws.cloud.fleet.change(instance, agent_state="online")
    assert (ended.line_of(instance)["state"], ended.line_of(instance)["reason"]) == (
        "scan_failed",
        "delivery_timed_out",
    )
    states = aws.states(aws.batch(ended.run, TRADING, VIRGINIA)["executionArn"])
    assert (states.count("SendCommand"), states.count("WaitForTurn")) == (2, 2)


def test_a_batch_that_aws_would_not_take_is_sent_later(aws: Embedded) -> None:
    """A throttle that outlasts every Retry ends an attempt, not the batch; the next one owes it nothing."""
    name, instance = aws.instance_named("market-data-relay-1")
    aws.cloud.faults.add(Rule("ssm:SendCommand", "throttled", times=SENDS_IN_ONE_ATTEMPT))
    try:
        ended = aws.scan({"instances": [name]}, checks=["U-01"])
    finally:
        aws.cloud.faults.clear()
    assert ended.line_of(instance)["reason"] == "verified"
    states = aws.states(aws.batch(ended.run, TRADING, VIRGINIA)["executionArn"])
    assert (states.count("SendCommand"), states.count("UploadResults")) == (2, 2)


@pytest.mark.reaches("agent_not_reporting")
def test_an_agent_that_lost_its_connection_is_not_managed(aws: Embedded) -> None:
    """A running instance whose agent SSM has lost is a gap without any command being sent to it."""
    name, instance = aws.instance_named("market-data-relay-1")
    aws.cloud.fleet.change(instance, agent_state="connection_lost")
    try:
        ended = aws.scan({"instances": [name]})
    finally:
        aws.cloud.fleet.change(instance, agent_state="online")
    line = ended.line_of(instance)
    assert (line["state"], line["reason"]) == ("not_managed", "agent_not_reporting")
    assert ended.summary["status"] == "incomplete"


@pytest.mark.reaches("document_missing")
def test_a_missing_document_fails_its_batch_and_no_other(aws: Embedded) -> None:
    """Where the region lacks the document, its instances are told with that reason and no second attempt."""
    ssm = aws.cloud.operator_session(TRADING, VIRGINIA).client("ssm")
    content = ssm.get_document(Name="fleetdx-scan")["Content"]
    ssm.delete_document(Name="fleetdx-scan")
    try:
        ended = aws.scan({"accounts": [TRADING]}, regions=[VIRGINIA])
    finally:
        ssm.create_document(Name="fleetdx-scan", DocumentType="Command", DocumentFormat="JSON", Content=content)
    lines = [line for line in ended.ledger if line["kind"] == "instance"]
    assert {(line["state"], line["reason"]) for line in lines} == {("scan_failed", "document_missing")}
    assert len(lines) == 2


@pytest.mark.reaches("document_changed")
def test_a_document_that_was_changed_in_a_member_account_runs_nowhere(aws: Embedded) -> None:
    """Who changes the document of an account and region runs nothing through us; all others of the run are scanned."""
    ssm = aws.cloud.operator_session(TRADING, VIRGINIA).client("ssm")
    content = json.loads(ssm.get_document(Name="fleetdx-scan")["Content"])
    content["mainSteps"][2]["inputs"]["runCommand"].insert(0, "touch fleetdx-was-here")
    changed = ssm.update_document(Name="fleetdx-scan", Content=json.dumps(content), DocumentVersion="$LATEST")
    version = changed["DocumentDescription"]["DocumentVersion"]
    ssm.update_document_default_version(Name="fleetdx-scan", DocumentVersion=version)
    sent_before = ssm.list_commands()["Commands"]
    try:
        ended = aws.scan({"accounts": [TRADING, WALLET]}, checks=["U-01"])
    finally:
        ssm.update_document_default_version(Name="fleetdx-scan", DocumentVersion="1")
    sent_to = [line for line in ended.ledger if line["kind"] == "instance" and line["state"].startswith("scan")]
    told = {(line["account"], line["region"]): (line["state"], line["reason"]) for line in sent_to}
    changed_there = told.pop((TRADING, VIRGINIA))
    assert changed_there == ("scan_failed", "document_changed")
    assert {account for account, _ in told} == {TRADING, WALLET}
    assert set(told.values()) == {("scanned", "verified")}
    assert ended.summary["status"] == "incomplete"
    assert ssm.list_commands()["Commands"] == sent_before


def test_every_account_and_region_has_the_document_that_is_pinned(aws: Embedded) -> None:
    """What AWS calls the hash of each document is what was computed from the release before anything was deployed."""
    lambdas = aws.deployment.session.client("lambda")
    settings = lambdas.get_function_configuration(FunctionName="fleetdx-send-command")["Environment"]["Variables"]
    organization = aws.cloud.organization
    found = {
        aws.cloud.operator_session(account.id, region)
        .client("ssm")
        .describe_document(Name="fleetdx-scan")["Document"]["Hash"]
        for account in organization.accounts
        if account.status == "ACTIVE"
        for region in organization.regions
    }
    assert found == {settings["DOCUMENT_HASHES"]}


@pytest.mark.reaches("account_not_in_organization")
def test_an_unknown_account_is_a_gap(aws: Embedded) -> None:
    """An account that the organization does not have is told by its number, never left out."""
    ended = aws.scan({"accounts": ["999999999999"]}, regions=[SEOUL])
    assert ended.summary["status"] == "incomplete"
    assert [gap["reason"] for gap in ended.summary["gaps"]] == ["account_not_in_organization"]


@pytest.mark.reaches("instance_not_found")
def test_an_instance_that_does_not_exist_is_a_gap(aws: Embedded) -> None:
    """An instance that a request names and EC2 does not know has a ledger line that says so."""
    ended = aws.scan({"instances": [f"{TRADING}/{SEOUL}/i-00000000000000000"]})
    assert ended.line_of("i-00000000000000000")["reason"] == "instance_not_found"
    assert ended.summary["status"] == "incomplete"


def test_an_organizational_unit_means_every_account_below_it(aws: Embedded) -> None:
    """A unit's accounts are found through the units below it."""
    session = aws.cloud.operator_session(aws.cloud.organization.management.id, SEOUL)
    organizations = session.client("organizations")
    root = organizations.list_roots()["Roots"][0]["Id"]
    units = organizations.list_organizational_units_for_parent(ParentId=root)["OrganizationalUnits"]
    workloads = next(unit["Id"] for unit in units if unit["Name"] == "Workloads")
    ended = aws.scan({"organizational_units": [workloads]}, dry_run=True)
    plan = aws.deployment.data.get_json(f"runs/{ended.run.id}/plan.json")
    assert {target["account"] for target in plan["targets"]} == {TRADING, WALLET, "555555555555"}
