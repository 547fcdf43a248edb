from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from fleetdx.reporting.coverage.grid import Grid
from fleetdx.reporting.coverage.tally import Tally, fair_shares
from fleetdx.reporting.coverage.trend import HEIGHT, Trend
from fleetdx.reporting.lines import Place
from tests.fakes.coverage import line, point, summary, unchecked


@given(st.lists(st.integers(0, 10_000), max_size=60), st.integers(0, 600))
def test_shares_are_fair(sizes: list[int], limit: int) -> None:
    """No more than the limit are shown, all of it is used, and nobody gives way to one that shows less."""
    shares = fair_shares(sizes, limit)
    assert all(0 <= share <= size for share, size in zip(shares, sizes, strict=True))
    assert sum(shares) == min(limit, sum(sizes))
    cut = [share for share, size in zip(shares, sizes, strict=True) if share < size]
    assert not cut or max(shares) - min(cut) <= 1


def test_lines_are_read_once_and_counted_by_kind() -> None:
    """Reasons, what can be mended, services of managed instances, and the lines of unmanaged ones are kept."""
    lines = [line(1, "managed"), line(2, "missing_policy"), line(3, "stopped"), {**line(4), "cause": None}]
    tally = Tally(iter(lines))
    assert tally.reasons == {
        ("managed", "online"): 1,
        ("missing_policy", "policies_missing"): 1,
        ("stopped", "instance_stopped"): 1,
    }
    assert tally.mendable["missing_policy", "policies_missing"] == 1
    assert (tally.sessions, tally.patches) == ({"available": 1}, {"COMPLIANT": 1})
    assert tally.unmanaged == {"missing_policy": {Place("111122223333", "ap-northeast-2"): [lines[1]]}}


def test_map_leaves_out_what_is_empty_and_counts_it() -> None:
    """A region or account without an instance takes no room; one where nobody could look does."""
    others = [unchecked("444455556666", "eu-west-1"), unchecked("444455556666", "us-east-1", checked=True),
              unchecked("777788889999", "us-east-1", checked=True)]  # fmt: skip
    grid = Grid(summary([line(1)], others)["targets"], {})
    assert grid.regions == ["ap-northeast-2", "eu-west-1"]
    assert [row.account for row in grid.rows] == ["444455556666", "111122223333"]
    assert [[cell.shade if cell else None for cell in row.cells] for row in grid.rows] == [
        [None, "unchecked"], ["most", None],
    ]  # fmt: skip
    assert (grid.quiet_regions, grid.quiet_accounts, grid.accounts_left_off) == (1, 1, 0)


def test_exempt_instances_leave_a_cell_clean() -> None:
    """A cell is shaded by what somebody has to look after, not by what is left out on purpose."""
    lines = [line(1, "managed"), line(2, "exempt"), line(3, "unsupported")]
    cell: Any = Grid(summary(lines)["targets"], {}).rows[0].cells[0]
    assert (cell.shade, cell.unmanaged, cell.target["managed"], cell.target["running"]) == ("all", 0, 1, 3)


@given(st.lists(st.integers(0, 5_000), min_size=1, max_size=60))
def test_bars_stay_inside_the_drawing(counts: list[int]) -> None:
    """Each sweep has one bar from the bottom up, the highest fills the height, and even none at all is seen."""
    trend = Trend([point(f"{number}", "2026-11-23T02:15:00Z", 9_000, count) for number, count in enumerate(counts)])
    assert len(trend.bars) == len(counts)
    for bar in trend.bars:
        assert bar.height > 0
        assert abs(bar.top + bar.height - HEIGHT) < 0.02
        assert 0 <= bar.left <= bar.left + bar.width <= trend.width
    if max(counts):
        assert max(bar.height for bar in trend.bars) == HEIGHT
