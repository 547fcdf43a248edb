"""One run in full: its row, request, progress, executions, files and summary."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import TYPE_CHECKING, Any, Final

from console.problems import Problem, not_found
from console.reading import executions, run_files, run_list
from console.reading.moments import moment
from console.reading.pace import Work, left
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
    row = run_list.row(context, run, openings)
    stopping = _stopping(context, run)
    progress.update(data, run)
    phase = phase_of(row, progress, is_stopping=stopping is not None and not executions.is_over(stopping))
    began = openings[-1]["started_at"] if openings else None
    return {
        **row,
        "request": _request(context, run, openings),
        "progress": _progress(progress, phase, openings[0]["started_at"] if openings else None),
        "executions": {
            "main": openings[0] if openings else None,
            "openings": openings[::-1],
            "stopping": stopping,
            **(_children(context, run, began) if openings else {"targets": [], "batches": []}),
        },
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
    return None if found is None else {name: found[name] for name in LISTED}


LISTED: Final = ("arn", "name", "status", "started_at", "stopped_at", "machine")


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


def phase_of(row: Mapping[str, Any], progress: Progress, *, is_stopping: bool) -> str:
    """What a run does: starting, waiting, scanning, reporting, stopping or ended."""
    if is_stopping:
        return "stopping"
    if row["status"] != runs.RUNNING:
        return "ended"
    if progress.targets is None:
        return "starting"
    if progress.all_closed:
        return "reporting"
    return "waiting" if progress.waits_until else "scanning"


def _progress(progress: Progress, phase: str, began: str | None) -> dict[str, Any]:
    started = moment(began)
    estimate = None
    if phase == "scanning" and started is not None:
        own = {at: count for at, count in progress.done_at.items() if (moment(at) or started) >= started}
        work = Work(
            started,
            progress.targets,
            progress.targets_seen,
            progress.targets_done,
            progress.instances,
            own,
            progress.instances_done - sum(own.values()),
        )
        estimate = left(work, dt.datetime.now(dt.UTC))
    return {
        "phase": phase,
        "targets": progress.targets,
        "targets_done": progress.targets_done,
        "instances": progress.instances,
        "instances_done": progress.instances_done,
        "waits_until": progress.waits_until,
        "seconds_left": estimate.seconds if estimate else None,
        "seconds_left_low": estimate.low if estimate else None,
        "seconds_left_high": estimate.high if estimate else None,
    }


def _children(context: Context, run: str, began: str | None) -> dict[str, list[dict[str, Any]]]:
    return {
        name: [{**child, **place_of(child["name"])} for child in executions.since(deployment, machine, began, f"{run}-")]
        for deployment in (context.deployment,)
        for name, machine in (("targets", deployment.scan_target), ("batches", deployment.scan_batch))
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


def ledger(context: Context, run: str, wanted: Mapping[str, str], offset: int, limit: int) -> dict[str, Any]:
    """A part of a run's ledger: of its report where it has one, else what was written so far.

    Args:
        context: The deployment.
        run: The run.
        wanted: `state`, `account`, `region` and `search`, each as far as it is asked for.
        offset: How many lines are passed over.
        limit: How many are told at most.
    """
    lines = [line for line in _lines(context, checked(run)) if is_wanted(line, wanted)]
    return {"total": len(lines), "lines": lines[offset : offset + limit]}


def _lines(context: Context, run: str) -> list[dict[str, Any]]:
    data = context.deployment.data
    try:
        return data.get_lines(keys.out(run, "ledger.jsonl"))
    except RecordMissing:
        parts = list(data.keys(keys.ledger_prefix(run)))
        if not parts and not any(data.keys(keys.run_prefix(run))):
            raise not_found(f"Run {run}") from None
        return [line for stored in parts for line in data.get_lines(stored.key)]


def is_wanted(line: Mapping[str, Any], wanted: Mapping[str, str]) -> bool:
    """Whether a ledger line is asked for; `search` looks in ids, names, reason and sentence, whatever the case."""
    if any(wanted.get(name) and line[name] != wanted[name] for name in ("state", "account", "region")):
        return False
    text = (wanted.get("search") or "").casefold()
    searched = ("account", "account_name", "region", "instance", "instance_name", "ami", "reason", "detail")
    return not text or any(text in str(line[name] or "").casefold() for name in searched)
