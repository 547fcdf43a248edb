"""AttachPolicies: attach the policies that a role lacks, or give an instance without a profile the default one.

Raises InstanceProfileNotReady while EC2 does not see a profile yet, and ServiceUnavailable while another execution
makes the same change: both are worth a retry. What a service control policy denies is not.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, NotRequired, TypedDict

from botocore.exceptions import ClientError

from fleetdx import changes, ec2, iam, keys
from fleetdx.accounts import enter_member
from fleetdx.ec2 import AssociationTaken, InstanceUnknown
from fleetdx.entrypoint import entrypoint, translate
from fleetdx.errors import AccessDenied, DeniedByServiceControlPolicy
from fleetdx.events import InstanceTarget
from fleetdx.readiness import Action, Conclusion, ConclusionDict
from fleetdx.sessions import own_s3
from fleetdx.settings import setting
from fleetdx.storage import Bucket

if TYPE_CHECKING:
    from collections.abc import Iterator

    from types_boto3_ec2.client import EC2Client

    from fleetdx.iam import Attached, IamClient

MOST_LOOKS = 3
"""How often an instance whose association others change is looked at again."""


class Instance(TypedDict):
    """The instance's role; empty where it has none."""

    role_name: str
    role_arn: str


class Policies(TypedDict):
    """What CheckPolicies found missing."""

    policies_to_attach: list[str]
    profile_to_associate: str


class Attachment(TypedDict):
    """What an earlier look of this execution left."""

    looks: int
    actions: list[Action]


class Input(InstanceTarget):
    """The instance, its role, and what is missing."""

    instance: Instance
    policies: Policies
    attachment: NotRequired[Attachment]


class Output(TypedDict):
    """What was changed, by earlier looks too. `look_again`: the instance has another association by now."""

    actions: list[Action]
    looks: int
    look_again: bool
    is_over: bool
    conclusion: ConclusionDict | None


def run(event: Input, data: Bucket, member_iam: IamClient, member_ec2: EC2Client, now: dt.datetime) -> Output:
    """Make the change, once over all executions that find it missing."""
    before = event.get("attachment", Attachment(looks=0, actions=[]))
    made: Attachment = {"looks": before["looks"] + 1, "actions": list(before["actions"])}
    if event["policies"]["profile_to_associate"]:
        return _associate(event, data, member_ec2, made, now)
    return _attach(event, data, member_iam, made, now)


def _attach(event: Input, data: Bucket, member_iam: IamClient, made: Attachment, now: dt.datetime) -> Output:
    role = event["instance"]
    for arn in event["policies"]["policies_to_attach"]:
        claim = keys.mending_claim(event["account"], f"roles/{role['role_name']}/{_digest(arn)}")
        if changes.take(data, claim, event["execution"], now) == "made_by_another":
            # A role that instances share: the other execution tells it.
            continue
        with _given_back_when_denied(data, claim):
            outcome = iam.attach(member_iam, role["role_name"], arn)
        if outcome.outcome != "attached":
            data.delete(claim)
            return _output(made, _refused(outcome))
        changes.made(data, claim, event["execution"], now)
        made["actions"].append({"call": "iam:AttachRolePolicy", "to": role["role_arn"], "gave": arn})
    return _output(made, Conclusion("ready", "policies_attached", f"{role['role_arn']} has what it lacked."))


def _refused(attached: Attached) -> Conclusion:
    if attached.outcome == "quota":
        return Conclusion("reported", "policy_quota_full", f"{attached.sentence}; an inline policy is never written.")
    if attached.outcome == "unmodifiable":
        return Conclusion("reported", "role_protected", f"{attached.sentence}.")
    return Conclusion("failed", "policy_not_attachable", f"{attached.sentence}.")


def _associate(event: Input, data: Bucket, member_ec2: EC2Client, made: Attachment, now: dt.datetime) -> Output:
    """Give the default profile, and look again: its role is checked like any other."""
    instance, profile = event["instance_id"], event["policies"]["profile_to_associate"]
    claim = keys.mending_claim(event["account"], f"instances/{event['region']}/{instance}")
    taken = changes.take(data, claim, event["execution"], now)
    if taken == "made_by_another":
        return _look_again(made)
    action: Action = {"call": "ec2:AssociateIamInstanceProfile", "to": instance, "gave": profile}
    try:
        with _given_back_when_denied(data, claim):
            ec2.associate_profile(member_ec2, instance, profile)
        changes.made(data, claim, event["execution"], now)
    except AssociationTaken:
        # By an earlier try of ours whose answer was lost, or by somebody else: the next look shows which profile it is.
        if taken == "first":
            return _look_again(made)
    except InstanceUnknown:
        return _output(made, Conclusion("gone", "instance_gone", "It went before it could be given a profile."))
    return _look_again({**made, "actions": [action]})


@contextmanager
def _given_back_when_denied(data: Bucket, claim: str) -> Iterator[None]:
    """A denied change was not made: the claim goes, so that the next execution need not wait to hear the same."""
    try:
        yield
    except ClientError as error:
        if isinstance(translate(error), (AccessDenied, DeniedByServiceControlPolicy)):
            data.delete(claim)
        raise


def _look_again(made: Attachment) -> Output:
    if made["looks"] < MOST_LOOKS:
        return {**_output(made, None), "look_again": True}
    detail = f"Others changed its association each of {made['looks']} times that it was looked at."
    return _output(made, Conclusion("failed", "association_changing", detail))


def _output(made: Attachment, conclusion: Conclusion | None) -> Output:
    return {
        "actions": made["actions"],
        "looks": made["looks"],
        "look_again": False,
        "is_over": conclusion is not None and conclusion.outcome != "ready",
        "conclusion": conclusion.as_state() if conclusion else None,
    }


def _digest(arn: str) -> str:
    return hashlib.sha256(arn.encode()).hexdigest()[:16]


@entrypoint
def lambda_handler(event: Input, context: object) -> Output:  # noqa: D103 - see the module
    data = Bucket(own_s3(), setting("DATA_BUCKET"))
    member = enter_member(event["account"], event["region"], "mend", f"attach-policies-{event['instance_id']}")
    return run(event, data, member.client("iam"), member.client("ec2"), dt.datetime.now(dt.UTC))
