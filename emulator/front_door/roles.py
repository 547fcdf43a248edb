"""Look up IAM roles of the embedded AWS: their trust policy, session limit and what their policies say."""

from __future__ import annotations

import re
from dataclasses import dataclass

from moto.iam.models import ManagedPolicy, Role, iam_backends

from emulator.front_door.credentials import Principal, Statement
from emulator.front_door.permissions import statements_of

_ROLE_ARN = re.compile(
    r"arn:(aws(?:-cn|-us-gov)?):iam::([0-9]{12}):role(/[\x21-\x7e]*?/|/)([\w+=,.@-]{1,64})", re.ASCII
)


@dataclass(frozen=True, slots=True)
class RoleFacts:
    """One role: `trust_policy` is its document as text, `max_session_seconds` its MaxSessionDuration."""

    arn: str
    account: str
    name: str
    role_id: str
    trust_policy: str
    max_session_seconds: int

    def session(self, session_name: str) -> Principal:
        """Name a session of this role the way STS does."""
        partition = self.arn.split(":")[1]
        arn = f"arn:{partition}:sts::{self.account}:assumed-role/{self.name}/{session_name}"
        return Principal(self.account, arn, f"{self.role_id}:{session_name}", self.arn)


def find_role(role_arn: str) -> RoleFacts | None:
    """Find a role by its exact ARN, path included; None when there is none."""
    role = role_of(role_arn)
    if role is None:
        return None
    limit = int(role.max_session_duration or 3600)
    return RoleFacts(role_arn, role.account_id, role.name, role.id, role.assume_role_policy_document, limit)


def statements_of_role(role_arn: str) -> list[Statement]:
    """List the statements of a role's inline and attached policies; none for a role that is gone."""
    return [statement for document in documents_of_role(role_arn) for statement in statements_of(document)]


def documents_of_role(role_arn: str) -> tuple[str, ...]:
    """The texts of a role's inline and attached policies; none for a role that is gone."""
    role = role_of(role_arn)
    if role is None:
        return ()
    return (*role.policies.values(), *map(default_document, role.managed_policies.values()))


def default_document(policy: ManagedPolicy) -> str:
    """The text of a managed policy in its default version."""
    document: str = next(
        version.document for version in policy.versions if version.version_id == policy.default_version_id
    )
    return document


def role_of(role_arn: str) -> Role | None:
    """Moto's own object of a role; None when there is none."""
    match = _ROLE_ARN.fullmatch(role_arn)
    # Asking moto's table for an account creates that account, so look first.
    if match is None or match[2] not in iam_backends:
        return None
    roles = iam_backends[match[2]][match[1]].roles
    return next((role for role in list(roles.values()) if role.arn == role_arn), None)
