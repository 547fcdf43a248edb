"""What EC2 and SSM say becomes an inventory in which every in-scope instance has exactly one place."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fleetdx.inventory import BATCH_SIZE, build_inventory, fate_of, platform_of
from tests.fakes.ec2 import instance, instance_id, node
from tests.fakes.runs import TARGET, inventory_of

ONE = instance_id(1)


@pytest.mark.parametrize(
    ("state", "ping", "platform", "fate", "reason"),
    [
        ("running", "Online", "Linux", None, "to_scan"),
        ("pending", "Online", "Linux", None, "to_scan"),
        ("running", "ConnectionLost", "Linux", "not_managed", "agent_not_reporting"),
        ("running", "Inactive", "Linux", "not_managed", "agent_not_reporting"),
        ("running", None, "Linux", "not_managed", "not_registered"),
        ("pending", None, "Linux", "not_managed", "not_registered"),
        ("running", "Online", "Windows", "unsupported", "platform_not_supported"),
        ("running", "Online", "MacOS", "unsupported", "platform_not_supported"),
        ("running", "ConnectionLost", "Windows", "unsupported", "platform_not_supported"),
        ("stopping", "Online", "Linux", "stopped", "instance_stopped"),
        ("stopped", "ConnectionLost", "Linux", "stopped", "instance_stopped"),
        ("stopped", "Online", "Windows", "stopped", "instance_stopped"),
        ("stopped", None, "Linux", "stopped", "instance_stopped"),
    ],
)
def test_state_ping_and_platform_decide(
    state: str, ping: str | None, platform: str, fate: str | None, reason: str
) -> None:
    """Every combination that EC2 and SSM can tell has one fate."""
    known = None if ping is None else node(ONE, ping, platform)
    settled = fate_of(instance(ONE, state), known)
    assert (settled.state, settled.reason) == (fate, reason)
    assert settled.detail.endswith(".")


@pytest.mark.parametrize(
    ("ec2", "ssm", "platform"),
    [("", None, "Linux"), ("windows", None, "Windows"), ("Windows", None, "Windows"), ("windows", "Linux", "Linux"),
     ("", "Windows", "Windows"), ("", "MacOS", None)],
)  # fmt: skip
def test_platform_is_ssms_word_before_ec2s(ec2: str, ssm: str | None, platform: str | None) -> None:
    """SSM knows the platform better; a node without one leaves the word to EC2."""
    assert platform_of(instance(ONE, platform=ec2), node(ONE, platform=ssm)) == platform


def test_windows_that_ssm_does_not_know_is_unsupported() -> None:
    """EC2 alone is enough to see that no agent would help."""
    assert fate_of(instance(ONE, platform="windows"), None).state == "unsupported"


@pytest.mark.parametrize("state", ["shutting-down", "terminated"])
def test_gone_instances_are_out_of_scope(state: str) -> None:
    """What is terminated is no part of the fleet."""
    assert build_inventory(TARGET, [instance(ONE, state)], [], {})["instances"] == []


def test_hybrid_nodes_are_counted_and_left_out() -> None:
    """A node that is no EC2 instance is told as a number, never scanned."""
    inventory = build_inventory(TARGET, [instance(ONE)], [node(ONE), node("mi-0123456789abcdef0")], {})
    assert inventory["hybrid_nodes"] == 1
    assert inventory["batches"] == [[ONE]]


def test_every_tag_asked_for_counts() -> None:
    """An instance is in scope with one of the values of every tag."""
    machines = [
        instance(instance_id(1), team="web", stage="prod"),
        instance(instance_id(2), team="api", stage="prod"),
        instance(instance_id(3), team="web", stage="test"),
        instance(instance_id(4), team="web"),
        instance(instance_id(5)),
        instance(instance_id(6), Team="web", stage="prod"),
    ]
    inventory = build_inventory(TARGET, machines, [], {"team": ["web", "api"], "stage": ["prod"]})
    assert [entry["instance"] for entry in inventory["instances"]] == [instance_id(1), instance_id(2)]


def test_named_instances_alone_are_in_scope() -> None:
    """Where instances are named, the others of the account-region are not looked at."""
    machines = [instance(instance_id(number)) for number in (1, 2, 3)]
    inventory = build_inventory({**TARGET, "instances": [instance_id(2)]}, machines, [], {})
    assert [entry["instance"] for entry in inventory["instances"]] == [instance_id(2)]


@pytest.mark.parametrize("machines", [[], [instance(ONE, "terminated")]])
def test_named_instance_that_is_missing_is_told(machines: list[dict[str, Any]]) -> None:
    """A named instance that does not exist, or no longer, is a failure by name and not a smaller fleet."""
    (entry,) = build_inventory({**TARGET, "instances": [ONE]}, machines, [], {})["instances"]
    assert (entry["instance"], entry["state"], entry["reason"]) == (ONE, "scan_failed", "instance_not_found")


def test_named_instance_without_the_tags_is_told_as_such() -> None:
    """A named instance that the tag filter leaves out exists: the reason says what it lacks."""
    target = {**TARGET, "instances": [ONE]}
    (entry,) = build_inventory(target, [instance(ONE, team="api")], [node(ONE)], {"team": ["web"]})["instances"]
    assert (entry["state"], entry["reason"]) == ("scan_failed", "tags_not_matched")


@pytest.mark.parametrize(
    ("number", "sizes"), [(0, []), (1, [1]), (50, [50]), (51, [50, 1]), (100, [50, 50]), (2_400, [50] * 48)]
)
def test_batches_are_full_until_the_last(number: int, sizes: list[int]) -> None:
    """Batches hold at most what SendCommand takes, and their number does not grow beyond need."""
    assert [len(batch) for batch in inventory_of(number)["batches"]] == sizes


def test_instance_told_twice_is_one() -> None:
    """An instance that two pages of EC2 list is scanned once: SendCommand refuses the same id twice."""
    inventory = build_inventory(TARGET, [instance(ONE), instance(ONE)], [node(ONE)], {})
    assert (len(inventory["instances"]), inventory["batches"]) == (1, [[ONE]])


MACHINES = st.lists(
    st.builds(
        instance,
        st.integers(1, 200).map(instance_id),
        st.sampled_from(["pending", "running", "running", "stopping", "stopped", "shutting-down", "terminated"]),
        platform=st.sampled_from(["", "", "windows"]),
    ),
    max_size=120,
    unique_by=lambda machine: str(machine["InstanceId"]),
)
NODES = st.lists(
    st.builds(
        node,
        st.integers(1, 200).map(instance_id) | st.integers(1, 5).map(lambda number: f"mi-{number:017x}"),
        st.sampled_from(["Online", "ConnectionLost", "Inactive"]),
        st.sampled_from(["Linux", "Windows", "MacOS", None]),
    ),
    max_size=120,
)


@settings(max_examples=60, deadline=None)
@given(machines=MACHINES, nodes=NODES)
def test_every_instance_is_in_exactly_one_place(machines: list[dict[str, Any]], nodes: list[dict[str, Any]]) -> None:
    """Each living instance is once in the inventory, and either settled or in exactly one batch."""
    inventory = build_inventory(TARGET, machines, nodes, {})
    alive = [one["InstanceId"] for one in machines if one["State"]["Name"] not in {"shutting-down", "terminated"}]
    assert sorted(alive) == [entry["instance"] for entry in inventory["instances"]]
    places = Counter(name for batch in inventory["batches"] for name in batch)
    places.update(entry["instance"] for entry in inventory["instances"] if entry["state"] is not None)
    assert places == Counter(alive)
    assert all(1 <= len(batch) <= BATCH_SIZE for batch in inventory["batches"])
