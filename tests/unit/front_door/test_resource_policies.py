"""A queue's or bus's policy lets in whom it names, under its conditions, and nobody whom it does not understand."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.front_door.resource_policies import lets

QUEUE = "arn:aws:sqs:us-east-1:222222222222:queue"
TOPIC = "arn:aws:sns:us-east-1:222222222222:topic"
ALLOW = {
    "Effect": "Allow",
    "Principal": {"Service": "sns.amazonaws.com"},
    "Action": "sqs:SendMessage",
    "Resource": QUEUE,
    "Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:222222222222:topic"}},
}
TLS_ONLY = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "sqs:*",
    "Resource": QUEUE,
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}
CONTEXT = {"aws:sourcearn": TOPIC, "aws:securetransport": "true"}


def decided(*statements: dict[str, Any], who: str = "sns.amazonaws.com", **context: str) -> bool:
    policy = {"Version": "2012-10-17", "Statement": list(statements)}
    return lets(policy, "sqs:SendMessage", QUEUE, who=who, context={**CONTEXT, **context})


def test_who_is_named_may() -> None:
    """The service may, on behalf of the topic that the condition names, over TLS."""
    assert decided(ALLOW, TLS_ONLY)
    assert decided({**ALLOW, "Principal": {"AWS": "*"}})
    assert decided({**ALLOW, "Principal": {"AWS": "arn:aws:iam::444444444444:root"}}, who="444444444444")


@pytest.mark.parametrize(
    "statement",
    [
        {**ALLOW, "Principal": {"Service": "events.amazonaws.com"}},
        {**ALLOW, "Principal": {"Federated": "someone"}},
        {**ALLOW, "Principal": None},
        {**ALLOW, "Action": "sqs:ReceiveMessage"},
        {**ALLOW, "Resource": f"{QUEUE}-other"},
        {**ALLOW, "Condition": {"ArnEquals": {"aws:SourceArn": f"{TOPIC}-other"}}},
        {**ALLOW, "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-0123456789"}}},
        {**ALLOW, "Condition": {"NumericEquals": {"aws:SourceArn": TOPIC}}},
        {**ALLOW, "NotAction": "sqs:SendMessage"},
    ],
)
def test_whoever_is_not_named_may_not(statement: dict[str, Any]) -> None:
    """Another service, action, resource or source, and what is not understood, allow nothing."""
    assert not decided(statement)


def test_a_denial_counts_over_everything() -> None:
    """Without TLS the Deny holds, and so does one whose condition is not understood."""
    assert not decided(ALLOW, TLS_ONLY, **{"aws:securetransport": "false"})
    assert not decided(ALLOW, {**TLS_ONLY, "Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}})
    assert not decided(ALLOW, {**TLS_ONLY, "NotResource": QUEUE})


def test_no_policy_lets_nobody_in() -> None:
    """An empty or unreadable policy allows nothing."""
    assert not lets("{}", "sqs:SendMessage", QUEUE, who="sns.amazonaws.com", context=CONTEXT)
    assert not lets("[]", "sqs:SendMessage", QUEUE, who="sns.amazonaws.com", context=CONTEXT)
