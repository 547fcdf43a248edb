"""One run in full: its row, request, progress, executions, files and summary."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from console.problems import Problem, not_found
from console.reading import children, executions, run_files, run_list
from console.reading import progress as progress_of
from fleetdx import keys
from fleetdx.cli import runs
from fleetdx.errors import RecordMissing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from console.context import Context
    from fleetdx.cli.runs import Progress

CHILD: Final = re.compile(
    r"^[0-9]{8}T[0-9]{6}Z-[0-9a-f]{6}(?:-(?P<opening>[0-9]{1,4}))?-(?P<account>[0-9]{12})"
    r"-(?P<region>[a-z]{2}(?:-[a-z]+)+-[0-9])(?:-(?P<batch>.+))?$"
)
SECONDS_KEPT: Final = 3_600


def checked(run: str) -> str:
    """A run's id as it stands. Raises Problem where it is none."""
    if keys.RUN_PATTERN.fullmatch(run) is None:
        raise not_found("A run of that name")
    return run


def document(context: Context, run: str) -> dict[str, Any]:
    """Everything about a run but its ledger and results; at most as old as the time between two looks.

    Raises:
        Problem: There is no such run.
    """
    openings = run_list.executions_by_run(context.deployment).get(checked(run), [])
    if not openings and not any(context.deployment.data.keys(keys.run_prefix(run))):
        raise not_found(f"Run {run}")
    latest = openings[0]["arn"] if openings else ""
    pause = context.seconds_between_looks * 0.9
    return context.followed.document(run, latest, pause, lambda progress: _read(context, run, openings, progress))


def _read(context: Context, run: str, openings: list[dict[str, Any]], progress: Progress) -> dict[str, Any]:
    data = context.deployment.data
    # Before the row: what a stop has left is there once it has ended.
    stopping = _stopping(context, run)
    row = run_list.row(context, run, openings)
    progress.update(data, run)
    phase = progress_of.phase_of(row, progress, is_stopping=stopping is not None and not executions.is_over(stopping))
    return {
        **row,
        "request": _request(context, run, openings),
        "progress": progress_of.told_of(progress, phase, openings[0]["started_at"] if openings else None),
        "executions": {"stopping": stopping, **_executions(context, run, openings)},
        "files": run_files.there(data, keys.run_prefix(run), run_files.OF_RUNS),
        "summary": _stored(context, keys.out(run, "summary.json")) if row["counts"] is not None else None,
        "plan": _stored(context, keys.out(run, "plan.json")) if row["dry_run"] else None,
    }


def _stored(context: Context, key: str) -> Any:  # noqa: ANN401 - a document of ours
    try:
        return context.deployment.data.get_json(key)
    except RecordMissing:
        return None


def _stopping(context: Context, run: str) -> dict[str, Any] | None:
    stopping = runs.stopping(context.deployment, run)
    if stopping is None:
        return None
    client = context.deployment.session.client("stepfunctions")
    found = executions.described_or_none(client, stopping.execution)
    return None if found is None else {name: found[name] for name in executions.LISTED}


def _request(context: Context, run: str, openings: Iterable[Mapping[str, Any]]) -> Any:  # noqa: ANN401 - as it was given
    """The request as it was validated; else as it was given."""
    validated = _stored(context, keys.request(run))
    if validated is not None:
        return validated["request"]
    client = context.deployment.session.client("stepfunctions")
    for opening in openings:
        described = executions.described_or_none(client, opening["arn"])
        try:
            return json.loads((described or {}).get("input") or "null")
        except ValueError:
            return None
    return None


def _executions(context: Context, run: str, openings: list[dict[str, Any]]) -> dict[str, Any]:
    """The executions of a run: of scan_fleet as its openings, the last one as the main one, and their children."""
    deployment, prefix = context.deployment, f"{run}-"
    if openings:
        began = openings[-1]["started_at"]
        targets = children.since(deployment, deployment.scan_target, began, prefix)
        batches = children.since(deployment, deployment.scan_batch, began, prefix)
    else:
        # Step Functions has forgotten them, or the embedded AWS has ended since; they do not change any more.
        kept = context.kept.get(("kept", run), SECONDS_KEPT, lambda: executions.kept_of_run(deployment.data, run))
        openings = [one for one in kept if one["machine"] == deployment.scan_fleet][::-1]
        targets = [one for one in kept if one["machine"] == deployment.scan_target]
        batches = [one for one in kept if one["machine"] == deployment.scan_batch]
    return {
        "main": openings[0] if openings else None,
        "openings": openings[::-1],
        "targets": [{**one, **place_of(one["name"])} for one in targets],
        "batches": [{**one, **place_of(one["name"])} for one in batches],
    }


def place_of(name: str) -> dict[str, Any]:
    """The account, region and, of a batch, its number, that an execution's name holds."""
    found = CHILD.fullmatch(name)
    if found is None:
        return {"account": None, "region": None}
    place = {"account": found["account"], "region": found["region"]}
    return {**place, "batch": found["batch"]} if found["batch"] else place


def stop(context: Context, run: str) -> dict[str, Any]:
    """Stop a run that has not ended; the execution that does so is told.

    Raises:
        Problem: There is no such run, or it has ended.
    """
    openings = run_list.executions_by_run(context.deployment).get(checked(run), [])
    if not openings:
        raise not_found(f"Run {run}")
    if executions.is_over(openings[0]):
        raise Problem(409, "RunEnded", f"Run {run} has ended as {openings[0]['status']}; there is nothing to stop.")
    return {"execution": runs.stop(context.deployment, run).execution}
