"""Narrow verbs over AWS Organizations: accounts, whether one is a member, and the organizational units around them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, cast

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from types_boto3_organizations.client import OrganizationsClient
    from types_boto3_organizations.type_defs import AccountTypeDef

UNKNOWN_CODES = frozenset({"ParentNotFoundException", "OrganizationalUnitNotFoundException", "InvalidInputException"})

STRANGER_CODES = frozenset({"AccountNotFoundException", "InvalidInputException"})


class Account(NamedTuple):
    """A member account: 12 digits, its name, and its state (ACTIVE, SUSPENDED, CLOSED, ...) as `status`."""

    id: str
    name: str
    status: str


def _account(told: AccountTypeDef) -> Account:
    # AWS retired Status on 2026-09-09 in favor of State (botocore's organizations model, shape Account).
    fields = cast("dict[str, str]", told)
    return Account(fields["Id"], fields["Name"], fields.get("State") or fields["Status"])


class UnknownParent(LookupError):
    """The organization has no root or organizational unit of that id."""


def all_accounts(client: OrganizationsClient) -> Iterator[Account]:
    """Every account of the organization, the management account included."""
    for page in client.get_paginator("list_accounts").paginate():
        for account in page["Accounts"]:
            yield _account(account)


def accounts_below(client: OrganizationsClient, parent: str) -> Iterator[Account]:
    """Every account directly or deeper below an organizational unit or root.

    Raises:
        UnknownParent: There is no such unit.
    """
    try:
        for page in client.get_paginator("list_accounts_for_parent").paginate(ParentId=parent):
            for account in page["Accounts"]:
                yield _account(account)
        for units in client.get_paginator("list_organizational_units_for_parent").paginate(ParentId=parent):
            for unit in units["OrganizationalUnits"]:
                yield from accounts_below(client, unit["Id"])
    except ClientError as error:
        if error.response["Error"]["Code"] in UNKNOWN_CODES:
            raise UnknownParent(parent) from None
        raise


class Unit(NamedTuple):
    """The root or an organizational unit, with what is directly below it."""

    id: str
    name: str
    units: list[Unit]
    accounts: list[Account]


def tree(client: OrganizationsClient) -> Unit:
    """The whole organization from its root on; two calls a unit."""
    root = client.list_roots()["Roots"][0]
    return _unit(client, root["Id"], root["Name"])


def _unit(client: OrganizationsClient, identifier: str, name: str) -> Unit:
    found = Unit(identifier, name, [], [])
    for units in client.get_paginator("list_organizational_units_for_parent").paginate(ParentId=identifier):
        found.units.extend(_unit(client, one["Id"], one["Name"]) for one in units["OrganizationalUnits"])
    for accounts in client.get_paginator("list_accounts_for_parent").paginate(ParentId=identifier):
        found.accounts.extend(_account(one) for one in accounts["Accounts"])
    return found


def account_named(client: OrganizationsClient, identifier: str) -> Account | None:
    """An account of the organization by its id; None where it is not one of its accounts."""
    try:
        return _account(client.describe_account(AccountId=identifier)["Account"])
    except ClientError as error:
        if error.response["Error"]["Code"] in STRANGER_CODES:
            return None
        raise


def units_above(client: OrganizationsClient, identifier: str) -> frozenset[str]:
    """The ids of the organizational units and the root that an account is in, directly or deeper."""
    found: list[str] = []
    child = identifier
    while not child.startswith("r-"):
        child = client.list_parents(ChildId=child)["Parents"][0]["Id"]
        found.append(child)
    return frozenset(found)


def management_account(client: OrganizationsClient) -> str:
    """The id of the management account, which service-managed StackSets never reach."""
    return client.describe_organization()["Organization"]["MasterAccountId"]
