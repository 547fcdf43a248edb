"""An event starts one execution, is covered by one, is none of ours, or is refused with its reason."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from fleetdx import keys
from functions.receive_event import handler
from functions.receive_event.handler import Fate, Receiver, undertaker
from tests.fakes.aws_errors import client_error
from tests.fakes.events import ACCOUNT, INSTANCE, OTHER, REGION, api_call, in_sns, state_change
from tests.fakes.organizations import FakeOrganizations, account
from tests.fakes.s3 import FakeS3, bucket, fake
from tests.fakes.stepfunctions import FakeStepFunctions

MACHINE = f"arn:aws:states:{REGION}:222233334444:stateMachine:fleetdx-ensure-ssm-ready"
EXECUTION = f"arn:aws:states:{REGION}:222233334444:execution:fleetdx-ensure-ssm-ready:{ACCOUNT}-{REGION}-{INSTANCE}"
OCCURRED = dt.datetime(2026, 11, 26, 2, 15, tzinfo=dt.UTC)
SUSPENDED = "777788889999"


class Stage:
    """A receiver over fakes, and what was buried."""

    def __init__(self) -> None:
        self.data = bucket()
        self.states = FakeStepFunctions({})
        members = [account(ACCOUNT, "trading"), account(SUSPENDED, "closed", "SUSPENDED")]
        self.organizations = FakeOrganizations({"r-1": []}, {"r-1": members}, "1" * 12)
        self.buried: list[tuple[str, str]] = []

    def run(self, event: Any) -> Any:
        receiver = Receiver(self.data, self.states, MACHINE, self.organizations)
        return handler.run(event, receiver, lambda body, fate: self.buried.append((body, fate.reason)))

    def reads_at(self, number: int, moment: dt.datetime) -> None:
        """Let an execution have read the instance's state."""
        self.states.entered[f"{EXECUTION}-{number}"] = ("ResolveInstanceRole", moment)


@pytest.fixture
def stage() -> Stage:
    return Stage()


