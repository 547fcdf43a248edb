"""An account-region is closed whichever way its execution went, and no instance is left without a line."""

from __future__ import annotations

from typing import Any

import pytest

from fleetdx import keys
from fleetdx.delivery import read_memory
from fleetdx.ledger import Outcome, instance_line, settled_lines
from functions.summarize_target import handler
from tests.fakes.ec2 import instance, instance_id
from tests.fakes.runs import ACCOUNT, PLACE, REGION, RUN, TARGET, entry, open_run, store_inventory
from tests.fakes.s3 import bucket

FAILURE = {"Error": "MemberRoleDenied", "Cause": '{"errorMessage": "no role"}'}
OTHERS = [instance(instance_id(900), "stopped")]
VERIFIED = Outcome("scanned", "verified", "Good.")


def summarize(data: Any, **event: Any) -> Any:
    """Run the function twice and return its answer with the lines it wrote."""
    first = handler.run({**TARGET, **event}, data)  # type: ignore[typeddict-item]
    assert handler.run({**TARGET, **event}, data) == first  # type: ignore[typeddict-item]
    lines = data.get_lines(keys.ledger_part(RUN, ACCOUNT, REGION, "target"))
    return first, [(line["instance"], line["state"], line["reason"]) for line in lines], lines[0]["instances"]


def recorded(number: int) -> Any:
    """A bucket with an inventory, its discovery part, and a batch that recorded the first instances."""
    data = bucket()
    inventory = store_inventory(data, 3, OTHERS)
    data.put_lines(keys.ledger_part(RUN, ACCOUNT, REGION, "discovery"), settled_lines(PLACE, inventory))
    lines = [instance_line(PLACE, entry(one), VERIFIED) for one in range(1, number + 1)]
    data.put_lines(keys.ledger_part(RUN, ACCOUNT, REGION, "0000-00"), lines)
    return data


@pytest.mark.reaches("entered")
def test_whole_target_is_closed_with_its_count() -> None:
    """Everything was recorded: one line, entered, with EC2's count."""
    answer, lines, count = summarize(recorded(3), fleet={"dry_run": False})
    assert answer == {"instances": 4, "unrecorded": 0}
    assert (lines, count) == ([(None, "scanned", "entered")], 4)


def test_refused_account_is_a_gap() -> None:
    """The role could not be assumed: the account-region says so, without a count."""
    answer, lines, count = summarize(bucket(), failure=FAILURE)
    assert answer == {"instances": 0, "unrecorded": 0}
    assert (lines, count) == ([(None, "scan_failed", "role_not_assumable")], None)


@pytest.mark.reaches("batch_not_recorded")
def test_unrecorded_batch_is_told_by_instance() -> None:
    """A batch that ended without a record leaves a line for each of its instances."""
    _, lines, count = summarize(recorded(1), fleet={"dry_run": False})
    assert count == 4
    assert lines[1:] == [(instance_id(n), "scan_failed", "batch_not_recorded") for n in (2, 3)]


def test_failure_after_discovery_is_the_instances_reason() -> None:
    """The account-region was entered; what could not be scanned has the failure's reason."""
    _, lines, _ = summarize(recorded(1), fleet={"dry_run": False}, failure=FAILURE)
    assert lines[0] == (None, "scanned", "entered")
    assert lines[1:] == [(instance_id(n), "scan_failed", "role_not_assumable") for n in (2, 3)]


def test_death_between_inventory_and_discovery_part_loses_nobody() -> None:
    """Discovery wrote the inventory and died: settled instances keep their state, the others have the failure."""
    data = bucket()
    store_inventory(data, 1, OTHERS)
    _, lines, count = summarize(data, failure=FAILURE)
    assert lines == [
        (None, "scanned", "entered"),
        (instance_id(1), "scan_failed", "role_not_assumable"),
        (instance_id(900), "stopped", "instance_stopped"),
    ]
    assert count == 2


