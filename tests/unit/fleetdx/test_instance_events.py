"""An event is read in every form in which it arrives, and whatever else arrives is refused by one error alone."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleetdx.errors import EventUnreadable
from fleetdx.instance_events import (
    API_CALL,
    MAXIMUM_BYTES,
    STATE_CHANGE,
    InstanceEvent,
    found_unmanaged,
    read_event,
)
from tests.fakes.events import ACCOUNT, INSTANCE, OTHER, REGION, api_call, forwarded, in_sns, state_change

if TYPE_CHECKING:
    from collections.abc import Callable

READ = InstanceEvent(
    ACCOUNT, REGION, INSTANCE, STATE_CHANGE, dt.datetime(2026, 11, 26, 2, 15, tzinfo=dt.UTC), state_change()["id"]
)
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)
NAMES = st.sampled_from(
    [
        *("detail-type", "source", "detail", "account", "region", "time", "id", "Records", "Sns", "body", "Type"),
        *("Message", "state", "instance-id", "eventName", "eventSource", "responseElements", "requestParameters"),
        *("AssociateIamInstanceProfileResponse", "iamInstanceProfileAssociation", "instanceId", "errorCode"),
    ]
)
VALUES = st.sampled_from(
    [STATE_CHANGE, API_CALL, "aws.ec2", "running", "AssociateIamInstanceProfile", "ec2.amazonaws.com", INSTANCE, "{}"]
)
ALMOST_EVENTS = st.recursive(
    ANY_JSON | VALUES,
    lambda inner: st.dictionaries(NAMES, inner | inner.map(json.dumps), max_size=8),
    max_leaves=30,
)
WRAPPINGS: dict[str, Callable[[Any], Any]] = {
    "direct": lambda event: event,
    "text": json.dumps,
    "sns": in_sns,
    "forwarder": forwarded,
    "sns as text": lambda event: json.dumps(in_sns(event)),
    "forwarder in sqs": lambda event: {"Records": [{"body": json.dumps(forwarded(event))}]},
    "sns to lambda": lambda event: {"Records": [{"EventSource": "aws:sns", "Sns": in_sns(event)}]},
}


@pytest.mark.parametrize("wrapping", WRAPPINGS)
def test_every_way_of_arrival_is_read_alike(wrapping: str) -> None:
    """Direct, as text, SNS-wrapped, reformatted by the forwarder, from SQS: the same event."""
    assert read_event(WRAPPINGS[wrapping](state_change())) == READ


@pytest.mark.parametrize(
    "name", ["AssociateIamInstanceProfile", "ReplaceIamInstanceProfileAssociation", "DisassociateIamInstanceProfile"]
)
def test_a_changed_association_names_its_instance_in_the_answer(name: str) -> None:
    """A request to replace or end an association holds no instance id, the answer does."""
    read = read_event(forwarded(api_call(name)))
    assert read is not None
    assert (read.instance_id, read.detail_type, read.account, read.region) == (INSTANCE, API_CALL, ACCOUNT, REGION)


def test_an_association_without_answer_is_read_from_its_request() -> None:
    """A request to associate names the instance itself."""
    event = api_call("AssociateIamInstanceProfile")
    event["detail"]["responseElements"] = None
    read = read_event(event)
    assert read is not None
    assert read.instance_id == INSTANCE


@pytest.mark.parametrize(
    "event",
    [
        {**state_change(), "source": "aws.config", "detail-type": "Config Rules Compliance Change"},
        {**state_change(), "source": "aws.autoscaling"},
        state_change(state="stopping"),
        state_change(state="terminated"),
        api_call("RunInstances"),
        api_call("AssociateIamInstanceProfile", errorCode="Client.IncorrectState"),
    ],
)
def test_events_of_another_kind_are_none_of_ours(event: dict[str, Any]) -> None:
    """Control Tower's topic carries others too; what failed or is not running changes nothing."""
    assert read_event(event) is None


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"account": "12345678901"}, "account"),
        ({"account": "１２３４５６７８９０１２"}, "account"),
        ({"account": None}, "account"),
        ({"region": "moon-north-1"}, "region"),
        ({"region": ["us-east-1"]}, "region"),
        ({"time": "yesterday"}, "time"),
        ({"time": "2026-13-26T02:15:00Z"}, "time"),
        ({"id": ""}, "id"),
        ({"detail": "running"}, "detail"),
        ({"detail": {"state": "running"}}, "instance"),
        ({"detail": {"state": "running", "instance-id": "i-abcd1111\n"}}, "instance"),
        ({"detail": {"state": "running", "instance-id": "mi-0123456789abcdef0"}}, "instance"),
    ],
)
def test_what_is_malformed_is_named(change: dict[str, Any], told: str) -> None:
    """An event of our kind that lacks something is refused with the name of what it lacks."""
    with pytest.raises(EventUnreadable, match=told):
        read_event({**state_change(), **change})


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("9" * 5_000, "not JSON"),
        (" " * (MAXIMUM_BYTES + 1), "characters"),
        ("[]", "neither an object"),
        ({"Type": "SubscriptionConfirmation", "Message": "You have chosen"}, "SubscriptionConfirmation"),
        ({"Message": json.dumps({"AlarmName": "cpu"})}, "neither an EventBridge event"),
        ({"Records": [{}, {}]}, "neither an EventBridge event"),
        (json.dumps(json.dumps(json.dumps(json.dumps(in_sns(in_sns(in_sns(state_change()))))))), "wrapped more"),
    ],
)
def test_what_is_no_event_is_refused_by_name(body: Any, told: str) -> None:
    """Neither depth nor size nor another envelope does more than refuse."""
    with pytest.raises(EventUnreadable, match=told):
        read_event(body)


