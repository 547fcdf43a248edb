"""What a run leaves in a directory: its summary, ledger, results, report, histories and metrics."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from fleetdx import keys
from fleetdx.cli import runs

if TYPE_CHECKING:
    from pathlib import Path

    from fleetdx.cli.deployments import Deployment
    from fleetdx.cli.runs import Run

REPORT_FILES = ("summary.json", "ledger.jsonl", "results.jsonl", "report.html")


def collect(deployment: Deployment, run: Run, directory: Path) -> Path:
    """Download everything of a finished run into `directory/<run>` and point `directory/latest` at it.

    Returns:
        The run's directory.

    Raises:
        RecordMissing: The run has left no report.
    """
    target = directory / run.id
    target.mkdir(parents=True, exist_ok=True)
    for name in REPORT_FILES:
        (target / name).write_bytes(deployment.data.get(keys.out(run.id, name)))
    histories = save_histories(deployment, run, target / "executions")
    metrics = count_metrics(histories) | (deployment.metrics() if deployment.metrics else {})
    text = json.dumps(metrics, indent=2, sort_keys=True)
    (target / "metrics.json").write_text(f"{text}\n", encoding="utf-8")
    deployment.data.put(keys.out(run.id, "metrics.json"), text.encode(), "application/json")
    point_latest(directory, run.id)
    return target


def point_latest(directory: Path, run: str) -> None:
    """Let `directory/latest` lead to a run's outputs, at once: it is never absent in between."""
    pointer = directory / f".latest-{run}"
    pointer.symlink_to(run)
    pointer.replace(directory / "latest")


def save_histories(deployment: Deployment, run: Run, directory: Path) -> list[list[dict[str, Any]]]:
    """Write one JSON file an execution of the run: what it is, and all its events."""
    client = deployment.session.client("stepfunctions")
    directory.mkdir(parents=True, exist_ok=True)
    histories = []
    arns = [run.execution, *(child["executionArn"] for child in runs.children(deployment, run))]
    for arn in arns:
        execution = dict(client.describe_execution(executionArn=arn))
        pages = client.get_paginator("get_execution_history").paginate(executionArn=arn)
        events: list[dict[str, Any]] = [dict(event) for page in pages for event in page["events"]]
        histories.append(events)
        execution.pop("ResponseMetadata", None)
        text = json.dumps({"execution": execution, "events": events}, indent=1, default=_as_text)
        name = f"{execution['name']}.json"
        (directory / name).write_text(text, encoding="utf-8")
        deployment.data.put(keys.out(run.id, f"executions/{name}"), text.encode(), "application/json")
    return histories


def _as_text(value: object) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def count_metrics(histories: list[list[dict[str, Any]]]) -> dict[str, Any]:
    """State transitions (what Step Functions bills: states entered, retries included) and Lambda invocations."""
    events = [event for history in histories for event in history]
    entered = sum(event["type"].endswith("StateEntered") for event in events)
    scheduled = [event for event in events if event["type"] == "TaskScheduled"]
    lambdas = sum(event["taskScheduledEventDetails"]["resourceType"] == "lambda" for event in scheduled)
    retries = sum(event["type"] in {"TaskFailed", "TaskTimedOut"} for event in events)
    return {
        "executions": len(histories),
        "history_events": len(events),
        "state_transitions": entered + retries,
        "lambda_invocations": lambdas,
    }
