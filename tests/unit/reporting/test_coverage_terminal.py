from __future__ import annotations

import io
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console

from fleetdx.coverage.texts import cause_title
from fleetdx.reporting.coverage.terminal import coverage_table
from tests.fakes.coverage import change, changed, line, summary, unchecked, whole

PAGE = "out/coverage/latest/coverage.html"


def printed(made: Any, width: int = 80, language: Any = "en", page: str | None = PAGE) -> str:
    out = io.StringIO()
    Console(file=out, width=width, force_terminal=False).print(coverage_table(made, page, language))
    return out.getvalue()


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("width", [80, 100, 160])
def test_nothing_is_lost_at_any_width(width: int, language: Any) -> None:
    """From 80 columns on no cell is cut, no line is too long; figures, causes, gaps and the page are there."""
    made = whole()[0]
    text = printed(made, width, language)
    assert "…" not in text
    assert max(map(cell_len, text.splitlines())) <= width
    assert PAGE in text
    for cause, count in made["totals"]["causes"].items():
        assert any(row.split()[:1] == [f"{count}"] and f"({cause})" in row for row in text.splitlines())
        assert cause_title(cause, language) in text
    assert "role_not_assumable" in text
    total = next(row for row in text.splitlines() if row.startswith(("All accounts", "전체 계정")))
    assert total.split()[-2:] == [f"{made['totals']['running']}", f"{made['totals']['managed']}"]


def test_headline_says_how_many_are_managed() -> None:
    """The first line has managed of running, and says incomplete where a place could not be looked at."""
    lines = [line(1, "managed"), line(2, "no_profile"), line(3, "stopped")]
    assert printed(summary(lines)).startswith("1 of 2 running instances are managed")
    text = printed(summary(lines, [unchecked("444455556666", "us-east-1")]))
    assert text.startswith("Incomplete: 1 of the 2 running instances seen are managed")
    assert printed(summary([])).startswith("No instance runs")


def test_changes_are_told_with_before_and_now() -> None:
    """A change says both causes; no change and no sweep before are said too."""
    lines = [line(1, "managed")]
    news = changed(newly_unmanaged=[change(2, "managed", "imds_off")], newly_unmanaged_count=9, gone_count=1)
    text = printed(summary(lines, changes=news))
    assert "Newly unmanaged: 9" in text
    assert "Managed → Instance metadata is off" in text
    assert "8 more" in text
    assert "1 that was unmanaged has been terminated." in text
    assert "This is the first sweep" in printed(summary(lines))
    assert "No cause changed since 20261122T021500Z-77b0e2" in printed(summary(lines, changes=changed()))


def test_many_places_show_the_worst() -> None:
    """Of many account-regions those with most unmanaged instances are shown, and the rest is counted."""
    lines = [line(number, account=f"{number:012}", account_name=f"a{number}") for number in range(1, 61)]
    lines += [line(100 + number, account="000000000060", account_name="a60") for number in range(5)]
    text = printed(summary(lines))
    assert "a60" in text
    assert "20 more accounts and regions with unmanaged instances are on the page." in text


def test_foreign_text_cannot_speak_to_the_terminal() -> None:
    """Escape sequences and rich's own markup in names and details are shown, not obeyed."""
    hostile = "\x1b[2J[bold]gone[/bold]"
    made = summary(
        [line(1, account_name=hostile)],
        [unchecked("444455556666", "us-east-1", detail=hostile)],
        changes=changed(newly_unmanaged=[change(1, None, "no_profile", instance_name=hostile)], places_lost=[hostile]),
    )
    text = printed(made, 120)
    assert "\x1b" not in text
    assert text.count("⟨U+001B⟩[2J[bold]gone[/bold]") == 4


def test_page_may_be_left_out() -> None:
    """Without a page no line names one."""
    assert "Page:" not in printed(summary([line(1)]), page=None)
    assert "Page:" in printed(summary([line(1)]))
