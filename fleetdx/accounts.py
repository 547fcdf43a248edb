"""The only sts:AssumeRole: from a function in the central account into a member's role, or a signer's.

Keys live in the memory of the function that assumed the role and nowhere else; what other functions need to know is
returned as facts without them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from botocore.exceptions import ClientError

from fleetdx.errors import MemberRoleDenied
from fleetdx.sessions import own_session, session_of
from fleetdx.settings import setting

if TYPE_CHECKING:
    import boto3
    from types_boto3_sts.client import STSClient
    from types_boto3_sts.type_defs import AssumeRoleRequestTypeDef

    from fleetdx.events import PlaceEvent
    from fleetdx.sessions import SessionKeys, SessionOf

# The shortest life that STS allows; a function lives less than 15 minutes.
MEMBER_SESSION_SECONDS = 900
Duty = Literal["read", "scan", "mend", "import"]
"""What a member role is for: to see, to send our document, to attach what SSM needs, or to import findings."""
DENIED_CODES = frozenset({"AccessDenied", "AccessDeniedException", "NoSuchEntity", "InvalidClientTokenId"})


@dataclass(frozen=True)
class RoleToAssume:
    """A role and what its trust policy asks for.

    Attributes:
        arn: The role's ARN.
        session_name: Who assumes it and why; CloudTrail shows it (at most 64 characters, letters, digits and _+=,.@-).
        external_id: What the trust policy wants as sts:ExternalId, or None.
        seconds: Life of the credentials; role chaining allows 3,600 at most.
    """

    arn: str
    session_name: str
    external_id: str | None = None
    seconds: int = MEMBER_SESSION_SECONDS


def member_role_arn(account: str, region: str, role_path_and_name: str) -> str:
    """The ARN of a role in a member account, in the partition that the region belongs to.

    Args:
        account: 12 digits.
        region: Any region of the partition, for instance `ap-northeast-2`.
        role_path_and_name: For instance `fleetdx/fleetdx-member-read`.
    """
    partition = own_session().get_partition_for_region(region)
    return f"arn:{partition}:iam::{account}:role/{role_path_and_name}"


def assume(
    role: RoleToAssume, region: str, sts: STSClient, session_of: SessionOf = session_of
) -> boto3.session.Session:
    """A session that acts as the role in one region.

    Args:
        role: What to assume.
        region: Where the session's clients work.
        sts: A client of the caller's own session; it decides who assumes.
        session_of: Makes the session from keys and a region, where its clients do not go where all others do.

    Raises:
        MemberRoleDenied: The role is absent, or its trust policy does not name this caller.
    """
    wanted: AssumeRoleRequestTypeDef = {
        "RoleArn": role.arn,
        "RoleSessionName": role.session_name[:64],
        "DurationSeconds": role.seconds,
    }
    if role.external_id:
        wanted["ExternalId"] = role.external_id
    try:
        answer = sts.assume_role(**wanted)
    except ClientError as error:
        if error.response["Error"]["Code"] in DENIED_CODES:
            raise MemberRoleDenied(f"{role.arn} cannot be assumed: it is absent or does not trust us") from error
        raise
    credentials = answer["Credentials"]
    keys: SessionKeys = {
        "aws_access_key_id": credentials["AccessKeyId"],
        "aws_secret_access_key": credentials["SecretAccessKey"],
        "aws_session_token": credentials["SessionToken"],
    }
    return session_of(keys, region)


def member_session(event: PlaceEvent, function: str, duty: Duty) -> boto3.session.Session:
    """A session in the account and region that a state's input names, assumed by the running function.

    Args:
        event: The state's input; its run stands in the session's name, for whoever reads CloudTrail.
        function: Name of the function, for the same reason.
        duty: Which of the member's roles; each trusts only the functions that have this duty.

    Raises:
        MemberRoleDenied: The role is absent, or does not trust this function.
    """
    return enter_member(event["account"], event["region"], duty, f"{function}-{event['run']}")


def enter_member(account: str, region: str, duty: Duty, session_name: str) -> boto3.session.Session:
    """A session in an account and region, in the role for one duty, assumed by the running function.

    Reads MEMBER_ROLES (path of the member roles, and what their names begin with) and EXTERNAL_ID (what their trust
    policies want) from the function's environment.

    Args:
        account: 12 digits.
        region: Where the session's clients work.
        duty: Which of the member's roles.
        session_name: Who enters and why; CloudTrail shows its first 64 characters.

    Raises:
        MemberRoleDenied: The role is absent, or does not trust this function.
    """
    arn = member_role_arn(account, region, f"{setting('MEMBER_ROLES')}{duty}")
    wanted = RoleToAssume(arn, session_name, setting("EXTERNAL_ID"))
    # The regional endpoint answers where the global one is blocked or disabled.
    return assume(wanted, region, own_session().client("sts"))
