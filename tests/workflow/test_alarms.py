"""Alarms on the embedded AWS: what goes well rings none, and what goes wrong rings those that are named for it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from fleetdx.cli import runs
from tests.embedded import Embedded, embedded, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

REFUSED = 2
"""With the one good request before them more than half are refused."""


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    directory = tmp_path_factory.mktemp("emulator")
    with embedded(directory, clock_factor=0.002, events_way="bus", parameters={"Tracing": "on"}) as started:
        yield started


def ringing(aws: Embedded) -> set[str]:
    """The names of the alarms that ring, without what all have in common."""
    client = aws.deployment.session.client("cloudwatch")
    pages = client.get_paginator("describe_alarms").paginate(StateValue="ALARM")
    return {alarm["AlarmName"].removeprefix("fleetdx-") for page in pages for alarm in page["MetricAlarms"]}


def test_a_good_run_rings_nothing(aws: Embedded) -> None:
    """A scan that ends well leaves every alarm as it was."""
    assert ringing(aws) == set()
    ended = aws.scan({"organization": True}, regions=["us-east-1"], checks=["U-06"])
    assert ended.status == "SUCCEEDED"
    assert ringing(aws) == set()


def test_a_refused_request_rings_for_machine_and_function(aws: Embedded) -> None:
    """A request that nobody can carry out fails its execution; when most of them are such, the function rings too."""
    states, machine = aws.deployment.session.client("stepfunctions"), aws.cloud.central.scan_fleet
    for _ in range(REFUSED):
        states.start_execution(stateMachineArn=machine, name=runs.new_run_id(), input=json.dumps({"scope": "nobody"}))

    def failed() -> int:
        return len(states.list_executions(stateMachineArn=machine, statusFilter="FAILED")["executions"])

    wait_until(lambda: failed() == REFUSED, "they do not end")
    assert ringing(aws) == {"scan-fleet-failed", "validate-request-errors"}


def test_a_dead_letter_rings_until_it_is_gone(aws: Embedded) -> None:
    """An event that nobody can read ends among the dead letters, and its alarm with it."""
    sqs, central, before = aws.deployment.session.client("sqs"), aws.cloud.central, ringing(aws)
    assert "events-dead-letter" not in before
    sqs.send_message(QueueUrl=central.events_queue_url, MessageBody="no JSON {")
    wait_until(lambda: "events-dead-letter" in ringing(aws), "the dead letter rings nothing")
    assert ringing(aws) - before == {"events-dead-letter"}
    sqs.purge_queue(QueueUrl=central.events_dead_letter_queue_url)
    assert ringing(aws) == before


def test_an_event_that_waits_for_an_hour_rings(aws: Embedded) -> None:
    """With the mapping switched off nothing takes it, and after an hour of the embedded clock its alarm rings."""
    session, before = aws.deployment.session, ringing(aws)
    awslambda = session.client("lambda")
    [mapping] = awslambda.list_event_source_mappings()["EventSourceMappings"]
    awslambda.delete_event_source_mapping(UUID=mapping["UUID"])
    session.client("sqs").send_message(QueueUrl=aws.cloud.central.events_queue_url, MessageBody="no JSON {")
    assert ringing(aws) == before
    wait_until(lambda: ringing(aws) - before == {"events-age"}, "an old event rings nothing")


@pytest.mark.parametrize(
    ("role", "actions"),
    [
        ("fleetdx-list-targets", {"PutTraceSegments", "PutTelemetryRecords"}),
        (
            "fleetdx-scan-fleet",
            {"PutTraceSegments", "PutTelemetryRecords", "GetSamplingRules", "GetSamplingTargets"},
        ),
    ],
)
def test_a_stack_that_traces_gives_the_rights_for_it(aws: Embedded, role: str, actions: set[str]) -> None:
    """With Tracing on a function's role and a machine's have X-Ray's actions, by one policy, and nothing else by it."""
    iam = aws.deployment.session.client("iam")
    [policy] = iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]
    version = iam.get_policy(PolicyArn=policy["PolicyArn"])["Policy"]["DefaultVersionId"]
    document = iam.get_policy_version(PolicyArn=policy["PolicyArn"], VersionId=version)["PolicyVersion"]["Document"]
    [statement] = document["Statement"]
    assert set(statement["Action"]) == {f"xray:{action}" for action in actions}
