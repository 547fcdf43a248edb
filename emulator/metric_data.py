"""What AWS's services tell CloudWatch of themselves, as far as the templates' alarms look at it.

Names, dimensions and units are those of the services' own pages: "Available CloudWatch metrics for Amazon SQS",
"Monitoring Step Functions metrics using Amazon CloudWatch", "Types of metrics for Lambda functions". Of machines and
functions at rest these say nothing, and neither does this.
"""

from __future__ import annotations

import datetime as dt
import time
from typing import TYPE_CHECKING, NamedTuple

from moto.sqs.models import sqs_backends
from moto.stepfunctions.parser.models import stepfunctions_parser_backends

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from emulator.clock import Clock
    from emulator.function_metering import FunctionUsage

QUEUES, MACHINES, FUNCTIONS = "AWS/SQS", "AWS/States", "AWS/Lambda"
ENDED = {"SUCCEEDED": "ExecutionsSucceeded", "FAILED": "ExecutionsFailed", "TIMED_OUT": "ExecutionsTimedOut"}
MILLISECONDS = 1000


class Datum(NamedTuple):
    """One or several values of a metric.

    Attributes:
        namespace: For instance `AWS/SQS`.
        metric: For instance `ApproximateNumberOfMessagesVisible`.
        dimensions: Names and values, all that the metric has.
        total: The sum of the values.
        samples: How many values there are.
        highest: The highest of them.
        at: When.
    """

    namespace: str
    metric: str
    dimensions: Mapping[str, str]
    total: float
    samples: int
    highest: float
    at: dt.datetime


def of_queues(account: str, region: str, clock: Clock) -> Iterator[Datum]:
    """How many messages lie in each queue, and how old the oldest is, in emulated seconds."""
    now = dt.datetime.now(dt.UTC)
    second = clock.real_seconds(1) or 1.0
    for queue in sqs_backends[account][region].queues.values():
        named = {"QueueName": queue.name}
        visible = float(len(queue.messages))
        yield Datum(QUEUES, "ApproximateNumberOfMessagesVisible", named, visible, 1, visible, now)
        sent = [message.sent_timestamp / MILLISECONDS for message in queue._messages]
        if sent:
            age = (time.time() - min(sent)) / second
            yield Datum(QUEUES, "ApproximateAgeOfOldestMessage", named, age, 1, age, now)


def of_executions(account: str, region: str) -> Iterator[Datum]:
    """How executions have ended, each at its end."""
    for machine in stepfunctions_parser_backends[account][region].state_machines:
        named = {"StateMachineArn": machine.arn}
        for execution in machine.executions:
            metric = ENDED.get(str(execution.status))
            if metric is not None and execution.stop_date is not None:
                yield Datum(MACHINES, metric, named, 1.0, 1, 1.0, execution.stop_date)


def of_functions(usage: Mapping[str, FunctionUsage]) -> Iterator[Datum]:
    """How many invocations of each function there were, and how many of them failed: a 0 or a 1 for each."""
    now = dt.datetime.now(dt.UTC)
    for name, used in usage.items():
        invoked, failed = used["invocations"], used["failed"]
        if invoked:
            named = {"FunctionName": name}
            yield Datum(FUNCTIONS, "Invocations", named, float(invoked), invoked, 1.0, now)
            yield Datum(FUNCTIONS, "Errors", named, float(failed), invoked, float(failed > 0), now)
