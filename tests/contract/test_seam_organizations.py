"""The organization as its delegated administrator reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from moto.organizations.models import organizations_backends

from emulator.seams.organizations import create_account
from fleetdx.organizations import accounts_below, all_accounts, management_account
from tests.contract.small_cloud import CENTRAL, MEMBER, small_cloud

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.contract.small_cloud import SmallCloud

MANAGEMENT, STRANGER = "999988887777", "123412341234"


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallCloud]:
    with small_cloud(tmp_path_factory.mktemp("cloud"), frozenset({CENTRAL, STRANGER})) as started:
        started.client("organizations", MANAGEMENT).create_organization(FeatureSet="ALL")
        management = organizations_backends[MANAGEMENT]["aws"]
        create_account(management, CENTRAL, "Security", "security@example.com")
        create_account(management, MEMBER, "Payments", "payments@example.com")
        yield started


def test_an_account_gets_the_id_it_is_given(cloud: SmallCloud) -> None:
    """Member accounts have the ids of the embedded organization, where moto's would be random."""
    listed = cloud.client("organizations", MANAGEMENT).list_accounts()["Accounts"]
    assert {account["Id"]: account["Name"] for account in listed}[MEMBER] == "Payments"


def test_the_delegated_administrator_reads_the_organization(cloud: SmallCloud) -> None:
    """The central account lists accounts, units and the management account as that account itself does."""
    delegated = cloud.client("organizations", CENTRAL)
    assert {account.id for account in all_accounts(delegated)} == {MANAGEMENT, CENTRAL, MEMBER}
    assert management_account(delegated) == MANAGEMENT
    management = cloud.client("organizations", MANAGEMENT)
    root = management.list_roots()["Roots"][0]["Id"]
    unit = management.create_organizational_unit(ParentId=root, Name="Shops")["OrganizationalUnit"]["Id"]
    management.move_account(AccountId=MEMBER, SourceParentId=root, DestinationParentId=unit)
    assert [account.id for account in accounts_below(delegated, unit)] == [MEMBER]
    assert {account.id for account in accounts_below(delegated, root)} == {MANAGEMENT, CENTRAL, MEMBER}


def test_another_account_does_not_become_one_by_its_name(cloud: SmallCloud) -> None:
    """An account outside of the organization reads nothing of it, even where it is named as an administrator."""
    outside = cloud.client("organizations", STRANGER)
    with pytest.raises(outside.exceptions.AWSOrganizationsNotInUseException):
        outside.describe_organization()
