"""Nobody is entered within quiet hours or outside of a window, and the first opening is found, whatever clocks do."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fleetdx.configuration import MalformedDocument
from fleetdx.windows import (
    DAYS,
    LOOK_AHEAD,
    MINUTE,
    Rule,
    Windows,
    earliest_opening,
    is_open,
    next_closing,
    read_windows,
)

ACCOUNT, OTHER = "111122223333", "444455556666"
NIGHT: dict[str, Any] = {"days": ["mon"], "from": "22:00", "to": "06:00", "time_zone": "Asia/Seoul"}
# One for each way in which clocks are changed: by an hour, by half an hour, at midnight, never.
ZONES = ("Asia/Seoul", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "America/Santiago")
# Around the changes of clocks of those zones in 2026 and 2027, and any other day.
MOMENTS = st.builds(
    lambda seconds: dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=seconds), st.integers(0, 63_000_000)
) | st.sampled_from(
    [
        dt.datetime(2026, month, day, hour, 30, tzinfo=dt.UTC)
        for month, day in ((3, 8), (3, 28), (4, 4), (4, 24), (9, 5), (10, 3), (10, 24), (10, 29), (11, 1))
        for hour in (0, 12)
    ]
)
RULES = st.builds(
    lambda days, span, zone: Rule(frozenset(days), span[0], span[1], ZoneInfo(zone)),
    st.sets(st.integers(0, 6), min_size=1),
    st.tuples(st.integers(0, 1439), st.integers(0, 1440)).filter(lambda span: span[0] != span[1]),
    st.sampled_from(ZONES),
)
WINDOWS = st.builds(
    lambda quiet, own: Windows(tuple(quiet), {ACCOUNT: tuple(own)} if own else {}),
    st.lists(RULES, max_size=2),
    st.lists(RULES, max_size=2),
)


def document(**fields: Any) -> str:
    return json.dumps({"schema": 1, "quiet_hours": [], "windows": [], **fields})


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def shows(rule: Rule, moment: dt.datetime) -> bool:
    """Whether a clock on the wall shows a time within a rule: said again, by the minutes of its day."""
    wall = moment.astimezone(rule.zone)
    now = wall.hour * 60 + wall.minute
    # What ends before it begins ends on the next day.
    ends = rule.end + (1440 if rule.end < rule.start else 0)
    return (wall.weekday() in rule.days and rule.start <= now < ends) or (
        (wall.weekday() - 1) % 7 in rule.days and rule.start <= now + 1440 < ends
    )


def admits(windows: Windows, moment: dt.datetime) -> bool:
    own = windows.of_accounts.get(ACCOUNT)
    quiet = any(shows(rule, moment) for rule in windows.quiet_hours)
    return not quiet and (own is None or any(shows(rule, moment) for rule in own))


@settings(max_examples=300, deadline=None)
@given(WINDOWS, MOMENTS)
def test_the_earliest_opening_is_open_and_nothing_before_it_is(windows: Windows, since: dt.datetime) -> None:
    """Never within quiet hours, never outside of a window, and no minute is lost: over zones and changes of clocks."""
    found = earliest_opening(windows, ACCOUNT, since)
    end = since + LOOK_AHEAD if found is None else found
    assert found is None or (found >= since and admits(windows, found) and is_open(windows, ACCOUNT, found))
    minute = since
    while minute < end:
        assert not admits(windows, minute), f"open at {minute}, found {found}"
        minute = (minute + MINUTE).replace(second=0, microsecond=0)


@settings(max_examples=100, deadline=None)
@given(WINDOWS, MOMENTS)
def test_until_the_next_closing_everybody_is_let_in(windows: Windows, since: dt.datetime) -> None:
    """No minute before it is closed, and it is."""
    found = next_closing(windows, ACCOUNT, since)
    end = since + LOOK_AHEAD if found is None else found
    assert found is None or (found >= since and not admits(windows, found))
    minute = since
    while minute < end:
        assert admits(windows, minute), f"closed at {minute}, found {found}"
        minute = (minute + MINUTE).replace(second=0, microsecond=0)


@pytest.mark.parametrize(
    ("since", "opens"),
    [
        ("2026-11-23T12:59", "2026-11-23T12:59"),  # Monday 21:59 in Seoul
        ("2026-11-23T13:00", "2026-11-23T21:00"),
        ("2026-11-23T20:59", "2026-11-23T21:00"),  # Tuesday 05:59
        ("2026-11-24T13:00", "2026-11-24T13:00"),  # Tuesday 22:00: the quiet hours are Monday's
    ],
)
def test_quiet_hours_past_midnight_belong_to_the_day_on_which_they_begin(since: str, opens: str) -> None:
    """From Monday 22:00 to Tuesday 06:00 nobody starts; from Tuesday 22:00 on, everybody may."""
    windows = read_windows(document(quiet_hours=[NIGHT]))
    assert earliest_opening(windows, ACCOUNT, utc(since)) == utc(opens)


def test_a_window_is_for_the_accounts_that_it_names() -> None:
    """An account with windows waits for one of them; an account without any may be entered at any time."""
    windows = read_windows(document(windows=[{**NIGHT, "accounts": [ACCOUNT]}]))
    noon = utc("2026-11-25T03:00")
    assert earliest_opening(windows, OTHER, noon) == noon
    assert earliest_opening(windows, ACCOUNT, noon) == utc("2026-11-30T13:00")


def test_a_window_within_quiet_hours_never_opens() -> None:
    """Quiet hours are everybody's: no window of an account opens within them."""
    windows = read_windows(document(quiet_hours=[NIGHT], windows=[{**NIGHT, "from": "23:00", "accounts": [ACCOUNT]}]))
    assert earliest_opening(windows, ACCOUNT, utc("2026-11-23T00:00")) is None


