"""Text for Slack: foreign text made inert, and messages kept to what Slack shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fleetdx.reporting.text import clip, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_CHARACTERS: Final = 2_900
"""Slack cuts a section of a message at 3,000 characters."""

MOST_NAME: Final = 60
"""The longest foreign text, in characters; Slack counts what escaping makes of them."""

MOST_PLACE: Final = 300
"""The longest address of a page."""

MOST_SENTENCE: Final = 400
"""The longest sentence of ours that holds foreign text."""


def escaped(text: str, most: int = MOST_NAME) -> str:
    """Foreign text, up to so many characters, as code: no link and no markup, with Slack's own signs escaped.

    https://docs.slack.dev/messaging/formatting-message-text
    """
    clipped = clip(text, most)
    shown = one_line(clipped.text).replace("`", "'") + ("…" if clipped.is_cut else "")
    return "`" + shown.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") + "`"


def bounded(head: list[str], body: Iterable[str], last: str, cut: str) -> str:
    """Put the lines of a message together; where they would be too many, `cut` stands for the rest of the body.

    Args:
        head: What always stands first.
        body: What is told as far as there is room.
        last: What always stands last.
        cut: The line that says that something was left out.
    """
    room = MOST_CHARACTERS - sum(len(line) + 1 for line in (*head, cut, last))
    kept: list[str] = []
    for line in body:
        room -= len(line) + 1
        if room < 0:
            kept.append(cut)
            break
        kept.append(line)
    return "\n".join([*head, *kept, last])
