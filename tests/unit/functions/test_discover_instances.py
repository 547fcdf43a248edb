"""Discovery lists what exists, settles what needs no command, and tells the machine counts alone."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from fleetdx import keys
from fleetdx.autoscaling import GROUP_TAG
from fleetdx.batches import read_plan
from fleetdx.delivery import REMEMBERED_FOR, write_memory
from fleetdx.errors import RecordMissing
from fleetdx.exemptions import Exemption, Rules
from fleetdx.ledger import Outcome, instance_line
from fleetdx.operator_documents import Exclusions
from functions.discover_instances import handler
from tests.fakes.autoscaling import FakeAutoScaling, group_arn
from tests.fakes.aws_errors import client_error
from tests.fakes.ec2 import FakeEc2, instance, instance_id, node
from tests.fakes.runs import (
    ACCOUNT,
    BUNDLE,
    PLACE,
    PLAIN_CATALOG,
    REGION,
    RUN,
    TARGET,
    batch_state,
    entry,
    open_run,
    store_inventory,
)
from tests.fakes.s3 import bucket, fake
from tests.fakes.ssm import FakeSsm
from tests.fakes.waivers import exclusion

VERIFIED = Outcome("scanned", "verified", "Good.")
MACHINES = [
    *(instance(instance_id(number), team="web") for number in range(1, 54)),
    instance(instance_id(80), "stopped"),
    instance(instance_id(81), platform="windows"),
    instance(instance_id(82), "terminated"),
]
NODES = [*(node(instance_id(number)) for number in range(1, 53)), node("mi-00000000000000001")]


def ungrouped() -> Any:
    raise AssertionError("no instance carries the tag of a group, so nobody has to ask")


def member(
    machines: list[dict[str, Any]] = MACHINES, nodes: list[dict[str, Any]] = NODES, groups: Any = ungrouped
) -> Any:
    """An account-region with these instances and nodes."""
    return handler.Member(lambda: FakeEc2(machines), lambda: FakeSsm(nodes), groups)  # type: ignore[arg-type, return-value]


def nowhere() -> frozenset[str]:
    raise AssertionError("no entry names a unit, so nobody has to ask")


def operator(*entries: Exemption, prefix: str | None = None, unreadable: str = "", units: Any = nowhere) -> Any:
    """An operator who has written these entries."""
    return handler.Operator(lambda: Exclusions(list(entries), Rules(prefix, 365), unreadable), units)


def discover(data: Any, event: Any = TARGET, by: Any = None) -> Any:
    return handler.run(event, data, member(), by or operator())


def listed(data: Any, opening: int = 0, *, canary: bool = False) -> Any:
    """The batches as the machine's Map reads them."""
    return data.get_json(keys.batches(RUN, ACCOUNT, REGION, opening, canary=canary))


def attempts(batches: list[dict[str, Any]]) -> list[tuple[int, int]]:
    """Number and attempt of each batch."""
    return [(batch["number"], batch["attempt"]) for batch in batches]


def test_counts_leave_and_names_stay() -> None:
    """The machine sees counts; the inventory, the list of batches and the settled lines lie in S3."""
    data = bucket()
    open_run(data)
    assert discover(data) == {
        "bucket": "data",
        "key": keys.batches(RUN, ACCOUNT, REGION, 0),
        "instances": 55,
        "hybrid_nodes": 1,
        "batches": 2,
        "dry_run": False,
    }
    assert listed(data) == [
        batch_state(),
        batch_state(1, 0, 1),
    ]
    inventory = data.get_json(keys.inventory(RUN, ACCOUNT, REGION))
    assert [len(batch) for batch in inventory["batches"]] == [50, 2]
    assert len(inventory["instances"]) == 55
    lines = data.get_lines(keys.ledger_part(RUN, ACCOUNT, REGION, "discovery"))
    assert {line["instance"]: line["state"] for line in lines} == {
        instance_id(53): "not_managed",
        instance_id(80): "stopped",
        instance_id(81): "unsupported",
    }


