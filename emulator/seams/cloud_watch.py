"""Seam in moto's CloudWatch: templates make alarms, and an alarm that is looked at says what its metric says.

moto 5.2.5 skips AWS::CloudWatch::Alarm and AWS::SNS::TopicPolicy of templates, knows no metric of Step Functions,
Lambda or SQS, and leaves every alarm as it was made. Here an alarm is judged when somebody looks, not every minute, and
it tells nobody: no message goes to a topic.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

from moto.cloudformation import parsing
from moto.cloudwatch.models import Alarm, cloudwatch_backends
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.common_models import CloudFormationModel
from moto.moto_api._internal import mock_random
from moto.sns.models import sns_backends

from emulator import metric_data
from emulator.seams.attached import Attached
from emulator.seams.patching import Patches

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from emulator.clock import Clock
    from emulator.functions import FunctionRuntime
    from emulator.metric_data import Datum

STATISTICS: dict[str, Callable[[list[Datum]], float]] = {
    "Sum": lambda data: sum(one.total for one in data),
    "Average": lambda data: sum(one.total for one in data) / sum(one.samples for one in data),
    "Maximum": lambda data: max(one.highest for one in data),
}
COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "GreaterThanOrEqualToThreshold": lambda value, threshold: value >= threshold,
    "GreaterThanThreshold": lambda value, threshold: value > threshold,
}
WITHOUT_DATA = {"notBreaching": "OK", "breaching": "ALARM", "missing": "INSUFFICIENT_DATA"}


def install(clock: Clock, runtime: FunctionRuntime) -> Callable[[], None]:
    """Let templates make alarms, and alarms say what is; the answer undoes it."""
    patches = Patches()
    describe = CloudWatchResponse.describe_alarms

    def describe_alarms(self: CloudWatchResponse) -> Any:
        backend, account = self.cloudwatch_backend, self.current_account
        data = [
            *metric_data.of_queues(account, backend.region_name, clock),
            *metric_data.of_executions(account, backend.region_name),
            *metric_data.of_functions(runtime.usage()),
        ]
        for alarm in backend.alarms.values():
            state = state_of(alarm, data, dt.datetime.now(dt.UTC))
            if state != alarm.state_value:
                alarm.update_state("the metric says so", "{}", state)
        return describe(self)

    patches.replace(CloudWatchResponse, "describe_alarms", describe_alarms)
    # Types of templates are looked up once; the ones below may not have been there then.
    for known in (parsing.get_model_list, parsing.get_model_map, parsing.get_name_type_map):
        known.cache_clear()
    return patches.undo


def state_of(alarm: Alarm, data: Iterable[Datum], now: dt.datetime) -> str:
    """What an alarm over one metric says of one period that ends now; more than one period no template asks for."""
    named = {one.name: one.value for one in alarm.dimensions}
    begin = now - dt.timedelta(seconds=alarm.period)
    meant = (alarm.namespace, alarm.metric_name, named)
    found = [one for one in data if (one.namespace, one.metric, one.dimensions) == meant and begin <= one.at <= now]
    if not found:
        return WITHOUT_DATA[alarm.treat_missing_data or "missing"]
    value = STATISTICS[alarm.statistic](found)
    return "ALARM" if COMPARISONS[alarm.comparison_operator](value, alarm.threshold) else "OK"


class MetricAlarm(Attached, CloudFormationModel):  # type: ignore[misc]  # moto looks at direct children only
    """An alarm over one metric."""

    @staticmethod
    def cloudformation_type() -> str:
        """As AWS calls it."""
        return "AWS::CloudWatch::Alarm"

    @classmethod
    def create_from_cloudformation_json(
        cls,
        resource_name: str,  # noqa: ARG003 - moto's
        cloudformation_json: Any,
        account_id: str,
        region_name: str,
        **_: Any,
    ) -> MetricAlarm:
        """Put the alarm."""
        given, backend = cloudformation_json["Properties"], cloudwatch_backends[account_id][region_name]
        made = backend.put_metric_alarm(
            name=given["AlarmName"],
            namespace=given["Namespace"],
            metric_name=given["MetricName"],
            comparison_operator=given["ComparisonOperator"],
            evaluation_periods=int(given["EvaluationPeriods"]),
            period=int(given["Period"]),
            threshold=float(given["Threshold"]),
            statistic=given["Statistic"],
            description=given["AlarmDescription"],
            dimensions=given.get("Dimensions", []),
            alarm_actions=given["AlarmActions"],
            ok_actions=given["OKActions"],
            treat_missing_data=given["TreatMissingData"],
        )
        return cls(made.name, lambda: backend.delete_alarms([made.name]))


class TopicPolicy(Attached, CloudFormationModel):  # type: ignore[misc]  # as above
    """The policy of one or several topics."""

    @staticmethod
    def cloudformation_type() -> str:
        """As AWS calls it."""
        return "AWS::SNS::TopicPolicy"

    @classmethod
    def create_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: Any, account_id: str, region_name: str, **_: Any
    ) -> TopicPolicy:
        """Give the topics their policy."""
        given, backend = cloudformation_json["Properties"], sns_backends[account_id][region_name]
        topics = [backend.get_topic(arn) for arn in given["Topics"]]
        usual = [topic.policy for topic in topics]

        def take_back() -> None:
            for topic, policy in zip(topics, usual, strict=True):
                topic.policy = policy

        for topic in topics:
            topic.policy = json.dumps(given["PolicyDocument"])
        return cls(f"{resource_name}-{mock_random.get_random_hex(12)}", take_back)
