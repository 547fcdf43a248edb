"""Seams in moto's Organizations: fixed account ids, and the delegated administrator's view of the organization.

moto 5.2.5 gives accounts random ids, and answers every account but the management account with empty lists.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unittest import mock

from moto.organizations import models
from moto.organizations.models import OrganizationsBackend, organizations_backends
from moto.organizations.responses import OrganizationsResponse

from emulator.seams.patching import Patches

if TYPE_CHECKING:
    from collections.abc import Callable


def install(delegated_administrators: frozenset[str]) -> Callable[[], None]:
    """Let these member accounts read the organization as its management account does; the answer undoes it."""

    def backend(self: Any) -> OrganizationsBackend:
        account = self.current_account
        if account in delegated_administrators and account in organizations_backends.master_accounts:
            account, partition = organizations_backends.master_accounts[account]
            return organizations_backends[account][partition]
        return organizations_backends[account][self.partition]

    patches = Patches()
    patches.replace(OrganizationsResponse, "organizations_backend", property(backend))

    def uninstall() -> None:
        patches.undo()
        # moto's own reset keeps which account is in which organization.
        organizations_backends.master_accounts.clear()

    return uninstall


def create_account(management: OrganizationsBackend, account: str, name: str, email: str) -> None:
    """Create a member account under a given id."""
    with mock.patch.object(models.utils, "make_random_account_id", return_value=account):
        management.create_account(AccountName=name, Email=email)
