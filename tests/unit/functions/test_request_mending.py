"""What can be mended goes to the queue of events, ten messages a call."""

from __future__ import annotations

import json
from typing import Any

import pytest

from fleetdx import keys
from fleetdx.errors import ServiceUnavailable
from fleetdx.instance_events import read_event
from functions.request_mending import handler
from tests.fakes.coverage import SWEEP, line
from tests.fakes.s3 import bucket
from tests.fakes.sweeps import OPENED

EVENT: Any = dict(OPENED)


class FakeQueue:
    """SQS with one queue; `refused` messages of a call are not taken."""

    def __init__(self, refused: int = 0) -> None:
        self.refused = refused
        self.batches: list[list[str]] = []

    def send_message_batch(self, *, QueueUrl: str, Entries: list[dict[str, str]]) -> dict[str, Any]:  # noqa: N803
        assert QueueUrl == "queue"
        assert len(Entries) <= 10
        self.batches.append([entry["MessageBody"] for entry in Entries])
        return {"Successful": [], "Failed": [{"Id": "0"}] * self.refused}


def requested(queue: FakeQueue, lines: list[Any]) -> Any:
    data = bucket()
    data.put_lines(keys.coverage_out(SWEEP, "coverage.jsonl"), lines)
    return handler.run(EVENT, data, queue, "queue")  # type: ignore[arg-type]


def test_each_mendable_instance_is_one_event() -> None:
    """Ten a call; the others stay where they are, and each message is read as an event about its instance."""
    queue = FakeQueue()
    mendable = [line(number, "missing_policy") for number in range(12)]
    assert requested(queue, [*mendable, line(50, "agent_silent"), line(51, "managed")]) == {"requested": 12}
    assert [len(batch) for batch in queue.batches] == [10, 2]
    events = [read_event(body) for batch in queue.batches for body in batch]
    assert [event.instance_id for event in events if event] == [one["instance"] for one in mendable]
    assert len({json.loads(body)["id"] for batch in queue.batches for body in batch}) == 12


def test_a_refused_message_is_sent_again_by_the_state() -> None:
    """The same sweep makes the same events, so that repeating is harmless."""
    first, second = FakeQueue(refused=1), FakeQueue()
    with pytest.raises(ServiceUnavailable):
        requested(first, [line(1, "no_profile")])
    requested(second, [line(1, "no_profile")])
    assert first.batches == second.batches


def test_with_nothing_to_mend_nothing_is_sent() -> None:
    """No call is made."""
    queue = FakeQueue()
    assert requested(queue, [line(1, "managed")]) == {"requested": 0}
    assert queue.batches == []
