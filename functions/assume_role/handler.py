"""AssumeRole: prove that the member account lets us in; return facts about the role, never its keys.

Raises MemberRoleDenied, which is not worth a retry: the account becomes a gap that names it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from fleetdx.accounts import member_session
from fleetdx.entrypoint import entrypoint
from fleetdx.errors import MemberRoleDenied
from fleetdx.events import PlaceEvent

if TYPE_CHECKING:
    from types_boto3_sts.client import STSClient

MANAGEMENT_REMEDY = (
    "service-managed StackSets never reach the management account: deploy templates/member.yaml and "
    "member_region.yaml there as plain stacks"
)


class Input(PlaceEvent):
    """The account and region to enter, and whether it is the management account."""

    management: bool


class Output(TypedDict):
    """Who we are there."""

    account: str
    role_arn: str


def run(event: Input, sts: STSClient) -> Output:
    """Ask the member's STS who we are.

    Raises:
        MemberRoleDenied: We are in another account than asked for.
    """
    identity = sts.get_caller_identity()
    if identity["Account"] != event["account"]:
        raise MemberRoleDenied(f"the role led to account {identity['Account']} instead of {event['account']}")
    return {"account": identity["Account"], "role_arn": identity["Arn"]}


@entrypoint
def lambda_handler(event: Input, context: object) -> Output:  # noqa: D103 - see the module
    try:
        session = member_session(event, "assume-role", "read")
    except MemberRoleDenied as error:
        if event["management"]:
            raise MemberRoleDenied(f"{error}; {MANAGEMENT_REMEDY}") from None
        raise
    return run(event, session.client("sts"))
