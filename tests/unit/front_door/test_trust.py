"""A trust policy lets in whom it names, and nobody when it is not understood."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.front_door.credentials import Principal
from emulator.front_door.trust import Caller, trusts

ROLE = "arn:aws:iam::111122223333:role/service/scan"
SESSION_ARN = "arn:aws:sts::111122223333:assumed-role/scan/one"
CALLER = Caller(Principal("111122223333", SESSION_ARN, "AROAX:one", ROLE), organization="o-abc123")
LAMBDA = Caller(service="lambda.amazonaws.com")


def policy(principal: Any, **more: Any) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole", **more}
    return {"Version": "2012-10-17", "Statement": [statement]}


@pytest.mark.parametrize(
    "principal",
    [
        "*",
        {"AWS": "*"},
        {"AWS": "111122223333"},
        {"AWS": "arn:aws:iam::111122223333:root"},
        {"AWS": ROLE},
        {"AWS": SESSION_ARN},
        {"AWS": ["arn:aws:iam::999999999999:root", ROLE]},
        {"Service": "ec2.amazonaws.com", "AWS": ROLE},
        {"Federated": "cognito-identity.amazonaws.com", "AWS": ROLE},
    ],
)
def test_named_caller_is_trusted(principal: Any) -> None:
    """Account, account root, role, session and everybody are names of the caller."""
    assert trusts(policy(principal), CALLER, None)
    assert trusts(json.dumps(policy(principal)), CALLER, None)


@pytest.mark.parametrize(
    "principal",
    [
        None,
        {},
        [],
        {"AWS": []},
        {"AWS": "999999999999"},
        {"AWS": "arn:aws:iam::999999999999:root"},
        {"AWS": "arn:aws:iam::111122223333:role/scan"},
        {"AWS": "arn:aws:iam::111122223333:role/service/*"},
        {"AWS": "arn:aws:iam::111122223333:role/service/other"},
        {"AWS": "AROAIDOFADELETEDROLE"},
        {"Service": "lambda.amazonaws.com"},
        {"Service": "*"},
        {"CanonicalUser": "*"},
    ],
)
def test_unnamed_caller_is_not_trusted(principal: Any) -> None:
    """Another account, another path, a wildcard within an ARN, or a service does not name the caller."""
    assert not trusts(policy(principal), CALLER, None)


def test_service_caller_needs_its_own_name() -> None:
    """A service is trusted by its name and not by an account's."""
    assert trusts(policy({"Service": ["states.amazonaws.com", "lambda.amazonaws.com"]}), LAMBDA, None)
    assert not trusts(policy({"Service": "ec2.amazonaws.com"}), LAMBDA, None)
    assert not trusts(policy({"AWS": "111122223333"}), LAMBDA, None)


@pytest.mark.parametrize(
    ("condition", "external_id", "expected"),
    [
        ({"StringEquals": {"sts:ExternalId": "fleet"}}, "fleet", True),
        ({"StringEquals": {"STS:externalid": ["x", "fleet"]}}, "fleet", True),
        ({"StringEquals": {"sts:ExternalId": "fleet"}}, "FLEET", False),
        ({"StringEquals": {"sts:ExternalId": "fleet"}}, None, False),
        ({"StringEquals": {"sts:ExternalId": "flee*"}}, "fleet", False),
        ({"StringLike": {"sts:ExternalId": "flee*"}}, "fleet", True),
        ({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/service/*"}}, None, True),
        ({"ArnEquals": {"aws:PrincipalArn": ROLE}}, None, True),
        ({"ArnLike": {"aws:PrincipalArn": "arn:*:role/service/scan"}}, None, False),
        ({"ArnLike": {"aws:PrincipalArn": SESSION_ARN}}, None, False),
        ({"StringEquals": {"aws:PrincipalOrgID": "o-abc123"}}, None, True),
        ({"StringEquals": {"aws:PrincipalOrgID": "o-other"}}, None, False),
        ({"StringEquals": {"aws:PrincipalOrgID": "o-abc123", "sts:ExternalId": "x"}}, "y", False),
        ({"StringEquals": {"aws:SourceAccount": "111122223333"}}, None, False),
        ({"StringNotEquals": {"sts:ExternalId": "x"}}, "fleet", False),
        ({"Bool": {"aws:MultiFactorAuthPresent": "true"}}, None, False),
        ("nonsense", None, False),
        ({"StringEquals": "nonsense"}, None, False),
        ({"StringEquals": {"sts:ExternalId": 7}}, "7", False),
    ],
)
def test_conditions_must_hold(condition: Any, external_id: str | None, expected: bool) -> None:  # noqa: FBT001
    """Known operators on known keys are compared; anything else holds the door shut."""
    assert trusts(policy({"AWS": "111122223333"}, Condition=condition), CALLER, external_id) is expected


def test_caller_without_organization_meets_no_organization_condition() -> None:
    """A missing organization equals none."""
    condition = {"StringEquals": {"aws:PrincipalOrgID": "o-abc123"}}
    assert not trusts(policy("*", Condition=condition), Caller(CALLER.principal), None)


@pytest.mark.parametrize(
    "deny",
    [
        {"Principal": {"AWS": ROLE}},
        {"Principal": "*", "Condition": {"StringNotEquals": {"sts:ExternalId": "fleet"}}},
        {"Principal": {"Federated": "x"}},
        {"NotPrincipal": {"AWS": "999999999999"}},
        {"Principal": "*", "NotAction": "sts:TagSession"},
    ],
)
def test_deny_wins_even_when_not_understood(deny: dict[str, Any]) -> None:
    """A Deny that names the caller, or that cannot be read, denies."""
    document = policy({"AWS": "111122223333"})
    document["Statement"].append({"Effect": "Deny", "Action": "sts:*", **deny})

    assert not trusts(document, CALLER, "fleet")


def test_deny_of_another_does_not_matter() -> None:
    """A Deny that surely names somebody else, or surely does not hold, leaves the Allow standing."""
    document = policy({"AWS": "111122223333"})
    document["Statement"] += [
        {"Effect": "Deny", "Principal": {"AWS": "999999999999"}, "Action": "sts:AssumeRole"},
        {
            "Effect": "Deny",
            "Principal": "*",
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"sts:ExternalId": "bad"}},
        },
        {"Effect": "Deny", "Principal": "*", "Action": "sts:TagSession"},
    ]

    assert trusts(document, CALLER, "fleet")


@pytest.mark.parametrize("more", [{"Action": "sts:TagSession"}, {"Action": []}, {"NotPrincipal": {}}, {"Surprise": 1}])
def test_other_statements_allow_nothing(more: dict[str, Any]) -> None:
    """Another action, or an element nobody knows, allows nothing."""
    assert not trusts(policy("*", **more), CALLER, None)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["Allow", "sts:AssumeRole"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["Effect", "Action", "Principal", "Condition", "AWS", "Statement"]), inner)
    ),
    max_leaves=12,
)


@given(json_values)
def test_nonsense_is_never_trusted_by_accident(document: Any) -> None:
    """Whatever JSON stands there, the answer is a plain no unless everybody is named."""
    verdict = trusts(json.dumps(document), CALLER, None)

    assert verdict is False or '"*"' in json.dumps(document)
