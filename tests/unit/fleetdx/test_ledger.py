"""Ledger, run records and plan account for every instance once, whatever parts are missing."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fleetdx import keys
from fleetdx.ledger import (
    Outcome,
    as_documented,
    instance_line,
    merge,
    settled_lines,
    target_line,
    unrecorded_lines,
)
from fleetdx.plan import build_plan
from fleetdx.run_records import RunRecords
from tests.fakes.ec2 import instance, instance_id
from tests.fakes.runs import (
    ACCOUNT,
    BUNDLE,
    PLACE,
    PROFILE_NAME,
    REGION,
    RUN,
    TARGET,
    entry,
    inventory_of,
    store_inventory,
)
from tests.fakes.s3 import bucket

VERIFIED = Outcome("scanned", "verified", "Good.")
FAILED = Outcome("scan_failed", "undeliverable", "Bad.")
ENTERED = Outcome("scanned", "entered", "In.")
REFUSED = Outcome("scan_failed", "role_not_assumable", "Out.")
FAILURE = {"Error": "ServiceUnavailable", "Cause": '{"errorMessage": "no answer"}'}
OTHERS = [instance(instance_id(900), "stopped"), instance(instance_id(901)), instance(instance_id(902), "terminated")]


def records(data: Any) -> RunRecords:
    return RunRecords(data, RUN, PROFILE_NAME, BUNDLE)


@pytest.mark.parametrize("order", [[VERIFIED, FAILED], [FAILED, VERIFIED]])
def test_verified_line_wins_in_any_order(order: list[Outcome]) -> None:
    """A late failure does not undo what was verified."""
    assert [line["state"] for line in merge(instance_line(PLACE, entry(), one) for one in order)] == ["scanned"]


def test_merge_keeps_instances_and_places_apart_and_in_order() -> None:
    """One line a subject: an account-region is another subject than its instances and comes first."""
    lines = [instance_line(PLACE, entry(2), FAILED), instance_line(PLACE, entry(1), FAILED)]
    other = PLACE._replace(account="000011112222")
    merged = merge([*lines, target_line(PLACE, ENTERED, 2), target_line(other, REFUSED, None), *lines])
    assert [(line["account"], line["instance"]) for line in merged] == [
        ("000011112222", None),
        (ACCOUNT, None),
        (ACCOUNT, instance_id(1)),
        (ACCOUNT, instance_id(2)),
    ]


def test_lines_have_the_same_keys() -> None:
    """Both kinds of line tell every field; the account-region adds its count."""
    of_instance, of_place = instance_line(PLACE, entry(), FAILED), target_line(PLACE, ENTERED, 3)
    assert of_place.keys() - of_instance.keys() == {"instances"}
    assert of_instance.keys() < of_place.keys()
    assert (of_place["instance"], of_place["instances"]) == (None, 3)


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [
        ("instance", VERIFIED),
        ("instance", FAILED),
        ("account_region", ENTERED),
        ("account_region", REFUSED),
        ("instance", REFUSED),
        ("instance", Outcome("stopped", "instance_stopped", "EC2 reports it as stopped.")),
        ("instance", Outcome("scan_failed", "unexpected", "Nobody knows.")),
    ],
)
def test_a_documented_outcome_stays_as_it_is(kind: Any, outcome: Outcome) -> None:
    """A reason that is documented for the line's kind and state is told with the sentence that came with it."""
    assert as_documented(kind, outcome) == outcome


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [
        ("instance", Outcome("scanned", "made_up", "All is well.")),
        ("instance", Outcome("stopped", "made_up", "All is well.")),
        ("instance", Outcome("scan_failed", "made_up", "All is well.")),
        ("instance", Outcome("scanned", "undeliverable", "All is well.")),
        ("instance", Outcome("scan_failed", "verified", "All is well.")),
        ("instance", Outcome("scanned", "unexpected", "All is well.")),
        ("instance", ENTERED),
        ("account_region", VERIFIED),
        ("account_region", Outcome("excluded", "", "")),
    ],
)
def test_an_undocumented_outcome_is_an_unexpected_failure(kind: Any, outcome: Outcome) -> None:
    """A reason that is unknown, or of another state or kind of line, never counts as scanned, and loses no word."""
    told = as_documented(kind, outcome)
    assert (told.state, told.reason) == ("scan_failed", "unexpected")
    assert all(word in told.detail for word in outcome)