@pytest.mark.reaches(
    "not_registered",
    "agent_not_reporting",
    "instance_stopped",
    "platform_not_supported",
    "instance_not_found",
    "tags_not_matched",
)
def test_what_needs_no_command_is_told_at_once() -> None:
    """An instance that cannot be scanned has its ledger line, with its own reason, before any command is sent."""
    data = bucket()
    open_run(data, tags={"team": ["web"]})
    lost, other, absent = instance_id(84), instance_id(85), instance_id(86)
    machines = [*MACHINES, instance(lost, team="web"), instance(other, team="api")]
    machines = [{**one, "Tags": one["Tags"] or [{"Key": "team", "Value": "web"}]} for one in machines]
    named = {**TARGET, "instances": [*(instance_id(number) for number in (53, 80, 81)), lost, other, absent]}
    nodes = [*NODES, node(lost, "ConnectionLost")]
    handler.run(named, data, member(machines, nodes), operator())  # type: ignore[arg-type]
    lines = data.get_lines(keys.ledger_part(RUN, ACCOUNT, REGION, "discovery"))
    assert {line["instance"]: (line["state"], line["reason"]) for line in lines} == {
        instance_id(53): ("not_managed", "not_registered"),
        lost: ("not_managed", "agent_not_reporting"),
        instance_id(80): ("stopped", "instance_stopped"),
        instance_id(81): ("unsupported", "platform_not_supported"),
        other: ("scan_failed", "tags_not_matched"),
        absent: ("scan_failed", "instance_not_found"),
    }


def test_second_call_leaves_the_same_records() -> None:
    """A Retry writes the same keys."""
    data = bucket()
    open_run(data, dry_run=True)
    first = discover(data)
    written = set(fake(data).objects)
    assert first["dry_run"] is True
    assert discover(data) == first
    assert set(fake(data).objects) == written


def test_request_narrows_by_tags_and_names() -> None:
    """The request's tags and the target's named instances count."""
    data = bucket()
    open_run(data, tags={"team": ["web"]})
    assert discover(data)["instances"] == 53
    open_run(data)
    named = {**TARGET, "instances": [instance_id(2), instance_id(82), instance_id(99)]}
    answer = discover(data, named)
    assert (answer["instances"], answer["batches"]) == (3, 1)
    assert data.get_json(keys.inventory(RUN, ACCOUNT, REGION))["batches"] == [[instance_id(2)]]


def test_unopened_run_is_told() -> None:
    """Without a request nothing is discovered: its tags would be unknown."""
    with pytest.raises(RecordMissing):
        discover(bucket())


def refuse() -> Any:
    raise AssertionError("a resumed run asks neither EC2 nor SSM again")


REFUSING: Any = handler.Member(refuse, refuse, refuse)


def test_a_resumed_run_keeps_its_fleet_and_takes_up_what_is_left() -> None:
    """The inventory stays as discovered; a batch with open instances continues with its first unrecorded attempt."""
    data = bucket()
    open_run(data)
    inventory = store_inventory(data, 52)
    first = [instance_line(PLACE, entry(number), VERIFIED) for number in range(1, 50)]
    lost = instance_line(PLACE, entry(50), Outcome("scan_failed", "undeliverable", "Gone."))
    data.put_lines(keys.ledger_part(RUN, ACCOUNT, REGION, "0000-00"), [*first, lost])
    answer = handler.run({**TARGET, "opening": 1}, data, REFUSING, operator())  # type: ignore[typeddict-item]
    assert answer["key"] == keys.batches(RUN, ACCOUNT, REGION, 1)
    assert listed(data, opening=1) == [
        batch_state(0, 1, 2),
        batch_state(1, 0, 1),
    ]
    assert read_plan(data, TARGET, batch_state(0, 1), inventory).instances == [instance_id(50)]
    assert data.get_json(keys.inventory(RUN, ACCOUNT, REGION)) == inventory


def test_a_resumed_run_enters_what_was_never_entered() -> None:
    """Without an inventory a resumption discovers as a first opening does."""
    data = bucket()
    open_run(data)
    assert discover(data, {**TARGET, "opening": 2})["instances"] == 55


def test_a_canary_lists_everybody_and_scans_the_first_few() -> None:
    """The inventory is whole; those who go first are its first batch, and the only one that is scanned now."""
    data = bucket()
    open_run(data)
    answer = discover(data, {**TARGET, "canary_instances": 3})
    assert (answer["batches"], answer["instances"]) == (1, 55)
    assert answer["key"] == keys.batches(RUN, ACCOUNT, REGION, 0, canary=True)
    assert attempts(listed(data, canary=True)) == [(0, 0)]
    inventory = data.get_json(keys.inventory(RUN, ACCOUNT, REGION))
    assert [len(batch) for batch in inventory["batches"]] == [3, 49]
    assert discover(data, {**TARGET, "canary_instances": 3}) == answer


