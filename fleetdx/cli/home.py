"""Runs of a deployed stack, brought home: whoever started them, their outputs are in its bucket."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from fleetdx import keys
from fleetdx.bundles import read_catalog
from fleetdx.cli.outputs import alone_in, download
from fleetdx.cli.pages import CATALOG
from fleetdx.cli.problems import UsageProblem
from fleetdx.errors import RecordMissing

if TYPE_CHECKING:
    from pathlib import Path

    from fleetdx.cli.stacks import Stack
    from fleetdx.run_models import Summary
    from fleetdx.storage import Bucket

LATEST = "latest"


def at_home(stack: Stack, output: Path, *runs: str) -> tuple[str, ...]:
    """The runs whose outputs lie in a directory; those of a deployed stack are downloaded into it first.

    Args:
        stack: The embedded AWS, whose runs lie here already, or a deployed one.
        output: The directory.
        runs: Their ids, or `latest`: here what was brought home last, of a deployed stack the newest that has ended.

    Returns:
        By what names they lie there.

    Raises:
        UsageProblem: A run has left no report in the bucket.
    """
    if not stack.is_deployed:
        return runs
    with stack.deployment() as deployment:
        return tuple(_brought(deployment.data, run, output) for run in runs)


def _brought(data: Bucket, run: str, output: Path) -> str:
    run_id = _newest(data) if run == LATEST else run
    if not keys.RUN_PATTERN.fullmatch(run_id):
        raise UsageProblem("RUN", f"{run_id!r} is no run; one is like 20261123T021500Z-3fa9c1")
    try:
        summary: Summary = data.get_json(keys.out(run_id, "summary.json"))
    except RecordMissing:
        raise UsageProblem("RUN", f"run {run_id} has left no report in s3://{data.name}") from None
    directory = output / run_id
    with alone_in(directory):
        if _summary_in(directory) != summary:
            download(data, run_id, directory)
            catalog = json.dumps(read_catalog(data, summary["bundle"]), ensure_ascii=False)
            (directory / CATALOG).write_text(catalog, encoding="utf-8")
    return run_id


def _newest(data: Bucket) -> str:
    runs = sorted(filter(keys.RUN_PATTERN.fullmatch, data.directory(keys.RUNS).names), reverse=True)
    ended = (run for run in runs if any(data.keys(keys.out(run, "summary.json"))))
    newest = next(ended, None)
    if newest is None:
        raise UsageProblem("RUN", f"no run has left a report in s3://{data.name}")
    return newest


def _summary_in(directory: Path) -> Summary | None:
    """The summary that lies here; a run that was resumed elsewhere has another by now."""
    if not (directory / CATALOG).is_file():
        return None
    try:
        summary: Summary = json.loads((directory / "summary.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return summary