@pytest.mark.parametrize("outcome", [Outcome("scanned", "made_up", "Good."), Outcome("stopped", "", "")])
def test_no_line_carries_an_undocumented_reason(outcome: Outcome) -> None:
    """Both kinds of line are made with documented reasons only, whoever asks for them."""
    for line in (instance_line(PLACE, entry(), outcome), target_line(PLACE, outcome, 1)):
        assert (line["state"], line["reason"]) == ("scan_failed", "unexpected")


def test_settled_and_unrecorded_lines_make_up_the_inventory() -> None:
    """Discovery settles what needs no command; whatever no part recorded gets a line, each with its own reason."""
    inventory = inventory_of(2, OTHERS)
    settled = settled_lines(PLACE, inventory)
    assert {line["reason"] for line in settled} == {"instance_stopped", "not_registered"}
    recorded = {instance_id(1), *(str(line["instance"]) for line in settled)}
    (missing,) = unrecorded_lines(PLACE, inventory, recorded, FAILED)
    assert (missing["instance"], missing["reason"]) == (instance_id(2), "undeliverable")


def test_settled_instances_survive_a_lost_discovery_part() -> None:
    """When DiscoverInstances dies between its two writes, the settled instances are told from the inventory."""
    lines = unrecorded_lines(PLACE, inventory_of(1, OTHERS), (), FAILED)
    assert {line["instance"]: line["reason"] for line in lines} == {
        instance_id(1): "undeliverable",
        instance_id(900): "instance_stopped",
        instance_id(901): "not_registered",
    }


def test_lost_target_gets_its_lines() -> None:
    """A target whose execution died is told with every instance of its inventory, and what was recorded stays."""
    data = bucket()
    data.put_json(keys.targets(RUN), [TARGET])
    store_inventory(data, 2, OTHERS)
    data.put_lines(keys.ledger_part(RUN, ACCOUNT, REGION, "0000-00"), [dict(instance_line(PLACE, entry(1), VERIFIED))])
    lines = records(data).ledger(None)
    assert [(line["instance"], line["state"], line["reason"]) for line in lines] == [
        (None, "scan_failed", "target_not_summarized"),
        (instance_id(1), "scanned", "verified"),
        (instance_id(2), "scan_failed", "target_not_summarized"),
        (instance_id(900), "stopped", "instance_stopped"),
        (instance_id(901), "not_managed", "not_registered"),
    ]
    assert lines[0].get("instances") == 4


def test_lost_target_without_inventory_is_not_entered() -> None:
    """A target that nobody entered is one line without a count, with the run's failure as its reason."""
    data = bucket()
    data.put_json(keys.targets(RUN), [TARGET])
    (line,) = records(data).ledger(FAILURE)  # type: ignore[arg-type]
    assert (line["reason"], line.get("instances")) == ("aws_unavailable", None)
    assert line["detail"] == "ServiceUnavailable: no answer"


def test_who_was_sent_nothing_is_told_why() -> None:
    """What SelectWave decided in this opening is the reason of an account-region and its instances without a line."""
    data = bucket()
    data.put_json(keys.targets(RUN), [TARGET])
    store_inventory(data, 2)
    data.put_lines(keys.ledger_part(RUN, ACCOUNT, REGION, "0000-00"), [dict(instance_line(PLACE, entry(1), VERIFIED))])
    told = {keys.place(ACCOUNT, REGION): {"reason": "canary_failed", "detail": "It failed."}}
    data.put_json(keys.unsent(RUN, 1), told)
    assert [(line["instance"], line["reason"], line["detail"]) for line in records(data).ledger(None, 1)] == [
        (None, "canary_failed", "It failed."),
        (instance_id(1), "verified", "Good."),
        (instance_id(2), "canary_failed", "It failed."),
    ]
    assert records(data).ledger(None, 2)[0]["reason"] == "target_not_summarized"


