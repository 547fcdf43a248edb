"""ARNs of what requests name otherwise: roles and instance profiles by name, accounts and units by id."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moto.iam.models import iam_backends
from moto.organizations.models import organizations_backends

if TYPE_CHECKING:
    from moto.iam.models import IAMBackend, InstanceProfile


def role_arn(account: str, partition: str, name: str) -> str:
    """The ARN of a role, with its path; one without a path where there is none of that name."""
    backend = _iam(account, partition)
    roles = [] if backend is None else list(backend.roles.values())
    return next((str(role.arn) for role in roles if role.name == name), f"arn:{partition}:iam::{account}:role/{name}")


def profile_arn(account: str, partition: str, name: str) -> str:
    """The ARN of an instance profile, with its path; one without a path where there is none of that name."""
    found = _profile(account, partition, name)
    return f"arn:{partition}:iam::{account}:instance-profile/{name}" if found is None else str(found.arn)


def roles_of_profile(account: str, partition: str, arn_or_name: str) -> list[str]:
    """The ARNs of the roles in an instance profile; none where there is no such profile."""
    found = _profile(account, partition, arn_or_name)
    return [] if found is None else [str(role.arn) for role in found.roles]


def organization_arn(account: str, partition: str) -> str:
    """What the ARNs of an organization's parts begin with, up to their kind: `arn:aws:organizations::ACCOUNT`."""
    return f"arn:{partition}:organizations::{_management_of(account)}"


def organization_id(account: str) -> str:
    """The id of the organization that an account is in, as ARNs have it; `o-none` for an account in none."""
    management = _management_of(account)
    found = organizations_backends[management]["aws"].org if management in organizations_backends else None
    return "o-none" if found is None else str(found.id)


def _management_of(account: str) -> str:
    # Asking moto's table for an account creates that account, so look first.
    member = organizations_backends.master_accounts.get(account)
    return account if member is None else str(member[0])


def _iam(account: str, partition: str) -> IAMBackend | None:
    return iam_backends[account][partition] if account in iam_backends else None


def _profile(account: str, partition: str, arn_or_name: str) -> InstanceProfile | None:
    backend = _iam(account, partition)
    profiles = [] if backend is None else list(backend.instance_profiles.values())
    return next((one for one in profiles if arn_or_name in {one.name, one.arn}), None)
