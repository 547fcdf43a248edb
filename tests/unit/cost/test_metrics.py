"""metrics.json is read strictly, and what Lambda and S3 bill is told as they bill it."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.front_door.metering import Meter
from emulator.function_metering import FunctionMeter, billed_milliseconds
from fleetdx.cli.metrics import count_histories, fleet_of
from fleetdx.cost.estimate import document, estimate_run
from fleetdx.cost.growth import shipped_growth
from fleetdx.cost.metrics import MetricsMalformed, gb_seconds, read_metrics, s3_requests
from fleetdx.cost.prices import shipped_prices
from fleetdx.cost.usage import NotCounted, delivered, measures_of, share_elsewhere
from tests.fakes.metrics import COUNTED, run_metrics


@given(st.floats(0, 900))
def test_billed_time_is_rounded_up_to_a_millisecond(seconds: float) -> None:
    """Never less than what ran, never a millisecond more, and never nothing."""
    billed = billed_milliseconds(seconds)
    assert billed >= 1
    assert seconds * 1000 <= billed < seconds * 1000 + 1 or billed == 1


def test_a_refused_invocation_costs_no_time() -> None:
    """It is counted and failed, but nothing ran."""
    meter = FunctionMeter()
    meter.count("f", 512, failed=True, seconds=None)
    meter.count("f", 512, failed=False, seconds=0.0101)
    assert meter.snapshot({"f": 7})["f"] == {
        "invocations": 2,
        "failed": 1,
        "memory_mb": 512,
        "billed_ms": 11,
        "log_bytes": 7,
    }
    assert gb_seconds(512, 11) == 0.0055


def test_what_the_command_line_calls_is_told_apart() -> None:
    """The operator's calls are among the control plane's, and by themselves; deliveries are nobody's calls."""
    meter = Meter()
    meter.count("s3:GetObject", source="roles", bytes_in=0, bytes_out=10)
    meter.count("s3:GetObject", source="operator", bytes_in=0, bytes_out=5)
    meter.count_delivery("sqs:SendMessage")
    counts = meter.snapshot()
    assert counts["control_plane"]["s3:GetObject"] == {"calls": 2, "bytes_in": 0, "bytes_out": 15}
    assert counts["operator"]["s3:GetObject"] == {"calls": 1, "bytes_in": 0, "bytes_out": 5}
    assert counts["deliveries"] == {"sqs:SendMessage": 1}
    assert counts["totals"]["calls"] == 2


def test_s3_requests_are_classed_as_s3_prices_them() -> None:
    """PUT, COPY, POST and LIST are dearer, DELETE is free, everything else is a GET; the operator's are left out."""
    names = ("PutObject", "CopyObject", "PostObject", "ListObjectsV2", "HeadObject", "GetObject", "DeleteObject")
    one = {"calls": 1, "bytes_in": 2, "bytes_out": 3}
    plane = {f"s3:{name}": one for name in names} | {"ssm:SendCommand": one}
    told = s3_requests({"control_plane": plane, "operator": {"s3:ListObjectsV2": one}, "hosts": {"s3:GetObject": one}})
    assert told == {
        "put_copy_post_list": 3,
        "get_and_others": 3,
        "free": 1,
        "bytes_in": 14,
        "bytes_out": 21,
        "bytes_out_to_hosts": 3,
    }


def test_histories_tell_transitions() -> None:
    """A state entered is one, a failed try is one more, and an item of a Distributed Map is one."""
    lambda_task: dict[str, Any] = {"type": "TaskScheduled", "taskScheduledEventDetails": {"resourceType": "lambda"}}
    history: list[dict[str, Any]] = [
        {"type": "TaskStateEntered"},
        lambda_task,
        {"type": "TaskFailed"},
        {"type": "PassStateEntered"},
    ]
    assert count_histories([history], 4) == {
        "executions": 5,
        "history_events": 4,
        "map_items": 4,
        "state_transitions": 7,
        "lambda_invocations": 1,
    }


