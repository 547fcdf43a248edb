"""ReceiveEvent: take events from the queue, believe only which instance they are about, and start ensure_ssm_ready.

What can never be processed goes to the dead-letter queue by this function's own hand, with its reason; what may be
processed later fails alone in its batch, and comes again.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, NotRequired, TypedDict, cast

from botocore.exceptions import BotoCoreError, ClientError

from fleetdx import executions, instance_records
from fleetdx.entrypoint import entrypoint
from fleetdx.errors import EventUnreadable, FleetdxError, ServiceUnavailable
from fleetdx.evidence import printable
from fleetdx.instance_events import InstanceEvent, read_event
from fleetdx.log import logger_for
from fleetdx.organizations import account_named
from fleetdx.sessions import own_session
from fleetdx.settings import setting
from fleetdx.storage import Bucket

if TYPE_CHECKING:
    from collections.abc import Callable

    from types_boto3_organizations.client import OrganizationsClient
    from types_boto3_sqs.client import SQSClient
    from types_boto3_stepfunctions.client import SFNClient

FIRST_READ = "ResolveInstanceRole"
"""The state of ensure_ssm_ready that reads the instance's state."""
MOST_WRITERS = 3
"""How often an instance's record is read again because another invocation has written it."""
SQS = "aws:sqs"


class Failure(TypedDict):
    """A message that comes again (Lambda's guide, "Reporting batch item failures")."""

    itemIdentifier: str


class Input(TypedDict):
    """A batch of the queue as Lambda hands it over, or one event in any form in which events arrive."""

    Records: NotRequired[list[dict[str, Any]]]


class Output(TypedDict):
    """Of a batch the messages that come again; of one event what became of it."""

    batchItemFailures: NotRequired[list[Failure]]
    outcome: NotRequired[Literal["started", "duplicate", "ignored", "refused"]]
    reason: NotRequired[str]
    detail: NotRequired[str]
    execution_arn: NotRequired[str]


class Fate(NamedTuple):
    """What became of an event."""

    outcome: Literal["started", "duplicate", "ignored", "refused"]
    reason: str
    detail: str = ""
    execution_arn: str = ""


@dataclass
class Receiver:
    """Decides on events, one after the other, and starts executions.

    Attributes:
        data: The data bucket, with what is remembered of each instance.
        states: Step Functions.
        machine: The ARN of ensure_ssm_ready.
        organizations: Who is a member.
    """

    data: Bucket
    states: SFNClient
    machine: str
    organizations: OrganizationsClient
    _standings: dict[str, str | None] = field(default_factory=dict)

    def receive(self, body: str | dict[str, Any]) -> Fate:
        """Start an execution for an event unless one takes care of it already.

        Raises:
            ServiceUnavailable: Others write the instance's record all the time; the event has to come again.
        """
        try:
            event = read_event(body)
        except EventUnreadable as unreadable:
            return Fate("refused", "event_unreadable", str(unreadable))
        if event is None:
            return Fate("ignored", "event_not_relevant")
        if event.account not in self._standings:
            account = account_named(self.organizations, event.account)
            self._standings[event.account] = account.status if account else None
        standing = self._standings[event.account]
        if standing is None:
            return Fate("refused", "account_not_in_organization", f"{event.account} is no account of the organization")
        if standing != "ACTIVE":
            return Fate("refused", "account_suspended", f"{event.account} is {standing}")
        # A clock that is ahead, or a forger, must not make an event that no execution ever covers.
        occurred_at = min(event.occurred_at, dt.datetime.now(dt.UTC))
        return self._start_once(event._replace(occurred_at=occurred_at))

    def _start_once(self, event: InstanceEvent) -> Fate:
        for _ in range(MOST_WRITERS):
            stored = instance_records.load(self.data, event.account, event.region, event.instance_id)
            if stored.record is not None:
                execution = executions.execution_arn(self.machine, stored.record["given"]["execution"])
                progress = executions.progress(self.states, execution, FIRST_READ)
                coverage = instance_records.coverage(stored.record, event, progress)
                if coverage == "covered":
                    return Fate("duplicate", "event_covered", execution_arn=execution)
                if coverage == "not_started":
                    return self._started(stored.record)
            record = instance_records.next_record(stored.record, event)
            if instance_records.store(self.data, record, stored.etag):
                return self._started(record)
        raise ServiceUnavailable(f"others write the record of {event.instance_id} at this moment")

    def _started(self, record: instance_records.InstanceRecord) -> Fate:
        given = record["given"]
        execution = executions.start(self.states, self.machine, given["execution"], given)
        return Fate("started", "execution_started", execution_arn=execution)


def run(event: Input, receiver: Receiver, bury: Callable[[str, Fate], None]) -> Output:
    """Receive a batch, or one event.

    Args:
        event: What Lambda was invoked with.
        receiver: Decides on an event.
        bury: Sends to the dead-letter queue what can never be processed.
    """
    records = event.get("Records", [])
    if not records or records[0].get("eventSource") != SQS:
        fate = receiver.receive(cast("dict[str, Any]", event))
        return _told(fate)
    failures: list[Failure] = []
    for record in records:
        try:
            fate = receiver.receive(record["body"])
            if fate.outcome == "refused":
                bury(record["body"], fate)
        except (FleetdxError, ClientError, BotoCoreError) as error:
            # This message alone comes again; the others of its batch are done.
            logger_for("receive_event").warning("a message comes again", exc_info=error)
            failures.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failures}


def _told(fate: Fate) -> Output:
    return {
        "outcome": fate.outcome,
        "reason": fate.reason,
        "detail": fate.detail,
        "execution_arn": fate.execution_arn,
    }


def undertaker(sqs: SQSClient, queue: str) -> Callable[[str, Fate], None]:
    """What sends a message to the dead-letter queue, with the reason as attributes."""

    def bury(body: str, fate: Fate) -> None:
        detail = printable(fate.detail) or fate.reason
        attributes = {
            name: {"DataType": "String", "StringValue": value}
            for name, value in (("reason", fate.reason), ("detail", detail))
        }
        sqs.send_message(QueueUrl=queue, MessageBody=body, MessageAttributes=attributes)  # type: ignore[arg-type]

    return bury


@entrypoint
def lambda_handler(event: Input, context: object) -> Output:  # noqa: D103 - see the module
    session = own_session()
    receiver = Receiver(
        Bucket(own_session().client("s3"), setting("DATA_BUCKET")),
        session.client("stepfunctions"),
        setting("ENSURE_SSM_READY_ARN"),
        session.client("organizations"),
    )
    return run(event, receiver, undertaker(session.client("sqs"), setting("DEAD_LETTER_QUEUE_URL")))
