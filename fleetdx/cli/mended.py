"""What became of the instances that a sweep has handed to ensure_ssm_ready."""

from __future__ import annotations

import datetime as dt
import json
import time
from typing import TYPE_CHECKING, Any, TypedDict

from rich.table import Table
from rich.text import Text

from fleetdx import executions, instance_records
from fleetdx.cli.runs import RUNNING
from fleetdx.coverage.lines import event_id_of
from fleetdx.reporting.text import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from fleetdx.cli.deployments import Deployment
    from fleetdx.coverage.models import CoverageLine
    from fleetdx.instance_records import InstanceRecord

SECONDS_UNTIL_TAKEN = 120.0
MOST_LATER = 5
"""Executions about one instance that can have begun after the one that is looked for."""


class Outcome(TypedDict):
    """How the execution of one instance ended; `not_taken` where none has begun within two minutes."""

    account: str
    region: str
    instance: str
    outcome: str
    reason: str
    detail: str


Outcomes = list[Outcome]


def follow(deployment: Deployment, lines: Sequence[CoverageLine], console: Console) -> Outcomes:
    """Wait until every execution has ended; Ctrl-C leaves them at work and tells what is known.

    An agent takes up to an hour to register, so on AWS this can last that long.
    """
    waiting = [line for line in lines if line["mendable"] and line["instance"] is not None]
    outcomes: Outcomes = []
    begun, waits = time.monotonic(), deployment.pace.waits()
    try:
        with console.status("") as status:
            while waiting:
                status.update(f"Mending: {len(outcomes)}/{len(outcomes) + len(waiting)} instances")
                is_late = time.monotonic() - begun > SECONDS_UNTIL_TAKEN
                looked = [(line, _outcome(deployment, line, is_late=is_late)) for line in waiting]
                outcomes += [outcome for _, outcome in looked if outcome is not None]
                waiting = [line for line, outcome in looked if outcome is None]
                time.sleep(max(next(waits), len(waiting) * deployment.pace.call) if waiting else 0)
    except KeyboardInterrupt:
        console.print("The executions go on; fleetdx coverage tells later what became of them.", highlight=False)
        outcomes += [_told(line, "running", "", "Its execution had not ended.") for line in waiting]
    return outcomes


def table(outcomes: Outcomes) -> Table:
    """The outcomes as a person reads them."""
    shown = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim", title_justify="left")
    shown.title = Text("Mending", "bold")
    for column in ("Instance", "Outcome", "What happened"):
        shown.add_column(column, overflow="fold")
    for outcome in outcomes:
        place = f"{outcome['account']}/{outcome['region']}/{outcome['instance']}"
        shown.add_row(
            Text(place), Text(f"{outcome['outcome']} ({outcome['reason']})"), Text(one_line(outcome["detail"]))
        )
    return shown


def _outcome(deployment: Deployment, line: CoverageLine, *, is_late: bool) -> Outcome | None:
    """How the execution that looks after an instance ended; None while it works, or has not begun."""
    record = instance_records.load(deployment.data, line["account"], line["region"], str(line["instance"])).record
    is_newer = record is not None and record["given"]["occurred_at"] >= line["at"]
    if not is_newer and not is_late:
        return None
    ended = _execution(deployment, line, record) if record is not None else None
    if not is_newer and not _was_at_work(ended, line["at"]):
        return _told(line, "not_taken", "", "No execution has begun for it.")
    if ended is None or ended["status"] == RUNNING:
        return None
    if ended["status"] != "SUCCEEDED":
        return _told(line, "failed", str(ended.get("error", ended["status"])), str(ended.get("cause", "")))
    output: dict[str, Any] = json.loads(ended["output"])
    return _told(line, output["outcome"], output["reason"], output.get("detail", ""))


def _was_at_work(execution: dict[str, Any] | None, at: str) -> bool:
    """Whether an execution that had begun before the sweep looked was still at work: then it covers what was found."""
    if execution is None:
        return False
    stopped = execution.get("stopDate")
    return stopped is None or stopped >= dt.datetime.fromisoformat(at)


def _execution(deployment: Deployment, line: CoverageLine, record: InstanceRecord) -> dict[str, Any] | None:
    """The execution that the sweep's event led to, or the last one where another covered it; None before it starts.

    What it changes is an event by itself, which leads to a later execution that finds nothing to do.
    """
    states = deployment.session.client("stepfunctions")
    last: dict[str, Any] | None = None
    for generation in range(record["generation"], max(record["generation"] - MOST_LATER, 0), -1):
        name = f"{line['account']}-{line['region']}-{line['instance']}-{generation}"
        arn = executions.execution_arn(deployment.events.ensure_ssm_ready, name)
        try:
            found: dict[str, Any] = dict(states.describe_execution(executionArn=arn))
        except states.exceptions.ExecutionDoesNotExist:
            continue
        last = last or found
        if json.loads(found["input"])["event_id"] == event_id_of(line):
            return found
    return last


def _told(line: CoverageLine, outcome: str, reason: str, detail: str) -> Outcome:
    return {
        "account": line["account"],
        "region": line["region"],
        "instance": str(line["instance"]),
        "outcome": outcome,
        "reason": reason,
        "detail": detail,
    }