@pytest.mark.parametrize(
    ("window", "since", "opens"),
    [
        # Clocks go from 02:00 to 03:00: 02:30 does not come, and the window opens when they are past it.
        (("sun", "02:30", "04:00", "Europe/Berlin"), "2026-03-29T00:00", "2026-03-29T01:00"),
        # They go from 03:00 back to 02:00: 02:30 comes twice, and each is within the window.
        (("sun", "02:15", "02:45", "Europe/Berlin"), "2026-10-25T00:00", "2026-10-25T00:15"),
        (("sun", "02:15", "02:45", "Europe/Berlin"), "2026-10-25T00:50", "2026-10-25T01:15"),
        # A window that lies wholly in the hour that is skipped does not come that day.
        (("sun", "02:15", "02:45", "Europe/Berlin"), "2026-03-28T23:00", "2026-04-05T00:15"),
        # By half an hour, at 02:00 of Lord Howe: 15:30 the day before in UTC.
        (("sun", "02:10", "02:40", "Australia/Lord_Howe"), "2026-10-03T15:00", "2026-10-03T15:30"),
    ],
)
def test_a_time_means_what_clocks_show(window: tuple[str, str, str, str], since: str, opens: str) -> None:
    """Daylight saving moves a window with the clocks; what they skip does not come, what they repeat comes twice."""
    day, start, end, zone = window
    rule = {"days": [day], "from": start, "to": end, "time_zone": zone, "accounts": [ACCOUNT]}
    assert earliest_opening(read_windows(document(windows=[rule])), ACCOUNT, utc(since)) == utc(opens)


def test_the_end_of_a_day_is_no_time_of_the_next() -> None:
    """24:00 ends a whole day, to the minute."""
    windows = read_windows(document(quiet_hours=[{"days": ["sat", "sun"], "from": "00:00", "to": "24:00",
                                                  "time_zone": "UTC"}]))  # fmt: skip
    assert earliest_opening(windows, ACCOUNT, utc("2026-11-28T00:00")) == utc("2026-11-30T00:00")
    assert is_open(windows, ACCOUNT, utc("2026-11-27T23:59"))


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", "/"),
        ("[]", "/"),
        ('{"schema": 1, "schema": 1}', "/"),
        ('{"schema": 1, "windows": []}', "/quiet_hours"),
        (document(schema=2), "/schema"),
        (document(silence=[]), "/silence"),
        (document(quiet_hours=[{**NIGHT, "days": []}]), "/quiet_hours/0/days"),
        (document(quiet_hours=[{**NIGHT, "days": ["monday"]}]), "/quiet_hours/0/days/0"),
        (document(quiet_hours=[{**NIGHT, "from": "24:00"}]), "/quiet_hours/0/from"),
        (document(quiet_hours=[{**NIGHT, "to": "6:00"}]), "/quiet_hours/0/to"),
        (document(quiet_hours=[{**NIGHT, "to": "22:00"}]), "/quiet_hours/0/to"),
        (document(quiet_hours=[NIGHT, {**NIGHT, "time_zone": "Asia/Soul"}]), "/quiet_hours/1/time_zone"),
        (document(quiet_hours=[{**NIGHT, "time_zone": "Europe"}]), "/quiet_hours/0/time_zone"),
        (document(quiet_hours=[{**NIGHT, "time_zone": "../etc/passwd"}]), "/quiet_hours/0/time_zone"),
        (document(quiet_hours=[{**NIGHT, "time_zone": "localtime"}]), "/quiet_hours/0/time_zone"),
        (document(windows=[NIGHT]), "/windows/0/accounts"),
        (document(windows=[{**NIGHT, "accounts": ["12"]}]), "/windows/0/accounts/0"),
        (document(windows=[{**NIGHT, "accounts": [ACCOUNT], "time_zone": "Mars/Olympus"}]), "/windows/0/time_zone"),
    ],
)
def test_a_fault_is_named_by_its_place(text: str, place: str) -> None:
    """What is no JSON, breaks the schema, names no time zone or ends when it begins is refused with a pointer."""
    with pytest.raises(MalformedDocument) as refused:
        read_windows(text)
    assert str(refused.value).startswith(f"{place}: ")


def test_an_account_of_two_windows_has_both() -> None:
    """Windows add up, also where they lie in different time zones."""
    days = list(DAYS)
    rules = [
        {"days": days, "from": "01:00", "to": "02:00", "time_zone": zone, "accounts": [ACCOUNT]}
        for zone in ("UTC", "Asia/Seoul")
    ]
    windows = read_windows(document(windows=rules))
    assert earliest_opening(windows, ACCOUNT, utc("2026-11-23T02:00")) == utc("2026-11-23T16:00")
    assert earliest_opening(windows, ACCOUNT, utc("2026-11-23T17:00")) == utc("2026-11-24T01:00")
