"""The seam of CloudWatch: what an alarm says of a metric, and that a template's alarms and topic policies are there."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import pytest
from moto.cloudwatch.models import Alarm

from emulator.cloud import EmbeddedAws, embedded_aws
from emulator.metric_data import Datum
from emulator.seams.cloud_watch import state_of
from tests.without_sockets import without_sockets

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = dt.datetime(2026, 11, 27, 6, 0, tzinfo=dt.UTC)
NAMED = {"QueueName": "fleetdx-events-dead"}


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedAws]:
    with without_sockets(), embedded_aws(tmp_path_factory.mktemp("cloud"), events_way="none") as started:
        yield started


def alarm(**more: Any) -> Alarm:
    fields: dict[str, Any] = {
        "namespace": "AWS/SQS",
        "metric_name": "ApproximateNumberOfMessagesVisible",
        "comparison_operator": "GreaterThanOrEqualToThreshold",
        "evaluation_periods": 1,
        "period": 300,
        "threshold": 2.0,
        "statistic": "Sum",
        "treat_missing_data": "notBreaching",
        **more,
    }
    given = dict.fromkeys(("metric_data_queries", "datapoints_to_alarm", "extended_statistic", "ok_actions"))
    given |= dict.fromkeys(("insufficient_data_actions", "unit", "evaluate_low_sample_count_percentile"))
    given |= dict.fromkeys(("threshold_metric_id", "rule"))
    return Alarm(
        account_id="222222222222",
        region_name="us-east-1",
        name="dead",
        description="",
        dimensions=[{"Name": name, "Value": value} for name, value in NAMED.items()],
        alarm_actions=[],
        actions_enabled=True,
        **{**given, **fields},
    )


def datum(value: float, seconds_ago: int = 0, **more: Any) -> Datum:
    at = NOW - dt.timedelta(seconds=seconds_ago)
    made = Datum("AWS/SQS", "ApproximateNumberOfMessagesVisible", NAMED, value, 2, value, at)
    return made._replace(**more)


@pytest.mark.parametrize(
    ("statistic", "data", "state"),
    [
        ("Sum", [datum(1.0), datum(1.0)], "ALARM"),
        ("Sum", [datum(1.0)], "OK"),
        ("Average", [datum(4.0)], "ALARM"),
        ("Average", [datum(3.0)], "OK"),
        ("Maximum", [datum(1.0), datum(2.0)], "ALARM"),
        ("Maximum", [datum(1.0), datum(1.0)], "OK"),
    ],
)
def test_an_alarm_goes_by_its_statistic(statistic: str, data: list[Datum], state: str) -> None:
    """A sum adds values, an average divides by their number, a maximum takes the highest; at the threshold it rings."""
    assert state_of(alarm(statistic=statistic), data, NOW) == state


def test_over_a_threshold_is_more_than_the_threshold() -> None:
    """GreaterThanThreshold does not ring at the threshold itself."""
    over = alarm(comparison_operator="GreaterThanThreshold")
    assert (state_of(over, [datum(2.0)], NOW), state_of(over, [datum(2.1)], NOW)) == ("OK", "ALARM")


@pytest.mark.parametrize(
    "other",
    [
        datum(9.0, seconds_ago=301),
        datum(9.0, dimensions={"QueueName": "fleetdx-events"}),
        datum(9.0, dimensions={}),
        datum(9.0, metric="NumberOfMessagesSent"),
        datum(9.0, namespace="AWS/Lambda"),
    ],
)
def test_an_alarm_looks_at_its_own_metric_and_time_alone(other: Datum) -> None:
    """What is older, of another resource, metric or namespace counts for nothing: there is no data."""
    assert state_of(alarm(), [other], NOW) == "OK"
    assert state_of(alarm(treat_missing_data="breaching"), [other], NOW) == "ALARM"
    assert state_of(alarm(treat_missing_data=None), [other], NOW) == "INSUFFICIENT_DATA"


def test_a_templates_alarms_and_topic_are_there(cloud: EmbeddedAws) -> None:
    """Alarms tell the topic that the stack names, whose policy and key are the template's."""
    session = cloud.hub_session()
    alarms = session.client("cloudwatch").describe_alarms(MaxRecords=100)["MetricAlarms"]
    assert len(alarms) > 1
    [topic] = {arn for one in alarms for arn in (*one["AlarmActions"], *one["OKActions"])}
    attributes = session.client("sns").get_topic_attributes(TopicArn=topic)["Attributes"]
    statements = json.loads(attributes["Policy"])["Statement"]
    assert [(one["Effect"], one["Action"]) for one in statements] == [("Allow", "sns:Publish"), ("Deny", "sns:Publish")]
    assert attributes["KmsMasterKeyId"] in {one["KeyId"] for one in session.client("kms").list_keys()["Keys"]}


def test_a_templates_dashboard_is_there(cloud: EmbeddedAws) -> None:
    """Its body is JSON, with the region and the machines of the stack filled in."""
    client = cloud.hub_session().client("cloudwatch")
    text = client.get_dashboard(DashboardName=f"fleetdx-{cloud.home_region}")["DashboardBody"]
    widgets = json.loads(text)["widgets"]
    assert {one["properties"]["region"] for one in widgets} == {cloud.home_region}
    assert cloud.central.scan_fleet in text
