"""The seam in IAM: what fleets attach exists, and what IAM refuses to attach is refused in its words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.small_cloud import SmallCloud, small_cloud

if TYPE_CHECKING:
    from collections.abc import Iterator

CORE = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"},
        ],
    }
)


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallCloud]:
    with small_cloud(tmp_path_factory.mktemp("cloud")) as started:
        yield started


def attached_to(iam: Any, role: str) -> list[str]:
    return [policy["PolicyArn"] for policy in iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]]


def test_the_policy_for_managed_instances_is_aws_s_own(cloud: SmallCloud) -> None:
    """Its document allows what an agent needs, and grants ssm:GetParameter too."""
    iam = cloud.client("iam")
    version = iam.get_policy(PolicyArn=CORE)["Policy"]["DefaultVersionId"]
    document = iam.get_policy_version(PolicyArn=CORE, VersionId=version)["PolicyVersion"]["Document"]
    actions = {action for statement in document["Statement"] for action in statement["Action"]}
    assert {"ssm:UpdateInstanceInformation", "ssmmessages:OpenControlChannel", "ssm:GetParameter"} <= actions


def test_attaching_twice_is_attaching_once(cloud: SmallCloud) -> None:
    """A second attachment of the same policy changes nothing and is no error."""
    iam = cloud.client("iam")
    iam.create_role(RoleName="twice", AssumeRolePolicyDocument=TRUST)
    iam.attach_role_policy(RoleName="twice", PolicyArn=CORE)
    iam.attach_role_policy(RoleName="twice", PolicyArn=CORE)
    assert attached_to(iam, "twice") == [CORE]


def test_a_full_role_takes_no_further_policy(cloud: SmallCloud) -> None:
    """With as many policies as GetAccountSummary allows, one more is LimitExceeded; one that is there is no error."""
    iam = cloud.client("iam")
    iam.create_role(RoleName="full", AssumeRolePolicyDocument=TRUST)
    quota = iam.get_account_summary()["SummaryMap"]["AttachedPoliciesPerRoleQuota"]
    nothing = {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [nothing]})
    for number in range(quota):
        made = iam.create_policy(PolicyName=f"filling-{number}", PolicyDocument=document)["Policy"]["Arn"]
        iam.attach_role_policy(RoleName="full", PolicyArn=made)
    with pytest.raises(iam.exceptions.LimitExceededException):
        iam.attach_role_policy(RoleName="full", PolicyArn=CORE)
    iam.attach_role_policy(RoleName="full", PolicyArn=made)
    assert len(attached_to(iam, "full")) == quota


def test_a_role_of_a_service_cannot_be_changed(cloud: SmallCloud) -> None:
    """A service-linked role refuses with UnmodifiableEntity."""
    iam = cloud.client("iam")
    role = iam.create_service_linked_role(AWSServiceName="autoscaling.amazonaws.com")["Role"]["RoleName"]
    with pytest.raises(iam.exceptions.UnmodifiableEntityException):
        iam.attach_role_policy(RoleName=role, PolicyArn=CORE)


def test_a_templates_role_gets_its_managed_policies(cloud: SmallCloud) -> None:
    """ManagedPolicyArns of a template are attached."""
    role = {"RoleName": "templated", "AssumeRolePolicyDocument": json.loads(TRUST), "ManagedPolicyArns": [CORE]}
    template = {"Resources": {"Role": {"Type": "AWS::IAM::Role", "Properties": role}}}
    cloud.client("cloudformation").create_stack(StackName="roles", TemplateBody=json.dumps(template))
    assert attached_to(cloud.client("iam"), "templated") == [CORE]
