"""When an account may be entered: quiet hours for everybody, windows for single accounts. Pure.

A time of day means what clocks in its time zone show: a rule holds at each moment at which they show a time within it.
So a time that daylight saving skips never comes, and one that it repeats comes twice.
"""

from __future__ import annotations

import datetime as dt
import functools
import itertools
from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from fleetdx.configuration import MalformedDocument, parsed
from fleetdx.validation import Fault, first_fault, pointer, schema_named, validator_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jsonschema.protocols import Validator

MAXIMUM_BYTES = 500_000
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAYS_IN_WEEK = len(DAYS)
MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
LOOK_AHEAD = dt.timedelta(days=8)
"""How far an opening is looked for: a week, and a day for what daylight saving moves."""


class Rule(NamedTuple):
    """Quiet hours, or a window: days on which it begins (Monday is 0), and minutes after midnight in a time zone."""

    days: frozenset[int]
    start: int
    end: int
    zone: ZoneInfo

    def holds_at(self, moment: dt.datetime) -> bool:
        """Whether clocks in the time zone show a time within it; what begins before midnight may end after it."""
        local = moment.astimezone(self.zone)
        minute, today = local.hour * 60 + local.minute, local.weekday()
        if self.start < self.end:
            return today in self.days and self.start <= minute < self.end
        began_yesterday = (today - 1) % DAYS_IN_WEEK in self.days
        return (today in self.days and minute >= self.start) or (began_yesterday and minute < self.end)


class Windows(NamedTuple):
    """What the operator wrote: rules for everybody, and those of the accounts that have any."""

    quiet_hours: tuple[Rule, ...]
    of_accounts: Mapping[str, tuple[Rule, ...]]


NO_WINDOWS = Windows((), {})
"""Every account may be entered at any time."""


@functools.lru_cache(maxsize=1)
def _validator() -> Validator:
    return validator_of(schema_named("windows"))


def read_windows(text: str | bytes) -> Windows:
    """Read the document.

    Raises:
        MalformedDocument: With the JSON pointer of the first fault: of its schema, an unknown time zone, or a rule that
            ends when it begins.
    """
    document = parsed(text, MAXIMUM_BYTES)
    fault = first_fault(_validator(), document)
    if fault is not None:
        raise MalformedDocument(fault)
    quiet = tuple(_rule(["quiet_hours", str(number)], one) for number, one in enumerate(document["quiet_hours"]))
    of_accounts: defaultdict[str, tuple[Rule, ...]] = defaultdict(tuple)
    for number, window in enumerate(document["windows"]):
        rule = _rule(["windows", str(number)], window)
        for account in window["accounts"]:
            of_accounts[account] += (rule,)
    return Windows(quiet, dict(of_accounts))


def _rule(place: list[str], given: Mapping[str, Any]) -> Rule:
    if given["from"] == given["to"]:
        raise MalformedDocument(Fault(pointer([*place, "to"]), "it ends when it begins; a whole day is 00:00 to 24:00"))
    try:
        zone = ZoneInfo(given["time_zone"])
    except (ZoneInfoNotFoundError, ValueError, OSError):
        sentence = f"no time zone {given['time_zone']} is known; one is Asia/Seoul"
        raise MalformedDocument(Fault(pointer([*place, "time_zone"]), sentence)) from None
    days = frozenset(DAYS.index(day) for day in given["days"])
    return Rule(days, _minutes(given["from"]), _minutes(given["to"]), zone)


def _minutes(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def is_open(windows: Windows, account: str, moment: dt.datetime) -> bool:
    """Whether an account may be entered at a moment (UTC): outside of quiet hours, within its windows if it has any."""
    return _is_open(windows.quiet_hours, windows.of_accounts.get(account), moment)


def earliest_opening(windows: Windows, account: str, since: dt.datetime) -> dt.datetime | None:
    """The first moment (UTC), from `since` on, at which an account may be entered; None where none comes in 8 days."""
    return _first_moment(windows.quiet_hours, windows.of_accounts.get(account), since, is_open=True)


def next_closing(windows: Windows, account: str, since: dt.datetime) -> dt.datetime | None:
    """The first moment (UTC), from `since` on, at which it may not be entered; None where none comes in 8 days."""
    return _first_moment(windows.quiet_hours, windows.of_accounts.get(account), since, is_open=False)


def _is_open(quiet_hours: tuple[Rule, ...], own: tuple[Rule, ...] | None, moment: dt.datetime) -> bool:
    if any(rule.holds_at(moment) for rule in quiet_hours):
        return False
    return own is None or any(rule.holds_at(moment) for rule in own)


@functools.lru_cache(maxsize=2_048)
def _first_moment(
    quiet_hours: tuple[Rule, ...], own: tuple[Rule, ...] | None, since: dt.datetime, *, is_open: bool
) -> dt.datetime | None:
    if _is_open(quiet_hours, own, since) is is_open:
        return since
    changes = {moment for rule in (*quiet_hours, *(own or ())) for moment in _changes(rule, since)}
    ahead = sorted(moment for moment in changes if since < moment <= since + LOOK_AHEAD)
    return next((moment for moment in ahead if _is_open(quiet_hours, own, moment) is is_open), None)


@functools.lru_cache(maxsize=2_048)
def _changes(rule: Rule, since: dt.datetime) -> tuple[dt.datetime, ...]:
    """Every moment at which a rule may begin or cease to hold: its times of day, and the changes of its zone's clocks.

    A time of day that comes twice is both moments; one that never comes leaves the change of clocks that skips it.
    """
    first = since.astimezone(rule.zone).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None) - 2 * DAY
    days = (first + number * DAY for number in range(LOOK_AHEAD.days + 4))
    local = (day + minutes * MINUTE for day in days for minutes in (rule.start, rule.end))
    times = (
        one.replace(tzinfo=rule.zone, fold=fold).astimezone(dt.UTC) for one, fold in itertools.product(local, (0, 1))
    )
    return (*times, *_changes_of_clocks(rule.zone, since))


@functools.lru_cache(maxsize=64)
def _changes_of_clocks(zone: ZoneInfo, since: dt.datetime) -> tuple[dt.datetime, ...]:
    """The moments at which a zone's offset changes; they lie on whole minutes (UTC), and no hour has two."""
    hours = itertools.pairwise(_steps(since.replace(minute=0, second=0, microsecond=0), HOUR, LOOK_AHEAD // HOUR + 2))
    return tuple(
        after
        for start, end in hours
        if _differs(zone, start, end)
        for before, after in itertools.pairwise(_steps(start, MINUTE, HOUR // MINUTE + 1))
        if _differs(zone, before, after)
    )


def _steps(first: dt.datetime, step: dt.timedelta, count: int) -> Iterator[dt.datetime]:
    return (first + number * step for number in range(count))


def _differs(zone: ZoneInfo, before: dt.datetime, after: dt.datetime) -> bool:
    return before.astimezone(zone).utcoffset() != after.astimezone(zone).utcoffset()
