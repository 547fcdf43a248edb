"""Seams in moto's EventBridge, SNS and SQS: every hop goes on by the routes, and queues keep what arrives at once.

moto 5.2.5 sends to targets while the caller waits, knows no topic and no function as a target, writes the receiving
account over that of a forwarded event, lets everybody put events of AWS's own services, and asks no policy of a bus or
queue. Its SNS makes a key pair for every message. Its queues invoke a mapped function while a message is being sent,
lose messages that arrive while another is deleted, and hide messages on real time. Of templates it skips
AWS::Events::EventBusPolicy, AWS::SQS::QueuePolicy and AWS::SNS::Subscription.
"""

from __future__ import annotations

import datetime as dt
import json
import threading
import time
from typing import TYPE_CHECKING, Any

from moto.cloudformation import parsing
from moto.core.common_models import CloudFormationModel
from moto.events.models import EventBus, EventsBackend, Rule, events_backends
from moto.moto_api._internal import mock_random
from moto.sns.models import Subscription, sns_backends
from moto.sqs import models
from moto.sqs.models import Message, Queue, SQSBackend, sqs_backends

from emulator.events.shapes import timestamp
from emulator.seams.attached import Attached
from emulator.seams.patching import Patches

if TYPE_CHECKING:
    from collections.abc import Callable

    from emulator.clock import Clock
    from emulator.events.routes import Routes
LOOK_EVERY_SECONDS = 0.02


def install(routes: Routes, clock: Clock) -> Callable[[], None]:
    """Let events travel by the routes; the answer undoes it."""
    patches = Patches()
    _send_by_routes(patches, routes)
    _keep_queues_whole(patches, clock)
    _look_at_messages_cheaply(patches)
    # Types of templates are looked up once; the ones below may not have been there then.
    for known in (parsing.get_model_list, parsing.get_model_map, parsing.get_name_type_map):
        known.cache_clear()
    return patches.undo


def _send_by_routes(patches: Patches, routes: Routes) -> None:
    put_events = EventsBackend.put_events

    def send_to_targets(self: Rule, original_event: Any, transform_input: bool = True) -> None:  # noqa: ARG001, FBT001, FBT002 - moto's
        event = {name: value for name, value in original_event.items() if name != "ingestion-time"}
        if isinstance(event.get("time"), float | int):
            event["time"] = timestamp(dt.datetime.fromtimestamp(event["time"], dt.UTC))
        routes.to_targets(self, {"version": "0", **event})

    def put_nothing_of_awss(self: EventsBackend, events: list[dict[str, Any]]) -> list[dict[str, Any]]:
        refusal = {"ErrorCode": "NotAuthorizedForSourceException", "ErrorMessage": "Not authorized for the source."}
        answers: list[dict[str, Any]] = []
        for event in events:
            reserved = str(event.get("Source", "")).lower().startswith("aws.")
            answers += [refusal] if reserved else put_events(self, [event])
        return answers

    def publish(self: Subscription, message: str, *_: Any, subject: str | None = None, **__: Any) -> None:
        routes.to_subscriber(self, message, subject)

    # What a template's Ref to a bus gives.
    patches.add(EventBus, "physical_resource_id", property(lambda self: self.name))
    patches.replace(Rule, "send_to_targets", send_to_targets)
    patches.replace(EventsBackend, "put_events", put_nothing_of_awss)
    patches.replace(Subscription, "publish", publish)


def _keep_queues_whole(patches: Patches, clock: Clock) -> None:
    lock = threading.RLock()
    receive, delete, hide = SQSBackend.receive_message, Queue.delete_message, SQSBackend.change_message_visibility

    def add_message(self: Queue, message: Any) -> None:
        with lock:
            self._messages.append(message)

    def delete_message(self: Queue, receipt_handle: str) -> None:
        with lock:
            delete(self, receipt_handle)

    def receive_message(
        self: SQSBackend, queue_name: str, count: int, wait_seconds_timeout: int, *more: Any, **named: Any
    ) -> list[Any]:
        deadline = time.monotonic() + (wait_seconds_timeout or 0)
        while True:
            with lock:
                found: list[Any] = receive(self, queue_name, count, 0, *more, **named)
            if found or time.monotonic() >= deadline:
                return found
            time.sleep(LOOK_EVERY_SECONDS)

    def change_message_visibility(self: SQSBackend, *given: Any, **named: Any) -> None:
        with lock:
            hide(self, *given, **named)

    def change_visibility(self: Message, visibility_timeout: float) -> None:
        self.visible_at = (time.time() + clock.real_seconds(visibility_timeout)) * 1000

    patches.replace(Queue, "add_message", add_message)
    patches.replace(Queue, "delete_message", delete_message)
    patches.replace(SQSBackend, "receive_message", receive_message)
    patches.replace(SQSBackend, "change_message_visibility", change_message_visibility)
    patches.replace(Message, "change_visibility", change_visibility)


