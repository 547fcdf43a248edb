"""AssumeRole: prove that the member account lets us in; return facts about the role, never its keys.

Raises MemberRoleDenied, which is not worth a retry: the account becomes a gap that names it; and OutsideWindow, where
an account-region's turn in its wave comes when it may no longer start.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NotRequired, TypedDict

from fleetdx.accounts import member_session
from fleetdx.entrypoint import entrypoint
from fleetdx.errors import MemberRoleDenied, OutsideWindow
from fleetdx.events import PlaceEvent
from fleetdx.run_ids import moment_of

if TYPE_CHECKING:
    from types_boto3_sts.client import STSClient

MANAGEMENT_REMEDY = (
    "service-managed StackSets never reach the management account: deploy templates/member.yaml and "
    "member_region.yaml there as plain stacks"
)


class Input(PlaceEvent):
    """The account and region to enter, whether it is the management account, and until when it may be entered."""

    management: bool
    starts_before: NotRequired[str | None]


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


def check_window(event: Input, clock: dt.datetime) -> None:
    """Refuse a start after the window's end: many account-regions of a wave wait for a place in the Map.

    Raises:
        OutsideWindow: It is too late.
    """
    end = event.get("starts_before")
    if end is not None and clock >= moment_of(end):
        raise OutsideWindow(f"its turn came after {end}, when the windows let nobody in any more")


@entrypoint
def lambda_handler(event: Input, context: object) -> Output:  # noqa: D103 - see the module
    check_window(event, dt.datetime.now(dt.UTC))
    try:
        session = member_session(event, "assume-role", "read")
    except MemberRoleDenied as error:
        if event["management"]:
            raise MemberRoleDenied(f"{error}; {MANAGEMENT_REMEDY}") from None
        raise
    return run(event, session.client("sts"))
