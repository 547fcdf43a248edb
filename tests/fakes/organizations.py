"""AWS Organizations in memory: accounts in a tree of units."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.fakes.aws_errors import client_error
from tests.fakes.pages import Pages, split

if TYPE_CHECKING:
    from collections.abc import Iterator


def account(identifier: str, name: str, state: str = "ACTIVE") -> dict[str, str]:
    """An account as ListAccounts tells it since Status was retired."""
    return {"Id": identifier, "Name": name, "State": state}


class FakeOrganizations:
    """An Organizations client over a tree.

    Attributes:
        children: Unit id to the ids of the units directly below it.
        members: Unit id to the accounts directly in it.
        management: The management account's id.
        asked: The accounts that DescribeAccount was asked for.
    """

    def __init__(
        self, children: dict[str, list[str]], members: dict[str, list[dict[str, str]]], management: str
    ) -> None:
        self.children = children
        self.members = members
        self.management = management
        self.asked: list[str] = []

    def describe_organization(self) -> dict[str, Any]:
        """Name the management account."""
        return {"Organization": {"MasterAccountId": self.management}}

    def describe_account(self, *, AccountId: str) -> dict[str, Any]:  # noqa: N803
        """An account, or the refusal for a stranger."""
        self.asked.append(AccountId)
        for members in self.members.values():
            for one in members:
                if one["Id"] == AccountId:
                    return {"Account": one}
        raise client_error("AccountNotFoundException", "DescribeAccount")

    def list_parents(self, *, ChildId: str) -> dict[str, Any]:  # noqa: N803
        """The unit or root that an account or unit is directly in."""
        for unit, members in self.members.items():
            if ChildId in [one["Id"] for one in members]:
                return {"Parents": [{"Id": unit}]}
        return {"Parents": [{"Id": next(unit for unit, children in self.children.items() if ChildId in children)}]}

    def get_paginator(self, operation: str) -> Pages:
        """The paginator of one of the three lists."""
        return Pages(
            {
                "list_accounts": self._all,
                "list_accounts_for_parent": self._directly_in,
                "list_organizational_units_for_parent": self._units_in,
            }[operation]
        )

    def _all(self) -> Iterator[dict[str, Any]]:
        everyone = [one for accounts in self.members.values() for one in accounts]
        for page in split(everyone, 2):
            yield {"Accounts": page}

    def _directly_in(self, *, ParentId: str) -> Iterator[dict[str, Any]]:  # noqa: N803
        if ParentId not in self.children:
            raise client_error("ParentNotFoundException", "ListAccountsForParent")
        for page in split(self.members.get(ParentId, []), 2):
            yield {"Accounts": page}

    def _units_in(self, *, ParentId: str) -> Iterator[dict[str, Any]]:  # noqa: N803
        for page in split(self.children[ParentId], 2):
            yield {"OrganizationalUnits": [{"Id": unit} for unit in page]}
