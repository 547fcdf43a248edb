"""Coverage sweeps: their list, and the newest summary."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final

from console.reading import children, run_files
from console.reading.run_list import STATUS_OF_DEAD, WORKERS, started_of
from fleetdx import keys
from fleetdx.errors import RecordMissing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from console.context import Context

MOST: Final = 60
SECONDS: Final = 600
MOST_EXECUTIONS: Final = 200


def document(context: Context) -> dict[str, Any]:
    """At most the newest 60 sweeps, and the summary of the newest that has one."""
    known = _executions(context)
    stored = (name for name in context.deployment.data.directory(keys.SWEEPS).names if keys.RUN_PATTERN.fullmatch(name))
    names = sorted({*known, *stored}, reverse=True)[:MOST]
    with ThreadPoolExecutor(WORKERS) as pool:
        summaries = dict(zip(names, pool.map(lambda sweep: _summary(context, sweep), names), strict=True))
    latest = next((summaries[name] for name in names if summaries[name]), None)
    return {
        "sweeps": [_row(context, name, known.get(name), summaries[name]) for name in names],
        "latest": latest,
    }


def _executions(context: Context) -> dict[str, dict[str, Any]]:
    pages = (
        context.deployment.session.client("stepfunctions")
        .get_paginator("list_executions")
        .paginate(
            stateMachineArn=context.deployment.report_coverage,
            PaginationConfig={"PageSize": MOST_EXECUTIONS, "MaxItems": MOST_EXECUTIONS},
        )
    )
    listed = [children.listed(one) for page in pages for one in page["executions"]]
    return {one["name"]: one for one in listed if keys.RUN_PATTERN.fullmatch(one["name"])}


def _summary(context: Context, sweep: str) -> Any:  # noqa: ANN401 - a summary, or None
    def read() -> Any:  # noqa: ANN401 - as above
        try:
            return context.deployment.data.get_json(keys.coverage_out(sweep, "summary.json"))
        except RecordMissing:
            return None

    known = context.kept.get(("sweep", sweep), SECONDS, read)
    return known or read()


def _row(
    context: Context, sweep: str, execution: Mapping[str, Any] | None, summary: Mapping[str, Any] | None
) -> dict[str, Any]:
    status = execution["status"] if execution else "SUCCEEDED" if summary else STATUS_OF_DEAD
    prefix = keys.coverage_prefix(sweep)
    return {
        "sweep": sweep,
        "at": (summary or {}).get("started_at") or (execution or {}).get("started_at") or started_of(sweep),
        "status": status,
        "execution": execution["arn"] if execution else None,
        "counts": summary["totals"]["causes"] if summary else None,
        "totals": {name: summary["totals"][name] for name in TOTALS} if summary else None,
        "gaps": sum(not target["checked"] for target in summary["targets"]) if summary else None,
        "files": run_files.there(context.deployment.data, prefix, run_files.OF_SWEEPS),
    }


TOTALS: Final = ("instances", "running", "managed", "unmanaged")
