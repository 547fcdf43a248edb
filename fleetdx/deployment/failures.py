"""What ends a deployment: an account that is another one than meant, or a stack that failed, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

REMEDIES: Final = (
    (("already exists", "AlreadyExists"), "Delete what is in the way, or rename it by an option of the settings"),
    (("not authorized", "AccessDenied", "Access Denied", "explicit deny"), "Give the profile the right that is named"),
    (("LimitExceeded", "limit", "quota"), "Have the quota raised"),
    (("organizations access",), "Turn trusted access for StackSets on in the management account"),
    (("not a delegated administrator",), "Register the central account as delegated administrator of StackSets"),
    (("not verified", "in use"), "Wait until nobody uses it"),
)
CONSEQUENT: Final = ("cancelled", "canceled")
"""What CloudFormation tells of resources that it gave up because of another one."""


class DeploymentFailed(Exception):
    """A deployment or removal cannot go on; the text says where, why, and what to do."""


class StackFailure(NamedTuple):
    """The resource that failed first, of what type, and CloudFormation's reason."""

    resource: str
    type: str
    reason: str


class DocumentNotReleased(DeploymentFailed):
    """An SSM document is not what was released; the message names the first place that differs."""


class StackFailed(DeploymentFailed):
    """A stack did not become what was asked for.

    Attributes:
        stack: Its name.
        failure: What failed first.
    """

    def __init__(self, stack: str, place: str, status: str, failure: StackFailure) -> None:
        super().__init__(
            f"stack {stack} in {place} is {status}: {failure.resource} ({failure.type}): "
            f"{failure.reason.rstrip('. ')}. {remedy_of(failure.reason)}; then give the same command again."
        )
        self.stack = stack
        self.failure = failure


def remedy_of(reason: str) -> str:
    """What to do about CloudFormation's reason, in a sentence without its full stop."""
    for words, remedy in REMEDIES:
        if any(word in reason for word in words):
            return remedy
    return "Mend what the reason names"


def first_failure(newest_first: Iterable[Mapping[str, Any]], stack_id: str) -> StackFailure:
    """The failure that the others followed from, of the last change of a stack.

    Args:
        newest_first: Events as DescribeStackEvents has them.
        stack_id: The stack's id, whose own events separate one change from another.
    """
    found: StackFailure | None = None
    for event in newest_first:
        is_own = event.get("PhysicalResourceId") == stack_id
        status, reason = event["ResourceStatus"], event.get("ResourceStatusReason") or ""
        if is_own and status.endswith("IN_PROGRESS") and "ROLLBACK" not in status and reason == "User Initiated":
            break
        if status.endswith("_FAILED") and not any(word in reason for word in CONSEQUENT):
            told = StackFailure(event["LogicalResourceId"], event["ResourceType"], reason)
            found = told if not is_own or found is None else found
    return found or StackFailure("the stack", "AWS::CloudFormation::Stack", "CloudFormation gives no reason")
