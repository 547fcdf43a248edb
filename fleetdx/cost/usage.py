"""What AWS bills of a run, as plain amounts: read from its metrics, or estimated; priced in pricing.py."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fleetdx.cost.metrics import FleetSize, Metrics

BYTES_IN_A_GIGABYTE: Final = Decimal(1024**3)
"""AWS bills storage, transfer and logs by 2^30 bytes."""

MEASURES: Final = (
    "state_transitions",
    "lambda_requests",
    "lambda_gb_seconds",
    "s3_put_copy_post_list",
    "s3_get_and_others",
    "s3_stored_bytes",
    "s3_bytes_to_hosts",
    "log_bytes",
    "control_plane_calls",
    "polls",
)
"""What the growth model knows about: all that is billed, and two figures that a reader compares designs by."""

POLLING_FUNCTION: Final = "fleetdx-check-command"
FREE_CALLS: Final = ("ssm", "sts", "ec2")


class NotCounted(ValueError):
    """A run's metrics hold no counts, so that it cannot be priced."""


def measures_of(metrics: Metrics) -> dict[str, Decimal]:
    """The amounts of MEASURES of one run.

    Raises:
        NotCounted: Nobody counted calls and functions; /aws_calls is null.
    """
    s3, logs, functions, calls = metrics["s3"], metrics["logs"], metrics["functions"], metrics["aws_calls"]
    if s3 is None or logs is None or functions is None or calls is None:
        raise NotCounted(
            "/aws_calls: is null: nobody counted, because it ran on AWS or beside another one's process; "
            "--instances estimates a fleet of its size"
        )
    plane, operator = calls["control_plane"], calls["operator"]
    asked = sum(
        count["calls"] - operator.get(name, {"calls": 0})["calls"]
        for name, count in plane.items()
        if name.partition(":")[0] in FREE_CALLS
    )
    amounts = (
        metrics["state_transitions"],
        metrics["lambda_invocations"],
        metrics["gb_seconds"] or 0,
        s3["put_copy_post_list"],
        s3["get_and_others"],
        s3["bytes_in"],
        s3["bytes_out_to_hosts"],
        logs["functions"] + logs["platform"],
        asked,
        functions[POLLING_FUNCTION]["invocations"] if POLLING_FUNCTION in functions else 0,
    )
    return {name: Decimal(str(amount)) for name, amount in zip(MEASURES, amounts, strict=True)}


def share_elsewhere(fleet: FleetSize) -> Decimal:
    """Which part of the scanned instances is in another region than the buckets."""
    if not fleet["scanned"]:
        return Decimal(0)
    home = fleet["scanned_by_region"].get(fleet["home_region"], 0)
    return Decimal(fleet["scanned"] - home) / fleet["scanned"]


def billed(measures: Mapping[str, Decimal], elsewhere: Decimal, commands: int) -> dict[str, Decimal]:
    """The amounts that are billed, by the name of their price.

    Args:
        measures: Amounts of MEASURES.
        elsewhere: Which part of the bytes to hosts leaves the region of the buckets, 0 to 1.
        commands: Instances that a command was sent to.
    """
    return {
        "step_functions.state_transition": measures["state_transitions"],
        "lambda.request": measures["lambda_requests"],
        "lambda.gb_second_arm": measures["lambda_gb_seconds"],
        "s3.put_copy_post_list": measures["s3_put_copy_post_list"],
        "s3.get_and_others": measures["s3_get_and_others"],
        "s3.storage": measures["s3_stored_bytes"] / BYTES_IN_A_GIGABYTE,
        "s3.transfer_to_another_region": measures["s3_bytes_to_hosts"] * elsewhere / BYTES_IN_A_GIGABYTE,
        "cloudwatch_logs.ingestion": measures["log_bytes"] / BYTES_IN_A_GIGABYTE,
        "systems_manager.run_command_on_ec2": Decimal(commands),
    }


def delivered(deliveries: Mapping[str, int]) -> dict[str, Decimal]:
    """What handing events on is billed as, by the name of its price; SNS hands to Lambda and SQS without charge."""
    requests = sum(count for name, count in deliveries.items() if name.startswith("sqs:"))
    amounts = {
        "events.events_to_a_bus": deliveries.get("events:PutEvents", 0),
        "events.sns_publish": deliveries.get("sns:Publish", 0),
        "events.sqs_request": requests,
    }
    return {name: Decimal(amount) for name, amount in amounts.items() if amount}
