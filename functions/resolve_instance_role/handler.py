"""ResolveInstanceRole: what an instance is now, which role it has, and whether Systems Manager manages it.

Everything is read again: of an event only account, region and instance id are believed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from fleetdx import ec2, iam, ssm
from fleetdx.accounts import enter_member
from fleetdx.entrypoint import entrypoint
from fleetdx.events import InstanceTarget
from fleetdx.readiness import Conclusion, ConclusionDict
from fleetdx.role_rights import profile_name

if TYPE_CHECKING:
    from types_boto3_ec2.client import EC2Client
    from types_boto3_ssm.client import SSMClient

    from fleetdx.iam import IamClient

GONE_STATES = frozenset({"shutting-down", "terminated"})
STOPPED_STATES = frozenset({"stopping", "stopped"})


class Input(InstanceTarget):
    """The instance."""


class Output(TypedDict):
    """What it is; texts are empty where it has none. `ping` is SSM's word for its agent, empty where SSM knows none."""

    state: str
    profile_arn: str
    role_name: str
    role_arn: str
    tag_keys: list[str]
    ping: str
    is_over: bool
    conclusion: ConclusionDict | None


def run(event: Input, member_ec2: EC2Client, member_iam: IamClient, member_ssm: SSMClient) -> Output:
    """Read instance, association, profile and role, and ask SSM for its agent."""
    found = ec2.instance(member_ec2, event["instance_id"])
    state = found["State"]["Name"] if found else ""
    conclusion = _concluded(state)
    output: Output = {
        "state": state,
        "profile_arn": "",
        "role_name": "",
        "role_arn": "",
        "tag_keys": [],
        "ping": "",
        "is_over": conclusion is not None,
        "conclusion": conclusion.as_state() if conclusion else None,
    }
    if found is None or conclusion is not None:
        return output
    output["tag_keys"] = [tag["Key"] for tag in found.get("Tags", [])]
    profile = found.get("IamInstanceProfile", {}).get("Arn") or ec2.associated_profile(member_ec2, event["instance_id"])
    if profile:
        output["profile_arn"] = profile
        role = iam.role_of_profile(member_iam, profile_name(profile))
        output["role_name"], output["role_arn"] = role or ("", "")
    node = ssm.node(member_ssm, event["instance_id"])
    output["ping"] = node["PingStatus"] if node else ""
    return output


def _concluded(state: str) -> Conclusion | None:
    if not state or state in GONE_STATES:
        return Conclusion("gone", "instance_gone", f"EC2 says {state or 'that there is no such instance'}.")
    if state in STOPPED_STATES:
        return Conclusion("gone", "instance_stopped", f"EC2 says {state}; when it runs again, an event comes.")
    return None


@entrypoint
def lambda_handler(event: Input, context: object) -> Output:  # noqa: D103 - see the module
    name = f"resolve-instance-role-{event['instance_id']}"
    member = enter_member(event["account"], event["region"], "read", name)
    return run(event, member.client("ec2"), member.client("iam"), member.client("ssm"))
