"""A command has finished when every invocation has ended, or its time is over."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from functions.check_command import handler
from tests.fakes.runs import ACCOUNT, REGION, RUN
from tests.fakes.ssm import FakeSsm

NOW = dt.datetime(2026, 11, 23, 2, 30, tzinfo=dt.UTC)


def check(statuses: list[str], instances: int = 3, moment: dt.datetime = NOW, wait: int = 10) -> Any:
    client = FakeSsm()
    client.invocations["command-1"] = [{"InstanceId": f"i-{n}", "Status": one} for n, one in enumerate(statuses)]
    command = {
        "id": "command-1",
        "batch": "0000-00",
        "instances": instances,
        "deadline": "2026-11-23T02:40:00Z",
        "wait_seconds": wait,
    }
    event: Any = {"run": RUN, "account": ACCOUNT, "region": REGION, "command": command}
    first, second = (handler.run(event, client, moment) for _ in range(2))  # type: ignore[arg-type]
    assert first == second
    return first


@pytest.mark.parametrize(
    ("statuses", "finished", "ended"),
    [
        (["Success", "Failed", "TimedOut"], True, 3),
        (["Success", "Cancelled", "InProgress"], False, 2),
        (["Success", "Success"], False, 2),
        ([], False, 0),
        (["Pending", "Delayed", "Cancelling"], False, 0),
    ],
)
def test_every_invocation_must_have_ended(statuses: list[str], ended: int, *, finished: bool) -> None:
    """Running invocations, and those that SSM does not list yet, are waited for."""
    answer = check(statuses)
    assert (answer["finished"], answer["ended"]) == (finished, ended)
    assert (answer["id"], answer["batch"], answer["instances"]) == ("command-1", "0000-00", 3)


def test_deadline_ends_the_waiting() -> None:
    """At the deadline the answer is finished, whatever still runs; a second before it is not."""
    deadline = dt.datetime(2026, 11, 23, 2, 40, tzinfo=dt.UTC)
    assert check(["InProgress"], moment=deadline)["finished"]
    assert not check(["InProgress"], moment=deadline - dt.timedelta(seconds=1))["finished"]


def test_waits_grow_to_ten_minutes() -> None:
    """Each wait is twice as long as the one before, up to ten minutes: a long command costs few events."""
    waits = [15]
    while waits[-1] < 600:
        waits.append(check([], wait=waits[-1])["wait_seconds"])
    assert waits == [15, 30, 60, 120, 240, 480, 600]
    assert check([], wait=600)["wait_seconds"] == 600