def test_the_fleet_is_read_from_the_ledger() -> None:
    """Account-regions that were never to be entered do not count, nor do instances without a result as scanned."""
    lines = [
        {"kind": "account_region", "account": "1", "region": "a", "state": "scanned"},
        {"kind": "account_region", "account": "2", "region": "a", "state": "unsupported"},
        {"kind": "instance", "account": "1", "region": "a", "state": "scanned"},
        {"kind": "instance", "account": "1", "region": "a", "state": "stopped"},
    ]
    fleet = fleet_of(lines, "a", 1)
    assert (fleet["account_regions"], fleet["instances"], fleet["scanned"]) == (1, 2, 1)
    assert fleet["scanned_by_region"] == {"a": 1}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("{", "it is not JSON"),
        ("[]", "/: "),
        (json.dumps({**COUNTED, "state_transitions": -1}), "/state_transitions: "),
        (json.dumps({**COUNTED, "more": 1}), "/more: unknown field"),
        (json.dumps({**COUNTED, "basis": {}}), "/basis/.*: is required"),
        ("[" * 100_000, "it is not JSON"),
    ],
)
def test_what_is_no_metrics_file_is_refused_by_its_fault(text: str, fault: str) -> None:
    """The message names the JSON pointer."""
    with pytest.raises(MetricsMalformed, match=fault):
        read_metrics(text)


def test_a_run_that_nobody_counted_has_no_price() -> None:
    """It is an error that names what is missing, never a price of nothing."""
    metrics = run_metrics(aws_calls=None, functions=None, s3=None, logs=None, gb_seconds=None)
    assert read_metrics(json.dumps(metrics)) == metrics
    with pytest.raises(NotCounted, match="/aws_calls: is null"):
        measures_of(metrics)


def test_a_run_is_priced_by_hand() -> None:
    """The made-up run's lines, in dollars of us-east-1, as anybody can work out on paper."""
    estimate = estimate_run(run_metrics(), "us-east-1", shipped_growth(), shipped_prices())
    usd = {line.name: line.usd for line in estimate.lines}
    assert usd["step_functions.state_transition"] == Decimal("0.025")
    assert usd["lambda.request"] == Decimal("0.000002")
    assert usd["lambda.gb_second_arm"] == Decimal("0.0000200001")
    assert usd["s3.put_copy_post_list"] == Decimal("0.00017")
    assert usd["s3.get_and_others"] == Decimal("0.0000076")
    assert usd["systems_manager.run_command_on_ec2"] == 0
    assert usd["s3.transfer_to_another_region"] == Decimal(1000) / 1024**3 * Decimal("0.02")
    assert estimate.calls == 8


def test_a_quarter_elsewhere_is_a_quarter() -> None:
    """Bytes to hosts in another region than the buckets' are charged, others are not; without hosts none are."""
    assert share_elsewhere(COUNTED["fleet"]) == Decimal("0.25")
    assert share_elsewhere({**COUNTED["fleet"], "scanned": 0, "scanned_by_region": {}}) == 0


def test_a_sweep_stands_alone() -> None:
    """Nobody scans in a sweep, so no other design of scanning stands beside it."""
    fleet = {**COUNTED["fleet"], "scanned": 0, "batches": 0, "scanned_by_region": {}}
    estimate = estimate_run(run_metrics(kind="coverage", fleet=fleet), "us-east-1", shipped_growth(), shipped_prices())
    assert document(estimate, 30, shipped_growth())["other_designs"] == []


def test_deliveries_of_events_are_billed() -> None:
    """Events to a bus, messages published and every request to a queue; what nobody sent has no line."""
    told = delivered({"events:PutEvents": 2, "sns:Publish": 3, "sqs:SendMessage": 4, "sqs:ReceiveMessage": 1})
    assert told == {"events.events_to_a_bus": 2, "events.sns_publish": 3, "events.sqs_request": 5}
    assert delivered({}) == {}
