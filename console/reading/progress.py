"""How far a run is, as the page shows it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from console.reading.moments import moment
from console.reading.pace import Work, left
from fleetdx.cli import runs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fleetdx.cli.runs import Progress


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


def told_of(progress: Progress, phase: str, began: str | None) -> dict[str, Any]:
    """The figures of a run, with how long it may still take since its execution began."""
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