@pytest.mark.reaches(
    "throttled",
    "aws_unavailable",
    "access_denied",
    "role_not_assumable",
    "document_missing",
    "document_changed",
    "bundle_not_signed",
    "instance_unknown_to_ssm",
    "bundle_missing",
    "record_missing",
    "misconfigured",
    "timed_out",
    "unexpected",
)
@pytest.mark.parametrize(
    ("error", "reason"),
    [
        ("ServiceThrottled", "throttled"),
        ("ServiceUnavailable", "aws_unavailable"),
        ("AccessDenied", "access_denied"),
        ("MemberRoleDenied", "role_not_assumable"),
        ("DocumentMissing", "document_missing"),
        ("DocumentChanged", "document_changed"),
        ("BundleNotSigned", "bundle_not_signed"),
        ("InstancesUnknown", "instance_unknown_to_ssm"),
        ("BundleMissing", "bundle_missing"),
        ("RecordMissing", "record_missing"),
        ("Misconfigured", "misconfigured"),
        ("States.Timeout", "timed_out"),
        ("Sandbox.Timedout", "timed_out"),
        ("FleetdxError", "unexpected"),
        ("KeyError", "unexpected"),
    ],
)
def test_every_error_ends_in_the_ledger(error: str, reason: str) -> None:
    """The error that ends an account-region is the reason of its line, or of each instance that was to be scanned."""
    failure = {"Error": error, "Cause": '{"errorMessage": "its text"}'}
    refused = bucket()
    _, lines, _ = summarize(refused, failure=failure)
    assert lines == [(None, "scan_failed", reason)]
    (line,) = refused.get_lines(keys.ledger_part(RUN, ACCOUNT, REGION, "target"))
    assert line["detail"] == f"{error}: its text"
    _, lines, _ = summarize(recorded(2), fleet={"dry_run": False}, failure=failure)
    assert lines == [(None, "scanned", "entered"), (instance_id(3), "scan_failed", reason)]


def test_dry_run_blames_nobody() -> None:
    """A dry run sends nothing: its instances are not failures."""
    answer, lines, _ = summarize(recorded(0), fleet={"dry_run": True})
    assert answer == {"instances": 4, "unrecorded": 0}
    assert lines == [(None, "scanned", "entered")]


@pytest.mark.reaches("unexpected")
def test_execution_without_a_word_is_not_entered() -> None:
    """Neither inventory nor failure: fail closed."""
    _, lines, _ = summarize(bucket())
    assert lines == [(None, "scan_failed", "unexpected")]


def test_a_canary_leaves_its_account_region_open() -> None:
    """Most of it has not been sent anything: whoever comes next closes it, or BuildReport says why nobody came."""
    data = recorded(1)
    event: Any = {**TARGET, "canary_instances": 1}
    assert handler.run(event, data) == {"instances": 4, "unrecorded": 0}
    assert not list(data.keys(keys.ledger_part(RUN, ACCOUNT, REGION, "target")))
    _, lines, _ = summarize(bucket(), canary_instances=1, failure=FAILURE)
    assert lines == [(None, "scan_failed", "role_not_assumable")]


def test_what_worked_is_remembered() -> None:
    """Under auto the account-region's memory says how results came, and a second call changes nothing."""
    data = recorded(0)
    open_run(data, delivery="auto")
    inline = [instance_line(PLACE, entry(one), VERIFIED, "inline") for one in (1, 2)]
    data.put_lines(keys.ledger_part(RUN, ACCOUNT, REGION, "0000-02"), inline)
    summarize(data, fleet={"dry_run": False})
    memory = read_memory(data, ACCOUNT, REGION)
    assert memory is not None
    assert (memory["delivery"], memory["run"]) == ("inline", RUN)


@pytest.mark.parametrize(("asked", "way"), [("inline", "inline"), ("s3", "s3"), ("auto", None)])
def test_nothing_is_remembered_that_was_not_found_out(asked: str, way: Any) -> None:
    """A delivery that the request named is no finding, and without a result nothing worked."""
    data = recorded(0)
    open_run(data, delivery=asked)
    data.put_lines(keys.ledger_part(RUN, ACCOUNT, REGION, "0000-00"), [instance_line(PLACE, entry(1), VERIFIED, way)])
    summarize(data, fleet={"dry_run": False})
    assert read_memory(data, ACCOUNT, REGION) is None
