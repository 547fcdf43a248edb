"""A metrics.json of a made-up run, small enough to price by hand."""

from __future__ import annotations

import copy
from typing import Any

COUNTED: dict[str, Any] = {
    "schema": 1,
    "kind": "scan",
    "run": "20261126T120000Z-abcdef",
    "fleet": {
        "accounts": 1,
        "account_regions": 2,
        "instances": 5,
        "scanned": 4,
        "batches": 2,
        "home_region": "us-east-1",
        "scanned_by_region": {"us-east-1": 3, "ap-northeast-2": 1},
    },
    "executions": 5,
    "history_events": 200,
    "map_items": 2,
    "state_transitions": 1000,
    "lambda_invocations": 10,
    "gb_seconds": 1.5,
    "functions": {
        "fleetdx-check-command": {
            "invocations": 6,
            "failed": 0,
            "memory_mb": 256,
            "billed_ms": 2000,
            "gb_seconds": 0.5,
            "log_bytes": 500,
        },
        "fleetdx-upload-results": {
            "invocations": 4,
            "failed": 1,
            "memory_mb": 1024,
            "billed_ms": 1000,
            "gb_seconds": 1.0,
            "log_bytes": 500,
        },
    },
    "aws_calls": {
        "control_plane": {
            "ssm:SendCommand": {"calls": 2, "bytes_in": 10, "bytes_out": 10},
            "sts:AssumeRole": {"calls": 7, "bytes_in": 10, "bytes_out": 10},
            "s3:PutObject": {"calls": 30, "bytes_in": 3000, "bytes_out": 0},
            "s3:GetObject": {"calls": 20, "bytes_in": 0, "bytes_out": 2000},
        },
        "operator": {
            "sts:AssumeRole": {"calls": 1, "bytes_in": 1, "bytes_out": 1},
            "s3:GetObject": {"calls": 5, "bytes_in": 0, "bytes_out": 500},
        },
        "hosts": {
            "s3:GetObject": {"calls": 4, "bytes_in": 0, "bytes_out": 4000},
            "s3:PostObject": {"calls": 4, "bytes_in": 400, "bytes_out": 0},
        },
        "deliveries": {},
        "refused": {},
        "totals": {"calls": 67, "bytes_in": 3420, "bytes_out": 6020},
    },
    "s3": {
        "put_copy_post_list": 34,
        "get_and_others": 19,
        "free": 0,
        "bytes_in": 3400,
        "bytes_out": 5500,
        "bytes_out_to_hosts": 4000,
    },
    "logs": {"functions": 1000, "platform": 3000},
    "basis": {
        "state_transitions": "measured",
        "map_items": "measured",
        "functions": "measured",
        "aws_calls": "measured",
        "s3": "measured",
        "logs.functions": "measured",
        "logs.platform": "estimated",
    },
}


def run_metrics(**changes: Any) -> Any:
    """The document, with some of its fields as given."""
    return {**copy.deepcopy(COUNTED), **changes}
