"""How long a run may still take: nothing until it can be known, then a range."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from console.reading.pace import Work, left, projected

PATIENTLY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
START = dt.datetime(2026, 11, 27, 2, 0, tzinfo=dt.UTC)


def after(seconds: float) -> dt.datetime:
    return START + dt.timedelta(seconds=seconds)


def work(done: dict[int, int], **fields: Any) -> Work:
    """A run of 10 account-regions with 100 instances, of which some were done at some seconds after the start."""
    steps = {f"{after(seconds):%Y-%m-%dT%H:%M:%SZ}": count for seconds, count in done.items()}
    known: dict[str, Any] = {"targets": 10, "targets_seen": 10, "targets_done": 2, "instances": 100}
    return Work(**{"started_at": START, "done_at": steps, **known, **fields})


STEADY = {60: 10, 120: 10, 180: 10, 240: 10, 300: 10}


def test_a_steady_run_takes_as_long_as_it_has_taken() -> None:
    """Half of the instances in five minutes: about five more, and the range holds it."""
    found = left(work(STEADY), after(300))
    assert found is not None
    assert found.low < found.seconds == 300 < found.high


def test_nothing_is_told_before_it_can_be_known() -> None:
    """Before the list, before two batches, before a tenth, while it waits, and when only the report is missing."""
    assert left(work({}), after(60)) is None
    assert left(work({60: 50}), after(61)) is None
    assert left(work({60: 1, 120: 1}), after(121)) is None
    assert left(work(STEADY, targets=None), after(300)) is None
    assert left(work(STEADY, targets_seen=0), after(300)) is None
    assert left(work(STEADY, waits=True), after(300)) is None
    assert left(work(STEADY, targets_done=10), after(300)) is None
    assert left(work({60: 50, 120: 50}), after(121)) is None


def test_a_run_that_stands_still_has_no_pace() -> None:
    """A figure that grows while nothing happens would tell nobody anything."""
    assert left(work(STEADY), after(385)) is not None
    assert left(work(STEADY), after(391)) is None


def test_account_regions_that_were_not_looked_into_count_as_the_others() -> None:
    """Half of them seen with 100 instances: 200 are expected."""
    assert projected(work({}, targets_seen=5)) == 200
    whole, half = left(work(STEADY), after(300)), left(work(STEADY, targets_seen=5), after(300))
    assert whole is not None
    assert half is not None
    assert half.seconds == 3 * whole.seconds


def test_what_an_earlier_execution_did_has_no_pace() -> None:
    """A resumed run has fewer instances left; what it kept was not done at this one's pace."""
    found = left(work({60: 10, 120: 10}, done_before=60), after(120))
    assert found is not None
    assert found.seconds == 120


@PATIENTLY
@given(
    st.dictionaries(st.integers(0, 3_600), st.integers(1, 50), max_size=8),
    st.integers(0, 4_000),
    st.integers(0, 12),
    st.integers(0, 12),
    st.integers(0, 400),
)
def test_a_range_is_a_range(done: dict[int, int], now: int, seen: int, closed: int, instances: int) -> None:
    """Whatever a run has written so far, nothing fails, and no figure is negative or outside its range."""
    found = left(work(done, targets_seen=seen, targets_done=closed, instances=instances), after(now))
    assert found is None or 0 <= found.low <= found.seconds <= found.high
