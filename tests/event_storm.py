"""A storm of events: repeated, shuffled, poisoned, forged, calls throttled; it changes what one of each would."""

from __future__ import annotations

import datetime as dt
import json
import random
import time
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from emulator.events.courier import Disorder
from emulator.events.shapes import Association, Event, Place, association_call, state_change
from emulator.faults.rules import Rule
from emulator.faults.scenario import Scenario
from tests.embedded import embedded
from tests.event_fleet import CORE, REGION, STAGING, TRADING, WALLET, EventFleet

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FORGED = 20
STRANGER, SUSPENDED = "999999999999", "666666666666"
DISORDER = Disorder(duplicates=0.3, most_delay_seconds=2_000, seed=5)
POISON = (
    "no JSON {",
    "[]",
    '"text"',
    json.dumps(
        {"detail-type": "EC2 Instance State-change Notification", "source": "aws.ec2", "detail": {"state": "running"}}
    ),
    json.dumps({"Type": "Notification", "Message": "{"}),
    "[" * 2_000,
)


class Prepared(NamedTuple):
    """What stands before the storm: instances by account, and roles that must have the policy after it."""

    instances: dict[str, list[str]]
    lacking: set[str]
    complete: set[str]
    without_profile: list[tuple[str, str]]


class Storm(NamedTuple):
    """What a storm came to.

    Attributes:
        changes: Changes made in member accounts.
        expected: Changes that one clean event for each instance leads to.
        struck: Calls of functions that were throttled.
        executions: Executions of ensure_ssm_ready.
        seconds: From the first event to the end of the last execution.
    """

    changes: int
    expected: int
    struck: int
    executions: int
    seconds: float


@contextmanager
def stormy_fleet(directory: Path) -> Iterator[EventFleet]:
    """An embedded AWS whose events come late, in any order, and a third of them twice."""
    scenario = Scenario(directory / "none.json", (), (), DISORDER)
    place = directory / "emulator"
    place.mkdir()
    with embedded(place, events_way="bus", scenario=scenario) as aws:
        yield EventFleet(aws)


