"""Narrow verbs over EC2: which instances exist, and the instance profile that one of them has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from fleetdx.errors import InstanceProfileNotReady

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from types_boto3_ec2.client import EC2Client

UNKNOWN_CODES = frozenset({"InvalidInstanceID.NotFound", "InvalidInstanceID.Malformed"})
IMAGES_A_CALL = 200
"""A filter of EC2 takes at most 200 values (its guide, "List and filter using the CLI and API")."""
STANDING_STATES = ("associating", "associated")
# EC2 tells these apart by its text alone; the words are those of its answers to AssociateIamInstanceProfile.
TAKEN = ("existing association",)
SPREADING = (
    "InstanceProfileNotFound",
    "InstanceIdentityProfileNotFound",
    "Invalid IAM Instance Profile",
    "no associated",
)
NOT_ASSOCIABLE_CODES = frozenset({"IncorrectState", "IncorrectInstanceState", "InvalidParameterValue"})


class AssociationTaken(RuntimeError):
    """The instance has an association by now, somebody else's or our own of an earlier try."""


class InstanceUnknown(LookupError):
    """EC2 does not know the instance, or it is in a state in which nothing can be associated."""


def instances(ec2: EC2Client) -> Iterator[Mapping[str, Any]]:
    """Every instance of this account and region, whatever its state."""
    for page in ec2.get_paginator("describe_instances").paginate(PaginationConfig={"PageSize": 1000}):
        for reservation in page["Reservations"]:
            yield from reservation["Instances"]


def instance(ec2: EC2Client, identifier: str) -> Mapping[str, Any] | None:
    """One instance of this account and region, as EC2 sees it now; None where there is none."""
    try:
        answer = ec2.describe_instances(InstanceIds=[identifier])
    except ClientError as error:
        if error.response["Error"]["Code"] in UNKNOWN_CODES:
            return None
        raise
    found = [one for reservation in answer["Reservations"] for one in reservation["Instances"]]
    return found[0] if found else None


def images(ec2: EC2Client, identifiers: Sequence[str]) -> Iterator[Mapping[str, Any]]:
    """The images of that many ids that still exist and that this account may see."""
    for start in range(0, len(identifiers), IMAGES_A_CALL):
        wanted = list(identifiers[start : start + IMAGES_A_CALL])
        # A filter leaves out what does not exist; ImageIds would refuse the whole call.
        answer = ec2.describe_images(Filters=[{"Name": "image-id", "Values": wanted}], IncludeDeprecated=True)
        yield from answer["Images"]


def associated_profile(ec2: EC2Client, identifier: str) -> str | None:
    """The ARN of the instance profile that an instance has, or is about to have; None where it has none."""
    wanted = [{"Name": "instance-id", "Values": [identifier]}, {"Name": "state", "Values": list(STANDING_STATES)}]
    answer = ec2.describe_iam_instance_profile_associations(Filters=wanted)  # type: ignore[arg-type]
    found = answer["IamInstanceProfileAssociations"]
    return found[0]["IamInstanceProfile"]["Arn"] if found else None


def associate_profile(ec2: EC2Client, identifier: str, profile_name: str) -> None:
    """Give an instance that has none an instance profile.

    Raises:
        AssociationTaken: It has one by now.
        InstanceProfileNotReady: EC2 does not see the profile or its role yet.
        InstanceUnknown: It is gone, or about to be.
    """
    try:
        ec2.associate_iam_instance_profile(IamInstanceProfile={"Name": profile_name}, InstanceId=identifier)
    except ClientError as error:
        code, text = error.response["Error"]["Code"], error.response["Error"].get("Message", "")
        if code in UNKNOWN_CODES:
            raise InstanceUnknown(identifier) from None
        if code not in NOT_ASSOCIABLE_CODES:
            raise
        if any(words in text for words in TAKEN):
            raise AssociationTaken(identifier) from None
        if any(words in text for words in SPREADING):
            raise InstanceProfileNotReady(f"EC2 does not see the instance profile {profile_name} yet") from None
        if code != "InvalidParameterValue":
            raise InstanceUnknown(identifier) from None
        raise
