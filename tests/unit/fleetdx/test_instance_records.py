"""Which execution an event has led to, told from an instance's record alone."""

from __future__ import annotations

import datetime as dt

import pytest

from fleetdx.instance_events import InstanceEvent
from fleetdx.instance_records import InstanceRecord, execution_led_to, next_record

NAME = "111111111111-ap-northeast-2-i-0123456789abcdef0"


def event(event_id: str) -> InstanceEvent:
    moment = dt.datetime(2026, 11, 27, 9, tzinfo=dt.UTC)
    return InstanceEvent("111111111111", "ap-northeast-2", "i-0123456789abcdef0", "State-change", moment, event_id)


def record_of(*events: str) -> InstanceRecord:
    """The record after each of these events has led to an execution."""
    record = next_record(None, event(events[0]))
    for later in events[1:]:
        record = next_record(record, event(later))
    return record


@pytest.mark.parametrize(
    ("events", "asked", "after", "generation"),
    [
        (["a"], "a", 0, 1),
        (["a", "b"], "b", 1, 2),
        # What the execution mended is an event by itself, and had led to the next one before anybody looked.
        (["a", "b", "mended"], "b", 1, 2),
        # Another event's execution covers it; nothing, or nothing later, was led to by it.
        (["a", "b", "c"], "absent", 1, None),
        (["a"], "a", 1, None),
        # The last one did not exist: receive_event starts it again, whatever event comes.
        (["a", "b"], "c", 1, 2),
        # So many later ones that the record has forgotten it.
        (["a", *(f"later-{number}" for number in range(25))], "a", 0, None),
    ],
)
def test_an_events_execution_is_the_one_it_led_to_not_the_last(
    events: list[str], asked: str, after: int, generation: int | None
) -> None:
    """The name holds the number of the execution; empty where another execution covers the event."""
    told = execution_led_to(record_of(*events), event(asked), after)
    assert told == ("" if generation is None else f"{NAME}-{generation}")
