from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleetdx.reporting.text import clip, elapsed, moment, one_line, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("PermitRootLogin no", "PermitRootLogin no"),
        ("한국어 설정 파일", "한국어 설정 파일"),
        ("safe\u202egpj.exe", "safe⟨U+202E⟩gpj.exe"),
        ("ro\u200bot", "ro⟨U+200B⟩ot"),
        ("\x1b[2Jclean", "⟨U+001B⟩[2Jclean"),
        ("\ud800", "⟨U+D800⟩"),
        ("a\u3164b", "a⟨U+3164⟩b"),
        ("a\nb\tc\r", "a\nb\tc⟨U+000D⟩"),
    ],
)
def test_hidden_characters_are_written_out(text: str, shown: str) -> None:
    """What reorders, hides or overwrites text is shown by its code point; ordinary text stays."""
    assert visible(text) == shown


@given(st.text())
def test_nothing_hidden_remains(text: str) -> None:
    """Whatever comes in, the answer encodes as UTF-8 and has no control or format character but line feed and tab."""
    shown = visible(text)
    shown.encode("utf-8")
    assert not [char for char in shown if unicodedata.category(char) in {"Cc", "Cf", "Cs"} and char not in "\n\t"]
    assert not {"\n", "\t"} & set(one_line(text))


def test_marks_cannot_pile_up() -> None:
    """A pile of combining marks, which would paint over other lines, is written out; one accent is not."""
    assert visible("e\u0301") == "e\u0301"
    assert "⟨U+0301⟩" in visible("e" + "\u0301" * 50)


def test_clip_says_how_long_the_text_was() -> None:
    """What is cut off shows in the length."""
    cut = clip("x" * 10, 4)
    assert (cut.text, cut.length, cut.is_cut) == ("xxxx", 10, True)
    assert not clip("xxxx", 4).is_cut


def test_times_are_written_for_people() -> None:
    """Times are written in UTC to the second, and what is not a time is left as it is."""
    assert moment("2026-11-23T11:15:00.123+09:00") == "2026-11-23 02:15:00"
    assert moment("yesterday") == "yesterday"
    assert elapsed("2026-11-23T02:15:00Z", "2026-11-23T03:21:37Z") == "1:06:37"
    assert elapsed("yesterday", "2026-11-23T03:21:37Z") == elapsed("2026-11-23T02:15:00", "2026-11-23T03:21:37Z") == ""
