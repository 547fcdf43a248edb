"""The accounts that a request means, by the organization's own word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fleetdx.errors import InvalidRequest
from fleetdx.organizations import Account, UnknownParent, accounts_below, all_accounts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from types_boto3_organizations.client import OrganizationsClient


def accounts_in_scope(scope: Mapping[str, Any], organization: OrganizationsClient) -> list[Account]:
    """The accounts that the scope of a request means, ordered by id; those that are no members have the status UNKNOWN.

    Raises:
        InvalidRequest: An organizational unit does not exist.
    """
    if "organizational_units" in scope:
        found: dict[str, Account] = {}
        for number, unit in enumerate(scope["organizational_units"]):
            try:
                found |= {account.id: account for account in accounts_below(organization, unit)}
            except UnknownParent:
                place = f"/scope/organizational_units/{number}"
                raise InvalidRequest(place, f"the organization has no unit {unit}") from None
        return sorted(found.values())
    members = {account.id: account for account in all_accounts(organization)}
    if "organization" in scope:
        return sorted(members.values())
    named = scope.get("accounts") or {name.split("/")[0] for name in scope["instances"]}
    return sorted(members.get(name, Account(name, "(not a member)", "UNKNOWN")) for name in set(named))