def another(seconds: int = 0, **changes: Any) -> dict[str, Any]:
    """The same launch, told by another event so many seconds later."""
    moment = (OCCURRED + dt.timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {**api_call("AssociateIamInstanceProfile"), "time": moment, **changes}


@pytest.mark.reaches("execution_started")
def test_an_event_starts_an_execution_about_its_instance(stage: Stage) -> None:
    """Account, region and instance are all that is handed on, with what was last told."""
    told = stage.run(state_change())
    assert (told["outcome"], told["reason"]) == ("started", "execution_started")
    assert told["execution_arn"] == f"{EXECUTION}-1"
    assert stage.states.inputs[f"{EXECUTION}-1"] == {
        "account": ACCOUNT,
        "region": REGION,
        "instance_id": INSTANCE,
        "event_id": "7bf73129-1428-4cd3-a780-95db273d1602",
        "occurred_at": "2026-11-26T02:15:00Z",
        "reason": "EC2 Instance State-change Notification",
        "execution": f"{ACCOUNT}-{REGION}-{INSTANCE}-1",
        "told": {"outcome": "", "reason": ""},
    }


@pytest.mark.reaches("event_covered")
def test_what_comes_before_the_state_is_read_is_one_execution(stage: Stage) -> None:
    """Duplicates, and the running and associate events of one launch, in any order."""
    for event in (another(2), state_change(), another(2), state_change(), another(90, id="late")):
        last = stage.run(event)
    assert (last["outcome"], last["reason"]) == ("duplicate", "event_covered")
    assert list(stage.states.statuses) == [f"{EXECUTION}-1"]


def test_a_change_after_the_state_was_read_is_never_lost(stage: Stage) -> None:
    """It has an execution of its own, also while the first one still waits for the instance to register."""
    stage.run(state_change())
    stage.reads_at(1, OCCURRED + dt.timedelta(seconds=30))
    assert stage.run(another(40))["execution_arn"] == f"{EXECUTION}-2"
    assert stage.states.statuses == {f"{EXECUTION}-1": "RUNNING", f"{EXECUTION}-2": "RUNNING"}


def test_what_may_have_come_after_counts_as_after(stage: Stage) -> None:
    """Events tell whole seconds and clocks differ: close to the reading, one execution too many is right."""
    stage.run(state_change())
    stage.reads_at(1, OCCURRED + dt.timedelta(seconds=30))
    assert stage.run(another(26))["outcome"] == "duplicate"
    assert stage.run(another(28))["outcome"] == "started"


def test_a_duplicate_of_what_led_to_an_execution_is_covered_for_ever(stage: Stage) -> None:
    """However late it comes, and however the clocks stand: its id is known."""
    stage.run(state_change())
    stage.reads_at(1, OCCURRED)
    stage.run(another(40))
    stage.reads_at(2, OCCURRED + dt.timedelta(seconds=70))
    assert stage.run(state_change())["outcome"] == "duplicate"
    assert stage.run(another(40))["outcome"] == "duplicate"
    assert len(stage.states.statuses) == 2


def test_an_execution_that_died_before_it_read_covers_nothing_new(stage: Stage) -> None:
    """It failed at the door: the next event gets another try."""
    stage.run(state_change())
    stage.states.statuses[f"{EXECUTION}-1"] = "FAILED"
    assert stage.run(another(40))["execution_arn"] == f"{EXECUTION}-2"


def test_a_receiver_that_dies_between_record_and_start_loses_nothing(stage: Stage) -> None:
    """The record is there and the execution is not: whoever comes next starts it, under the same name."""
    start, stage.states.start_execution = stage.states.start_execution, None  # type: ignore[method-assign, assignment]
    with pytest.raises(TypeError):
        stage.run(state_change())
    stage.states.start_execution = start  # type: ignore[method-assign]
    assert stage.run(state_change())["execution_arn"] == f"{EXECUTION}-1"
    assert stage.states.statuses == {f"{EXECUTION}-1": "RUNNING"}


def test_two_receivers_at_the_same_time_start_one_execution(stage: Stage) -> None:
    """The slower writer of the record reads it again, and finds the event covered."""
    stage.run(state_change())
    record = stage.data.get(keys.instance_record(ACCOUNT, REGION, INSTANCE))
    other = Stage()
    other.states.statuses[f"{EXECUTION}-1"] = "RUNNING"
    key = keys.instance_record(ACCOUNT, REGION, INSTANCE)

    class Overtaken(FakeS3):
        def put_object(self, **arguments: Any) -> dict[str, Any]:
            self.objects.setdefault(("data", key), record)
            return super().put_object(**arguments)

    other.data = bucket(client=Overtaken())
    assert other.run(another(1))["outcome"] == "duplicate"
    assert list(other.states.statuses) == [f"{EXECUTION}-1"]


@pytest.mark.reaches("event_not_relevant")
def test_events_of_another_kind_are_ignored(stage: Stage) -> None:
    """Nothing is asked and nothing is written for them."""
    told = stage.run(state_change(state="stopped"))
    assert (told["outcome"], told["reason"]) == ("ignored", "event_not_relevant")
    assert stage.organizations.asked == []
    assert fake(stage.data).written == []


@pytest.mark.reaches("event_unreadable", "account_not_in_organization", "account_suspended")
@pytest.mark.parametrize(
    ("event", "reason"),
    [
        ({"detail-type": "EC2 Instance State-change Notification", "source": "aws.ec2"}, "event_unreadable"),
        ({**state_change(), "account": OTHER}, "account_not_in_organization"),
        ({**state_change(), "account": SUSPENDED}, "account_suspended"),
    ],
)
def test_what_can_never_be_processed_is_refused(stage: Stage, event: dict[str, Any], reason: str) -> None:
    """Poisoned and forged events: nothing is written or started, and from the queue they are buried with the reason."""
    assert stage.run(event)["outcome"] == "refused"
    body = json.dumps(event)
    assert stage.run(batch(body)) == {"batchItemFailures": []}
    assert stage.buried == [(body, reason)]
    assert (fake(stage.data).written, stage.states.statuses) == ([], {})


def batch(*bodies: str) -> dict[str, Any]:
    return {
        "Records": [
            {"messageId": f"message-{number}", "body": body, "eventSource": "aws:sqs"}
            for number, body in enumerate(bodies)
        ]
    }


def test_a_batch_fails_in_part(stage: Stage) -> None:
    """What may be processed later comes again alone; the others are done."""
    key = keys.instance_record(ACCOUNT, REGION, "i-0000000000000bad0")
    fake(stage.data).failing["get_object", key] = [client_error("SlowDown", "GetObject", 503)]
    bad = json.dumps(in_sns(json.dumps(state_change()).replace(INSTANCE, "i-0000000000000bad0")))
    answer = stage.run(batch(json.dumps(state_change()), bad, "{}", json.dumps(in_sns(another(1)))))
    assert answer == {"batchItemFailures": [{"itemIdentifier": "message-1"}]}
    assert list(stage.states.statuses) == [f"{EXECUTION}-1"]
    assert [reason for _, reason in stage.buried] == ["event_unreadable"]


def test_an_account_is_asked_for_once_a_batch(stage: Stage) -> None:
    """Organizations allows few calls a second."""
    other = json.dumps(state_change()).replace(INSTANCE, "i-0123456789abcdef1")
    stage.run(batch(json.dumps(state_change()), other))
    assert stage.organizations.asked == [ACCOUNT]
    assert len(stage.states.statuses) == 2


def test_an_event_from_the_future_counts_as_of_now(stage: Stage) -> None:
    """A forged time must not make events that nothing ever covers."""
    stage.run(state_change())
    stage.reads_at(1, dt.datetime.now(dt.UTC) + dt.timedelta(hours=1))
    assert stage.run(another(id="forged", time="2999-01-01T00:00:00Z"))["outcome"] == "duplicate"


def test_a_record_that_is_none_is_no_licence(stage: Stage) -> None:
    """What lies under an instance's key and is no record fails the message, and starts nothing."""
    stage.data.put(keys.instance_record(ACCOUNT, REGION, INSTANCE), b"[]")
    assert stage.run(batch(json.dumps(state_change()))) == {"batchItemFailures": [{"itemIdentifier": "message-0"}]}
    assert stage.states.statuses == {}


def test_the_dead_letter_has_its_reason_and_its_body() -> None:
    """Whoever reads the queue sees why, without reading our logs; an empty detail would be refused by SQS."""
    sent: list[dict[str, Any]] = []

    class Sqs:
        def send_message(self, **arguments: Any) -> None:
            sent.append(arguments)

    bury = undertaker(Sqs(), "https://queue")
    bury("{}", Fate("refused", "event_unreadable", "line\nend"))
    bury("{}", Fate("refused", "event_unreadable"))
    first, second = (one["MessageAttributes"] for one in sent)
    assert (sent[0]["QueueUrl"], sent[0]["MessageBody"]) == ("https://queue", "{}")
    assert first["reason"] == {"DataType": "String", "StringValue": "event_unreadable"}
    assert "\n" not in first["detail"]["StringValue"]
    assert second["detail"]["StringValue"] == "event_unreadable"
