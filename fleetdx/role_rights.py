"""Whether a role's policies give an instance what SSM Agent needs, and which roles are never touched. Pure.

What counts is the required policy itself, attached; else the same rights by other policies. Only what is certain
counts: a statement with a condition, with other resources than all, or with NotAction or NotResource is not judged.
Permissions boundaries and the organization's policies are not seen here: whether an instance is Online shows them.
"""

from __future__ import annotations

import json
import re
from fnmatch import translate
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from fleetdx.evidence import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

# What AmazonSSMManagedInstanceCore allows, without ssm:GetParameter and ssm:GetParameters: those let an instance read
# every parameter of its account and are not needed to be managed (AmazonSSMManagedEC2InstanceDefaultPolicy lacks them).
NEEDED_ACTIONS = (
    "ssm:DescribeAssociation",
    "ssm:DescribeDocument",
    "ssm:GetDeployablePatchSnapshotForInstance",
    "ssm:GetDocument",
    "ssm:GetManifest",
    "ssm:ListAssociations",
    "ssm:ListInstanceAssociations",
    "ssm:PutComplianceItems",
    "ssm:PutConfigurePackageResult",
    "ssm:PutInventory",
    "ssm:UpdateAssociationStatus",
    "ssm:UpdateInstanceAssociationStatus",
    "ssm:UpdateInstanceInformation",
    "ssmmessages:CreateControlChannel",
    "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenControlChannel",
    "ssmmessages:OpenDataChannel",
    "ec2messages:AcknowledgeMessage",
    "ec2messages:DeleteMessage",
    "ec2messages:FailMessage",
    "ec2messages:GetEndpoint",
    "ec2messages:GetMessages",
    "ec2messages:SendReply",
)
REGISTERING_ACTIONS = (
    "ssm:UpdateInstanceInformation",
    "ssmmessages:CreateControlChannel",
    "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenControlChannel",
    "ssmmessages:OpenDataChannel",
)
"""Without these an agent does not register or hears nothing; the others are for what is asked of it later."""
AWS_MANAGED = "aws/AmazonSSMManagedInstanceCore"
PROTECTED_PATHS = ("aws-service-role", "aws-reserved")
PROTECTED_NAMES = (
    "aws-controltower*",
    "AWSControlTower*",
    "AWSReservedSSO*",
    "AWSServiceRoleFor*",
    "stacksets-exec-*",
    "OrganizationAccountAccessRole",
)
OWN_PATH = "fleetdx"
OWN_DUTIES = ("read", "scan", "mend", "import")
"""Path of our own roles in member accounts, and what their names end with (templates/member.yaml)."""
PARTITIONS = frozenset({"aws", "aws-cn", "aws-us-gov"})


class Rights(NamedTuple):
    """What policies come to.

    Attributes:
        standing: `held`; `lacking` some action; `denied` some action by a Deny; or `unclear` where a statement that is
            not judged could decide.
        sentence: Which action, or why it is not judged; empty where they are held.
    """

    standing: Literal["held", "lacking", "denied", "unclear"]
    sentence: str


def partition_of(arn: str) -> str:
    """The partition in an ARN, for instance that of the caller's identity.

    Raises:
        ValueError: It is no ARN of a partition that fleetdx runs in.
    """
    partition = arn.split(":")[1] if arn.startswith("arn:") else ""
    if partition not in PARTITIONS:
        raise ValueError(f"{arn} is no ARN of {', '.join(sorted(PARTITIONS))}")
    return partition


def policy_arn(required: str, partition: str, account: str) -> str:
    """The ARN of a required policy (`aws/NAME` or `account/PATH/NAME`) in a partition and account."""
    owner, _, path_and_name = required.partition("/")
    return f"arn:{partition}:iam::{'aws' if owner == 'aws' else account}:policy/{path_and_name}"


def profile_name(arn: str) -> str:
    """The name of an instance profile: what stands last in its ARN; paths come before it."""
    return arn.rpartition("/")[2]


def missing_policies(required: Iterable[str], attached: Iterable[str]) -> list[str]:
    """The ARNs among the required ones that are not attached, in their order."""
    held = frozenset(attached)
    return [arn for arn in required if arn not in held]


