"""How an entry of the register stands at a moment, and who is told of it. Pure."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

from fleetdx.exemptions import NOUNS, broken_rule

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fleetdx.exemptions import Exemption, Kind
    from fleetdx.run_models import RegisterEntry, Standing

ANNOUNCED_BEFORE: Final = dt.timedelta(days=14)
"""How long before its end an entry is announced as about to lapse."""
MOST_TOLD: Final = 200
"""How many entries of a kind summary.json tells; those that need somebody come first."""
NEEDS_SOMEBODY_FIRST: Final[tuple[Standing, ...]] = ("expired", "broken", "lapsing", "holds")
AFTER_ITS_END: Final[dict[Kind, str]] = {
    "mending": "what it is about is mended again",
    "finding": "its findings count again",
    "scan": "its instances are scanned again",
}


class Terms(Protocol):
    """What entries are judged by: the longest term of an entry, and the moment (UTC) that counts."""

    @property
    def maximum_days(self) -> int:
        """The longest term."""

    @property
    def now(self) -> dt.datetime:
        """The moment."""


def standing_of(entry: Exemption, terms: Terms) -> tuple[Standing, str]:
    """How an entry stands, and a sentence where it needs somebody."""
    named = f"{NOUNS[entry.applies_to]} {entry.id}"
    if entry.expires_at <= terms.now:
        return "expired", f"{named} expired at {told(entry.expires_at)}: {AFTER_ITS_END[entry.applies_to]}"
    if rule := broken_rule(entry, terms.maximum_days, terms.now):
        return "broken", rule
    if entry.expires_at - terms.now <= ANNOUNCED_BEFORE:
        return "lapsing", f"{named} of {entry.owner} ends at {told(entry.expires_at)}"
    return "holds", ""


def register_entry(entry: Exemption, terms: Terms) -> RegisterEntry:
    """What summary.json tells of every kind of entry."""
    standing, sentence = standing_of(entry, terms)
    return {
        "id": entry.id,
        "scope": dict(entry.scope),
        "owner": entry.owner,
        "standing": standing,
        "sentence": sentence,
        "expires_at": told(entry.expires_at),
    }


AnyEntry = TypeVar("AnyEntry", bound="RegisterEntry | Any")


def by_need(entries: Iterable[AnyEntry]) -> tuple[list[AnyEntry], int]:
    """The entries that are told, those that need somebody first, and how many are left off."""
    order = sorted(entries, key=lambda one: (NEEDS_SOMEBODY_FIRST.index(one["standing"]), one["expires_at"], one["id"]))
    return order[:MOST_TOLD], max(0, len(order) - MOST_TOLD)


def told(moment: dt.datetime) -> str:
    """A moment (UTC) as RFC 3339 with seconds."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