def test_after_the_canary_everybody_else_is_scanned_and_nobody_twice() -> None:
    """Its hosts have had their attempts, failed ones too; a host of it that was lost goes on where its records end."""
    data = bucket()
    open_run(data)
    discover(data, {**TARGET, "canary_instances": 3})
    failed = Outcome("scan_failed", "scanner_failed", "Bad.")
    lines = [instance_line(PLACE, entry(1), VERIFIED), instance_line(PLACE, entry(2), failed)]
    data.put_lines(keys.ledger_part(RUN, ACCOUNT, REGION, "0000-00"), lines)
    event: Any = {**TARGET, "after_canary": True}
    assert handler.run(event, data, REFUSING, operator())["batches"] == 2
    assert attempts(listed(data)) == [(0, 1), (1, 0)]
    assert data.get_json(keys.retry(RUN, ACCOUNT, REGION, "0000-01"))["instances"] == [instance_id(3)]
    lines.append(instance_line(PLACE, entry(3), VERIFIED))
    data.put_lines(keys.ledger_part(RUN, ACCOUNT, REGION, "0000-01"), lines[2:])
    assert handler.run(event, data, REFUSING, operator())["batches"] == 1
    assert attempts(listed(data)) == [(1, 0)]


def test_a_resumed_canary_takes_up_only_its_own() -> None:
    """A later opening's canary sends what is left of those who go first, and nobody else."""
    data = bucket()
    open_run(data)
    discover(data, {**TARGET, "canary_instances": 3})
    lost = Outcome("scan_failed", "undeliverable", "Gone.")
    lines = [instance_line(PLACE, entry(1), VERIFIED), instance_line(PLACE, entry(2), lost)]
    data.put_lines(keys.ledger_part(RUN, ACCOUNT, REGION, "0000-00"), lines)
    event: Any = {**TARGET, "opening": 1, "canary_instances": 3}
    assert handler.run(event, data, REFUSING, operator())["batches"] == 1
    assert attempts(listed(data, 1, canary=True)) == [(0, 1)]
    assert data.get_json(keys.retry(RUN, ACCOUNT, REGION, "0000-01"))["instances"] == [instance_id(2), instance_id(3)]


def batches_of(data: Any, answer: Any) -> list[Any]:
    """The list of batches that an answer points to."""
    found: list[Any] = data.get_json(answer["key"])
    return found


def test_batches_start_one_after_the_other() -> None:
    """Beyond the burst each batch waits for its turn, and each may be tried as often as the request says."""
    data = bucket()
    open_run(data, max_attempts=4)
    machines = [instance(instance_id(number)) for number in range(1, 352)]
    nodes = [node(one["InstanceId"]) for one in machines]
    answer = handler.run(TARGET, data, member(machines, nodes), operator())  # type: ignore[arg-type]
    assert batches_of(data, answer) == [
        batch_state(number, 0, 3, wait_seconds=wait) for number, wait in enumerate([0, 0, 0, 0, 0, 1, 2, 3])
    ]


@pytest.mark.parametrize(
    ("asked", "age", "delivery"),
    [
        ("inline", dt.timedelta(days=30), "inline"),
        ("s3", dt.timedelta(0), "s3"),
        ("inline", None, "inline"),
        ("auto", None, "s3"),
        ("auto", dt.timedelta(days=1), "inline"),
        ("auto", REMEMBERED_FOR + dt.timedelta(hours=1), "s3"),
    ],
)
def test_delivery_is_the_requests_or_what_is_remembered(asked: str, age: dt.timedelta | None, delivery: str) -> None:
    """Auto begins with what worked in the account-region within two weeks, else by S3."""
    data = bucket()
    open_run(data, delivery=asked)
    if age is not None:
        at = (dt.datetime.now(dt.UTC) - age).strftime("%Y-%m-%dT%H:%M:%SZ")
        write_memory(data, ACCOUNT, REGION, {"delivery": "inline", "run": "20261101T000000Z-000001", "at": at})
    assert {(one["delivery"], one["part"]) for one in batches_of(data, discover(data))} == {(delivery, 0)}


def test_a_bundle_without_parts_goes_by_s3_whatever_is_remembered() -> None:
    """After going back to a bundle of an earlier release there is nothing that could be sent inline."""
    data = bucket()
    open_run(data, delivery="auto")
    data.put_json(keys.catalog(BUNDLE), dict(PLAIN_CATALOG))
    at = dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    write_memory(data, ACCOUNT, REGION, {"delivery": "inline", "run": "20261101T000000Z-000001", "at": at})
    assert {one["delivery"] for one in batches_of(data, discover(data))} == {"s3"}


def settled(data: Any) -> dict[str, Any]:
    """The lines that discovery has settled, by instance."""
    lines = data.get_lines(keys.ledger_part(RUN, ACCOUNT, REGION, "discovery"))
    return {line["instance"]: line for line in lines}