def weather(fleet: EventFleet, events: int, within: float) -> Storm:
    """Let a storm of so many events pass, and hold its end against that of the clean set.

    A twentieth of the events is poisoned, and 20 are forged. Fails where anything differs from what one event for each
    instance leads to, or the storm does not end within so many seconds.
    """
    fleet.configure()
    prepared = prepare(fleet)
    chance = random.Random(5)  # noqa: S311 - the same storm each time
    # The words of every service in which functions are throttled; a fifth of their calls.
    fleet.aws.cloud.faults.add(Rule("*:*", "throttled", caller="*assumed-role/fleetdx-*", times=None, every=5))
    started = time.monotonic()
    poison = [chance.choice(POISON) for _ in range(events // 20)]
    emit_storm(fleet, prepared, events - len(poison) - FORGED, chance)
    forgeries = forged(prepared, chance)
    sent_directly(fleet, poison + [json.dumps(event) for event in forgeries], chance)
    fleet.settle(within)
    seconds = time.monotonic() - started
    struck = sum(count for _, count in fleet.aws.cloud.faults.struck())
    fleet.aws.cloud.faults.clear()
    return hold_against_the_clean_set(fleet, prepared, poison, forgeries, struck, seconds)


def hold_against_the_clean_set(
    fleet: EventFleet, prepared: Prepared, poison: list[str], forgeries: list[Event], struck: int, seconds: float
) -> Storm:
    """Exactly what lacked the policy has it, told once each; what is poisoned or forged is put aside by name."""
    assert {role: fleet.attached(role) for role in prepared.lacking} == {role: [CORE] for role in prepared.lacking}
    assert {role: fleet.attached(role) for role in prepared.complete} == {role: [CORE] for role in prepared.complete}
    assert_profiles(fleet, prepared)
    changes = [action for account in prepared.instances.values() for one in account for action in actions(fleet, one)]
    assert_told_once(fleet, prepared)
    names = execution_names(fleet)
    assert_put_aside(fleet, poison, forgeries, names)
    expected = len(prepared.lacking) + len(prepared.without_profile)
    return Storm(len(changes), expected, struck, len(names), seconds)


def execution_names(fleet: EventFleet) -> list[str]:
    """The names of all executions of ensure_ssm_ready."""
    states = fleet.aws.deployment.session.client("stepfunctions")
    machine = fleet.aws.deployment.events.ensure_ssm_ready
    pages = states.get_paginator("list_executions").paginate(stateMachineArn=machine)
    return [one["name"] for page in pages for one in page["executions"]]


def prepare(fleet: EventFleet) -> Prepared:
    """Launch what the storm is about, and let none of it be heard of: the storm itself tells."""
    awslambda: Any = fleet.aws.deployment.session.client("lambda")
    [mapping] = awslambda.list_event_source_mappings(FunctionName="fleetdx-receive-event")["EventSourceMappings"]
    awslambda.update_event_source_mapping(UUID=mapping["UUID"], Enabled=False)
    instances: dict[str, list[str]] = {account: [] for account in (TRADING, WALLET, STAGING)}
    lacking, complete, without = set(), set(), []
    for account in instances:
        made: list[str] = []
        for number in range(2):
            name = f"lacking-{account}-{number}"
            made += fleet.launch(account, fleet.role(account, name, path="/apps/"))
            lacking.add(name)
        shared = f"shared-{account}"
        made += fleet.launch(account, fleet.role(account, shared), count=2)
        lacking.add(shared)
        name = f"complete-{account}"
        made += fleet.launch(account, fleet.role(account, name, CORE))
        complete.add(name)
        if account == TRADING:
            [bare] = fleet.launch(account)
            made.append(bare)
            without.append((account, bare))
        # The storm is about what is changed; on a busy machine an agent's hour passes in seconds.
        fleet.register(account, *made)
        instances[account] = made
    assert fleet.aws.cloud.ways.courier.settle(60, ahead=4_000)
    fleet.aws.deployment.session.client("sqs").purge_queue(QueueUrl=fleet.aws.deployment.events.queue)
    awslambda.update_event_source_mapping(UUID=mapping["UUID"], Enabled=True)
    return Prepared(instances, lacking, complete, without)


def emit_storm(fleet: EventFleet, prepared: Prepared, count: int, chance: random.Random) -> None:
    """Real events about the instances, shuffled: each has started, and had its profile associated, again and again."""
    places = [(account, one) for account, made in prepared.instances.items() for one in made]
    at = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=1)
    events: list[Event] = []
    for number in range(count):
        account, instance = places[number % len(places)]
        place = Place(account, REGION)
        if number % 3:
            events.append(state_change(place, instance, "running", at))
        else:
            association = Association(
                "iip-assoc-1", instance, f"arn:aws:iam::{account}:instance-profile/a", "associated"
            )
            request = {"InstanceId": instance, "IamInstanceProfile": {"Name": "a"}}
            events.append(association_call(place, "AssociateIamInstanceProfile", request, association, at))
    chance.shuffle(events)
    for event in events:
        fleet.aws.cloud.ways.routes.emit(event)


def forged(prepared: Prepared, chance: random.Random) -> list[Event]:
    """Events of accounts that are none of ours, or suspended, about instances that exist and lack the policy."""
    at = dt.datetime.now(dt.UTC)
    instances = [one for made in prepared.instances.values() for one in made]
    return [
        state_change(Place(chance.choice((STRANGER, SUSPENDED)), REGION), chance.choice(instances), "running", at)
        for _ in range(FORGED)
    ]


def sent_directly(fleet: EventFleet, bodies: list[str], chance: random.Random) -> None:
    sqs = fleet.aws.deployment.session.client("sqs")
    chance.shuffle(bodies)
    for body in bodies:
        sqs.send_message(QueueUrl=fleet.aws.deployment.events.queue, MessageBody=body)


def actions(fleet: EventFleet, instance: str) -> list[dict[str, Any]]:
    return [action for one in fleet.executions(instance) for action in one.get("actions", [])]


def assert_profiles(fleet: EventFleet, prepared: Prepared) -> None:
    for account, instance in prepared.without_profile:
        filters = [{"Name": "instance-id", "Values": [instance]}]
        found = fleet.client("ec2", account).describe_iam_instance_profile_associations(Filters=filters)
        [association] = found["IamInstanceProfileAssociations"]
        assert association["IamInstanceProfile"]["Arn"].endswith("/fleetdx/fleetdx-default-instance")


def assert_told_once(fleet: EventFleet, prepared: Prepared) -> None:
    """Every change has one message, and nothing else was told."""
    told = fleet.told()
    assert len(told) == len(prepared.lacking) + len(prepared.without_profile), "\n".join(told)


def assert_put_aside(fleet: EventFleet, poison: list[str], forgeries: list[Event], names: list[str]) -> None:
    """Each poisoned and each forged event lies in the dead-letter queue as often as it was sent, with its reason."""
    buried = fleet.buried()
    assert Counter(body for body, reason in buried if reason == "event_unreadable") == Counter(poison)
    by_reason = Counter(reason for _, reason in buried if reason != "event_unreadable")
    strangers = sum(event["account"] == STRANGER for event in forgeries)
    assert by_reason == {"account_not_in_organization": strangers, "account_suspended": FORGED - strangers}
    assert not any(name.startswith((STRANGER, SUSPENDED)) for name in names)
