"""Every seam that answers what is asked of accounts before a deployment, installed as one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.seams import account_quotas, account_regions, foreign_buckets, organization_access

if TYPE_CHECKING:
    from collections.abc import Callable

    from emulator.account_state import AccountState


def install(state: AccountState) -> Callable[[], None]:
    """Install them; the answer undoes it."""
    undo = [
        organization_access.install(state),
        account_regions.install(state),
        account_quotas.install(state),
        foreign_buckets.install(),
    ]

    def undo_all() -> None:
        for one in reversed(undo):
            one()

    return undo_all
