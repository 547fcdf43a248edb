"""The required policy counts, the same rights count, and nothing uncertain does."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleetdx.role_rights import (
    NEEDED_ACTIONS,
    missing_policies,
    partition_of,
    policy_arn,
    profile_name,
    protection_of,
    rights_of,
)

ACCOUNT = "111122223333"
partitions = pytest.mark.parametrize("partition", ["aws", "aws-cn", "aws-us-gov"])


def allow(action: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {**allow(action, resource, **more), "Effect": "Deny"}


def policy(*statements: dict[str, Any]) -> tuple[str, str]:
    return "inline", json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


@partitions
def test_arns_follow_the_callers_partition(partition: str) -> None:
    """In China and GovCloud the policies of AWS and of the account have ARNs of their own partition."""
    caller = f"arn:{partition}:sts::{ACCOUNT}:assumed-role/fleetdx-member-read/assume-role"
    assert partition_of(caller) == partition
    core = f"arn:{partition}:iam::aws:policy/AmazonSSMManagedInstanceCore"
    assert policy_arn("aws/AmazonSSMManagedInstanceCore", partition, ACCOUNT) == core
    own = f"arn:{partition}:iam::{ACCOUNT}:policy/security/ssm-core"
    assert policy_arn("account/security/ssm-core", partition, ACCOUNT) == own


@pytest.mark.parametrize("arn", ["", "arn", "arn:aws-moon:iam::1:role/x", "aws:aws:iam"])
def test_what_is_of_no_partition_is_refused(arn: str) -> None:
    """No partition is guessed."""
    with pytest.raises(ValueError, match="is no ARN of"):
        partition_of(arn)


@partitions
def test_a_profiles_name_is_the_last_segment_of_its_arn(partition: str) -> None:
    """Neither a path nor an equal second segment misleads."""
    assert profile_name(f"arn:{partition}:iam::{ACCOUNT}:instance-profile/web") == "web"
    assert profile_name(f"arn:{partition}:iam::{ACCOUNT}:instance-profile/team/blue/web") == "web"


def test_a_policy_of_the_other_partition_is_not_the_required_one() -> None:
    """What is attached is compared by its whole ARN."""
    required = ["arn:aws-cn:iam::aws:policy/A", "arn:aws-cn:iam::aws:policy/B"]
    assert missing_policies(required, ["arn:aws:iam::aws:policy/A", "arn:aws-cn:iam::aws:policy/B"]) == required[:1]


@partitions
@pytest.mark.parametrize(
    "path_and_name",
    [
        "aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling",
        "aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123456789abcdef",
        "aws-reserved/sso.amazonaws.com/ap-northeast-2/AWSReservedSSO_Admin_0123456789abcdef",
        "AWSReservedSSO_Admin",
        "aws-controltower-ForwardSnsNotificationRole",
        "service-role/AWSControlTowerStackSetRole",
        "AWSControlTowerExecution",
        "stacksets-exec-0123456789abcdef0123456789abcdef",
        "OrganizationAccountAccessRole",
        "fleetdx/fleetdx-member-read",
        "fleetdx/fleetdx-member-mend",
    ],
)
def test_protected_roles_are_named(partition: str, path_and_name: str) -> None:
    """Roles of AWS, of Control Tower, of people and our own are never touched, whatever profile names them."""
    assert protection_of(f"arn:{partition}:iam::{ACCOUNT}:role/{path_and_name}")


@pytest.mark.parametrize(
    "path_and_name", ["web", "team/web", "my-aws-controltower", "aws/web", "fleetdx/fleetdx-default-instance"]
)
def test_other_roles_may_be_mended(path_and_name: str) -> None:
    """A name that only holds such a word, and the default role of instances, are not protected."""
    assert protection_of(f"arn:aws:iam::{ACCOUNT}:role/{path_and_name}") is None


@pytest.mark.parametrize(
    "statements",
    [
        [allow(list(NEEDED_ACTIONS))],
        [allow("*")],
        [allow(["ssm:*", "ssmmessages:*", "EC2Messages:*"])],
        [allow("SSM:*"), allow(["ssmmessages:?reate*", "ssmmessages:Open*"]), allow("ec2messages:*", ["arn:x", "*"])],
        [allow("*"), deny("ssm:GetParameter*")],
        [allow("*"), deny("iam:*", Condition={"Bool": {"aws:MultiFactorAuthPresent": "false"}})],
        [allow("*"), allow("ssm:*", "arn:aws:ssm:*:*:document/x")],
    ],
)
def test_the_same_rights_are_recognized(statements: list[dict[str, Any]]) -> None:
    """Wildcards, case, several statements; a Deny of something else does not matter."""
    assert rights_of([policy(*statements)]).standing == "held"


def test_rights_add_up_over_policies() -> None:
    """Each of three policies may hold a part; a statement may stand alone instead of in a list."""
    parts = [allow("ssm:*"), allow("ssmmessages:*"), allow("ec2messages:*")]
    assert rights_of([("p", {"Statement": part}) for part in parts]).standing == "held"


@pytest.mark.parametrize(
    ("statements", "standing", "told"),
    [
        ([allow("s3:*")], "lacking", "lacks ssm:DescribeAssociation"),
        ([allow(["ssm:*", "ec2messages:*"])], "lacking", "lacks ssmmessages:CreateControlChannel"),
        ([allow("ssm[:]*")], "lacking", "lacks"),
        ([allow("*"), deny("ssm:UpdateInstanceInformation")], "denied", "denies ssm:UpdateInstanceInformation"),
        ([deny("ssm*")], "denied", "denies ssm:DescribeAssociation"),
        ([allow("*"), deny("ssm:*", Condition={"StringEquals": {}})], "unclear", "statement with Condition"),
        ([allow("*"), deny("ssm:*", "arn:aws:ssm:*:*:document/x")], "unclear", "single resources"),
        ([allow("*"), {"Effect": "Deny", "NotAction": "s3:*", "Resource": "*"}], "unclear", "NotAction"),
        ([{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}], "unclear", "NotAction"),
        ([{"Effect": "Allow", "Action": "*", "NotResource": "arn:x"}], "unclear", "NotResource"),
        ([allow("*", Condition={"IpAddress": {}})], "unclear", "Condition"),
        ([allow("*", "arn:aws:ec2:*")], "unclear", "single resources"),
    ],
)
def test_what_is_uncertain_does_not_count(statements: list[dict[str, Any]], standing: str, told: str) -> None:
    """Lacking, denied or not judged: each says which action or which statement."""
    found = rights_of([policy(*statements)])
    assert found.standing == standing
    assert told in found.sentence


@pytest.mark.parametrize("document", ["", "[]", "{}", '{"Statement": ["Allow"]}', '{"Statement": {"Effect": "Maybe"}}'])
def test_a_policy_that_is_not_understood_is_not_judged(document: str) -> None:
    """What is no policy document could say anything."""
    assert rights_of([("odd", document)]).standing == "unclear"


def test_no_policy_gives_no_right() -> None:
    """A role without policies lacks everything."""
    assert rights_of([]).standing == "lacking"


ELEMENTS = st.none() | st.text() | st.lists(st.text(), max_size=3) | st.dictionaries(st.text(), st.text(), max_size=2)
STATEMENTS = st.dictionaries(
    st.sampled_from(["Effect", "Action", "Resource", "NotAction", "Condition", "Sid"]),
    ELEMENTS | st.sampled_from(["Allow", "Deny", "*", "ssm:*"]),
)


@given(st.lists(STATEMENTS, max_size=3))
def test_no_statement_breaks_the_judgement(statements: list[dict[str, Any]]) -> None:
    """Whatever IAM would refuse to store is judged all the same, never as held without an Allow of everything."""
    found = rights_of([policy(*statements)])
    if not any(statement.get("Effect") == "Allow" for statement in statements):
        assert found.standing != "held"
    assert (found.sentence == "") is (found.standing == "held")


@given(st.sets(st.sampled_from(NEEDED_ACTIONS)))
def test_rights_are_held_exactly_with_every_action(actions: set[str]) -> None:
    """Each of the needed actions is needed."""
    assert (rights_of([policy(allow(sorted(actions)))]).standing == "held") is (actions == set(NEEDED_ACTIONS))


@pytest.mark.parametrize(
    ("principal", "standing"),
    [
        ("*", "held"),
        ({"AWS": "*"}, "held"),
        ({"AWS": ["*"]}, "held"),
        ({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "unclear"),
        ({"Service": "*"}, "unclear"),
        ([], "unclear"),
    ],
)
def test_an_endpoint_s_policy_counts_where_it_is_for_everybody(principal: Any, standing: str) -> None:
    """Policies of roles name no principal; one that names somebody in particular is not judged."""
    needed = ("ssm:UpdateInstanceInformation",)
    assert rights_of([policy(allow("ssm:*", Principal=principal))], needed).standing == standing
    assert rights_of([policy(allow("*"), deny("ssm:*", Principal=principal))], needed).standing == (
        "denied" if standing == "held" else "unclear"
    )


def test_only_what_is_asked_for_is_needed() -> None:
    """An endpoint for one service need not allow what goes through the others."""
    assert rights_of([policy(allow("ssmmessages:*"))], ("ssmmessages:OpenControlChannel",)).standing == "held"
    assert rights_of([policy(allow("ssmmessages:*"))]).standing == "lacking"
    assert rights_of([policy(allow("*"), deny("ssm:*"))], ("ssmmessages:OpenControlChannel",)).standing == "held"
