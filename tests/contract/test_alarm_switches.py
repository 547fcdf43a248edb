"""The parameters of what watches, as the embedded AWS deploys them: everything off, and a topic of one's own."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from emulator.cloud import embedded_aws
from tests.without_sockets import without_sockets

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TOPIC = "arn:aws:sns:ap-northeast-2:222222222222:security-operations"
TELLING = {"AlarmTopic", "AlarmTopicKey", "AlarmTopicPolicy"}


@contextmanager
def deployed(directory: Path, **parameters: str) -> Iterator[Any]:
    """A session of the central account."""
    with without_sockets(), embedded_aws(directory, events_way="none", parameters=parameters) as cloud:
        yield cloud.hub_session()


def made(session: Any) -> set[str]:
    """The names of the resources that the central stack has made."""
    resources = session.client("cloudformation").describe_stack_resources(StackName="fleetdx-central")["StackResources"]
    return {one["LogicalResourceId"] for one in resources if "LogicalResourceId" in one}


def alarms(session: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = session.client("cloudwatch").describe_alarms(MaxRecords=100)["MetricAlarms"]
    return found


def test_with_alarms_off_nothing_watches(tmp_path: Path) -> None:
    """There is no alarm, dashboard, topic or key, and the stack is complete without them."""
    with deployed(tmp_path, Alarms="off") as session:
        assert alarms(session) == []
        assert made(session) & {*TELLING, "Dashboard"} == set()
        assert "ScanFleetStateMachine" in made(session)


def test_alarms_go_to_a_topic_of_ones_own(tmp_path: Path) -> None:
    """They tell it alone, and the stack makes neither topic nor key; its output names what is told."""
    with deployed(tmp_path, AlarmTopicArn=TOPIC) as session:
        assert {arn for one in alarms(session) for arn in (*one["AlarmActions"], *one["OKActions"])} == {TOPIC}
        assert made(session) & {*TELLING, "Dashboard"} == {"Dashboard"}
        [stack] = session.client("cloudformation").describe_stacks(StackName="fleetdx-central")["Stacks"]
        assert {one["OutputKey"]: one["OutputValue"] for one in stack["Outputs"]}["AlarmTopicArn"] == TOPIC


def test_as_shipped_the_stack_tells_a_topic_of_its_own(tmp_path: Path) -> None:
    """Without a word about alarms, topic, key, policy and dashboard are made."""
    with deployed(tmp_path) as session:
        assert made(session) >= {*TELLING, "Dashboard"}