def protection_of(role_arn: str) -> str | None:
    """Why a role is never touched, as a sentence; None where it may be.

    Args:
        role_arn: `arn:PARTITION:iam::ACCOUNT:role/PATH/NAME`.
    """
    path, _, name = role_arn.partition(":role/")[2].rpartition("/")
    first = path.split("/", maxsplit=1)[0]
    if first in PROTECTED_PATHS:
        return f"the role lies under /{first}/ and belongs to AWS"
    if first == OWN_PATH and name.endswith(OWN_DUTIES):
        return "the role is one of fleetdx's own"
    if any(_is_like(pattern, name) for pattern in PROTECTED_NAMES):
        return "the role's name is one that AWS or Control Tower uses"
    return None


def rights_of(
    documents: Iterable[tuple[str, str | Mapping[str, Any]]], needed: Sequence[str] = NEEDED_ACTIONS
) -> Rights:
    """Whether policy documents, taken together, allow everything that is needed.

    Args:
        documents: Name and content of each policy of a role, or of an endpoint, as text or parsed.
        needed: The actions; by default what SSM Agent needs.
    """
    allowed: set[str] = set()
    unclear = ""
    for name, document in documents:
        statements = _statements(document)
        if statements is None:
            unclear = unclear or f"policy {printable(name)} is not understood"
            continue
        for statement in statements:
            actions = _named_actions(statement, needed)
            why_unclear = _why_unclear(statement)
            if statement.get("Effect") == "Deny" and (actions or "NotAction" in statement):
                return _denied(name, actions, why_unclear)
            if statement.get("Effect") != "Allow":
                continue
            if why_unclear is None:
                allowed |= actions
            elif actions or "NotAction" in statement:
                unclear = unclear or f"policy {printable(name)} {why_unclear}"
    lacking = [action for action in needed if action not in allowed]
    if not lacking:
        return Rights("held", "")
    return Rights("unclear", f"{unclear}, which is not judged") if unclear else Rights("lacking", f"lacks {lacking[0]}")


def _denied(name: str, actions: frozenset[str], why_unclear: str | None) -> Rights:
    """A Deny that holds for sure is told as such; one that depends on something is not judged."""
    if why_unclear is not None:
        return Rights("unclear", f"policy {printable(name)} denies, and {why_unclear}, which is not judged")
    return Rights("denied", f"policy {printable(name)} denies {min(actions)}")


def _statements(document: str | Mapping[str, Any]) -> list[Mapping[str, Any]] | None:
    try:
        policy = json.loads(document) if isinstance(document, str) else document
    except (ValueError, RecursionError):
        return None
    statements = _listed(policy.get("Statement")) if isinstance(policy, dict) else []
    understood = bool(statements) and all(
        isinstance(statement, dict) and statement.get("Effect") in ("Allow", "Deny") for statement in statements
    )
    return statements if understood else None


def _named_actions(statement: Mapping[str, Any], needed: Sequence[str]) -> frozenset[str]:
    """The needed actions that a statement names; actions ignore case and may hold `*` and `?`."""
    patterns = [one for one in _listed(statement.get("Action")) if isinstance(one, str)]
    return frozenset(action for action in needed if any(_is_like_ignoring_case(one, action) for one in patterns))


def _why_unclear(statement: Mapping[str, Any]) -> str | None:
    for name in ("NotAction", "NotResource", "NotPrincipal", "Condition"):
        if name in statement:
            return f"has a statement with {name}"
    if "*" not in _listed(statement.get("Resource")):
        return "has a statement for single resources"
    if not _is_for_everybody(statement.get("Principal", "*")):
        return "has a statement for single principals"
    return None


def _is_for_everybody(principal: object) -> bool:
    """Policies of roles name no principal; those of endpoints name everybody in one of two ways."""
    return principal == "*" or (isinstance(principal, dict) and "*" in _listed(principal.get("AWS")))


def _listed(value: object) -> list[Any]:
    """IAM writes one value bare and several as a list."""
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]


def _is_like(pattern: str, text: str) -> bool:
    return _glob(pattern, re.NOFLAG).match(text) is not None


def _is_like_ignoring_case(pattern: str, text: str) -> bool:
    return _glob(pattern, re.IGNORECASE).match(text) is not None


@lru_cache(maxsize=1024)
def _glob(pattern: str, flags: re.RegexFlag) -> re.Pattern[str]:
    # IAM knows * and ? alone: a bracket is itself.
    return re.compile(translate(pattern.replace("[", "[[]")), flags)
