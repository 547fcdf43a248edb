"""Who asked is told in one line, in both languages, and what nobody has proven is said to be so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from fleetdx.reporting.requesters import requested_by

if TYPE_CHECKING:
    from fleetdx.models import Language

JANE = "arn:aws:sts::999988887777:assumed-role/fleetdx-operator/jane"


@pytest.mark.parametrize(
    ("kind", "english", "korean"),
    [
        ("proven", JANE, JANE),
        ("event", f"an event, heard by {JANE}", f"이벤트에 따른 실행({JANE})"),
        ("schedule", f"a schedule, by {JANE}", f"예약된 실행({JANE})"),
        ("unproven", f"not proven; execution {JANE}", f"확인되지 않음(실행 {JANE})"),
    ],
)
def test_the_line_says_how_it_is_known(kind: str, english: str, korean: str) -> None:
    """Only what STS has said stands without a word beside it."""
    languages: dict[Language, str] = {"en": english, "ko": korean}
    for language, line in languages.items():
        assert requested_by({"requester": JANE, "requester_kind": kind}, language) == line


def test_a_run_of_an_earlier_version_is_not_proven() -> None:
    """Its summary has no word for it."""
    assert requested_by({"requester": "arn"}, "en") == "not proven; execution arn"


def test_who_resumed_and_stopped_it_follow() -> None:
    """In the order of the run; hostile text stays in its line."""
    summary: dict[str, Any] = {
        "requester": "a",
        "requester_kind": "proven",
        "resumed_by": [{"kind": "proven", "arn": "b\n\u202e"}, {"kind": "unproven", "arn": "c"}],
        "stopped_by": {"kind": "proven", "arn": "d"},
    }
    line = requested_by(summary, "en")
    assert line.startswith("a; resumed by b")
    assert line.endswith("; resumed by not proven; execution c; stopped by d")
    assert "\n" not in line
    assert "\u202e" not in line
    assert "재개: " in requested_by(summary, "ko")
