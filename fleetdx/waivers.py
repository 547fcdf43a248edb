"""Waivers: findings that somebody accepts until a day. Pure.

A waived finding stays a `fail` and stays visible; it does not count. An entry that breaks a rule of the register, is
not approved yet or has expired waives nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

from fleetdx.standings import by_need, register_entry, standing_of, told

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Iterator

    from fleetdx.exemptions import Exemption
    from fleetdx.models import ResultLine, Waiver
    from fleetdx.run_models import WaiverEntry, WaiverSummary


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
            "expires_at": told(entry.expires_at),
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
        entries, left_off = by_need([self._entry(entry) for entry in self._entries])
        return {"unreadable": unreadable, "entries": entries, "left_off": left_off}

    def _entry(self, entry: Exemption) -> WaiverEntry:
        return {
            **register_entry(entry, self._rules),
            "subject": entry.item or entry.check,
            "findings": self._matches[entry.id],
        }


def is_waived(result: ResultLine) -> bool:
    """Whether a finding does not count, because somebody accepts it."""
    return "waiver" in result
