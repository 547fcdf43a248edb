"""A history comes in pages, from moto too."""

from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING, Any

import pytest

from emulator.seams.histories import page_of
from tests.contract.small_cloud import moto_alone, run_alone, small_cloud

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("wanted", "size"), [(None, 100), (0, 100), (25, 25), (1_000, 1_000), (5_000, 1_000)], ids=repr
)
def test_pages_have_the_size_that_was_asked_for(wanted: int | None, size: int) -> None:
    """100 events unless asked otherwise, 1,000 at most; the tokens lead through every event once, in order."""
    events = list(range(2_501))
    seen: list[int] = []
    token = None
    while True:
        page = page_of(events, wanted, token)
        assert len(page["events"]) == min(size, len(events) - len(seen))
        seen += page["events"]
        token = page.get("nextToken")
        if token is None:
            break
    assert seen == events


def test_the_beginning_of_a_history_and_all_of_it(tmp_path: Path) -> None:
    """A client gets the first events alone, and by its paginator the same history in small pages as in large ones."""
    with small_cloud(tmp_path) as cloud:
        names = [f"Step{number}" for number in range(5)]
        states = {name: {"Type": "Pass", "Next": after} for name, after in itertools.pairwise(names)}
        machine = cloud.machine("steps", {**states, names[-1]: {"Type": "Pass", "End": True}})
        execution = cloud.run(machine)["executionArn"]
        client = cloud.client("stepfunctions")
        first = client.get_execution_history(executionArn=execution, maxResults=2)
        assert [event["type"] for event in first["events"]] == ["ExecutionStarted", "PassStateEntered"]
        paginator = client.get_paginator("get_execution_history")
        histories = [
            [
                event
                for page in paginator.paginate(executionArn=execution, PaginationConfig=size)
                for event in page["events"]
            ]
            for size in ({"PageSize": 3}, {})
        ]
        assert histories[0] == histories[1]
        assert [event["id"] for event in histories[0]] == list(range(1, 2 * len(names) + 3))
        pages = paginator.paginate(executionArn=execution, reverseOrder=True, PaginationConfig={"PageSize": 3})
        assert [event for page in pages for event in page["events"]] == histories[0][::-1]


def test_an_event_says_what_it_says_in_moto_alone(tmp_path: Path) -> None:
    """Members, their values and the kind of time are those that moto gives, of steps that succeed and that fail."""
    failing = {"Type": "Fail", "Error": "Broken", "Cause": "on purpose"}
    states = {"First": {"Type": "Pass", "Result": {"word": "said"}, "Next": "Last"}, "Last": failing}
    with small_cloud(tmp_path) as cloud:
        ours = history_of(cloud.client("stepfunctions"), cloud.run(cloud.machine("same", states))["executionArn"])
    with moto_alone() as client:
        theirs = history_of(client, run_alone(client, {"StartAt": "First", "States": states})["executionArn"])
    assert [kind for *_, kind in ours] == [kind for *_, kind in theirs]
    assert [event for event, _ in ours[1:]] == [event for event, _ in theirs[1:]]  # the first names the role


def history_of(client: Any, execution: str) -> list[tuple[str, Any]]:
    """Each event as text without its time, and of which zone that is."""
    events = client.get_execution_history(executionArn=execution)["events"]
    assert events
    times = [event.pop("timestamp") for event in events]
    return [(json.dumps(event, sort_keys=True), time.utcoffset()) for event, time in zip(events, times, strict=True)]
