"""Waiting on AWS: a queue that is slow to tell and never alone, executions of 90 days, a bucket that takes nothing."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from fleetdx.cli import event, metrics, runs
from fleetdx.cli.outputs import keep
from fleetdx.cli.pace import AWS_PACE, EMBEDDED_PACE, Pace
from fleetdx.cli.problems import UsageProblem
from fleetdx.openings import open_run
from tests.fakes.aws_errors import client_error
from tests.fakes.pages import Pages, split
from tests.fakes.requesters import NOBODY
from tests.fakes.runs import RUN
from tests.fakes.s3 import bucket
from tests.fakes.stepfunctions import FakeStepFunctions

if TYPE_CHECKING:
    from collections.abc import Iterator

MACHINE = "arn:aws:states:us-east-1:222222222222:stateMachine:fleetdx-scan-fleet"
EXECUTIONS = MACHINE.replace(":stateMachine:", ":execution:")
NOW = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)


class Clock:
    """A clock that sleeping turns on."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def monotonic(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(event, "time", made)
    return made


def waits(messages: Iterator[int], pace: Pace, clock: Clock, begun_after: float = float("inf")) -> float:
    """After how many seconds the event counts as taken, in a queue that holds so many messages at each look."""

    def attributes(**_: Any) -> Any:
        return {"Attributes": {"ApproximateNumberOfMessages": str(next(messages)), event.WAITING[1]: "0"}}

    sqs = SimpleNamespace(get_queue_attributes=attributes)
    deployment: Any = SimpleNamespace(
        session=SimpleNamespace(client=lambda _: sqs), events=SimpleNamespace(queue="queue"), pace=pace
    )
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(event, "_has_begun", lambda *_: clock.seconds >= begun_after)
        event._wait_for_queue(deployment, None, 0)
    return clock.seconds


def always(*first: int, then: int) -> Iterator[int]:
    """These counts, and from then on another."""
    yield from first
    while True:
        yield then


def test_the_embedded_queue_is_believed_at_once(clock: Clock) -> None:
    """It tells exactly what it holds."""
    assert waits(always(1, 1, then=0), EMBEDDED_PACE, clock) == 1.0


def test_awss_queue_is_believed_when_it_has_looked_empty_for_a_minute(clock: Clock) -> None:
    """What it says meanwhile may be of before the event was put into it."""
    assert waits(always(0, 1, then=0), AWS_PACE, clock) >= 61.0


def test_the_execution_that_has_begun_says_it_too(clock: Clock) -> None:
    """Others' events keep the queue full; nobody waits for them."""
    assert waits(always(then=7), AWS_PACE, clock, begun_after=20.0) < 35.0


def test_a_queue_that_stays_full_is_a_sentence(clock: Clock) -> None:
    """After three minutes nothing more is expected."""
    with pytest.raises(UsageProblem, match="still holds events after 180 seconds"):
        waits(always(then=7), AWS_PACE, clock)


def test_executions_of_before_are_not_read() -> None:
    """The most recent come first: with the first that is too old the listing ends, in pages as large as AWS gives."""
    began = [NOW - dt.timedelta(hours=hours) for hours in range(8)]
    read: list[int] = []

    def listed(*, stateMachineArn: str, PaginationConfig: Any) -> Iterator[dict[str, Any]]:  # noqa: N803 - boto3's
        assert (stateMachineArn, PaginationConfig) == (MACHINE, {"PageSize": 1000})
        for number, page in enumerate(split([{"startDate": moment} for moment in began], 2)):
            read.append(number)
            yield {"executions": page}

    client: Any = SimpleNamespace(get_paginator=lambda _: Pages(listed))
    found = metrics.executions_since(client, MACHINE, NOW - dt.timedelta(hours=2))
    assert [one["startDate"] for one in found] == began[:3]
    assert read == [0, 1]


def test_the_execution_at_work_is_the_last_that_opened_the_run() -> None:
    """Or the one of its name, where it has not opened it yet; none where all have ended."""
    data, resumed = bucket(), f"{EXECUTIONS}:{RUN}-resume-1"
    states = FakeStepFunctions({})
    deployment: Any = SimpleNamespace(data=data, scan_fleet=MACHINE, session=SimpleNamespace(client=lambda _: states))
    assert runs.under_way(deployment, RUN) is None
    states.statuses[f"{EXECUTIONS}:{RUN}"] = "RUNNING"
    assert runs.under_way(deployment, RUN) == runs.Run(RUN, f"{EXECUTIONS}:{RUN}")
    open_run(data, RUN, f"{EXECUTIONS}:{RUN}", lambda _: False, NOBODY)
    states.statuses[f"{EXECUTIONS}:{RUN}"] = "ABORTED"
    assert runs.under_way(deployment, RUN) is None
    open_run(data, RUN, resumed, lambda _: False, NOBODY)
    states.statuses[resumed] = "RUNNING"
    assert runs.under_way(deployment, RUN) == runs.Run(RUN, resumed)


def refusing(code: str) -> Any:
    """A bucket that answers each write with this error."""

    def put(*_: Any) -> None:
        raise client_error(code, "PutObject")

    return SimpleNamespace(put=put)


def test_who_may_not_write_into_the_bucket_keeps_it_at_home() -> None:
    """A viewer reads runs; any other fault of the bucket is told."""
    keep(refusing("AccessDenied"), "runs/x/metrics.json", "{}")
    with pytest.raises(ClientError):
        keep(refusing("SlowDown"), "runs/x/metrics.json", "{}")
