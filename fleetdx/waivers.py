"""Waivers: findings that somebody accepts until a day. Pure.

A waived finding stays a `fail` and stays visible; it does not count. An entry that breaks a rule of the register, is
not approved yet or has expired waives nothing.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from fleetdx.exemptions import Exemption, broken_rule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from fleetdx.models import ResultLine, Waiver
    from fleetdx.run_models import WaiverEntry, WaiverSummary

ANNOUNCED_BEFORE: Final = dt.timedelta(days=14)
"""How long before its end a waiver is announced as about to lapse."""
MOST_TOLD: Final = 200
"""How many entries summary.json tells; those that need somebody come first."""
Standing = Literal["expired", "broken", "lapsing", "holds"]
NEEDS_SOMEBODY_FIRST: Final[tuple[Standing, ...]] = ("expired", "broken", "lapsing", "holds")


class Rules(NamedTuple):
    """What waivers are judged by.

    Attributes:
        maximum_days: The longest term of an entry.
        now: The moment (UTC) that counts.
        units: The organizational units that an account is in; asked for only where an entry names one.
    """

    maximum_days: int
    now: dt.datetime
    units: Callable[[str], frozenset[str]]


class Waivers:
    """The waivers of a register, and what they have matched so far."""

    def __init__(self, entries: Iterable[Exemption], rules: Rules) -> None:
        """Take the entries that apply to findings; the others are passed over."""
        self._rules = rules
        self._entries = [entry for entry in entries if entry.applies_to == "finding"]
        self._by_subject: defaultdict[str, list[Exemption]] = defaultdict(list)
        for entry in self._entries:
            self._by_subject[entry.item or entry.check].append(entry)
        self._units: dict[str, frozenset[str]] = {}
        self._matches: Counter[str] = Counter()

    def marked(self, results: Iterable[ResultLine]) -> Iterator[ResultLine]:
        """Pass results on; a finding that is waived says by which waiver."""
        for result in results:
            waiver = self.waiver_of(result) if result["verdict"] == "fail" and self._entries else None
            yield result if waiver is None else {**result, "waiver": waiver}

    def waiver_of(self, result: ResultLine) -> Waiver | None:
        """The waiver that holds for a finding, of several the one that ends last; every entry about it counts it."""
        about = [
            entry
            for subject in (result["item"], result["check"])
            for entry in self._by_subject.get(subject, ())
            if self._is_about(entry, result)
        ]
        self._matches.update(entry.id for entry in about)
        holding = [entry for entry in about if standing_of(entry, self._rules)[0] in {"holds", "lapsing"}]
        if not holding:
            return None
        entry = max(holding, key=lambda one: one.expires_at)
        return {
            "id": entry.id,
            "owner": entry.owner,
            "approver": entry.approver,
            "reason": entry.reason,
            "ticket": entry.ticket,
            "expires_at": _told(entry.expires_at),
        }

    def _is_about(self, entry: Exemption, result: ResultLine) -> bool:
        ((kind, value),) = entry.scope.items()
        if kind == "organization":
            return True
        if kind == "organizational_unit":
            account = result["account"]
            if account not in self._units:
                self._units[account] = self._rules.units(account)
            return value in self._units[account]
        return bool(value == (result["account"] if kind == "account" else result["instance"]))

    def summary(self, unreadable: str = "") -> WaiverSummary:
        """What summary.json tells of the register: each entry, how it stands and how many findings it is about.

        Args:
            unreadable: Why the register cannot be read, if it cannot; then no waiver holds.
        """
        told = [self._entry(entry) for entry in self._entries]
        told.sort(key=lambda one: (NEEDS_SOMEBODY_FIRST.index(one["standing"]), one["expires_at"], one["id"]))
        return {"unreadable": unreadable, "entries": told[:MOST_TOLD], "left_off": max(0, len(told) - MOST_TOLD)}

    def _entry(self, entry: Exemption) -> WaiverEntry:
        standing, sentence = standing_of(entry, self._rules)
        return {
            "id": entry.id,
            "subject": entry.item or entry.check,
            "scope": dict(entry.scope),
            "owner": entry.owner,
            "standing": standing,
            "sentence": sentence,
            "expires_at": _told(entry.expires_at),
            "findings": self._matches[entry.id],
        }


def standing_of(entry: Exemption, rules: Rules) -> tuple[Standing, str]:
    """How an entry stands at the moment of the rules, and a sentence where it needs somebody."""
    if entry.expires_at <= rules.now:
        return "expired", f"waiver {entry.id} expired at {_told(entry.expires_at)}: its findings count again"
    if rule := broken_rule(entry, rules.maximum_days, rules.now):
        return "broken", rule.replace("exemption", "waiver", 1)
    if entry.expires_at - rules.now <= ANNOUNCED_BEFORE:
        return "lapsing", f"waiver {entry.id} of {entry.owner} ends at {_told(entry.expires_at)}"
    return "holds", ""


def is_waived(result: ResultLine) -> bool:
    """Whether a finding does not count, because somebody accepts it."""
    return "waiver" in result


def _told(moment: dt.datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
