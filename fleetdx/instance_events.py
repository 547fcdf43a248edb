"""What an event says of an instance, however it arrived: account, region and id, and nothing that is acted on unread.

Pure. An EventBridge event comes as it is (a bus or a rule's target), inside of an SNS notification, reformatted by
Control Tower's forwarder (which writes the event anew, indented, and publishes it again), or in the body of an SQS
message. Shapes: "Amazon EC2 instance state change events" in the EC2 guide, "AWS service events delivered via AWS
CloudTrail" in the EventBridge guide, "Parsing message formats" in the SNS guide.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from fleetdx.errors import EventUnreadable
from fleetdx.evidence import printable
from fleetdx.requests import known_regions

if TYPE_CHECKING:
    from collections.abc import Mapping

STATE_CHANGE: Final = "EC2 Instance State-change Notification"
API_CALL: Final = "AWS API Call via CloudTrail"
SWEEP_SOURCE: Final = "fleetdx.coverage"
FOUND_UNMANAGED: Final = "Unmanaged Instance Found"
"""What a coverage sweep says of an instance that can be mended; the same envelope, so that one door is enough."""
ASSOCIATION_CALLS: Final = frozenset(
    {"AssociateIamInstanceProfile", "DisassociateIamInstanceProfile", "ReplaceIamInstanceProfileAssociation"}
)
READ_KINDS: Final = (("aws.ec2", STATE_CHANGE), ("aws.ec2", API_CALL), (SWEEP_SOURCE, FOUND_UNMANAGED))
"""Source and detail-type of what is acted on."""
MAXIMUM_BYTES: Final = 1_048_576
"""SQS and SNS carry no larger message (their quotas)."""
MAXIMUM_WRAPPINGS: Final = 4
_ACCOUNT: Final = re.compile(r"[0-9]{12}", re.ASCII)
_INSTANCE: Final = re.compile(r"i-(?:[0-9a-f]{8}|[0-9a-f]{17})", re.ASCII)
_EVENT_ID: Final = re.compile(r"[0-9A-Za-z-]{1,64}", re.ASCII)
_MOMENT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?Z", re.ASCII)


class InstanceEvent(NamedTuple):
    """A hint that an instance may have changed.

    Attributes:
        account: 12 digits; whether it is a member is for the organization to say.
        region: A region that botocore knows.
        instance_id: The instance, as EC2 names it.
        detail_type: EventBridge's detail-type.
        occurred_at: When it happened, by AWS's clock; whole seconds as a rule.
        event_id: EventBridge's id, the same in every copy of an event.
    """

    account: str
    region: str
    instance_id: str
    detail_type: str
    occurred_at: dt.datetime
    event_id: str


def read_event(body: str | Mapping[str, Any]) -> InstanceEvent | None:
    """Read an event in any of the forms in which it arrives.

    Args:
        body: An SQS message's body, or what was parsed from it.

    Returns:
        None for an event of another kind: another service's, a state that is not `running`, a call that failed.

    Raises:
        EventUnreadable: It is none of the forms, or lacks what an event of its kind has.
    """
    event = _unwrapped(body)
    kind, detail = event["detail-type"], event.get("detail")
    if (event.get("source"), kind) not in READ_KINDS:
        return None
    if not isinstance(detail, dict):
        raise EventUnreadable("its detail is no object")
    instance = _instance_of(event, kind, detail)
    if instance is None:
        return None
    return InstanceEvent(
        _text(event, "account", _ACCOUNT),
        _region(event),
        _matching(instance, "the instance's id", _INSTANCE),
        kind,
        _moment(event),
        _text(event, "id", _EVENT_ID),
    )


def found_unmanaged(account: str, region: str, instance: str, at: str, event_id: str) -> dict[str, Any]:
    """The event that a coverage sweep puts into the queue for an instance that can be mended.

    Args:
        account: 12 digits.
        region: Where the instance is.
        instance: Its id.
        at: When the sweep looked (RFC 3339, UTC).
        event_id: The same for every try of the same sweep.
    """
    return {
        "version": "0",
        "id": event_id,
        "detail-type": FOUND_UNMANAGED,
        "source": SWEEP_SOURCE,
        "account": account,
        "time": at,
        "region": region,
        "detail": {"instance-id": instance},
    }


def _unwrapped(body: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever was sent
    """The EventBridge event inside: text is parsed, the envelopes of SQS and SNS are taken off."""
    inner = body
    for _ in range(MAXIMUM_WRAPPINGS * 2):
        if isinstance(inner, str):
            inner = _parsed(inner)
        elif not isinstance(inner, dict):
            raise EventUnreadable("it is neither an object nor the text of one")
        elif isinstance(inner.get("detail-type"), str):
            return inner
        else:
            inner = _opened(inner)
    raise EventUnreadable(f"it is wrapped more than {MAXIMUM_WRAPPINGS} times")


def _parsed(text: str) -> Any:  # noqa: ANN401 - unvalidated
    if len(text) > MAXIMUM_BYTES:
        raise EventUnreadable(f"it has {len(text):,} characters; at most {MAXIMUM_BYTES:,} are read")
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise EventUnreadable("it is not JSON") from None


def _opened(envelope: Mapping[str, Any]) -> Any:  # noqa: ANN401 - unvalidated
    """What an envelope holds: an SNS notification over SQS or HTTP, or one that Lambda was called with."""
    records = envelope.get("Records")
    if isinstance(records, list) and len(records) == 1 and isinstance(records[0], dict):
        return records[0].get("Sns", records[0].get("body"))
    kind = envelope.get("Type", "Notification")
    if kind != "Notification":
        raise EventUnreadable(f"it is an SNS message of type {printable(str(kind))}")
    for name in ("Message", "body"):
        if isinstance(envelope.get(name), str):
            return envelope[name]
    raise EventUnreadable("it is neither an EventBridge event nor an envelope of one")


def _instance_of(event: Mapping[str, Any], kind: str, detail: Mapping[str, Any]) -> object | None:
    if kind == API_CALL:
        return _of_api_call(event, detail)
    if kind == STATE_CHANGE:
        return _of_state_change(detail)
    return _below(detail, "instance-id") or ""


def _of_state_change(detail: Mapping[str, Any]) -> object | None:
    if detail.get("state") != "running":
        return None
    return _below(detail, "instance-id") or ""


def _of_api_call(event: Mapping[str, Any], detail: Mapping[str, Any]) -> object | None:
    """The instance whose association a successful call has changed.

    A request to replace or end an association names the association alone, so the answer is asked first.
    """
    name = detail.get("eventName")
    if detail.get("eventSource") != "ec2.amazonaws.com" or not isinstance(name, str) or name not in ASSOCIATION_CALLS:
        return None
    if "errorCode" in detail:
        return None
    if detail.get("recipientAccountId", event.get("account")) != event.get("account"):
        raise EventUnreadable("its record is of another account than the event")
    answered = _below(detail, "responseElements", f"{name}Response", "iamInstanceProfileAssociation", "instanceId")
    return answered or _below(detail, "requestParameters", f"{name}Request", "InstanceId") or ""


def _below(value: object, *steps: str) -> object:
    for step in steps:
        value = value.get(step) if isinstance(value, dict) else None
    return value


def _text(event: Mapping[str, Any], name: str, pattern: re.Pattern[str]) -> str:
    return _matching(event.get(name), f"its {name}", pattern)


def _matching(value: object, what: str, pattern: re.Pattern[str]) -> str:
    if not isinstance(value, str) or pattern.fullmatch(value) is None:
        raise EventUnreadable(f"{what} is malformed or absent: {printable(repr(value)[:100])}")
    return value


def _region(event: Mapping[str, Any]) -> str:
    region = event.get("region")
    if not isinstance(region, str) or region not in known_regions():
        raise EventUnreadable(f"its region is none of AWS's: {printable(repr(region)[:100])}")
    return region


def _moment(event: Mapping[str, Any]) -> dt.datetime:
    text = _text(event, "time", _MOMENT)
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError:
        raise EventUnreadable(f"its time is no moment: {text}") from None
