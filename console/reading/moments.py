"""Moments as texts and texts as moments: UTC, RFC 3339."""

from __future__ import annotations

import datetime as dt


def told(moment: dt.datetime | None) -> str | None:
    """A moment with milliseconds and Z; None stays None."""
    if moment is None:
        return None
    return f"{moment.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"


def moment(text: str | None) -> dt.datetime | None:
    """The moment that a text of ours means; None where it is none."""
    if not text:
        return None
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)
