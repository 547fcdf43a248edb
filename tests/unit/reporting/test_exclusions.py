"""Terminal, page, message and workbook count what is excluded apart, and tell the entries that need somebody."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from rich.console import Console

from fleetdx.reporting.digest import digest_text
from fleetdx.reporting.html import render_html
from fleetdx.reporting.terminal import summary_table

if TYPE_CHECKING:
    from fleetdx.models import Language

HOSTILE = "<b>not excluded</b>"


def entry(standing: str, **fields: Any) -> Any:
    given = {"id": f"{standing}-1", "scope": {"account": "111122223333"}, "owner": "a@example.com", "instances": 1}
    sentence = "" if standing == "holds" else f"exclusion {standing}-1 needs somebody"
    return {**given, "standing": standing, "sentence": sentence, "expires_at": "2026-12-04T00:00:00Z", **fields}


@pytest.fixture
def told(summary: Any) -> Any:
    """The example run, in which an instance is excluded, with a register and a note."""
    entries = [entry("expired"), entry("broken", owner=HOSTILE), entry("lapsing"), entry("holds")]
    note = {"sentence": f"The register {HOSTILE} cannot be read.", "account_regions": 2, "first": "1/us-east-1"}
    return {**summary, "exclusions": {"entries": entries, "left_off": 3}, "notes": [note]}


WORDS: list[tuple[Language, tuple[str, ...]]] = [
    ("en", ("1 instance is excluded", "About to lapse", "Breaks a rule: excludes nothing", "cannot be read")),
    ("ko", ("인스턴스 1대가 점검에서 제외되어", "만료 임박", "규칙 위반: 적용되지 않음", "cannot be read")),
]


@pytest.mark.parametrize(("language", "words"), WORDS)
def test_the_terminal_tells_what_needs_somebody(told: Any, language: Language, words: tuple[str, ...]) -> None:
    """What holds is counted and not listed."""
    stream = io.StringIO()
    Console(file=stream, width=200, color_system=None).print(summary_table(told, language=language))
    assert all(word in stream.getvalue() for word in words)
    assert "holds-1" not in stream.getvalue()


@pytest.mark.parametrize(("language", "words"), WORDS)
def test_the_page_lists_every_entry(told: Any, example: Any, language: Language, words: tuple[str, ...]) -> None:
    """With its scope, its end, and how many more the register has; foreign text is inert."""
    page = render_html(told, example.ledger(), example.results(), example.catalog(), language)
    assert all(word in page for word in (*words, "holds-1", "2026-12-04"))
    assert HOSTILE not in page


def test_the_message_tells_counts_and_what_needs_somebody(told: Any) -> None:
    """The coverage line says how many are excluded; a note stands whole."""
    text = digest_text(told, "s3://data/report.html", "en")
    assert "1 excluded." in text
    assert "3 exclusions need somebody" in text
    assert "lapsing-1" in text
    assert "holds-1" not in text
    assert HOSTILE not in text
    assert "확인이 필요한 점검 제외 3건" in digest_text(told, "s3://data/report.html", "ko")
