"""The heat map: of each account and item, the share of assessed instances that fail."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fleetdx.reporting.score import WEIGHTS
from fleetdx.waivers import is_waived

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from fleetdx.models import ResultLine, Severity
    from fleetdx.reporting.lines import InstanceKey

MOST_ACCOUNTS: Final = 50
"""So many rows, the worst; the others are counted."""
MOST_COLUMNS: Final = 34
"""Items that stand side by side: as many as a screen and a sheet of A4 have room for. More come below each other."""
SHADES: Final = (0, 10, 25, 50)
"""Up to how many percent failing a cell has shade 0, 1, 2 or 3; above, it has shade 4."""


class HeatTally:
    """Which items each instance was assessed in and failed: two sets of bits an instance, in any order."""

    def __init__(self) -> None:
        """Start with no instance."""
        self._bits: dict[str, int] = {}
        self._assessed: dict[InstanceKey, int] = {}
        self._failed: dict[InstanceKey, int] = {}

    def add(self, key: InstanceKey, result: ResultLine) -> None:
        """Take one result in; an item fails on an instance where one of its checks does. A waived one takes no part."""
        verdict = result["verdict"]
        if verdict not in {"pass", "fail"} or is_waived(result):
            return
        bit = 1 << self._bits.setdefault(result["item"], len(self._bits))
        self._assessed[key] = self._assessed.get(key, 0) | bit
        if verdict == "fail":
            self._failed[key] = self._failed.get(key, 0) | bit

    def counts(self) -> tuple[Counter[tuple[str, str]], Counter[tuple[str, str]]]:
        """Of each account and item, how many instances were assessed, and how many of them fail."""
        return self._by_account(self._assessed), self._by_account(self._failed)

    def _by_account(self, found: Mapping[InstanceKey, int]) -> Counter[tuple[str, str]]:
        counted: Counter[tuple[str, str]] = Counter()
        for key, bits in found.items():
            counted.update((key.account, item) for item, place in self._bits.items() if bits >> place & 1)
        return counted


@dataclass(frozen=True)
class HeatCell:
    """One item in one account, or in all of them."""

    failed: int
    assessed: int

    @property
    def text(self) -> str:
        """Percent, so that 0 says that none fails and 100 that all do; a dash where none was assessed."""
        if not self.assessed:
            return "-"
        if self.failed in {0, self.assessed}:
            return "100" if self.failed else "0"
        return str(max(1, 100 * self.failed // self.assessed))

    @property
    def shade(self) -> int | None:
        """From 0 to 4; None where none was assessed."""
        if not self.assessed:
            return None
        return sum(100 * self.failed > limit * self.assessed for limit in SHADES)


@dataclass(frozen=True)
class HeatRow:
    """One account; `account` is empty for all of them together."""

    account: str
    account_name: str
    cells: list[HeatCell]


class HeatMap:
    """What the map shows: all accounts together, then the worst; and how much is left off."""

    def __init__(
        self, tally: HeatTally, names: Mapping[str, str], importance: Mapping[str, Severity], items: Sequence[str]
    ) -> None:
        """Lay it out: `names` of accounts, and items in their order with their importance."""
        self._assessed, self._failed = tally.counts()
        judged = {item for _, item in self._assessed}
        self.items: list[str] = [item for item in items if item in judged]
        self.items_left_off: int = len(items) - len(self.items)
        rows = [
            HeatRow(one, names.get(one, ""), self._cells(one)) for one in {account for account, _ in self._assessed}
        ]
        rows.sort(key=lambda row: (-self._weighted_share(row, importance), row.account))
        self.all = HeatRow("", "", [self._sum(rows, place) for place in range(len(self.items))])
        self.rows: list[HeatRow] = rows[:MOST_ACCOUNTS]
        self.rows_left_off: int = len(rows) - len(self.rows)

    @property
    def bands(self) -> Iterator[tuple[int, int]]:
        """The columns of each table, from and up to: about the same number in each."""
        if self.items:
            tables = -(-len(self.items) // MOST_COLUMNS)
            width = -(-len(self.items) // tables)
            yield from ((start, min(start + width, len(self.items))) for start in range(0, len(self.items), width))

    def _cells(self, account: str) -> list[HeatCell]:
        return [HeatCell(self._failed[account, item], self._assessed[account, item]) for item in self.items]

    def _weighted_share(self, row: HeatRow, importance: Mapping[str, Severity]) -> float:
        weights = [WEIGHTS[importance.get(item, "high")] for item in self.items]
        failed = sum(weight * cell.failed for weight, cell in zip(weights, row.cells, strict=True))
        return failed / sum(weight * cell.assessed for weight, cell in zip(weights, row.cells, strict=True))

    def _sum(self, rows: Sequence[HeatRow], place: int) -> HeatCell:
        cells = [row.cells[place] for row in rows]
        return HeatCell(sum(cell.failed for cell in cells), sum(cell.assessed for cell in cells))
