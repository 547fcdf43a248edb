"""Events where the embedded AWS is set up otherwise: each test starts one of its own; a process can hold but one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from emulator.faults.scenario import read_scenario
from tests.contract.test_seam_events import SECONDS, arrived, events_in, launch, started

if TYPE_CHECKING:
    from pathlib import Path


def test_a_bus_admits_its_organization_only(tmp_path: Path) -> None:
    """With the policy of another organization on it, the bus takes nothing from our members."""
    with started(tmp_path, events_way="bus") as cloud:
        events = cloud.hub_session().client("events")
        events.remove_permission(StatementId="OrganizationOnly", EventBusName="fleetdx")
        elsewhere = {"Key": "aws:PrincipalOrgID", "Type": "StringEquals", "Value": "o-elsewhere00"}
        events.put_permission(
            EventBusName="fleetdx", Action="events:PutEvents", Principal="*", StatementId="Other", Condition=elsewhere
        )
        launch(cloud)
        assert arrived(cloud) == []


def test_a_queue_takes_nothing_from_other_topics(tmp_path: Path) -> None:
    """A topic of another name that is subscribed to the queue delivers nothing: the queue's policy does not name it."""
    with started(tmp_path) as cloud:
        sns = cloud.hub_session().client("sns")
        topic = sns.create_topic(Name="another")["TopicArn"]
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=cloud.central.events_queue_arn)
        sns.publish(TopicArn=topic, Message=json.dumps({"source": "aws.ec2"}))
        assert arrived(cloud) == []


def test_delivery_repeats_and_reorders_when_asked(tmp_path: Path) -> None:
    """A scenario's disorder makes messages arrive twice and in another order; none is missing."""
    asked, directory = tmp_path / "scenario.json", tmp_path / "cloud"
    directory.mkdir()
    asked.write_text(
        json.dumps({"schema": 1, "events": {"duplicates": 0.5, "most_delay_seconds": 300, "seed": 7}}), encoding="utf-8"
    )
    with started(directory, scenario=read_scenario(asked)) as cloud:
        instances = [launch(cloud)[1] for _ in range(20)]
        assert cloud.ways.courier.settle(SECONDS, ahead=400)
        seen = [event["detail"]["instance-id"] for event in events_in(arrived(cloud))]
    assert set(seen) == set(instances)
    assert len(seen) > len(instances)
    assert list(dict.fromkeys(seen)) != instances
