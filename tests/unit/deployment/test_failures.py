"""Of a stack's many events the resource that failed first is named, with what to do about it."""

from __future__ import annotations

from typing import Any

import pytest

from fleetdx.deployment.failures import StackFailed, StackFailure, first_failure, remedy_of
from fleetdx.deployment.leftovers import Leftover
from fleetdx.deployment.removal import told_beforehand, unexpected
from fleetdx.deployment.stack_sets import told_failures
from fleetdx.deployment.stacks import told_changes

STACK = "arn:aws:cloudformation:us-east-1:111122223333:stack/fleetdx-central/1"


def event(status: str, resource: str = "", reason: str = "") -> dict[str, Any]:
    """An event of a resource, or of the stack itself."""
    return {
        "PhysicalResourceId": resource or STACK,
        "LogicalResourceId": resource or "fleetdx-central",
        "ResourceType": "AWS::IAM::Role" if resource else "AWS::CloudFormation::Stack",
        "ResourceStatus": status,
        "ResourceStatusReason": reason,
    }


def test_the_first_failure_of_the_last_change_is_named() -> None:
    """Neither what followed from it nor what failed in an earlier change is."""
    newest_first = [
        event("UPDATE_ROLLBACK_COMPLETE"),
        event("UPDATE_ROLLBACK_IN_PROGRESS", reason="The following resource(s) failed to update: [Role]."),
        event("UPDATE_FAILED", "Queue", "Resource update cancelled"),
        event("UPDATE_FAILED", "Role", "User is not authorized to perform iam:PutRolePolicy"),
        event("UPDATE_IN_PROGRESS", "Role"),
        event("UPDATE_IN_PROGRESS", reason="User Initiated"),
        event("CREATE_FAILED", "Bucket", "an older story"),
    ]
    told = first_failure(newest_first, STACK)
    assert told == StackFailure("Role", "AWS::IAM::Role", "User is not authorized to perform iam:PutRolePolicy")


def test_a_stack_without_a_failed_resource_tells_its_own_reason() -> None:
    """Some failures are the stack's own; without any reason that is said too."""
    own = [
        event("DELETE_FAILED", reason="Termination protection"),
        event("DELETE_IN_PROGRESS", reason="User Initiated"),
    ]
    assert first_failure(own, STACK).reason == "Termination protection"
    assert first_failure([], STACK).reason == "CloudFormation gives no reason"


def test_a_failed_stack_says_where_why_and_what_to_do() -> None:
    """The sentence names stack, place, resource, reason and remedy."""
    failed = StackFailed(
        "fleetdx-central",
        "us-east-1 of the hub account",
        "ROLLBACK_COMPLETE",
        StackFailure("A", "T", "A already exists."),
    )
    for part in (
        "fleetdx-central",
        "us-east-1 of the hub account",
        "A (T): A already exists.",
        "Delete what is in the way",
    ):
        assert part in str(failed)
    assert "the same command again" in str(failed)


@pytest.mark.parametrize(
    ("reason", "remedy"),
    [
        ("Access Denied", "right"),
        ("LimitExceeded: 100 stacks", "quota"),
        ("You must enable organizations access to operate", "trusted access"),
        ("Account used is not a delegated administrator", "delegated administrator"),
        ("Something new", "Mend what the reason names"),
    ],
)
def test_a_reason_has_its_remedy(reason: str, remedy: str) -> None:
    """What CloudFormation says often has a known way out."""
    assert remedy in remedy_of(reason)


def test_a_stack_set_names_each_place_that_failed() -> None:
    """The first five with their reasons; of more, how many."""
    failed = [{"Account": str(number), "Region": "us-east-1", "StatusReason": "no"} for number in range(7)]
    told = told_failures("fleetdx-member", failed)
    assert "0/us-east-1: no" in told
    assert "5/us-east-1" not in told
    assert "and 2 more" in told


def test_changes_are_told_by_name_as_far_as_they_can_be_read() -> None:
    """A few by name, of many how many more."""
    few = [{"Action": "Modify", "LogicalResourceId": "ScanFunction"}]
    assert told_changes(few) == "1 resource changes: modify ScanFunction"
    many = [{"Action": "Add", "LogicalResourceId": f"R{number}"} for number in range(10)]
    assert told_changes(many).endswith("add R7 and 2 more")
    assert told_changes([]) == "only outputs change"


def test_what_stays_is_said_before_and_is_no_surprise_afterwards() -> None:
    """Buckets and logs stay unless their removal was asked for; with it only what is locked does."""

    def place(text: str) -> int:
        return lines.index(text)

    bucket = Leftover("1", "global", "S3 bucket", "fleetdx-data")
    role = Leftover("1", "global", "IAM role", "fleetdx-member-read")
    assert unexpected([bucket, role], with_data=False, locked={}) == [role]
    assert unexpected([bucket, role], with_data=True, locked={"fleetdx-data": 3}) == [role]
    for with_data in (False, True):
        lines = told_beforehand(with_data=with_data)
        data = next(line for line in lines if "fleetdx-data-*" in line)
        assert (place(data) < place("Stays:")) is with_data


@pytest.mark.parametrize("with_data", [False, True])
def test_webhooks_of_owners_are_theirs(with_data: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """A person has put them there: a removal leaves them and is done. Any other parameter was the stack's."""
    webhook = Leftover("222222222222", "ap-northeast-2", "SSM parameter", "/fleetdx/slack/payments")
    configuration = webhook._replace(name="/fleetdx/configuration")
    assert unexpected([webhook, configuration], with_data=with_data, locked={}) == [configuration]
