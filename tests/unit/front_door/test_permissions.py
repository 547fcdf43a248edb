"""Identity policies allow only what they plainly say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from emulator.front_door.permissions import Grant, Rights, may, statements_of

if TYPE_CHECKING:
    from emulator.front_door.credentials import Statement

OBJECT = "arn:aws:s3:::intake/runs/1/x.gz"
ALLOW = {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::intake/runs/*"}
DENY = {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([], False),
        ([ALLOW], True),
        ([{**ALLOW, "Action": ["s3:GetObject", "S3:putobject"]}], True),
        ([{**ALLOW, "Action": "s3:Put*"}], True),
        ([{**ALLOW, "Action": "s3:GetObject"}], False),
        ([{**ALLOW, "Action": "*", "Resource": "*"}], True),
        ([{**ALLOW, "Resource": "arn:aws:s3:::intake/RUNS/*"}], False),
        ([{**ALLOW, "Resource": "arn:aws:s3:::intake/runs/?/x.gz"}], True),
        ([{**ALLOW, "Resource": "arn:aws:s3:::intake/runs/?x.gz"}], False),
        ([{**ALLOW, "Resource": "arn:aws:s3:::intake/runs/."}], False),
        ([{**ALLOW, "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}}], False),
        ([{**ALLOW, "NotResource": "x"}], False),
        ([{"Effect": "Allow", "NotAction": "s3:GetObject", "Resource": "*"}], False),
        ([{"Effect": "Allow", "Action": "s3:PutObject"}], False),
        ([{**ALLOW, "Effect": "allow"}], False),
        ([ALLOW, DENY], False),
        ([DENY, ALLOW], False),
        ([ALLOW, {**DENY, "Resource": "arn:aws:s3:::other/*"}], True),
        ([ALLOW, {**DENY, "Condition": {"Bool": {"aws:SecureTransport": "false"}}}], False),
        ([ALLOW, {"Effect": "Deny", "NotAction": "s3:PutObject", "Resource": "*"}], False),
    ],
)
def test_statement_decides(statements: list[Statement], expected: bool) -> None:  # noqa: FBT001 - a table of verdicts
    """Allow needs a plain match, Deny always wins, and what is not understood never widens."""
    assert may(statements, "s3:PutObject", OBJECT) is expected


CORE = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
OF_POLICY = {"ArnEquals": {"iam:PolicyARN": CORE}}


@pytest.mark.parametrize(
    ("condition", "context", "allows", "denies"),
    [
        (OF_POLICY, {"iam:policyarn": CORE}, True, True),
        (OF_POLICY, {"iam:policyarn": f"{CORE}Other"}, False, False),
        # A key that is known and that the call has no value for matches nothing.
        (OF_POLICY, {}, False, False),
        ({"StringLike": {"iam:PassedToService": "ec2.*"}}, {"iam:passedtoservice": "ec2.amazonaws.com"}, True, True),
        ({**OF_POLICY, "Bool": {"aws:MultiFactorAuthPresent": "true"}}, {"iam:policyarn": CORE}, False, True),
        ({"StringNotEquals": {"iam:PolicyARN": "x"}}, {"iam:policyarn": CORE}, False, True),
        ({"StringEquals": {"aws:PrincipalOrgID": "o-1"}}, {"aws:principalorgid": "o-1"}, False, True),
        ("nonsense", {}, False, True),
    ],
)
def test_a_condition_is_understood_or_never_helps(
    condition: Any,
    context: dict[str, str],
    allows: bool,  # noqa: FBT001 - a table of verdicts
    denies: bool,  # noqa: FBT001 - a table of verdicts
) -> None:
    """Known operators on known keys decide; anything else makes an Allow void and a Deny hold."""
    assert may([{**ALLOW, "Condition": condition}], "s3:PutObject", OBJECT, context) is allows
    denied = [ALLOW, {**DENY, "Condition": condition}]
    assert may(denied, "s3:PutObject", OBJECT, context) is not denies


def test_grants_name_every_pattern_that_allows() -> None:
    """All actions and resources that match are told as they are written, whichever statement they stand in."""
    wide = {"Effect": "Allow", "Action": ["s3:*", "s3:GetObject"], "Resource": ["*", "arn:aws:s3:::other/*"]}
    grants = Rights([ALLOW, wide]).grants("s3:PutObject", OBJECT)
    assert grants == [Grant("s3:PutObject", "arn:aws:s3:::intake/runs/*"), Grant("s3:*", "*")]


@pytest.mark.parametrize("document", ["", "[]", "null", '{"Statement": "all"}', '{"Statement": [1]}'])
def test_unreadable_document_is_an_error(document: str) -> None:
    """A document that is no policy raises instead of meaning nothing."""
    with pytest.raises(ValueError):  # noqa: PT011 - the one error promised
        statements_of(document)


def test_single_statement_needs_no_list() -> None:
    """A policy may hold one bare statement."""
    assert statements_of({"Statement": ALLOW}) == [ALLOW]
