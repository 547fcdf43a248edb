"""Accounts are found through the whole tree of units."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from fleetdx.organizations import (
    UnknownParent,
    account_named,
    accounts_below,
    all_accounts,
    management_account,
    units_above,
)
from tests.fakes.aws_errors import client_error
from tests.fakes.organizations import FakeOrganizations, account
from tests.fakes.pages import Pages


def tree() -> FakeOrganizations:
    return FakeOrganizations(
        children={"r-root": ["ou-a", "ou-b", "ou-c"], "ou-a": ["ou-a1"], "ou-a1": [], "ou-b": [], "ou-c": []},
        members={
            "r-root": [account("000000000001", "management")],
            "ou-a": [account(f"00000000001{number}", f"a{number}") for number in range(5)],
            "ou-a1": [account("000000000020", "deep")],
            "ou-c": [account("000000000030", "gone", "SUSPENDED")],
        },
        management="000000000001",
    )


def test_everything_below_a_unit_is_found() -> None:
    """Units inside units count, and every page."""
    found = [one.id for one in accounts_below(tree(), "ou-a")]  # type: ignore[arg-type]
    assert found == [f"00000000001{number}" for number in range(5)] + ["000000000020"]
    assert len(list(accounts_below(tree(), "r-root"))) == 8  # type: ignore[arg-type]
    assert list(accounts_below(tree(), "ou-b")) == []  # type: ignore[arg-type]


def test_all_accounts_with_their_states() -> None:
    """The whole organization, the management account and suspended ones included."""
    found = {one.name: one.status for one in all_accounts(tree())}  # type: ignore[arg-type]
    assert len(found) == 8
    assert (found["management"], found["gone"]) == ("ACTIVE", "SUSPENDED")
    assert management_account(tree()) == "000000000001"  # type: ignore[arg-type]


def test_state_counts_before_the_retired_status() -> None:
    """AWS retired Status on 2026-09-09 in favor of State; where only the old one is told, it is read."""
    both = {"Id": "1", "Name": "closed", "Status": "SUSPENDED", "State": "CLOSED"}
    old = {"Id": "2", "Name": "old", "Status": "ACTIVE"}
    organization = FakeOrganizations({}, {"r": [both, old]}, "1")
    assert [one.status for one in all_accounts(organization)] == ["CLOSED", "ACTIVE"]  # type: ignore[arg-type]


def test_unknown_unit_is_told() -> None:
    """A unit that does not exist is no empty unit."""
    with pytest.raises(UnknownParent, match="ou-x"):
        list(accounts_below(tree(), "ou-x"))  # type: ignore[arg-type]


def test_denial_is_raised_as_it_is() -> None:
    """What may not be read is not taken for unknown."""
    organization = tree()
    organization.get_paginator = lambda _: Pages(denied)  # type: ignore[method-assign, assignment]
    with pytest.raises(ClientError, match="AccessDenied"):
        list(accounts_below(organization, "ou-a"))  # type: ignore[arg-type]


def denied(**_: object) -> list[dict[str, object]]:
    raise client_error("AccessDeniedException", "ListAccountsForParent")


def test_an_account_is_a_member_or_nobody() -> None:
    """A stranger is told as none; a suspended account is told with its state."""
    assert account_named(tree(), "999999999999") is None  # type: ignore[arg-type]
    gone = account_named(tree(), "000000000030")  # type: ignore[arg-type]
    assert gone is not None
    assert gone.status == "SUSPENDED"


def test_the_units_of_an_account_reach_up_to_the_root() -> None:
    """An entry about any of them is about the account."""
    assert units_above(tree(), "000000000020") == {"ou-a1", "ou-a", "r-root"}  # type: ignore[arg-type]
    assert units_above(tree(), "000000000001") == {"r-root"}  # type: ignore[arg-type]
