"""The policy simulator's answers, without any AWS."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.front_door.simulation import Simulated, conditions_hold, effect, simulate

ACTION = "ssm:UpdateInstanceInformation"
ALLOW: dict[str, Any] = {"Effect": "Allow", "Action": "*", "Resource": "*"}
DENY: dict[str, Any] = {**ALLOW, "Effect": "Deny"}
OTHER: dict[str, Any] = {**ALLOW, "Action": "s3:*"}
FULL_ACCESS = [[ALLOW]]


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([], "implicitDeny"),
        ([ALLOW], "allowed"),
        ([ALLOW, DENY], "explicitDeny"),
        ([OTHER], "implicitDeny"),
        ([{**ALLOW, "Action": "SSM:update*"}], "allowed"),
        ([{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}], "allowed"),
        ([{"Effect": "Allow", "NotAction": "ssm:*", "Resource": "*"}], "implicitDeny"),
        ([{"Effect": "Deny", "Action": "*", "NotResource": "*"}, ALLOW], "allowed"),
        ([{**ALLOW, "Condition": {"StringEquals": {"aws:RequestedRegion": "us-east-1"}}}], "implicitDeny"),
        ([{**DENY, "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "false"}}}, ALLOW], "allowed"),
        ([{**DENY, "Condition": {"StringNotEquals": {"aws:RequestedRegion": "us-east-1"}}}, ALLOW], "explicitDeny"),
    ],
)
def test_statements_decide(statements: list[dict[str, Any]], expected: str) -> None:
    """A Deny that holds counts most, then an Allow; what nobody speaks of is denied."""
    assert effect(statements, ACTION, "*") == expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (None, True),
        ({}, True),
        ({"StringEquals": {"a:B": "c"}}, False),
        ({"StringEqualsIfExists": {"a:B": "c"}}, True),
        ({"ArnNotLike": {"a:B": "c"}}, True),
        ({"ForAllValues:StringEquals": {"a:B": ["c"]}}, True),
        ({"ForAnyValue:StringEquals": {"a:B": ["c"]}}, False),
        ({"Null": {"a:B": "true"}}, True),
        ({"Null": {"a:B": "false"}}, False),
        ("nonsense", False),
    ],
)
def test_conditions_without_a_context(condition: object, expected: bool) -> None:  # noqa: FBT001 - a table of verdicts
    """A key that the request lacks fails a condition, unless the condition asks for just that."""
    assert conditions_hold(condition) is expected


@pytest.mark.parametrize(
    ("boundary", "organization", "expected"),
    [
        (None, None, Simulated("allowed", None, None)),
        ([OTHER], None, Simulated("implicitDeny", None, by_boundary=False)),
        ([ALLOW, DENY], None, Simulated("explicitDeny", None, by_boundary=False)),
        ([ALLOW], [FULL_ACCESS, []], Simulated("allowed", by_organization=True, by_boundary=True)),
        ([OTHER], [FULL_ACCESS, [[OTHER]]], Simulated("implicitDeny", by_organization=False, by_boundary=None)),
        (None, [[[ALLOW], [DENY]], FULL_ACCESS], Simulated("explicitDeny", by_organization=False, by_boundary=None)),
        (None, [[[ALLOW, {**DENY, "Condition": {}}]]], Simulated("allowed", by_organization=True, by_boundary=None)),
    ],
)
def test_limits_decide_with_the_role(boundary: Any, organization: Any, expected: Simulated) -> None:
    """Every level of the organization and the boundary must allow it too; a policy with a condition is left out."""
    assert simulate(ACTION, "*", [ALLOW], boundary, organization) == expected


@given(
    st.lists(st.sampled_from([ALLOW, DENY, OTHER]), max_size=4),
    st.none() | st.lists(st.sampled_from([ALLOW, DENY, OTHER]), max_size=3),
    st.none() | st.lists(st.lists(st.lists(st.sampled_from([ALLOW, DENY, OTHER]), max_size=2), max_size=2), max_size=3),
)
def test_no_limit_ever_allows_more(identity: Any, boundary: Any, organization: Any) -> None:
    """What the role's own policies do not allow, no boundary and no organization allows."""
    simulated = simulate(ACTION, "*", identity, boundary, organization)
    if simulated.decision == "allowed":
        assert effect(identity, ACTION, "*") == "allowed"
        assert False not in (simulated.by_organization, simulated.by_boundary)
