"""What a run has cost is gathered here: from its histories, and from whoever counted calls and functions."""

from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING, Any

from fleetdx.cost.metrics import (
    PLATFORM_LOG_BYTES,
    Basis,
    FleetSize,
    FunctionMetrics,
    LogBytes,
    Metrics,
    gb_seconds,
    s3_requests,
)

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    from types_boto3_stepfunctions.client import SFNClient
    from types_boto3_stepfunctions.type_defs import ExecutionListItemTypeDef

    from fleetdx.cli.deployments import Deployment

History = list[dict[str, Any]]
MOST_IN_A_PAGE = 1_000


def history_of(client: SFNClient, execution: str) -> History:
    """Every event of an execution."""
    pages = client.get_paginator("get_execution_history").paginate(
        executionArn=execution, PaginationConfig={"PageSize": MOST_IN_A_PAGE}
    )
    return [dict(event) for page in pages for event in page["events"]]


def executions_since(client: SFNClient, machine: str, moment: dt.datetime) -> list[ExecutionListItemTypeDef]:
    """A state machine's executions that were started at a moment or later.

    ListExecutions tells the most recent first (its reference), so that what 90 days have left is not read.
    """
    pages = client.get_paginator("list_executions").paginate(
        stateMachineArn=machine, PaginationConfig={"PageSize": MOST_IN_A_PAGE}
    )
    listed = (one for page in pages for one in page["executions"])
    return list(itertools.takewhile(lambda one: one["startDate"] >= moment, listed))


def map_items(client: SFNClient, executions: Iterable[str]) -> int:
    """Items of all Distributed Maps of executions: each is an execution of its own, whose events are not among them."""
    pages = client.get_paginator("list_map_runs")
    arns = [
        run["mapRunArn"] for arn in executions for page in pages.paginate(executionArn=arn) for run in page["mapRuns"]
    ]
    return sum(client.describe_map_run(mapRunArn=arn)["itemCounts"]["total"] for arn in arns)


def count_histories(histories: list[History], items: int) -> dict[str, int]:
    """What Step Functions bills: states entered and retries, and one state for each item of a Distributed Map."""
    events = [event for history in histories for event in history]
    entered = sum(event["type"].endswith("StateEntered") for event in events)
    scheduled = [event for event in events if event["type"] == "TaskScheduled"]
    lambdas = sum(event["taskScheduledEventDetails"]["resourceType"] == "lambda" for event in scheduled)
    retries = sum(event["type"] in {"TaskFailed", "TaskTimedOut"} for event in events)
    return {
        "executions": len(histories) + items,
        "history_events": len(events),
        "map_items": items,
        "state_transitions": entered + retries + items,
        "lambda_invocations": lambdas,
    }


def fleet_of(lines: Sequence[dict[str, Any]], home_region: str, batches: int = 0) -> FleetSize:
    """What a run was over, from the lines of its ledger or of its coverage.

    Of the ledger's account-regions, those in state `unsupported` were never to be entered.
    """
    instances = [line for line in lines if line["kind"] == "instance"]
    entered = [line for line in lines if line["kind"] == "account_region" and line.get("state") != "unsupported"]
    scanned = [line["region"] for line in instances if line.get("state") == "scanned"]
    return FleetSize(
        accounts=len({line["account"] for line in instances}),
        account_regions=len(entered),
        instances=len(instances),
        scanned=len(scanned),
        batches=batches,
        home_region=home_region,
        scanned_by_region={region: scanned.count(region) for region in sorted(set(scanned))},
    )


def lines_of(content: bytes) -> list[dict[str, Any]]:
    """JSON Lines as documents."""
    return [json.loads(line) for line in content.splitlines()]


def metrics_of(kind: str, run: str, fleet: FleetSize, counts: dict[str, int], deployment: Deployment) -> Metrics:
    """The document of a run that has ended."""
    counted = deployment.metrics() if deployment.metrics else None
    document: Any = {"schema": 1, "kind": kind, "run": run, "fleet": fleet, **counts}
    how: Basis = "not_counted"
    document |= {"functions": None, "aws_calls": None, "gb_seconds": None, "s3": None, "logs": None}
    if counted is not None:
        how = "measured"
        functions = {name: _function(usage) for name, usage in counted["functions"].items()}
        invocations = sum(function["invocations"] for function in functions.values())
        document |= {
            "functions": functions,
            "lambda_invocations": invocations,
            "gb_seconds": round(sum(function["gb_seconds"] for function in functions.values()), 6),
            "aws_calls": counted["aws_calls"],
            "s3": s3_requests(counted["aws_calls"]),
            "logs": LogBytes(
                functions=sum(function["log_bytes"] for function in functions.values()),
                platform=invocations * PLATFORM_LOG_BYTES,
            ),
        }
    platform: Basis = "estimated" if counted else "not_counted"
    basis: dict[str, Basis] = {"state_transitions": "measured", "map_items": "measured", "logs.platform": platform}
    document["basis"] = basis | dict.fromkeys(("aws_calls", "s3", "functions", "logs.functions"), how)
    metrics: Metrics = document
    return metrics


def _function(usage: dict[str, Any]) -> FunctionMetrics:
    return FunctionMetrics(
        invocations=usage["invocations"],
        failed=usage["failed"],
        memory_mb=usage["memory_mb"],
        billed_ms=usage["billed_ms"],
        gb_seconds=gb_seconds(usage["memory_mb"], usage["billed_ms"]),
        log_bytes=usage["log_bytes"],
    )


def as_text(metrics: Metrics) -> str:
    """The document as metrics.json has it."""
    return json.dumps(metrics, indent=2, sort_keys=True) + "\n"
