"""The map: a row for each account, a column for each region, and how much of it Systems Manager manages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from fleetdx.reporting.coverage.tally import place_of, unmanaged_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fleetdx.coverage.models import CoverageTarget
    from fleetdx.reporting.lines import Place

MOST_ACCOUNTS: Final = 500

Shade = Literal["unchecked", "empty", "all", "some", "most"]
"""Of an account-region: nobody could look; nothing runs; nothing, up to half, or more than half is unmanaged."""


@dataclass(frozen=True)
class Cell:
    """One account in one region; `link` is the id of its section, where it has one."""

    target: CoverageTarget
    unmanaged: int
    shade: Shade
    link: str | None


@dataclass(frozen=True)
class AccountRow:
    """One account; None in `cells` where the sweep did not cover the region for it."""

    account: str
    account_name: str
    cells: list[Cell | None]


class Grid:
    """What the map shows, and how much is left off because nothing is there."""

    def __init__(self, targets: list[CoverageTarget], links: Mapping[Place, str]) -> None:
        """Lay out the account-regions in the order they come in; regions in their own order."""
        regions = sorted({one["region"] for one in targets})
        told = {one["region"] for one in targets if is_told(one)}
        self.regions: list[str] = [region for region in regions if region in told]
        self.quiet_regions: int = len(regions) - len(self.regions)
        accounts: dict[str, dict[str, CoverageTarget]] = {}
        for target in targets:
            accounts.setdefault(target["account"], {})[target["region"]] = target
        rows = [row for row in accounts.values() if any(map(is_told, row.values()))]
        self.quiet_accounts: int = len(accounts) - len(rows)
        self.rows: list[AccountRow] = [self._row(row, links) for row in rows[:MOST_ACCOUNTS]]
        self.accounts_left_off: int = len(rows) - len(self.rows)

    def _row(self, row: dict[str, CoverageTarget], links: Mapping[Place, str]) -> AccountRow:
        first = next(iter(row.values()))
        cells = [_cell(row[region], links) if region in row else None for region in self.regions]
        return AccountRow(first["account"], first["account_name"], cells)


def is_told(target: CoverageTarget) -> bool:
    """Whether there is an instance, or nobody could look."""
    return bool(target["instances"]) or not target["checked"]


def _cell(target: CoverageTarget, links: Mapping[Place, str]) -> Cell:
    unmanaged = unmanaged_in(target)
    link = links.get(place_of(target))
    return Cell(target, unmanaged, _shade(target, unmanaged), link)


def _shade(target: CoverageTarget, unmanaged: int) -> Shade:
    if not target["checked"]:
        return "unchecked"
    if not target["running"]:
        return "empty"
    if not unmanaged:
        return "all"
    return "some" if unmanaged * 2 <= target["running"] else "most"
