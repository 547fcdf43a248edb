"""The list of runs: from the data bucket and from Step Functions, each run once, the newest first."""

from __future__ import annotations

import datetime as dt
import re
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final

from console.reading import children, executions
from console.reading.moments import moment, told
from fleetdx import keys
from fleetdx.errors import RecordMissing
from fleetdx.run_ids import run_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from console.context import Context
    from fleetdx.cli.deployments import Deployment

MOST: Final = 200
MOST_EXECUTIONS: Final = 1_000
WORKERS: Final = 8
SECONDS_UNTIL_SETTLED: Final = 600
"""A run that ended so long ago changes no more, unless it is resumed."""
RESUMED: Final = re.compile(r"^(?P<run>[0-9]{8}T[0-9]{6}Z-[0-9a-f]{6})-resume-[0-9a-f]{6}$")
STATUS_OF_DEAD: Final = "ABORTED"


def rows(context: Context) -> list[dict[str, Any]]:
    """At most the newest 200 runs, one row each."""
    known = executions_by_run(context.deployment)
    stored = context.deployment.data.directory(keys.RUNS).names
    names = sorted({*known, *(name for name in stored if keys.RUN_PATTERN.fullmatch(name))}, reverse=True)[:MOST]
    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(lambda run: row(context, run, known.get(run, [])), names))


def executions_by_run(deployment: Deployment) -> dict[str, list[dict[str, Any]]]:
    """The newest executions of scan_fleet by the run that they work on, the newest of each first."""
    pages = (
        deployment.session.client("stepfunctions")
        .get_paginator("list_executions")
        .paginate(
            stateMachineArn=deployment.scan_fleet,
            PaginationConfig={"PageSize": children.LARGEST_PAGE, "MaxItems": MOST_EXECUTIONS},
        )
    )
    found: dict[str, list[dict[str, Any]]] = {}
    for page in pages:
        for one in page["executions"]:
            found.setdefault(run_of(one), []).append(children.listed(one))
    return found


def run_of(execution: Mapping[str, Any]) -> str:
    """The run that an execution of scan_fleet works on; of one started by hand, what ValidateRequest makes of it."""
    resumed = RESUMED.fullmatch(execution["name"])
    if resumed:
        return resumed["run"]
    started = str(told(execution["startDate"]))
    return run_id({"id": execution["executionArn"], "name": execution["name"], "started_at": started})


def row(context: Context, run: str, its_executions: list[dict[str, Any]]) -> dict[str, Any]:
    """One run as the list shows it; read once where it changes no more."""
    latest = its_executions[0] if its_executions else None
    ended = latest is None or executions.is_over(latest)
    settled = ended and is_settled(run, latest)
    key = ("row", run, latest["arn"] if latest else None)
    return dict(context.kept.get(key, 86_400 if settled else 0, lambda: _row(context, run, its_executions)))


def is_settled(run: str, latest: Mapping[str, Any] | None) -> bool:
    """Whether a run that has ended did so long ago."""
    ended = moment((latest or {}).get("stopped_at")) or moment(started_of(run))
    return ended is not None and (dt.datetime.now(dt.UTC) - ended).total_seconds() > SECONDS_UNTIL_SETTLED


def started_of(run: str) -> str:
    """When a run began, by its id."""
    return f"{run[0:4]}-{run[4:6]}-{run[6:8]}T{run[9:11]}:{run[11:13]}:{run[13:15]}.000Z"


def _row(context: Context, run: str, its_executions: list[dict[str, Any]]) -> dict[str, Any]:
    data = context.deployment.data
    there = {stored.key for stored in data.directory(keys.run_prefix(run)).objects}
    summary = _document(context, keys.out(run, "summary.json"), there)
    request = summary["request"] if summary else (_document(context, keys.request(run), there) or {}).get("request")
    latest = its_executions[0] if its_executions else None
    status = latest["status"] if latest else "SUCCEEDED" if summary else STATUS_OF_DEAD
    stopped = keys.stop_mark(run) in there
    return {
        "run": run,
        "status": status,
        "started_at": its_executions[-1]["started_at"] if its_executions else started_of(run),
        "stopped_at": latest["stopped_at"] if latest else (summary or {}).get("finished_at"),
        **scope_of(request),
        "profile": (request or {}).get("profile"),
        "dry_run": bool((request or {}).get("dry_run")),
        **figures(summary, stopped=stopped, ended=status != "RUNNING"),
    }


def _document(context: Context, key: str, there: set[str]) -> dict[str, Any] | None:
    if key not in there:
        return None
    try:
        document: dict[str, Any] = context.deployment.data.get_json(key)
    except RecordMissing:
        return None
    return document


def figures(summary: Mapping[str, Any] | None, *, stopped: bool, ended: bool) -> dict[str, Any]:
    """How a run came out, in figures; all null where there is no report yet."""
    if summary is None or not ended:
        outcome = "stopped" if stopped and ended else None
        return {"outcome": outcome, "counts": None, "gaps": None, "score": None, "findings": None}
    totals = summary["totals"]
    return {
        "outcome": "stopped" if stopped else summary["status"],
        "counts": totals["states"],
        "gaps": len(summary["gaps"]),
        "score": summary.get("score", {}).get("value"),
        "findings": totals["findings"],
    }


def scope_of(request: Mapping[str, Any] | None) -> dict[str, Any]:
    """What a request is over: in one line, and by kind and names for whoever says it in another language."""
    scope = (request or {}).get("scope") or {}
    if not scope:
        return {"scope": "", "scope_kind": None, "scope_names": []}
    ((kind, value),) = list(scope.items())[:1]
    names = [str(name) for name in value] if isinstance(value, list) else []
    line = f"{kind}: {', '.join(names)}" if names else str(kind)
    return {"scope": line, "scope_kind": kind, "scope_names": names}