def _look_at_messages_cheaply(patches: Patches) -> None:
    """Moto asks for the time twice for each message of a queue, and counts them all for each that it hands out."""

    def is_still_kept(self: SQSBackend, queue_name: str, message: Message) -> bool:
        kept_seconds: float = self.get_queue(queue_name).message_retention_period
        sent_at: float = message.sent_timestamp / 1000
        return sent_at + kept_seconds > time.time()

    patches.replace(models, "unix_time", time.time)
    patches.replace(models, "unix_time_millis", lambda: time.time() * 1000)
    patches.replace(SQSBackend, "is_message_valid_based_on_retention_period", is_still_kept)


class EventBusPolicy(Attached, CloudFormationModel):  # type: ignore[misc]  # moto looks at direct children only
    """One statement of a bus's policy."""

    @staticmethod
    def cloudformation_type() -> str:
        """As AWS calls it."""
        return "AWS::Events::EventBusPolicy"

    @classmethod
    def create_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: Any, account_id: str, region_name: str, **_: Any
    ) -> EventBusPolicy:
        """Add the statement to the bus."""
        given = cloudformation_json["Properties"]
        bus = events_backends[account_id][region_name].describe_event_bus(given.get("EventBusName", "default"))
        bus.add_policy({"Statement": [{"Sid": given["StatementId"], **given["Statement"]}]})
        identity = f"{bus.name}|{given['StatementId']}|{resource_name}"
        return cls(identity, lambda: bus.remove_statement(given["StatementId"]))


class QueuePolicy(Attached, CloudFormationModel):  # type: ignore[misc]  # as above
    """The policy of one or several queues."""

    @staticmethod
    def cloudformation_type() -> str:
        """As AWS calls it."""
        return "AWS::SQS::QueuePolicy"

    @classmethod
    def create_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: Any, account_id: str, region_name: str, **_: Any
    ) -> QueuePolicy:
        """Give the queues their policy."""
        given, backend = cloudformation_json["Properties"], sqs_backends[account_id][region_name]
        queues = [backend.get_queue(url.rpartition("/")[2]) for url in given["Queues"]]

        def say(policy: str | None) -> None:
            for queue in queues:
                queue.policy = policy

        say(json.dumps(given["PolicyDocument"]))
        return cls(f"{resource_name}-{mock_random.get_random_hex(12)}", lambda: say(None))


class TopicSubscription(Attached, CloudFormationModel):  # type: ignore[misc]  # as above
    """A subscription with its filter."""

    @staticmethod
    def cloudformation_type() -> str:
        """As AWS calls it."""
        return "AWS::SNS::Subscription"

    @classmethod
    def create_from_cloudformation_json(
        cls,
        resource_name: str,  # noqa: ARG003 - moto's
        cloudformation_json: Any,
        account_id: str,
        region_name: str,
        **_: Any,
    ) -> TopicSubscription:
        """Subscribe, then set the scope of the filter and the filter, in this order."""
        given, backend = cloudformation_json["Properties"], sns_backends[account_id][region_name]
        made = backend.subscribe(given["TopicArn"], given["Endpoint"], given["Protocol"])
        if "FilterPolicyScope" in given:
            backend.set_subscription_attributes(made.arn, "FilterPolicyScope", given["FilterPolicyScope"])
        if "FilterPolicy" in given:
            backend.set_subscription_attributes(made.arn, "FilterPolicy", json.dumps(given["FilterPolicy"]))
        return cls(made.arn, lambda: backend.unsubscribe(made.arn))
