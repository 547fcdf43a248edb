"""The score: what takes part, how it is weighted and rounded, and how the last runs are drawn."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from fleetdx.models import VERDICTS
from fleetdx.reporting.html import render_html
from fleetdx.reporting.score import WEIGHTS, ScoreTally, percentage
from fleetdx.reporting.score_trend import MOST_SHOWN, ScoreChart
from fleetdx.reporting.summary import build_summary
from fleetdx.score_store import point_of

WAIVER = {"id": "w", "owner": "o", "approver": "a", "reason": "r", "ticket": "t", "expires_at": "2027-01-01T00:00:00Z"}


def score_of(*results: tuple[str, str], waived: bool = False) -> Any:
    tally = ScoreTally()
    for severity, verdict in results:
        line: Any = {"severity": severity, "verdict": verdict, **({"waiver": WAIVER} if waived else {})}
        tally.add(line)
    return tally.score()


def test_importance_weighs() -> None:
    """One failure of high importance among a pass of each: 3 of the 9 points that were to be had are lost."""
    score = score_of(("high", "pass"), ("high", "fail"), ("medium", "pass"), ("low", "pass"))
    assert score["value"] == 66.6
    assert score["by_importance"]["high"] == {"weight": 3, "passed": 1, "failed": 1, "value": 50.0}
    assert score["by_importance"]["low"] == {"weight": 1, "passed": 1, "failed": 0, "value": 100.0}


def test_nothing_assessed_is_no_score() -> None:
    """What nobody could judge is neither good nor bad: no figure, and not 0 or 100."""
    assert score_of(("high", "manual"), ("high", "error"), ("low", "not_applicable"))["value"] is None
    assert score_of()["by_importance"]["medium"]["value"] is None


def test_waived_failure_counts_neither_way() -> None:
    """A failure that somebody accepts neither lowers the score nor counts as a pass."""
    assert score_of(("high", "fail"), waived=True)["value"] is None


def test_only_a_run_without_a_failure_has_100() -> None:
    """The figure is rounded down: one failure among ten thousand checks is still seen."""
    assert percentage(9_999, 10_000) == 99.9
    assert percentage(10_000, 10_000) == 100.0
    assert percentage(1, 10_000) == 0.0


@given(st.lists(st.tuples(st.sampled_from(sorted(WEIGHTS)), st.sampled_from(VERDICTS)), max_size=60))
def test_score_stays_in_its_bounds_and_order_does_not_matter(results: list[tuple[str, str]]) -> None:
    """Whatever comes, it is from 0 to 100, the same in any order, and one more pass never lowers it."""
    value = score_of(*results)["value"]
    assert value is None or 0 <= value <= 100
    assert score_of(*reversed(results))["value"] == value
    assert score_of(*results, ("low", "pass"))["value"] >= (value or 0)


def trend(summary: Any, *values: float | None, gaps: int = 0) -> Any:
    point = point_of(summary)
    earlier: list[Any] = [
        {**point, "run": f"2026112{n}T021500Z-3fa9c1", "value": one, "gaps": gaps} for n, one in enumerate(values)
    ]
    return {"points": [*earlier, point], "unreadable": False}


def page_of(example: Any, summary: Any, language: Any = "en") -> BeautifulSoup:
    text = render_html(summary, example.ledger(), example.results(), example.catalog(), language)
    return BeautifulSoup(text, "html.parser")


def test_page_shows_gaps_beside_the_score(example: Any, summary: dict[str, Any]) -> None:
    """The figure never stands alone: how many were scanned and how many gaps there are is in the same line of sight."""
    shown = " ".join(page_of(example, summary).select_one("div.score").get_text(" ").split())
    assert shown == "70.6 of 100 Covers 10 scanned of 15 instances in scope. 3 gaps are not in it."


def test_run_without_results_shows_no_figure(example: Any) -> None:
    """Where nothing was assessed the page says so in the place of a figure."""
    summary = build_summary(example.facts(), example.ledger(), [], example.catalog())
    soup = BeautifulSoup(render_html(summary, example.ledger(), [], example.catalog()), "html.parser")
    assert soup.select_one(".of-hundred").text == "Nothing was assessed."


def test_trend_is_told_in_a_table_as_well(example: Any, summary: dict[str, Any]) -> None:
    """The drawing is hidden from screen readers, which have every run with its figures in a table, the last first."""
    summary["trend"] = trend(summary, 40.0, None, 55.5)
    soup = page_of(example, summary)
    assert soup.select_one(".trend")["aria-hidden"] == "true"
    assert len(soup.select(".trend rect")) == 4
    assert [row.select_one("td").text for row in soup.select(".runs tbody tr")] == ["70.6", "55.5", "-", "40.0"]


@pytest.mark.parametrize(("unreadable", "told"), [(True, "cannot be read"), (False, "first run")])
def test_one_run_alone_is_no_trend(example: Any, summary: dict[str, Any], unreadable: bool, told: str) -> None:  # noqa: FBT001
    """The first run says that it is; one whose forerunners cannot be read says that instead."""
    summary["trend"] = {**trend(summary), "unreadable": unreadable}
    soup = page_of(example, summary)
    assert told in soup.select_one("section[aria-labelledby=score]").text
    assert not soup.select(".trend")


def test_bars_are_drawn_to_the_scale_of_100(summary: dict[str, Any]) -> None:
    """A bar's height is its score; a run with gaps is dashed, 0 is seen, and a run without a score has no bar."""
    chart = ScoreChart(trend(summary, 0.0, None, 100.0)["points"])
    assert [bar.height for bar in chart.bars] == [1.0, 0.0, 80.0, 56.5]
    assert [bar.is_partial for bar in chart.bars] == [False, False, False, True]
    assert chart.width == 30 * MOST_SHOWN