@pytest.mark.reaches("excluded_by_operator")
def test_what_the_register_excludes_gets_no_command() -> None:
    """Running or stopped, it is in no batch, and its line names the entry, who decided it, and until when."""
    data = bucket()
    open_run(data)
    entries = [exclusion({"instance_id": instance_id(number)}, id=f"kept-{number}") for number in (1, 80)]
    assert discover(data, by=operator(*entries))["instances"] == 55
    inventory = data.get_json(keys.inventory(RUN, ACCOUNT, REGION))
    assert instance_id(1) not in [name for batch in inventory["batches"] for name in batch]
    lines = settled(data)
    for number in (1, 80):
        line = lines[instance_id(number)]
        assert (line["state"], line["reason"]) == ("excluded", "excluded_by_operator")
        assert line["exclusion"] == f"kept-{number}"
        assert "approved by ciso@example.com" in line["detail"]
    assert lines[instance_id(81)]["state"] == "unsupported"


@pytest.mark.parametrize(
    ("scope", "prefix", "excluded"),
    [
        ({"account": ACCOUNT}, None, 55),
        ({"account": "444455556666"}, None, 0),
        ({"organizational_unit": "ou-ab12-cd34ef56"}, None, 55),
        ({"organizational_unit": "ou-ab12-00000000"}, None, 0),
        ({"protected_tag": "team"}, None, 0),
        ({"protected_tag": "team"}, "te", 53),
        ({"protected_tag": "team"}, "security:", 0),
    ],
)
def test_a_tag_excludes_nothing_unless_its_prefix_is_protected(
    scope: dict[str, Any], prefix: str | None, excluded: int
) -> None:
    """Account and unit are what a member account cannot change; what it can write counts only below the prefix."""
    data = bucket()
    open_run(data)
    units = lambda: frozenset({"r-ab12", "ou-ab12-cd34ef56"})  # noqa: E731 - the answer of Organizations
    discover(data, by=operator(exclusion(scope), prefix=prefix, units=units))
    assert sum(line["state"] == "excluded" for line in settled(data).values()) == excluded


@pytest.mark.parametrize(
    "fields",
    [
        {"expires_at": dt.datetime(2026, 1, 2, tzinfo=dt.UTC), "approved_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)},
        {"approver": "Payments@example.com"},
        {"expires_at": dt.datetime(2099, 1, 1, tzinfo=dt.UTC)},
        {"approved_at": dt.datetime(2098, 1, 1, tzinfo=dt.UTC), "expires_at": dt.datetime(2098, 2, 1, tzinfo=dt.UTC)},
        {"applies_to": "mending"},
    ],
)
def test_what_does_not_hold_excludes_nothing(fields: dict[str, Any]) -> None:
    """Expired, approved by its owner, too long, not approved yet, or an exemption from mending: it is scanned."""
    data = bucket()
    open_run(data)
    discover(data, by=operator(exclusion({"account": ACCOUNT}, **fields)))
    assert not [line for line in settled(data).values() if line["state"] == "excluded"]


def test_a_register_that_cannot_be_read_excludes_nothing_and_is_noted() -> None:
    """The inventory says so, for whoever closes the account-region."""
    data = bucket()
    open_run(data)
    discover(data, by=operator(unreadable="The register cannot be read: nothing is excluded."))
    assert not [line for line in settled(data).values() if line["state"] == "excluded"]
    inventory = data.get_json(keys.inventory(RUN, ACCOUNT, REGION))
    assert inventory["notes"] == ["The register cannot be read: nothing is excluded."]


def test_a_resumed_run_keeps_what_was_excluded() -> None:
    """An entry that ends between two openings of a run changes nothing about its fleet."""
    data = bucket()
    open_run(data)
    discover(data, by=operator(exclusion({"instance_id": instance_id(1)})))
    handler.run({**TARGET, "opening": 1}, data, REFUSING, operator())  # type: ignore[typeddict-item]
    assert settled(data)[instance_id(1)]["state"] == "excluded"


def test_an_instance_of_a_group_carries_its_arn_and_a_denied_call_is_noted() -> None:
    """The inventory has the ARN; without the right to ask, the scan goes on and says what it does not know."""
    machines = [instance(instance_id(1), **{GROUP_TAG: "web"}), instance(instance_id(2))]
    nodes = [node(instance_id(1)), node(instance_id(2))]
    denied = client_error("AccessDenied", "DescribeAutoScalingGroups")
    for client, groups, notes in (
        (FakeAutoScaling({"web": [instance_id(1)]}), [group_arn("web"), None], 0),
        (FakeAutoScaling({}, denied), [None, None], 1),
    ):
        data = bucket()
        open_run(data)
        known = member(machines, nodes, lambda client=client: client)
        answer = handler.run(TARGET, data, known, operator())  # type: ignore[arg-type]
        assert (answer["instances"], answer["batches"]) == (2, 1)
        inventory = data.get_json(keys.inventory(RUN, ACCOUNT, REGION))
        assert [one.get("auto_scaling_group") for one in inventory["instances"]] == groups
        assert len(inventory.get("notes", [])) == notes
