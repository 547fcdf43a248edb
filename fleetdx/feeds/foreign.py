"""Makes foreign text inert: names, reasons and evidence come from hosts and member accounts, which may be hostile.

JSON carries any text safely, but what reads a feed draws it on pages, in terminals and in spreadsheets.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple
from urllib.parse import quote

from fleetdx.reporting.text import visible

_BEGINS_FORMULA: Final = re.compile(r"\A(?=[=+\-@\t\r\n\0＝＋－＠])")  # noqa: RUF001  full-width signs count too
"""Where a spreadsheet, into which a SIEM may export, reads a formula (OWASP, "CSV Injection")."""

_HARMLESS: Final = re.compile(r"[ !-*,./0-<>?A-~\uac00-\ud7a3][ -~\uac00-\ud7a3]*")
"""Printable ASCII and Hangul that begins no formula: nearly every text, told at once."""

_PLAIN: Final = re.compile(r"[A-Za-z0-9._-]*")
_ASTRAL: Final = re.compile("[\U00010000-\U0010ffff]")


class Told(NamedTuple):
    """A text that may be shown, and whether some of it was left off."""

    text: str
    is_cut: bool


def told(text: str, limit: int, whole: int | None = None) -> Told:
    """A foreign text as a feed carries it: at most `limit` UTF-16 units, and saying itself where it was cut.

    Hidden, reordering and control characters are written out as ⟨U+202E⟩, apart from line feeds and tabs; an
    apostrophe goes before what a spreadsheet would take for a formula.

    Args:
        text: Any text.
        limit: More than the note that it was cut has.
        whole: How many characters there were, where the text is only the beginning.
    """
    if len(text) <= limit and _HARMLESS.fullmatch(text):
        return Told(text, is_cut=False)
    # What lies far beyond the limit is never looked at: a line may have a megabyte.
    start = _BEGINS_FORMULA.sub("'", visible(text[:limit]), count=1)
    if len(text) <= limit and units(start) <= limit:
        return Told(start, is_cut=False)
    note = f" … (cut, {whole or len(text):,} characters)"
    kept = start[: limit - len(note)]
    while units(kept) + len(note) > limit:
        kept = kept[: len(kept) - max(1, (units(kept) + len(note) - limit) // 2)]
    return Told(kept + note, is_cut=True)


def units(text: str) -> int:
    """Length in UTF-16 units, as AWS's services count characters at the most."""
    return len(text) + len(_ASTRAL.findall(text))


def identifier(text: str) -> str:
    """An identifier as it stands in an ARN or an id of ours: quoted as in a URL, so that it is one part."""
    return text if _PLAIN.fullmatch(text) else quote(text, safe="", errors="backslashreplace")