def test_failure_before_targets_is_a_gap_of_the_organization() -> None:
    """A run that could not list its targets says so, instead of reporting an empty fleet."""
    (line,) = records(bucket()).ledger(FAILURE)  # type: ignore[arg-type]
    assert (line["kind"], line["state"], line["account_name"]) == ("account_region", "scan_failed", "(organization)")
    assert records(bucket()).ledger(None) == []


def test_closed_target_is_left_alone() -> None:
    """A target that was summarized gets no second line, even if the run failed afterwards."""
    data = bucket()
    data.put_json(keys.targets(RUN), [TARGET])
    data.put_lines(keys.ledger_part(RUN, ACCOUNT, REGION, "target"), [dict(target_line(PLACE, ENTERED, 0))])
    (line,) = records(data).ledger(FAILURE)  # type: ignore[arg-type]
    assert line["reason"] == "entered"


def test_results_and_strays_are_those_of_the_run() -> None:
    """Only result lines of this run's targets are read, attempt by attempt; strays of every batch are told."""
    data = bucket()
    data.put_json(keys.targets(RUN), [TARGET])
    other_run = "20261123T021500Z-ffffff"
    for run, part in ((RUN, "0000-00"), (RUN, "0000-01"), (other_run, "0000-00")):
        data.put_lines(keys.results_part(run, ACCOUNT, REGION, part), [{"run": run, "part": part, "text": "\u2028"}])
    data.put_json(keys.strays(RUN, ACCOUNT, REGION, "0000-00"), [{"key": "a", "reason": "b"}])
    data.put_json(keys.strays(RUN, ACCOUNT, REGION, "0000-01"), [])
    results: list[Any] = list(records(data).results())
    assert [(line["run"], line["part"]) for line in results] == [(RUN, "0000-00"), (RUN, "0000-01")]
    assert records(data).strays() == [{"key": "a", "reason": "b"}]


def test_plan_adds_up_inventories() -> None:
    """The plan counts what would be scanned and sent, the others by state, and who could not be entered."""
    ledger = [target_line(PLACE, REFUSED, None), target_line(PLACE, ENTERED, 4), instance_line(PLACE, entry(), FAILED)]
    plan = build_plan(RUN, [inventory_of(51, OTHERS), inventory_of(0)], ledger)
    assert (plan["instances_to_scan"], plan["commands"]) == (51, 2)
    assert plan["targets"][0]["others"] == {"stopped": 1, "not_managed": 1}
    assert (plan["targets"][1]["to_scan"], plan["targets"][1]["others"]) == (0, {})
    assert [line["reason"] for line in plan["not_entered"]] == ["role_not_assumable"]


@settings(max_examples=40, deadline=None)
@given(
    number=st.integers(0, 60),
    told=st.sets(st.integers(1, 60)),
    repeated=st.booleans(),
    discovery=st.booleans(),
    summarized=st.booleans(),
)
def test_counts_equal_the_inventory(
    number: int, told: set[int], *, repeated: bool, discovery: bool, summarized: bool
) -> None:
    """Whatever parts of the ledger exist, the merged one names each instance of the inventory exactly once."""
    data = bucket()
    data.put_json(keys.targets(RUN), [TARGET])
    inventory = store_inventory(data, number, OTHERS)
    batch = [dict(instance_line(PLACE, entry(one), VERIFIED)) for one in sorted(told) if one <= number]
    data.put_lines(keys.ledger_part(RUN, ACCOUNT, REGION, "0000-00"), batch * (1 + repeated))
    if discovery:
        data.put_lines(keys.ledger_part(RUN, ACCOUNT, REGION, "discovery"), settled_lines(PLACE, inventory))
    if summarized:
        closing = [target_line(PLACE, ENTERED, len(inventory["instances"]))]
        missing = unrecorded_lines(PLACE, inventory, [str(line["instance"]) for line in batch], FAILED)
        data.put_lines(keys.ledger_part(RUN, ACCOUNT, REGION, "target"), [*closing, *missing])
    lines = records(data).ledger(None)
    counted = Counter(line["instance"] for line in lines if line["kind"] == "instance")
    assert counted == Counter(one["instance"] for one in inventory["instances"])
    assert sum(line["state"] == "scanned" for line in lines if line["kind"] == "instance") == len(batch)
    assert [line.get("instances") for line in lines if line["kind"] == "account_region"] == [number + 2]
