"""Synthetic histories are shaped as Step Functions writes them."""

from __future__ import annotations

from collections import Counter

import pytest

from bench.synthetic_history import AT_ONCE, history


@pytest.mark.parametrize("events", [40, 500, 5_000])
def test_events_are_numbered_and_lead_back(events: int) -> None:
    """Numbers ascend from 1, each event names an earlier one or none, and times never go back."""
    told = history(events)["events"]
    assert [event["id"] for event in told] == list(range(1, len(told) + 1))
    assert all(0 <= event["previousEventId"] < event["id"] for event in told)
    assert [event["timestamp"] for event in told] == sorted(event["timestamp"] for event in told)
    assert 0.5 * events <= len(told) <= 1.1 * events


def test_iterations_run_at_once_and_all_end() -> None:
    """Never more than AT_ONCE iterations are open; each that begins ends."""
    kinds = [event["type"] for event in history(5_000)["events"]]
    changes = {"MapIterationStarted": 1, "MapIterationSucceeded": -1}
    open_ones, most = 0, 0
    for kind in kinds:
        open_ones += changes.get(kind, 0)
        most = max(most, open_ones)
    assert (open_ones, most) == (0, AT_ONCE)


def test_failed_history_ends_with_its_last_task() -> None:
    """Three failures, a caught error, a Fail state, and the failure of the execution."""
    told = history(100, fails=True)
    last = [event["type"] for event in told["events"]][-3:]
    assert last == ["TaskStateExited", "FailStateEntered", "ExecutionFailed"]
    assert Counter(event["type"] for event in told["events"])["TaskFailed"] >= 3
    assert told["execution"]["status"] == "FAILED"
