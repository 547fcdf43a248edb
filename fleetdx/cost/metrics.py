"""metrics.json: what a run or a sweep did that AWS bills. fleetdx/schemas/metrics.schema.json describes each field."""

from __future__ import annotations

import json
from typing import Any, Final, Literal, TypedDict

from fleetdx.validation import first_fault, schema_named, validator_of

Basis = Literal["measured", "estimated", "not_counted"]
MEGABYTES_IN_A_GIGABYTE: Final = 1024
MILLISECONDS_IN_A_SECOND: Final = 1000

START, END, REPORT, MEMORY = (
    "START RequestId: 8f507cfc-0000-4697-b07a-ac58fc914c95 Version: $LATEST\n",
    "END RequestId: 8f507cfc-0000-4697-b07a-ac58fc914c95\n",
    "REPORT RequestId: 8f507cfc-0000-4697-b07a-ac58fc914c95\tDuration: 1234.56 ms\tBilled Duration: 1235 ms\t",
    "Memory Size: 1024 MB\tMax Memory Used: 128 MB\n",
)
PLATFORM_LOG_BYTES: Final = len(START + END + REPORT + MEMORY)
"""What Lambda itself logs of one invocation, in the form of its page "Sending Lambda function logs to CloudWatch"."""

FREE_S3_REQUESTS: Final = ("Delete", "Abort")
"""S3's page "Pricing": DELETE and CANCEL requests are free; both are named so by their operations."""
DEARER_S3_REQUESTS: Final = ("Put", "Copy", "Post", "List", "Create", "Upload", "Complete")


class MetricsMalformed(ValueError):
    """A file is no metrics.json: not JSON, or it breaks its schema. The message names the JSON pointer of the fault."""


class Calls(TypedDict):
    """How often an operation was called, and the bytes of bodies, to AWS (in) and from it (out)."""

    calls: int
    bytes_in: int
    bytes_out: int


class FunctionMetrics(TypedDict):
    """What one function cost; `log_bytes` it has written itself."""

    invocations: int
    failed: int
    memory_mb: int
    billed_ms: int
    gb_seconds: float
    log_bytes: int


class S3Requests(TypedDict):
    """S3's requests by the classes of its prices, without the operator's, and bytes by who sent or took them."""

    put_copy_post_list: int
    get_and_others: int
    free: int
    bytes_in: int
    bytes_out: int
    bytes_out_to_hosts: int


class LogBytes(TypedDict):
    """What goes to CloudWatch Logs: what functions write, and Lambda's own lines about each invocation."""

    functions: int
    platform: int


class FleetSize(TypedDict):
    """What the run was over. `scanned_by_region` counts the instances that have a verified result."""

    accounts: int
    account_regions: int
    instances: int
    scanned: int
    batches: int
    home_region: str
    scanned_by_region: dict[str, int]


class Metrics(TypedDict):
    """The whole document; what nobody counted is None, and `basis` says so."""

    schema: Literal[1]
    kind: Literal["scan", "coverage", "event"]
    run: str
    fleet: FleetSize
    executions: int
    history_events: int
    map_items: int
    state_transitions: int
    lambda_invocations: int
    gb_seconds: float | None
    functions: dict[str, FunctionMetrics] | None
    aws_calls: dict[str, Any] | None
    s3: S3Requests | None
    logs: LogBytes | None
    basis: dict[str, Basis]


def gb_seconds(memory_mb: int, billed_ms: int) -> float:
    """Memory in gigabytes times billed seconds, as Lambda bills them; rounded to a millionth."""
    return round(memory_mb / MEGABYTES_IN_A_GIGABYTE * billed_ms / MILLISECONDS_IN_A_SECOND, 6)


def s3_requests(aws_calls: dict[str, Any]) -> S3Requests:
    """S3's requests of control plane and hosts by class of price.

    Args:
        aws_calls: As `aws_calls` of metrics.json; what it counts as the operator's is left out.
    """
    counted = S3Requests(put_copy_post_list=0, get_and_others=0, free=0, bytes_in=0, bytes_out=0, bytes_out_to_hosts=0)
    for group, sign in (("control_plane", 1), ("operator", -1), ("hosts", 1)):
        for name, calls in aws_calls[group].items():
            service, _, operation = name.partition(":")
            if service != "s3":
                continue
            counted[_class_of(operation)] += sign * calls["calls"]
            counted["bytes_in"] += sign * calls["bytes_in"]
            counted["bytes_out"] += sign * calls["bytes_out"]
            if group == "hosts":
                counted["bytes_out_to_hosts"] += calls["bytes_out"]
    return counted


def _class_of(operation: str) -> Literal["free", "put_copy_post_list", "get_and_others"]:
    if operation.startswith(FREE_S3_REQUESTS):
        return "free"
    return "put_copy_post_list" if operation.startswith(DEARER_S3_REQUESTS) else "get_and_others"


def read_metrics(text: str) -> Metrics:
    """The metrics that a file tells.

    Raises:
        MetricsMalformed: It is not JSON, or breaks its schema.
    """
    try:
        document = json.loads(text)
        fault = first_fault(validator_of(schema_named("metrics")), document)
    except (ValueError, RecursionError) as error:
        raise MetricsMalformed(f"it is not JSON: {error}") from None
    if fault is not None:
        raise MetricsMalformed(f"{fault.pointer or '/'}: {fault.sentence}")
    metrics: Metrics = document
    return metrics
