"""Narrow verbs over AWS Organizations: the accounts of the whole organization or below organizational units."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, cast

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from types_boto3_organizations.client import OrganizationsClient
    from types_boto3_organizations.type_defs import AccountTypeDef

UNKNOWN_CODES = frozenset({"ParentNotFoundException", "OrganizationalUnitNotFoundException", "InvalidInputException"})


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


def management_account(client: OrganizationsClient) -> str:
    """The id of the management account, which service-managed StackSets never reach."""
    return client.describe_organization()["Organization"]["MasterAccountId"]
