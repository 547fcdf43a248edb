"""The executions that an execution has started, and how lists show executions."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from console.reading.moments import told

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fleetdx.cli.deployments import Deployment

LARGEST_PAGE: Final = 1_000
"""GetExecutionHistory and ListExecutions give no more at a time (Step Functions' API reference)."""
MOST: Final = 5_000
RUN_ID_CHARACTERS: Final = 23


def listed(execution: Mapping[str, Any]) -> dict[str, Any]:
    """An execution as lists show it."""
    return {
        "arn": execution["executionArn"],
        "name": execution["name"],
        "status": execution["status"],
        "started_at": told(execution["startDate"]),
        "stopped_at": told(execution.get("stopDate")),
        "machine": execution["stateMachineArn"],
    }


def of(
    deployment: Deployment, execution: Mapping[str, Any], events: Iterable[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """The executions that an execution has started: by its tasks, and by our Maps, whose items have names of ours."""
    found = {child["arn"]: child for child in started_by(events)}
    for machine, state, prefix in named_after(deployment, execution):
        for child in since(deployment, machine, execution["started_at"], prefix):
            found[child["arn"]] = {**child, "state": state}
    return list(found.values())[:MOST]


def named_after(deployment: Deployment, execution: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """The machine, Map state and prefix of the names of an execution's children."""
    if execution["machine"] == deployment.scan_fleet:
        return [(deployment.scan_target, "ScanTargets", f"{execution['name'][:RUN_ID_CHARACTERS]}-")]
    if execution["machine"] == deployment.scan_target:
        return [(deployment.scan_batch, "ScanBatches", f"{execution['name']}-")]
    return []


def since(deployment: Deployment, machine: str, started_at: str | None, prefix: str) -> list[dict[str, Any]]:
    """A machine's executions of a name's beginning that started at a moment or later, by name.

    Lists come the newest first, so that those of last month are not asked for.
    """
    pages = (
        deployment.session.client("stepfunctions")
        .get_paginator("list_executions")
        .paginate(stateMachineArn=machine, PaginationConfig={"PageSize": LARGEST_PAGE})
    )
    found: list[dict[str, Any]] = []
    for page in pages:
        for one in page["executions"]:
            if started_at is not None and str(told(one["startDate"])) < started_at:
                return sorted(found, key=lambda child: str(child["name"]))
            if one["name"].startswith(prefix):
                found.append(listed(one))
    return sorted(found, key=lambda child: str(child["name"]))


def started_by(events: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The executions that tasks have started, as their answers name them; what became of them is not asked."""
    found: dict[str, dict[str, Any]] = {}
    for event in events:
        for details in ("taskSubmittedEventDetails", "taskSucceededEventDetails"):
            output = event.get(details, {}).get("output")
            if not output or event[details].get("resourceType") != "states":
                continue
            try:
                answer = json.loads(output)
                arn = str(answer["ExecutionArn"])
            except (ValueError, KeyError, TypeError):
                continue
            status = str(answer.get("Status") or "RUNNING")
            found[arn] = {"arn": arn, "name": arn.rpartition(":")[2], "status": status, "state": None}
    return list(found.values())
