"""Make foreign text safe to read: hidden characters visible, long text cut and said to be cut.

Evidence, names and reasons come from hosts and member accounts, and whoever controls those may try to mislead the
reader. Escaping for HTML is the template engine's work; this module deals with what escaping leaves: characters that
reorder, hide or overwrite text (https://www.unicode.org/reports/tr36/), terminal escapes, and sheer length.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

_HIDING_CATEGORIES: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_KEPT: Final = frozenset("\n\t")
_LOOKS_BLANK: Final = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]",
)
"""Letters and marks by category, but drawn as nothing: fillers, variation selectors, the empty Braille pattern."""

_STACKED_MARKS: Final = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{3,}",
)
"""Three combining marks on one letter: no language needs it, and a pile of them paints over the lines around it."""

_FORMULA: Final = r"[=+\-@\t\r\n\0＝＋－＠]"  # noqa: RUF001  full-width signs count too
_BEGINS_FORMULA: Final = re.compile(rf'(\A(?=\s*{_FORMULA})|;(?=[\s"]*{_FORMULA}))')
"""Where a spreadsheet may read a formula: at the start of a cell, and after a semicolon where that separates cells;
there a quote, which is written twice, would be an empty text before it."""

_PLAIN: Final = re.compile(r"[\n\t\x20-\x7e\uac00-\ud7a3]*")
_PLAIN_LINE: Final = re.compile(r"[\x20-\x7e\uac00-\ud7a3]*")


class Clipped(NamedTuple):
    """The start of a text, and how many characters the text had (equal to the length of `text` if nothing was cut)."""

    text: str
    length: int

    @property
    def is_cut(self) -> bool:
        """Whether anything was left off."""
        return self.length > len(self.text)


def visible(text: str) -> str:
    """Write every control, bidirectional, zero-width, unassigned or private character as ⟨U+202E⟩.

    Line feeds and tabs stay. The answer can always be encoded as UTF-8: lone surrogates are written out too.
    """
    if _PLAIN.fullmatch(text):
        return text
    shown = _STACKED_MARKS.sub(lambda marks: "".join(map(_code_point, marks.group())), text)
    return "".join(_code_point(char) if _hides(char) else char for char in shown)


def one_line(text: str) -> str:
    """Like `visible`, with line feeds and tabs written out as well: for headings, cells and terminals."""
    if _PLAIN_LINE.fullmatch(text):
        return text
    return "".join(_code_point(char) if char in _KEPT else char for char in visible(text))


def begins_formula(text: str) -> bool:
    """Whether a spreadsheet may take a text for a formula, if a person types it into a cell."""
    return _BEGINS_FORMULA.match(text) is not None


def inert(value: object) -> str:
    """One cell of a CSV file: nothing in it that a spreadsheet carries out, and hidden characters written out.

    An apostrophe goes before whatever a spreadsheet would take for a formula, as OWASP's page on CSV injection says.
    """
    if value is None:
        return ""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return one_line(_BEGINS_FORMULA.sub(r"\1'", text))


def clip(text: str, limit: int) -> Clipped:
    """Keep the first `limit` characters; what was cut shows in the answer's length."""
    return Clipped(text[:limit], len(text))


def moment(text: str) -> str:
    """Write an RFC 3339 time as a person reads it, in UTC, to the second; what is not a time is returned as it is."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return text
    return read.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def day(text: str) -> str:
    """Write the day of an RFC 3339 time, in UTC; what is not a time is returned as it is."""
    return moment(text).partition(" ")[0]


def elapsed(started_at: str, finished_at: str) -> str:
    """Write the time between two RFC 3339 times as 1:02:03 (hours, minutes, seconds); empty if either is not a time."""
    try:
        span = datetime.fromisoformat(finished_at) - datetime.fromisoformat(started_at)
    except (ValueError, TypeError):  # TypeError: one of them says its offset and the other does not
        return ""
    return str(timedelta(seconds=max(0, round(span.total_seconds()))))


@functools.lru_cache(maxsize=4096)
def _hides(char: str) -> bool:
    if char in _KEPT:
        return False
    return bool(_LOOKS_BLANK.match(char)) or unicodedata.category(char) in _HIDING_CATEGORIES


def _code_point(char: str) -> str:
    return f"⟨U+{ord(char):04X}⟩"
