"""The heat map: shares by account and item, the worst first, and what is left off counted."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup

from fleetdx.reporting.heat import MOST_ACCOUNTS, MOST_COLUMNS, HeatCell, HeatMap, HeatTally
from fleetdx.reporting.html import render_html
from fleetdx.reporting.lines import InstanceKey
from fleetdx.reporting.summary import build_summary


def tallied(*results: tuple[str, str, str, str], **more: Any) -> HeatTally:
    tally = HeatTally()
    for account, instance, item, verdict in results:
        line: Any = {"item": item, "verdict": verdict, **more}
        tally.add(InstanceKey(account, "r", instance), line)
    return tally


def heat(tally: HeatTally, *items: str, **importance: Any) -> HeatMap:
    return HeatMap(tally, {"a": "alpha", "b": "beta"}, importance, items)


def test_share_is_of_assessed_instances() -> None:
    """Of two instances judged one fails: 50; one that a person has to judge is not among them."""
    tally = tallied(("a", "1", "x", "pass"), ("a", "2", "x", "fail"), ("a", "3", "x", "manual"))
    assert heat(tally, "x").rows[0].cells == [HeatCell(1, 2)]
    assert heat(tally, "x").rows[0].cells[0].text == "50"


def test_item_with_several_checks_fails_once() -> None:
    """An instance on which two checks of one item fail, or one of them, is one instance that fails it, in any order."""
    tally = tallied(("a", "1", "x", "fail"), ("a", "2", "x", "pass"), ("a", "1", "x", "fail"), ("a", "2", "x", "fail"))
    assert heat(tally, "x").rows[0].cells == [HeatCell(2, 2)]


def test_waived_failure_takes_no_part() -> None:
    """Nobody is called worse for what somebody has accepted."""
    assert heat(tallied(("a", "1", "x", "fail"), waiver={"id": "w"}), "x").rows == []


def test_worst_account_comes_first_by_weight() -> None:
    """One failure of high importance outweighs one of low importance; all accounts together stand apart."""
    tally = tallied(
        ("a", "1", "x", "pass"), ("a", "1", "y", "fail"), ("b", "1", "x", "fail"), ("b", "1", "y", "pass")
    )  # fmt: skip
    found = heat(tally, "x", "y", x="high", y="low")
    assert [row.account_name for row in found.rows] == ["beta", "alpha"]
    assert found.all.cells == [HeatCell(1, 2), HeatCell(1, 2)]


@pytest.mark.parametrize(
    ("failed", "assessed", "text", "shade"),
    [(0, 0, "-", None), (0, 7, "0", 0), (1, 500, "1", 1), (1, 10, "10", 1), (1, 4, "25", 2), (1, 2, "50", 3),
     (499, 500, "99", 4), (7, 7, "100", 4)],
)  # fmt: skip
def test_figure_tells_what_the_colour_tells(failed: int, assessed: int, text: str, shade: int | None) -> None:
    """Each cell has its percentage; 0 and 100 say none and all, whatever rounding would make of a few."""
    cell = HeatCell(failed, assessed)
    assert (cell.text, cell.shade) == (text, shade)


def test_items_stand_in_tables_of_like_width() -> None:
    """67 items are two tables of 34 and 33; items that nobody could judge are counted and left off."""
    items = [f"U-{number:02d}" for number in range(1, 69)]
    found = heat(tallied(*(("a", "1", item, "pass") for item in items[:67])), *items)
    assert list(found.bands) == [(0, 34), (34, 67)]
    assert all(end - start <= MOST_COLUMNS for start, end in found.bands)
    assert found.items_left_off == 1
    assert list(heat(HeatTally(), "x").bands) == []


def test_two_hundred_accounts_show_the_worst_and_count_the_rest(example: Any) -> None:
    """Of 200 accounts the worst 50 have a row, and the page says how many more there are."""
    ledger, results = [], []
    (first, *_), lines = example.ledger(), list(example.results())
    for number in range(200):
        of_account = {"account": f"{number:012d}", "account_name": f"account-{number}"}
        ledger.append({**first, **of_account})
        worst = number < 70
        results += [
            {**line, **of_account, "verdict": "fail" if worst else "pass"}
            for line in lines[: len(example.CHECKS)]
        ]  # fmt: skip
    summary = build_summary(example.facts(), ledger, results, example.catalog())
    soup = BeautifulSoup(render_html(summary, ledger, results, example.catalog()), "html.parser")
    rows = soup.select(".heat tbody tr")
    assert len(rows) == 1 + MOST_ACCOUNTS
    assert [cell.text for cell in rows[1].select("td")] == ["100"] * len(example.CHECKS)
    assert [cell.text for cell in rows[0].select("td")] == ["35"] * len(example.CHECKS)
    assert "150 more accounts" in soup.select_one("section[aria-labelledby=heat]").text


def test_item_leads_to_its_row(example: Any, summary: dict[str, Any]) -> None:
    """The number above a column leads to the item's title and verdicts."""
    text = render_html(summary, example.ledger(), example.results(), example.catalog())
    soup = BeautifulSoup(text, "html.parser")
    for link in soup.select(".heat thead a"):
        assert soup.select_one(link["href"]).select_one(".item").text == link.text


def test_run_without_results_has_no_map(example: Any) -> None:
    """Where no instance was assessed the section says so."""
    summary = build_summary(example.facts(), example.ledger(), [], example.catalog())
    soup = BeautifulSoup(render_html(summary, example.ledger(), [], example.catalog()), "html.parser")
    assert "No instance was assessed." in soup.select_one("section[aria-labelledby=heat]").text
