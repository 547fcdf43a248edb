"""Calls of a sweep that a role may not make are refused at the door, each in its service's own word."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from emulator.agent.settings import DEFAULT_HOST_MANAGEMENT
from tests.contract.small_cloud import MEMBER, REGION, TRUST, small_cloud

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.contract.small_cloud import SmallCloud

SETTING = f"arn:aws:ssm:{REGION}:{MEMBER}:servicesetting{DEFAULT_HOST_MANAGEMENT}"
DENIED = "AccessDeniedException"
ROLES = f"arn:aws:iam::{MEMBER}:role/"
CALLS: list[tuple[str, str, dict[str, Any], str, str]] = [
    ("ec2", "describe_instances", {}, "ec2:DescribeInstances", "UnauthorizedOperation"),
    ("ec2", "describe_vpc_endpoints", {}, "ec2:DescribeVpcEndpoints", "UnauthorizedOperation"),
    (
        "ec2",
        "get_managed_prefix_list_entries",
        {"PrefixListId": "pl-0123456789abcdef0"},
        "ec2:GetManagedPrefixListEntries",
        "UnauthorizedOperation",
    ),
    ("iam", "get_account_authorization_details", {}, "iam:GetAccountAuthorizationDetails", "AccessDenied"),
    (
        "iam",
        "simulate_principal_policy",
        {"PolicySourceArn": f"{ROLES}reader", "ActionNames": ["ssm:GetManifest"]},
        "iam:SimulatePrincipalPolicy",
        "AccessDenied",
    ),
    ("ssm", "get_service_setting", {"SettingId": DEFAULT_HOST_MANAGEMENT}, "ssm:GetServiceSetting", DENIED),
    ("ssm", "list_resource_compliance_summaries", {}, "ssm:ListResourceComplianceSummaries", DENIED),
    ("securityhub", "get_findings", {}, "securityhub:GetFindings", DENIED),
]
RESOURCES = {
    "ssm:GetServiceSetting": SETTING,
    "iam:SimulatePrincipalPolicy": f"{ROLES}*",
    "securityhub:GetFindings": f"arn:aws:securityhub:*:{MEMBER}:hub/default",
}


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallCloud]:
    with small_cloud(tmp_path_factory.mktemp("cloud")) as started:
        started.client("iam", MEMBER).create_role(RoleName="reader", AssumeRolePolicyDocument=json.dumps(TRUST))
        yield started


@pytest.mark.parametrize(("service", "operation", "request_", "action", "code"), CALLS)
def test_a_call_needs_its_own_right(
    cloud: SmallCloud, service: str, operation: str, request_: dict[str, Any], action: str, code: str
) -> None:
    """A role without the action is refused; with it, and on its resource alone, the service is reached."""
    client = cloud.client_of_role(f"{ROLES}reader", service, REGION)

    def outcome(*statements: dict[str, Any]) -> str:
        document = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
        cloud.client("iam", MEMBER).put_role_policy(RoleName="reader", PolicyName="read", PolicyDocument=document)
        try:
            getattr(client, operation)(**request_)
        except ClientError as error:
            return str(error.response["Error"]["Code"])
        return "answered"

    resource = RESOURCES.get(action, "*")
    allowed = {"Effect": "Allow", "Action": action, "Resource": resource}
    other = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    assert outcome(other) == code
    # Neither Systems Manager's settings nor Security Hub are there in this small cloud: what counts is who says no.
    assert outcome(allowed) != code
    assert outcome(allowed, {"Effect": "Deny", "Action": action, "Resource": "*"}) == code
