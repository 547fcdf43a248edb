"""From one service to the next: which rule, subscription or policy of the deployed templates leads an event where."""

from __future__ import annotations

import datetime as dt
import json
import logging
from typing import TYPE_CHECKING, Any

from moto.events.models import events_backends
from moto.sns.models import sns_backends
from moto.sqs.models import sqs_backends

from emulator.events.shapes import notification, sns_event
from emulator.front_door.asked import Need
from emulator.front_door.resource_policies import lets

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from emulator.events.courier import Courier
    from emulator.events.shapes import Event
    from emulator.front_door.judge import Judge

_LOG = logging.getLogger(__name__)
HOP_SECONDS = 0.5
RETRIES_AFTER_SECONDS = (60.0, 120.0)
"""Lambda tries an asynchronous invocation twice more, a minute and two minutes later."""


class Routes:
    """Every hop is one of the courier's, so that nobody who publishes waits for what comes of it."""

    def __init__(
        self,
        courier: Courier,
        invoke: Callable[[str, dict[str, Any]], bool],
        organization_of: Callable[[str], str | None],
        judge: Judge,
        count: Callable[[str], None],
    ) -> None:
        """Invoke functions with `invoke` (ARN and event; true if it went well); `count` is told of each hop."""
        self._courier = courier
        self._invoke = invoke
        self._organization_of = organization_of
        self._judge = judge
        self._count = count

    def emit(self, event: Event, seconds: float = 0.0) -> None:
        """Put an event of an AWS service on the default bus of its account and region, some seconds from now."""
        self._courier.carry(lambda: self.on_bus(event["account"], event["region"], "default", event), seconds)

    def on_bus(self, account: str, region: str, bus: str, event: Event) -> None:
        """Give an event that is on a bus to every rule of it that it matches."""
        if account not in events_backends:
            return
        for rule in list(events_backends[account][region].describe_event_bus(bus).rules.values()):
            self.to_targets(rule, event)

    def to_targets(self, rule: Any, event: Event) -> None:
        """Give an event to every target of a rule that it matches, whole, as rules without a transformer do."""
        if rule.state != "ENABLED" or not rule.event_pattern.matches_event(event):
            return
        for target in list(rule.targets):
            self._to_target(rule, target, event)

    def _to_target(self, rule: Any, target: Mapping[str, Any], event: Event) -> None:
        arn, text = str(target["Arn"]), json.dumps(event)
        service, region, account, name = arn.split(":", 5)[2:6]
        if service == "sqs":
            self.to_queue(arn, text, "events.amazonaws.com", rule.arn)
        elif service == "sns":
            self._courier.carry(lambda: self.to_topic(arn, text, None), HOP_SECONDS)
        elif service == "lambda":
            self.to_function(arn, event)
        elif service == "events" and self._may_put(rule.account_id, str(target.get("RoleArn", "")), arn):
            bus = name.removeprefix("event-bus/")
            self._count("events:PutEvents")
            self._courier.carry(lambda: self.on_bus(account, region, bus, event), HOP_SECONDS)
        else:
            _LOG.warning("the rule %s cannot send to %s", rule.arn, arn)

    def _may_put(self, sender: str, role: str, bus_arn: str) -> bool:
        """Whether a rule of an account may send to a bus: its role must, and a bus of another account must let it."""
        account, region, name = bus_arn.split(":")[4], bus_arn.split(":")[3], bus_arn.rpartition("/")[2]
        if not role or not self._judge.allows(role, Need("events:PutEvents", bus_arn)):
            return False
        if account == sender:
            return True
        policy = events_backends[account][region].describe_event_bus(name).policy or "{}"
        context = {"aws:principalorgid": self._organization_of(sender) or ""}
        return lets(policy, "events:PutEvents", bus_arn, who=sender, context=context)

    def to_topic(self, arn: str, message: str, subject: str | None) -> None:
        """Publish a message to a topic."""
        region, account = arn.split(":")[3:5]
        topic = sns_backends[account][region].topics.get(arn)
        if topic is None:
            _LOG.warning("there is no topic %s", arn)
            return
        self._count("sns:Publish")
        topic.publish(message, subject)

    def to_subscriber(self, subscription: Any, message: str, subject: str | None) -> None:
        """Give a published message to one subscriber, if its filter lets the message through."""
        matcher = subscription._filter_policy_matcher
        if matcher is not None and not matcher.matches({}, message):
            return
        topic = subscription.topic.arn
        told = notification(topic, message, subject, dt.datetime.now(dt.UTC))
        if subscription.protocol == "sqs":
            self.to_queue(subscription.endpoint, json.dumps(told), "sns.amazonaws.com", topic)
        elif subscription.protocol == "lambda":
            self.to_function(subscription.endpoint, sns_event(subscription.arn, told))

    def to_queue(self, arn: str, body: str, sender: str, source_arn: str) -> None:
        """Send a message to a queue whose policy lets the sender; this hop can repeat and reorder."""
        region, account, name = arn.split(":")[3:6]
        queue = sqs_backends[account][region].queues.get(name)
        context = {"aws:sourcearn": source_arn, "aws:securetransport": "true"}
        if queue is None or not lets(queue.policy or "{}", "sqs:SendMessage", arn, who=sender, context=context):
            _LOG.warning("%s may not send to %s", source_arn, arn)
            return
        backend = sqs_backends[account][region]

        def send() -> None:
            self._count("sqs:SendMessage")
            backend.send_message(name, body)

        self._courier.carry_last(send, HOP_SECONDS)

    def to_function(self, arn: str, event: dict[str, Any], attempt: int = 0) -> None:
        """Invoke a function asynchronously; what fails three times is lost."""

        def invoke() -> None:
            if not self._invoke(arn, event) and attempt < len(RETRIES_AFTER_SECONDS):
                self.to_function(arn, event, attempt + 1)

        delay = HOP_SECONDS if attempt == 0 else RETRIES_AFTER_SECONDS[attempt - 1]
        self._courier.carry(invoke, delay)
