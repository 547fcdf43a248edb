"""Alarms and dashboard as texts of the template: what they watch, under AWS's names, and where a person reads on."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from tools.sources import PROJECT, template

if TYPE_CHECKING:
    from collections.abc import Iterator

CENTRAL = template("central.yaml")
RESOURCES = CENTRAL["Resources"]
SECTION = "When an alarm rings"
DIMENSIONS = {"AWS/States": "StateMachineArn", "AWS/Lambda": "FunctionName", "AWS/SQS": "QueueName"}
"""Of each namespace the one dimension by which a resource's metrics are told apart."""
METRICS = {
    "AWS/States": {
        "ExecutionsStarted",
        "ExecutionsFailed",
        "ExecutionsTimedOut",
        "ExecutionThrottled",
        "ExecutionTime",
    },
    "AWS/Lambda": {"Errors", "Throttles", "Duration", "Invocations", "ConcurrentExecutions"},
    "AWS/SQS": {"ApproximateNumberOfMessagesVisible", "ApproximateAgeOfOldestMessage"},
}
"""Names as the services' own pages have them: Step Functions' guide, "Monitoring Step Functions metrics"; Lambda's,
"Types of metrics"; SQS's, "Available CloudWatch metrics". Only `ExecutionThrottled` is in the singular."""
KINDS = {
    "AWS/States": "AWS::StepFunctions::StateMachine",
    "AWS/Lambda": "AWS::Lambda::Function",
    "AWS/SQS": "AWS::SQS::Queue",
}
WIDTH = 24
"""Columns of a dashboard (CloudWatch's "Dashboard body structure and syntax")."""
SEARCH = re.compile(
    r"SEARCH\('\{AWS/Lambda,FunctionName\} MetricName=\"(\w+)\" (\w+)', '(Sum|Average|Maximum)', (\d+)\)"
)


def of_kind(kind: str) -> list[str]:
    return [name for name, one in RESOURCES.items() if one["Type"] == kind]


ALARMS = {name: RESOURCES[name]["Properties"] for name in of_kind("AWS::CloudWatch::Alarm")}
every_alarm = pytest.mark.parametrize("name", ALARMS)


def watched(namespace: str, metric: str) -> Counter[str]:
    """The resources that alarms over a metric name, an empty text for one that names none."""
    found: Counter[str] = Counter()
    for alarm in ALARMS.values():
        if (alarm["Namespace"], alarm["MetricName"]) == (namespace, metric):
            found.update([named(alarm)])
    return found


def named(alarm: dict[str, Any]) -> str:
    """The resource that an alarm's dimension names."""
    if not alarm.get("Dimensions"):
        return ""
    [dimension] = alarm["Dimensions"]
    value = dimension["Value"]
    return str(value["Ref"] if "Ref" in value else value["Fn::GetAtt"][0])


@pytest.mark.parametrize("metric", ["ExecutionsFailed", "ExecutionsTimedOut", "ExecutionThrottled"])
def test_every_machine_has_its_alarms(metric: str) -> None:
    """A failed, a timed-out and a throttled execution of each machine ring, each once."""
    assert watched("AWS/States", metric) == Counter(of_kind("AWS::StepFunctions::StateMachine"))


def test_every_function_has_an_alarm_on_its_errors() -> None:
    """Each rings by the share of invocations that failed, so that one account that cannot be entered is none."""
    assert watched("AWS/Lambda", "Errors") == Counter(of_kind("AWS::Lambda::Function"))
    of_errors = [alarm for alarm in ALARMS.values() if alarm["MetricName"] == "Errors"]
    assert {(one["Statistic"], one["Threshold"], one["ComparisonOperator"]) for one in of_errors} == {
        ("Average", 0.5, "GreaterThanThreshold")
    }


def test_one_alarm_on_throttles_is_every_functions() -> None:
    """It looks at all functions of the account, with which ours share its concurrency: none reserves a part."""
    assert watched("AWS/Lambda", "Throttles") == Counter([""])
    functions = of_kind("AWS::Lambda::Function")
    assert [one for one in functions if "ReservedConcurrentExecutions" in RESOURCES[one]["Properties"]] == []


def test_the_queues_have_their_alarms() -> None:
    """A dead letter rings, and so does an event that has waited for longer than five attempts take."""
    assert watched("AWS/SQS", "ApproximateNumberOfMessagesVisible") == Counter(["EventsDeadLetterQueue"])
    assert watched("AWS/SQS", "ApproximateAgeOfOldestMessage") == Counter(["EventsQueue"])
    queue = RESOURCES["EventsQueue"]["Properties"]
    attempts = queue["RedrivePolicy"]["maxReceiveCount"] * queue["VisibilityTimeout"]
    assert ALARMS["EventsAgeAlarm"]["Threshold"] > attempts


@every_alarm
def test_an_alarm_watches_what_is_there_under_awss_names(name: str) -> None:
    """Metric and dimension are the service's, and the resource named is of the kind that has them."""
    alarm = ALARMS[name]
    assert alarm["MetricName"] in METRICS[alarm["Namespace"]]
    if alarm.get("Dimensions"):
        assert [one["Name"] for one in alarm["Dimensions"]] == [DIMENSIONS[alarm["Namespace"]]]
        assert RESOURCES[named(alarm)]["Type"] == KINDS[alarm["Namespace"]]
    if alarm["Namespace"] == "AWS/SQS":
        # A queue's Ref is its address; the metric has its name.
        assert alarm["Dimensions"][0]["Value"]["Fn::GetAtt"][1] == "QueueName"


