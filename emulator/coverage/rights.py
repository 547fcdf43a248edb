"""Instance profiles with every kind of rights, one of each kind in an account that needs it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emulator.coverage.specimens import Rights

CORE: Final = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
PATH: Final = "/prepared/"
"""Profiles lie below a path and roles have other names: neither can be guessed from the other."""
_TRUST: Final = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
_REGISTRATION: Final = "ssm:UpdateInstanceInformation"
_STORAGE: Final = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
_INLINE: Final[Mapping[Rights, Mapping[str, Any]]] = {
    "other_policy": _STORAGE,
    "denied": {"Effect": "Deny", "Action": _REGISTRATION, "Resource": "*"},
    "conditional": {
        "Effect": "Allow",
        "Action": ["ssm:*", "ssmmessages:*", "ec2messages:*"],
        "Resource": "*",
        "Condition": {"StringEquals": {"aws:PrincipalTag/managed": "yes"}},
    },
}


def profile(iam: Any, rights: Rights) -> str | None:
    """Make the profile with these rights, where it is not there yet, and give its name; None for no profile at all."""
    if rights == "none":
        return None
    name = f"prepared-{rights.replace('_', '-')}"
    pages = iam.get_paginator("list_instance_profiles").paginate(PathPrefix=PATH)
    if any(one["InstanceProfileName"] == name for page in pages for one in page["InstanceProfiles"]):
        return name
    iam.create_instance_profile(InstanceProfileName=name, Path=PATH)
    if rights != "profile_only":
        iam.add_role_to_instance_profile(InstanceProfileName=name, RoleName=_role(iam, rights))
    return name


def deny_registration(organizations: Any, account: str) -> None:
    """Attach a service control policy to an account that keeps every agent in it from registering."""
    deny = {"Effect": "Deny", "Action": _REGISTRATION, "Resource": "*"}
    made = organizations.create_policy(
        Name="no-registration",
        Description="Nothing in this account is managed by Systems Manager.",
        Type="SERVICE_CONTROL_POLICY",
        Content=_document(deny),
    )
    organizations.attach_policy(PolicyId=made["Policy"]["PolicySummary"]["Id"], TargetId=account)


def _role(iam: Any, rights: Rights) -> str:
    name = f"{rights.replace('_', '-')}-instances"
    limit = {}
    if rights == "bounded":
        boundary = iam.create_policy(PolicyName="storage-only", PolicyDocument=_document(_STORAGE))
        limit = {"PermissionsBoundary": boundary["Policy"]["Arn"]}
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=_document(_TRUST), **limit)
    if rights in ("managed", "denied", "bounded"):
        iam.attach_role_policy(RoleName=name, PolicyArn=CORE)
    if rights in _INLINE:
        iam.put_role_policy(RoleName=name, PolicyName="inline", PolicyDocument=_document(_INLINE[rights]))
    return name


def _document(statement: Mapping[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
