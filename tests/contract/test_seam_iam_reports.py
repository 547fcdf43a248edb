"""IAM's two large answers: what the policy simulator says of a role, and the authorization details of an account."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError
from moto.organizations.models import organizations_backends

from emulator.seams.organizations import create_account
from tests.contract.small_cloud import MEMBER, TRUST, small_cloud

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.contract.small_cloud import SmallCloud

MANAGEMENT = "999988887777"
CORE = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
UPDATE, SEND = "ssm:UpdateInstanceInformation", "ec2messages:SendReply"


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallCloud]:
    with small_cloud(tmp_path_factory.mktemp("cloud")) as started:
        started.client("organizations", MANAGEMENT).create_organization(FeatureSet="ALL")
        create_account(organizations_backends[MANAGEMENT]["aws"], MEMBER, "Payments", "payments@example.com")
        yield started


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def statement(effect: str, action: str, **more: Any) -> dict[str, Any]:
    return {"Effect": effect, "Action": action, "Resource": "*", **more}


def role(cloud: SmallCloud, name: str, inline: str, boundary: str | None = None) -> str:
    iam = cloud.client("iam", MEMBER)
    limit = {"PermissionsBoundary": boundary} if boundary else {}
    arn: str = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST), **limit)["Role"]["Arn"]
    iam.put_role_policy(RoleName=name, PolicyName="inline", PolicyDocument=inline)
    return arn


def simulated(cloud: SmallCloud, source: str, *actions: str, **more: Any) -> list[tuple[str, bool | None, bool | None]]:
    """Decision, by organization and by boundary of each action."""
    pages = cloud.client("iam", MEMBER).get_paginator("simulate_principal_policy")
    results = [
        result
        for page in pages.paginate(PolicySourceArn=source, ActionNames=list(actions), **more)
        for result in page["EvaluationResults"]
    ]
    assert [result["EvalActionName"] for result in results] == list(actions)
    return [
        (
            result["EvalDecision"],
            result.get("OrganizationsDecisionDetail", {}).get("AllowedByOrganizations"),
            result.get("PermissionsBoundaryDecisionDetail", {}).get("AllowedByPermissionsBoundary"),
        )
        for result in results
    ]


def test_a_roles_own_policies_decide(cloud: SmallCloud) -> None:
    """What is allowed, what is denied and what nobody speaks of are told apart; the organization's word is added."""
    inline = document(statement("Allow", "ssm:*"), statement("Deny", "ssm:PutInventory"))
    source = role(cloud, "own", inline)
    assert simulated(cloud, source, UPDATE, "ssm:PutInventory", SEND) == [
        ("allowed", True, None),
        ("explicitDeny", True, None),
        ("implicitDeny", True, None),
    ]


def test_a_boundary_limits_what_policies_allow(cloud: SmallCloud) -> None:
    """What a permissions boundary does not allow is no explicit denial, and is told as the boundary's doing."""
    iam = cloud.client("iam", MEMBER)
    limit = iam.create_policy(PolicyName="limit", PolicyDocument=document(statement("Allow", "ssm:*")))["Policy"]["Arn"]
    source = role(cloud, "limited", document(statement("Allow", "*")), limit)
    assert simulated(cloud, source, UPDATE, SEND) == [("allowed", True, True), ("implicitDeny", True, False)]


def test_an_organizations_policy_ends_the_evaluation(cloud: SmallCloud) -> None:
    """A service control policy of the account denies whatever the role has; one with any condition is not evaluated."""
    organizations = cloud.client("organizations", MANAGEMENT)

    def attached(name: str, *statements: dict[str, Any]) -> str:
        made = organizations.create_policy(
            Name=name, Description=name, Type="SERVICE_CONTROL_POLICY", Content=document(*statements)
        )["Policy"]["PolicySummary"]["Id"]
        organizations.attach_policy(PolicyId=made, TargetId=MEMBER)
        return str(made)

    source = role(cloud, "governed", document(statement("Allow", "*")))
    elsewhere = {"StringNotEquals": {"aws:RequestedRegion": "us-east-1"}}
    policies = [
        attached("conditional", statement("Deny", "*", Condition=elsewhere)),
        attached("no-registration", statement("Allow", "*"), statement("Deny", UPDATE)),
    ]
    assert simulated(cloud, source, UPDATE, SEND) == [("explicitDeny", False, None), ("allowed", True, None)]
    for policy in policies:
        organizations.detach_policy(PolicyId=policy, TargetId=MEMBER)
    assert simulated(cloud, source, UPDATE) == [("allowed", True, None)]


