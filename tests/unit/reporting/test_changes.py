"""What a run has changed, as it is counted, ordered and shown."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console

from fleetdx.reporting.changes import MOST_TOLD, Changes, change_totals, left_off
from fleetdx.reporting.html import render_html
from fleetdx.reporting.summary import build_summary
from fleetdx.reporting.terminal import summary_table
from tests.fakes.changes import change, summarized
from tests.unit.reporting import example_run as example


def page(changes: Any, language: Any = "en") -> str:
    """The section of the report about changes."""
    summary: Any = build_summary(
        example.facts(), example.ledger(), example.results(), example.catalog(), example.strays()
    )
    summary["changes"] = changes
    text = render_html(summary, example.ledger(), example.results(), example.catalog(), language)
    return text.split('<h2 id="changes">', 1)[1].split("</section>", 1)[0]


def printed(changes: Any, language: Any = "en") -> str:
    out = io.StringIO()
    summary: Any = {
        **build_summary(example.facts(), example.ledger(), example.results(), example.catalog(), example.strays()),
        "changes": changes,
    }
    Console(file=out, width=80).print(summary_table(summary, None, language))
    return out.getvalue()


def test_every_change_is_written_and_the_weightiest_are_told_first() -> None:
    """Each goes out as a line; summary.json tells high before low and new before fixed, and no initial finding."""
    stream = io.BytesIO()
    told = Changes(stream)
    lines = [change("initial"), change("fixed", "low"), change("new", "low"), change("gone"), change("new")]
    for line in lines:
        told.add(line)
    assert [json.loads(line) for line in stream.getvalue().splitlines()] == lines
    summary = told.summary([])
    assert [(one["change"], one["severity"]) for one in summary["first"]] == [
        ("new", "high"),
        ("gone", "high"),
        ("new", "low"),
        ("fixed", "low"),
    ]
    assert change_totals(summary) == {"initial": 1, "new": 2, "fixed": 1, "gone": 1}


def test_many_changes_leave_a_summary_of_bounded_size() -> None:
    """However many there are, summary.json tells a hundred, the high ones, and counts what it leaves off."""
    summary = summarized(*(change("new", "low") for _ in range(400)), *(change("fixed") for _ in range(80)))
    assert len(summary["first"]) == MOST_TOLD
    assert [one["severity"] for one in summary["first"][:80]] == ["high"] * 80
    assert left_off(summary, len(summary["first"])) == 380


@pytest.mark.parametrize(("language", "none"), [("en", "No finding is new"), ("ko", "취약 항목이 없습니다")])
def test_nothing_that_changed_is_said(language: str, none: str) -> None:
    """A quiet run says in report and terminal that nothing is new, fixed or gone."""
    assert none in page(summarized(), language)
    assert none in printed(summarized(), language)


@pytest.mark.parametrize(
    ("language", "words"), [("en", ("New", "Fixed", "Gone")), ("ko", ("새로 발견", "조치 완료", "사라짐"))]
)
def test_each_change_names_host_item_and_time(language: str, words: tuple[str, str, str]) -> None:
    """Report and terminal tell what, where and, in the report, since when, in the reader's language."""
    changes = summarized(change("new"), change("fixed"), change("gone"))
    shown, terminal = page(changes, language), printed(changes, language)
    for word in words:
        assert word in shown
        assert word in terminal
    assert "2026-11-22 09:30:00" in shown
    assert shown.count("i-00000000000000001") == 3
    assert terminal.count("i-00000000000000001") == 3
    assert max(map(cell_len, terminal.splitlines())) <= 80


@pytest.mark.parametrize("language", ["en", "ko"])
def test_an_unreadable_history_is_told(language: str) -> None:
    """Where the history of an account cannot be read, the account is named, and nobody reads that nothing changed."""
    changes = summarized(unreadable=("111122223333",))
    for text in (page(changes, language), printed(changes, language)):
        assert "111122223333" in text
    assert "취약 항목이 없습니다" not in page(changes, language)
    assert "No finding is new" not in page(changes, language)


def test_what_a_name_holds_is_inert() -> None:
    """Markup and escapes in a host's name or an account's are shown as text."""
    hostile = change("new", instance_name="<b>x</b>\x1b[31m", account_name="<script>")
    shown, terminal = page(summarized(hostile)), printed(summarized(hostile))
    assert "<b>" not in shown
    assert "<script>" not in shown
    assert "\x1b" not in terminal


def test_a_group_is_told_beside_its_instance() -> None:
    """What goes on in a group is counted and not listed; what is gone says that the group no longer fails."""
    told = Changes(io.BytesIO())
    told.add(change("continued", group_failing_since="2026-03-01T00:00:00Z"))
    told.add(change("gone", group_failing_since="2026-03-01T00:00:00Z", group_fixed_on="2026-11-23T00:00:00Z"))
    text = page(told.summary([]))
    assert "1 goes on in its Auto Scaling group, on another instance" in text
    assert "its Auto Scaling group since 2026-03-01 00:00:00" in text
    assert "No instance of its Auto Scaling group fails any more" in text
    assert "1 goes on in its Auto Scaling group" in " ".join(printed(told.summary([])).split())
    assert "Auto Scaling 그룹의 다른 인스턴스에서 이어짐 1건" in page(told.summary([]), "ko")
