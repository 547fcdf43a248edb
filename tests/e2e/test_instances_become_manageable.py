"""A prepared organization is launched, heard of by its own events, and mended; a second pass changes nothing."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from emulator.events.shapes import Place, state_change
from emulator.faults.rules import Rule
from fleetdx.cli import event
from fleetdx.cli.event_files import read_event_file
from tests.embedded import embedded
from tests.event_fleet import CORE, EVERYTHING_AN_AGENT_NEEDS, REGION, STAGING, TRADING, WALLET, EventFleet

if TYPE_CHECKING:
    from collections.abc import Iterator

EXAMPLES = Path(__file__).parents[2] / "emulator" / "events" / "examples"
SERVICE_PATH = "/aws-service-role/hosts.amazonaws.com/"
ACCOUNTS = {"lacking": WALLET, "disassociated": WALLET, "denied": STAGING}
"""Where instances are launched that are not in the usual account."""


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EventFleet]:
    with embedded(tmp_path_factory.mktemp("emulator")) as aws:
        started = EventFleet(aws)
        started.configure()
        yield started


def moment(days: int) -> str:
    return (dt.datetime.now(dt.UTC) + dt.timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")


def exemption(**scope: Any) -> dict[str, Any]:
    return {
        "id": "prepared",
        "scope": scope,
        "owner": "owner@example.com",
        "approver": "approver@example.com",
        "reason": "A prepared organization has an exempt role too.",
        "approved_at": moment(-1),
        "expires_at": moment(30),
    }


def full_role(fleet: EventFleet) -> str:
    """A role that has as many policies as IAM allows, none of which an agent can use."""
    iam = fleet.client("iam", TRADING)
    profile = fleet.role(TRADING, "full")
    document = json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*"}]}
    )
    for number in range(iam.get_account_summary()["SummaryMap"]["AttachedPoliciesPerRoleQuota"]):
        made = iam.create_policy(PolicyName=f"filling-{number}", PolicyDocument=document)["Policy"]["Arn"]
        iam.attach_role_policy(RoleName="full", PolicyArn=made)
    return profile


def test_a_prepared_organization_ends_as_expected(fleet: EventFleet) -> None:
    """Each launched instance ends with its own reason; what was missing is attached once, the agents register."""
    fleet.aws.cloud.faults.add(
        Rule("iam:AttachRolePolicy", "denied_by_service_control_policy", account=STAGING, times=None)
    )
    fleet.exempt(exemption(role={"account": TRADING, "name_pattern": "exempt-*"}))
    launched = {
        "bare": fleet.launch(TRADING),
        "lacking": fleet.launch(WALLET, fleet.role(WALLET, "lacking", path="/payments/")),
        "shared": fleet.launch(TRADING, fleet.role(TRADING, "shared"), count=3),
        "complete": fleet.launch(TRADING, fleet.role(TRADING, "complete", CORE)),
        "inline": fleet.launch(TRADING, fleet.role(TRADING, "inline", inline=EVERYTHING_AN_AGENT_NEEDS)),
        "exempt": fleet.launch(TRADING, fleet.role(TRADING, "exempt-legacy")),
        "full": fleet.launch(TRADING, full_role(fleet)),
        "no_role": fleet.launch(TRADING, fleet.profile(TRADING, "empty", None)),
        "service_linked": fleet.launch(TRADING, fleet.role(TRADING, "AWSServiceRoleForHosts", path=SERVICE_PATH)),
        "control_tower": fleet.launch(TRADING, fleet.role(TRADING, "aws-controltower-ConfigRecorder")),
        "denied": fleet.launch(STAGING, fleet.role(STAGING, "denied")),
        "disassociated": fleet.launch(WALLET, fleet.role(WALLET, "left-soon", CORE)),
        "gone": fleet.launch(TRADING, fleet.role(TRADING, "short-lived")),
    }
    fleet.client("ec2", TRADING).terminate_instances(InstanceIds=launched["gone"])
    fleet.settle()
    disassociate(fleet, WALLET, *launched["disassociated"])
    fleet.settle()
    ends = {name: [fleet.ends(instance) for instance in instances] for name, instances in launched.items()}
    # The association that mending made is an event too, and finds nothing to do.
    assert ends["bare"] == [[("mended", "profile_associated"), ("ready", "policies_attached")]]
    assert ends["lacking"] == [[("mended", "policy_attached")]]
    assert ("mended", "policy_attached") in [one for [one] in ends["shared"]]
    assert ends["complete"] == [[("ready", "policies_attached")]]
    assert ends["inline"] == [[("ready", "same_rights")]]
    assert ends["exempt"] == [[("exempt", "exempted")]]
    assert ends["full"] == [[("reported", "policy_quota_full")]]
    assert ends["no_role"] == [[("reported", "profile_without_role")]]
    assert ends["service_linked"] == ends["control_tower"] == [[("reported", "role_protected")]]
    assert ends["denied"] == [[("failed", "denied_by_service_control_policy")]]
    assert ends["gone"] == [[("gone", "instance_gone")]]
    # Ready at first; then its profile is taken away, the default one is given, and that is an event again.
    assert ends["disassociated"] == [
        [("ready", "policies_attached"), ("mended", "profile_associated"), ("ready", "policies_attached")]
    ]
    untouched = ("AWSServiceRoleForHosts", "aws-controltower-ConfigRecorder", "denied", "short-lived")
    assert [fleet.attached(role) for role in untouched] == [[]] * 4
    assert [fleet.attached(role) for role in ("lacking", "shared", "complete")] == [[CORE]] * 3
    assert [fleet.attached(role) for role in ("inline", "exempt-legacy")] == [[], []]
    attachments = [action for one in launched["shared"] for end in fleet.executions(one) for action in end["actions"]]
    assert len(attachments) == 1
    managed = {*launched["bare"], *launched["lacking"], *launched["shared"], *launched["complete"], *launched["inline"]}
    assert managed <= {name.rpartition("/")[2] for name in fleet.aws.cloud.fleet.names()}
    told = fleet.told()
    second_pass(fleet, launched)
    assert fleet.told() == told


def disassociate(fleet: EventFleet, account: str, *instances: str) -> None:
    """Take the profiles of instances away."""
    ec2 = fleet.client("ec2", account)
    filters = [{"Name": "instance-id", "Values": list(instances)}]
    for found in ec2.describe_iam_instance_profile_associations(Filters=filters)["IamInstanceProfileAssociations"]:
        ec2.disassociate_iam_instance_profile(AssociationId=found["AssociationId"])


def second_pass(fleet: EventFleet, launched: dict[str, list[str]]) -> None:
    """Every instance is told of once more; nothing is done."""
    before = {one: len(fleet.executions(one)) for instances in launched.values() for one in instances}
    for name, instances in launched.items():
        for instance in instances:
            place = Place(ACCOUNTS.get(name, TRADING), REGION)
            at = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=5)
            fleet.aws.cloud.ways.routes.emit(state_change(place, instance, "running", at))
    fleet.settle()
    for instance, count in before.items():
        later = fleet.executions(instance)[count:]
        assert [end["actions"] for end in later] == [[]], instance


@pytest.mark.parametrize(
    ("example", "code", "outcome", "reason"),
    [
        ("instance_running", 0, "mended", "profile_associated"),
        ("forwarded_by_control_tower", 0, "duplicate", "event_covered"),
        ("sns_notification", 0, "duplicate", "event_covered"),
        ("sqs_message", 0, "duplicate", "event_covered"),
        ("profile_associated", 0, "duplicate", "event_covered"),
        ("profile_disassociated", 0, "duplicate", "event_covered"),
        ("forged_account", 2, "refused", "account_not_in_organization"),
    ],
)
def test_one_event_is_told_from_the_command_line(
    fleet: EventFleet, capsys: pytest.CaptureFixture[str], example: str, code: int, outcome: str, reason: str
) -> None:
    """Each example of a shape goes through the queue; the outcome, its reason and the changes are one JSON document."""
    # What an earlier example has mended is an event by itself, and must not be taken for this one.
    fleet.settle()
    text = read_event_file(EXAMPLES / f"{example}.json")
    assert event.feed(fleet.aws.deployment, text, None, as_json=True) == code
    told = json.loads(capsys.readouterr().out)
    assert (told["outcome"], told["reason"]) == (outcome, reason)
    assert [action["gave"] for action in told["actions"]] == (
        ["fleetdx-default-instance"] if outcome == "mended" else []
    )


@pytest.mark.parametrize(
    ("text", "code", "outcome", "reason"),
    [
        (
            '{"source": "aws.config", "detail-type": "Config Rules Compliance Change"}',
            0,
            "ignored",
            "event_not_relevant",
        ),
        ("no JSON {", 2, "refused", "event_unreadable"),
    ],
)
def test_what_is_no_event_about_an_instance_is_told_too(
    fleet: EventFleet, capsys: pytest.CaptureFixture[str], text: str, code: int, outcome: str, reason: str
) -> None:
    """Another kind of event is ignored, and what is none is refused: exit code 2, with its reason."""
    assert event.feed(fleet.aws.deployment, text, None, as_json=False) == code
    assert f"{outcome} ({reason})" in capsys.readouterr().out