def test_a_simulation_comes_in_pages(cloud: SmallCloud) -> None:
    """Further results are behind a marker."""
    source = role(cloud, "paged", document(statement("Allow", "ssm:*")))
    first = cloud.client("iam", MEMBER).simulate_principal_policy(
        PolicySourceArn=source, ActionNames=[UPDATE, SEND], MaxItems=1
    )
    assert first["IsTruncated"]
    assert len(first["EvaluationResults"]) == 1
    paged = {"PaginationConfig": {"PageSize": 1}}
    assert [word for word, *_ in simulated(cloud, source, UPDATE, SEND, **paged)] == ["allowed", "implicitDeny"]


@pytest.mark.parametrize(
    ("source", "action", "code"),
    [
        (f"arn:aws:iam::{MEMBER}:role/nobody", UPDATE, "NoSuchEntity"),
        (None, "ssm:Update*", "InvalidInput"),
    ],
)
def test_what_cannot_be_simulated_is_refused(cloud: SmallCloud, source: str | None, action: str, code: str) -> None:
    """A role that does not exist and an action that is none are refused in IAM's words."""
    iam = cloud.client("iam", MEMBER)
    known = iam.list_roles()["Roles"][0]["Arn"]
    with pytest.raises(ClientError) as refusal:
        iam.simulate_principal_policy(PolicySourceArn=source or known, ActionNames=[action])
    assert refusal.value.response["Error"]["Code"] == code


def test_authorization_details_have_everything_about_roles(cloud: SmallCloud) -> None:
    """Roles with profiles, policies and boundary, and the policies with every version, come page after page."""
    iam = cloud.client("iam", MEMBER)
    own = iam.create_policy(PolicyName="own", Path="/a/", PolicyDocument=document(statement("Allow", "s3:*")))["Policy"]
    iam.create_policy_version(PolicyArn=own["Arn"], PolicyDocument=document(statement("Allow", UPDATE)))
    role(cloud, "detailed", document(statement("Allow", SEND)), own["Arn"])
    iam.attach_role_policy(RoleName="detailed", PolicyArn=CORE)
    iam.create_instance_profile(InstanceProfileName="profile", Path="/below/")
    iam.add_role_to_instance_profile(InstanceProfileName="profile", RoleName="detailed")
    pages = list(
        iam.get_paginator("get_account_authorization_details").paginate(
            Filter=["Role", "LocalManagedPolicy", "AWSManagedPolicy"], PaginationConfig={"PageSize": 2}
        )
    )
    assert all(len(page["RoleDetailList"]) + len(page["Policies"]) <= 2 for page in pages)
    roles = {one["RoleName"]: one for page in pages for one in page["RoleDetailList"]}
    policies = {one["Arn"]: one for page in pages for one in page["Policies"]}
    found = roles["detailed"]
    assert [one["Arn"] for one in found["InstanceProfileList"]] == [
        f"arn:aws:iam::{MEMBER}:instance-profile/below/profile"
    ]
    assert found["RolePolicyList"][0]["PolicyDocument"]["Statement"][0]["Action"] == SEND
    assert found["AttachedManagedPolicies"] == [{"PolicyName": "AmazonSSMManagedInstanceCore", "PolicyArn": CORE}]
    assert found["PermissionsBoundary"]["PermissionsBoundaryArn"] == own["Arn"]
    told = policies[own["Arn"]]
    assert (told["PolicyName"], told["Path"], told["DefaultVersionId"]) == ("own", "/a/", "v1")
    assert (told["AttachmentCount"], told["PermissionsBoundaryUsageCount"]) == (0, 1)
    assert [version["IsDefaultVersion"] for version in told["PolicyVersionList"]] == [True, False]
    assert told["PolicyVersionList"][1]["Document"]["Statement"][0]["Action"] == UPDATE
    # Of AWS's own policies only those in use.
    assert [arn for arn in policies if ":aws:policy/" in arn] == [CORE]


def test_authorization_details_are_those_asked_for(cloud: SmallCloud) -> None:
    """A filter leaves the other kinds out."""
    only = cloud.client("iam", MEMBER).get_account_authorization_details(Filter=["LocalManagedPolicy"])
    assert only["RoleDetailList"] == []
    assert all(MEMBER in policy["Arn"] for policy in only["Policies"])