def test_a_record_of_another_account_contradicts_its_event() -> None:
    """What CloudTrail recorded for one account is not an event of another."""
    with pytest.raises(EventUnreadable, match="another account"):
        read_event(api_call("AssociateIamInstanceProfile", recipientAccountId=OTHER))


@given(st.text() | ANY_JSON | ALMOST_EVENTS | ALMOST_EVENTS.map(json.dumps))
def test_whatever_arrives_raises_nothing_else(body: Any) -> None:
    """Any JSON and any text is read, is none of ours, or is refused by EventUnreadable; nothing else is raised."""
    try:
        read = read_event(body)
    except EventUnreadable:
        return
    assert read is None or read.account.isdigit()


@given(st.sampled_from(sorted(WRAPPINGS)), st.sampled_from(sorted(state_change())), ANY_JSON)
def test_a_spoiled_field_raises_nothing_else(wrapping: str, name: str, value: Any) -> None:
    """An event of which one field is anything at all is read or refused, in every wrapping."""
    try:
        read = read_event(WRAPPINGS[wrapping]({**state_change(), name: value}))
    except EventUnreadable:
        return
    assert read is None or read.instance_id == INSTANCE


@given(st.sampled_from(["requestParameters", "responseElements", "errorCode", "eventName", "eventSource"]), ANY_JSON)
def test_a_spoiled_record_raises_nothing_else(name: str, value: Any) -> None:
    """The same holds for the fields of CloudTrail's record."""
    event = api_call("ReplaceIamInstanceProfileAssociation", **{name: value})
    try:
        read = read_event(event)
    except EventUnreadable:
        return
    assert read is None or read.instance_id == INSTANCE


@given(st.lists(st.sampled_from([json.dumps, in_sns, forwarded]), max_size=6))
def test_every_order_of_wrappings_is_undone_or_refused(wrappings: list[Any]) -> None:
    """However often an event is wrapped: it is the same event, or it is refused for its depth."""
    event: Any = state_change()
    for wrap in wrappings:
        event = wrap(event)
    try:
        assert read_event(event) == READ
    except EventUnreadable as refused:
        assert "wrapped more" in str(refused)  # noqa: PT017 - either end is right, and each is asserted


def test_what_a_sweep_found_is_an_event_too() -> None:
    """The event that a sweep puts into the queue is read as one; of another source it means nothing."""
    found = found_unmanaged("444455556666", "ap-northeast-2", "i-0123456789abcdef0", "2026-11-26T19:00:00Z", "sweep-1")
    read = read_event(json.dumps(found))
    assert read is not None
    assert (read.account, read.instance_id, read.event_id) == ("444455556666", "i-0123456789abcdef0", "sweep-1")
    assert read.occurred_at == dt.datetime(2026, 11, 26, 19, 0, tzinfo=dt.UTC)
    assert read_event({**found, "source": "somebody.else"}) is None
    with pytest.raises(EventUnreadable, match="instance's id"):
        read_event({**found, "detail": {}})
