"""The cause of an instance: the first obstacle that its agent meets."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from fleetdx.coverage.account_rights import AccountRights
from fleetdx.coverage.agents import Image
from fleetdx.coverage.judgement import Rules, judge_after_network, judge_before_network
from fleetdx.coverage.network import Reachability
from tests.fakes.ec2 import instance, instance_id, node

NOW = dt.datetime(2026, 11, 26, 19, 0, tzinfo=dt.UTC)
ACCOUNT = "444455556666"
PROFILE = f"arn:aws:iam::{ACCOUNT}:instance-profile/payments/web-profile"
ALL_RIGHTS = {"Effect": "Allow", "Action": ["ssm:*", "ssmmessages:*"], "Resource": "*"}
REACHABLE = Reachability("reachable", "", "")


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def rights(*statements: dict[str, Any], boundary: dict[str, Any] | None = None) -> AccountRights:
    """The rights of an account with one role in one profile."""
    role: dict[str, Any] = {
        "RoleName": "web",
        "Arn": f"arn:aws:iam::{ACCOUNT}:role/payments/web",
        "InstanceProfileList": [{"Arn": PROFILE}],
        "RolePolicyList": [{"PolicyName": "own", "PolicyDocument": document(*statements)}] if statements else [],
        "AttachedManagedPolicies": [],
    }
    policies = []
    if boundary is not None:
        arn = f"arn:aws:iam::{ACCOUNT}:policy/boundary"
        role["PermissionsBoundary"] = {"PermissionsBoundaryArn": arn}
        versions = [
            {"IsDefaultVersion": False, "Document": document(ALL_RIGHTS)},
            {"IsDefaultVersion": True, "Document": document(boundary)},
        ]
        policies.append({"Arn": arn, "PolicyVersionList": versions})
    return AccountRights([role], policies)


def rules(found: AccountRights | None = None, default_role: str | None = None) -> Rules:
    return Rules(found, default_role, {})


def running(**facts: Any) -> dict[str, Any]:
    return {**instance(instance_id(1)), "IamInstanceProfile": {"Arn": PROFILE}, **facts}


@pytest.mark.parametrize("state", ["stopping", "stopped"])
def test_a_stopped_instance_is_stopped_whatever_else_is_wrong(state: str) -> None:
    """Systems Manager cannot manage what does not run."""
    judgement = judge_before_network(instance(instance_id(1), state), None, rules())
    assert judgement is not None
    assert judgement[:2] == ("stopped", "instance_stopped")


def test_what_a_service_operates_is_unsupported() -> None:
    """EC2 itself says that nobody else can change the instance."""
    operated = running(Operator={"Managed": True, "Principal": "eks.amazonaws.com"})
    judgement = judge_before_network(operated, None, rules(rights(ALL_RIGHTS)))
    assert judgement is not None
    assert judgement[:2] == ("unsupported", "managed_by_service")
    assert "eks.amazonaws.com" in judgement.detail


def test_an_image_without_linux_is_unsupported() -> None:
    """No agent is made for FreeBSD."""
    images = {"ami-0123456789abcdef0": Image("ami-0123456789abcdef0", "FreeBSD 14.1-RELEASE-amd64", "x86_64")}
    judgement = judge_before_network(running(), None, Rules(rights(ALL_RIGHTS), None, images))
    assert judgement is not None
    assert judgement[:2] == ("unsupported", "image_not_supported")


@pytest.mark.parametrize(
    ("found", "default_role", "cause"),
    [
        (None, None, "managed"),
        (rights(ALL_RIGHTS), "service-role/AWSSystemsManagerDefaultEC2InstanceManagementRole", "managed"),
        (rights(), "service-role/AWSSystemsManagerDefaultEC2InstanceManagementRole", "default_host_management"),
    ],
)
def test_an_online_agent_is_managed_and_by_whom(
    found: AccountRights | None, default_role: str | None, cause: str
) -> None:
    """Where the default role is on, an agent whose own role cannot register can only have taken that one."""
    judgement = judge_before_network(running(), node(instance_id(1)), rules(found, default_role))
    assert judgement is not None
    assert judgement.cause == cause


@pytest.mark.parametrize(
    ("facts", "found", "expected"),
    [
        ({"IamInstanceProfile": {}}, None, ("no_profile", "no_instance_profile")),
        ({}, AccountRights([], []), ("profile_without_role", "profile_without_role")),
        ({}, rights(), ("missing_policy", "policies_missing")),
        (
            {},
            rights({**ALL_RIGHTS, "Action": ["ssm:UpdateInstanceInformation"]}),
            ("missing_policy", "policies_missing"),
        ),
        (
            {},
            rights(ALL_RIGHTS, {"Effect": "Deny", "Action": "ssmmessages:*", "Resource": "*"}),
            ("blocked_by_policy", "denied_by_role"),
        ),
        (
            {},
            rights(ALL_RIGHTS, boundary={"Effect": "Allow", "Action": "s3:*", "Resource": "*"}),
            ("blocked_by_policy", "denied_by_boundary"),
        ),
        (
            {},
            rights({**ALL_RIGHTS, "Condition": {"StringEquals": {"aws:SourceVpc": "vpc-1"}}}),
            ("unknown", "rights_unclear"),
        ),
        ({"MetadataOptions": {"HttpEndpoint": "disabled"}}, rights(ALL_RIGHTS), ("imds_off", "metadata_disabled")),
    ],
)
def test_what_an_agent_lacks_on_its_instance(
    facts: dict[str, Any], found: AccountRights | None, expected: tuple[str, str]
) -> None:
    """Profile, role, rights, boundary and metadata service, in this order; what is conditional is not guessed."""
    judgement = judge_before_network(running(**facts), None, rules(found))
    assert judgement is not None
    assert judgement[:2] == expected


@pytest.mark.parametrize("found", [None, AccountRights([], []), rights()])
def test_the_default_role_stands_in_for_a_missing_one(found: AccountRights | None) -> None:
    """Where Default Host Management is on, no right is missing and the network is asked next."""
    without = running() if found is not None else running(IamInstanceProfile={})
    assert judge_before_network(without, None, rules(found, "default")) is None


def test_the_default_role_does_not_help_against_a_denial() -> None:
    """An agent that may register by its own role, and is denied the rest, does not take the default role."""
    denied = rights(ALL_RIGHTS, {"Effect": "Deny", "Action": "ssmmessages:*", "Resource": "*"})
    judgement = judge_before_network(running(), None, rules(denied, "default"))
    assert judgement is not None
    assert judgement.cause == "blocked_by_policy"


@pytest.mark.parametrize(
    ("reachability", "known", "expected"),
    [
        (Reachability("blocked", "network_acl", "acl-1"), None, ("no_route", "network_acl", "acl-1")),
        (Reachability("unknown", "transit_gateway", "tgw-1"), None, ("unknown", "transit_gateway", "tgw-1")),
        (REACHABLE, None, ("agent_silent", "not_registered", "")),
        (REACHABLE, node(instance_id(1), "ConnectionLost"), ("agent_silent", "agent_not_reporting", "ConnectionLost")),
    ],
)
def test_with_all_rights_it_is_the_network_or_the_agent(
    reachability: Reachability, known: dict[str, Any] | None, expected: tuple[str, str, str]
) -> None:
    """The judge of the network is believed, its doubt too; what is left is the agent's."""
    judgement = judge_after_network(running(), known, reachability, NOW)
    assert judgement[:2] == expected[:2]
    assert expected[2] in judgement.detail


@pytest.mark.parametrize(("minutes", "cause"), [(9, "unknown"), (11, "agent_silent")])
def test_an_agent_that_may_still_come_up_is_not_called_silent(minutes: int, cause: str) -> None:
    """For ten minutes after its start nobody can tell."""
    launched = running(LaunchTime=NOW - dt.timedelta(minutes=minutes))
    assert judge_after_network(launched, None, REACHABLE, NOW).cause == cause
