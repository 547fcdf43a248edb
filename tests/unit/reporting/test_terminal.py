from __future__ import annotations

import io
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console

from fleetdx.reporting.messages import cause_for_reason
from fleetdx.reporting.terminal import summary_table


def printed(summary: Any, width: int, language: Any = "en") -> str:
    out = io.StringIO()
    Console(file=out, width=width, force_terminal=False).print(
        summary_table(summary, "out/latest/report.html", language)
    )
    return out.getvalue()


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("width", [80, 100, 160])
def test_nothing_is_lost_at_any_width(summary: Any, width: int, language: str) -> None:
    """From 80 columns on no cell is cut, no line is too long, and figures, gaps and the path are there."""
    text = printed(summary, width, language)
    assert "…" not in text
    assert max(map(cell_len, text.splitlines())) <= width
    assert "out/latest/report.html" in text
    assert "KISA 2026" in text
    for gap in summary["gaps"]:
        assert gap["reason"] in text
    total = next(line for line in text.splitlines() if line.startswith(("All accounts", "전체 계정")))
    assert [word for word in total.split() if word.isdigit()][-3:] == ["24", "8", "12"]


def test_korean_reader_is_told_the_cause_first(summary: Any) -> None:
    """In Korean a gap says its cause before the ledger's English sentence; in English that sentence stands alone."""
    cause = cause_for_reason("ko", "agent_not_reporting")
    text = printed(summary, 160, "ko")
    assert f"미관리. {cause} (agent_not_reporting)" in text
    assert text.index(cause) < text.index("SSM's last word from its agent is ConnectionLost.")
    assert "Not managed. SSM's last word from its agent is ConnectionLost. (agent_not_reporting)" in printed(
        summary, 160
    )


def test_complete_run_says_so(summary: Any) -> None:
    """A run without a gap opens with the word Complete."""
    summary.update(status="complete", gaps=[])
    assert printed(summary, 80).startswith("Complete ")


def test_checks_of_one_item_are_told_apart(summary: Any) -> None:
    """Two failed checks of one item are shown with their names, since they share the title."""
    second = {**summary["worst_items"][0], "check": "console_logins_locked"}
    assert "failed_logins_locked" not in printed(summary, 80)
    summary["worst_items"].insert(1, second)
    text = printed(summary, 80)
    assert "failed_logins_locked" in text
    assert "console_logins_locked" in text


def test_foreign_text_cannot_speak_to_the_terminal(summary: Any) -> None:
    """Escape sequences and rich's own markup in names and details are shown, not obeyed."""
    summary["gaps"][0]["detail"] = "\x1b[2J[bold]gone[/bold]"
    summary["targets"][0]["account_name"] = "\x1b]0;owned\x07"
    text = printed(summary, 120)
    assert "\x1b" not in text
    assert "⟨U+001B⟩[2J[bold]gone[/bold]" in text