@every_alarm
def test_an_alarm_tells_of_its_beginning_and_its_end(name: str) -> None:
    """It sends both to the topic, counts nothing at rest as an alarm, and bears a name of ours."""
    alarm = ALARMS[name]
    topic = {"Fn::If": ["MakesAlarmTopic", {"Ref": "AlarmTopic"}, {"Ref": "AlarmTopicArn"}]}
    assert alarm["AlarmActions"] == alarm["OKActions"] == [topic]
    assert alarm["TreatMissingData"] == "notBreaching"
    assert alarm["AlarmName"].startswith("fleetdx-")
    assert (RESOURCES[name]["Condition"], alarm["EvaluationPeriods"]) == ("HasAlarms", 1)


def rows() -> dict[str, re.Pattern[str]]:
    """The names in the first column of the section's table; NAME stands for any machine or function."""
    text = (PROJECT / "docs" / "operations.md").read_text(encoding="utf-8")
    section = text.split(f"## {SECTION}\n", 1)[1].split("\n## ", 1)[0]
    found = re.findall(r"^\| `(fleetdx-[A-Za-z-]+)` \|", section, re.MULTILINE)
    return {one: re.compile(re.escape(one).replace("NAME", "[a-z-]+") + "$") for one in found}


@every_alarm
def test_an_alarm_says_where_to_read_on(name: str) -> None:
    """Its description names the section of operations.md whose table has a row for it, and one alone."""
    assert f'docs/operations.md, "{SECTION}"' in ALARMS[name]["AlarmDescription"]
    assert len([row for row, pattern in rows().items() if pattern.match(ALARMS[name]["AlarmName"])]) == 1


def test_every_row_of_the_table_is_an_alarms() -> None:
    """The table tells of no alarm that is not there."""
    names = [alarm["AlarmName"] for alarm in ALARMS.values()]
    assert len(rows()) > 1
    assert [row for row, pattern in rows().items() if not any(map(pattern.match, names))] == []


def test_no_two_alarms_have_one_name() -> None:
    """An alarm's name counts for account and region."""
    assert Counter(alarm["AlarmName"] for alarm in ALARMS.values()).most_common(1)[0][1] == 1


def test_the_switch_leaves_everything_out_that_watches() -> None:
    """With Alarms off there is no alarm, dashboard, topic or key; with a topic of one's own, neither topic nor key."""
    watching = {"AWS::CloudWatch::Alarm": "HasAlarms", "AWS::CloudWatch::Dashboard": "HasAlarms"}
    telling = dict.fromkeys(["AWS::SNS::Topic", "AWS::SNS::TopicPolicy", "AWS::KMS::Key"], "MakesAlarmTopic")
    for kind, condition in {**watching, **telling}.items():
        ours = [name for name in of_kind(kind) if "Alarm" in name or name == "Dashboard"]
        assert {RESOURCES[name].get("Condition") for name in ours} == {condition}
    assert CENTRAL["Conditions"]["MakesAlarmTopic"] == {
        "Fn::And": [
            {"Fn::Equals": [{"Ref": "Alarms"}, "on"]},
            {"Fn::Equals": [{"Ref": "AlarmTopicArn"}, "none"]},
        ]
    }


def widgets() -> list[dict[str, Any]]:
    """The dashboard's widgets, its body read as JSON with names in the place of what CloudFormation fills in."""
    body = RESOURCES["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]
    found: list[dict[str, Any]] = json.loads(body)["widgets"]
    return found


def metrics() -> Iterator[tuple[str, ...]]:
    """The texts of each line of a widget that names a metric."""
    for widget in widgets():
        for line in widget["properties"]["metrics"]:
            if isinstance(line[0], str):
                yield tuple(one for one in line if isinstance(one, str))


def test_the_dashboard_names_what_is_there() -> None:
    """Each of its metrics is one of AWS's, of a machine, function or queue of the template, or of all functions."""
    named_machines = set()
    for namespace, metric, *dimension in metrics():
        assert metric in METRICS[namespace]
        if namespace != "AWS/Lambda" or dimension:
            [key, value] = dimension
            resource = value.removeprefix("${").removesuffix("}").removesuffix(".QueueName")
            assert key == DIMENSIONS[namespace]
            assert RESOURCES[resource]["Type"] == KINDS[namespace]
            named_machines.add(resource)
    assert named_machines >= set(of_kind("AWS::StepFunctions::StateMachine")) | set(of_kind("AWS::SQS::Queue"))


def test_the_dashboard_finds_every_function() -> None:
    """It searches for metrics of functions by a word that all of their names hold."""
    lines = [line[0] for widget in widgets() for line in widget["properties"]["metrics"] if isinstance(line[0], dict)]
    found = [SEARCH.fullmatch(line["expression"]) for line in lines]
    assert {one[1] for one in found if one} == {"Errors", "Duration", "Invocations"}
    for one in found:
        assert one is not None
        names = [RESOURCES[function]["Properties"]["FunctionName"] for function in of_kind("AWS::Lambda::Function")]
        assert [name for name in names if one[2] not in name.split("-")] == []


def test_the_dashboards_widgets_lie_side_by_side() -> None:
    """No widget leaves the page or covers another, and each draws the region that the stack is in."""
    taken: Counter[tuple[int, int]] = Counter()
    for one in widgets():
        assert one["x"] + one["width"] <= WIDTH
        assert one["properties"]["region"] == "${AWS::Region}"
        taken.update(
            (x, y) for x in range(one["x"], one["x"] + one["width"]) for y in range(one["y"], one["y"] + one["height"])
        )
    assert taken.most_common(1)[0][1] == 1
