"""Look up what limits a role of the embedded AWS: its permissions boundary, and its organization's policies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.iam.models import iam_backends
from moto.organizations.models import organizations_backends

from emulator.front_door.permissions import statements_of
from emulator.front_door.roles import default_document, role_of, statements_of_role
from emulator.front_door.simulation import simulate

if TYPE_CHECKING:
    from emulator.front_door.credentials import Statement
    from emulator.front_door.simulation import Policy, Simulated

_SERVICE_CONTROL = "SERVICE_CONTROL_POLICY"


def simulate_role(role_arn: str, action: str, resource: str = "*") -> Simulated:
    """What the policy simulator says of a role, all its limits included; a role that is gone may do nothing."""
    account = role_arn.split(":")[4]
    return simulate(
        action, resource, statements_of_role(role_arn), boundary_of_role(role_arn), service_control_policies(account)
    )


def boundary_of_role(role_arn: str) -> list[Statement] | None:
    """The statements of a role's permissions boundary; None where it has none. One that is gone allows nothing."""
    role = role_of(role_arn)
    if role is None or not role.permissions_boundary_arn:
        return None
    policy = iam_backends[role.account_id][role.partition].managed_policies.get(role.permissions_boundary_arn)
    return [] if policy is None else statements_of(default_document(policy))


def service_control_policies(account: str) -> list[list[Policy]] | None:
    """The service control policies on the way from the root to an account, level by level.

    None for an account in no organization; no level for the management account, which they do not limit.
    """
    if account not in organizations_backends.master_accounts:
        is_management = account in organizations_backends and organizations_backends[account]["aws"].org is not None
        return [] if is_management else None
    management, partition = organizations_backends.master_accounts[account]
    backend: Any = organizations_backends[management][partition]
    place: Any = next(one for one in backend.accounts if one.id == account)
    levels = [_policies(place)]
    units = {unit.id: unit for unit in backend.ou}
    while getattr(place, "parent_id", None) in units:
        place = units[place.parent_id]
        levels.append(_policies(place))
    return levels


def _policies(place: Any) -> list[Policy]:
    return [statements_of(policy.content) for policy in place.attached_policies if policy.type == _SERVICE_CONTROL]
