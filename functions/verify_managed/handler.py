"""VerifyManaged: does Systems Manager manage the instance by now, and if not, how long to wait before asking again?

An agent that was refused looks again after 5 to 60 minutes (its credential refresher doubles the wait), so the waits
grow and add up to what the configuration allows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NotRequired, TypedDict

from fleetdx import ec2, ssm
from fleetdx.accounts import enter_member
from fleetdx.entrypoint import entrypoint
from fleetdx.events import InstanceTarget
from fleetdx.readiness import Conclusion, ConclusionDict

if TYPE_CHECKING:
    from types_boto3_ec2.client import EC2Client
    from types_boto3_ssm.client import SSMClient

ONLINE = "Online"
RUNNING_STATES = frozenset({"pending", "running"})
FIRST_WAIT_SECONDS = 30
LONGEST_WAIT_SECONDS = 600


class Configuration(TypedDict):
    """How long to wait altogether."""

    registration_wait_seconds: int


class Exemption(TypedDict):
    """What CheckExemption found."""

    configuration: Configuration


class Verification(TypedDict):
    """What an earlier look left."""

    waited_seconds: int
    wait_seconds: int


class Input(InstanceTarget):
    """The instance, and what an earlier look left."""

    exemption: Exemption
    verification: NotRequired[Verification]


class Output(Verification):
    """Whether SSM manages it; `waited_seconds` holds the wait that follows."""

    is_online: bool
    is_over: bool
    conclusion: ConclusionDict | None


def run(event: Input, member_ssm: SSMClient, member_ec2: EC2Client) -> Output:
    """Ask SSM, and EC2 too where it is time to give up."""
    before = event.get("verification", {"waited_seconds": 0, "wait_seconds": 0})
    limit = event["exemption"]["configuration"]["registration_wait_seconds"]
    node = ssm.node(member_ssm, event["instance_id"])
    ping = node["PingStatus"] if node else ""
    is_over = before["waited_seconds"] >= limit
    conclusion = None
    if ping != ONLINE and is_over:
        conclusion = _given_up(ping, limit, ec2.instance(member_ec2, event["instance_id"]))
    grown = min(LONGEST_WAIT_SECONDS, before["wait_seconds"] * 2 or FIRST_WAIT_SECONDS)
    wait = min(grown, max(0, limit - before["waited_seconds"]))
    return {
        "waited_seconds": before["waited_seconds"] + wait,
        "wait_seconds": wait,
        "is_online": ping == ONLINE,
        "is_over": is_over,
        "conclusion": conclusion.as_state() if conclusion else None,
    }


def _given_up(ping: str, limit: int, found: object) -> Conclusion:
    state = found["State"]["Name"] if isinstance(found, dict) else ""
    if state not in RUNNING_STATES:
        return Conclusion("gone", "instance_gone", f"While SSM was waited for, EC2 said {state or 'that it is gone'}.")
    if ping:
        detail = f"SSM knows it and says {ping}, for {limit // 60} minutes."
        return Conclusion("failed", "agent_not_reporting", detail)
    detail = f"Its role has what is required, and SSM has not heard of it for {limit // 60} minutes."
    return Conclusion("failed", "not_registered", detail)


@entrypoint
def lambda_handler(event: Input, context: object) -> Output:  # noqa: D103 - see the module
    member = enter_member(event["account"], event["region"], "read", f"verify-managed-{event['instance_id']}")
    return run(event, member.client("ssm"), member.client("ec2"))
