"""`fleetdx scan`: start a run, follow it, bring its outputs home, and say how it ended."""

from __future__ import annotations

import json
import threading
import time
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from fleetdx import keys
from fleetdx.bundles import current_bundle, read_catalog
from fleetdx.cli import runs
from fleetdx.cli.outputs import collect, save_histories
from fleetdx.cli.problems import EXIT_DONE, EXIT_ERROR, EXIT_FINDINGS, EXIT_INCOMPLETE, EXIT_INTERRUPTED, EXIT_USAGE
from fleetdx.cli.progress import reporter
from fleetdx.failures import CaughtError, sentence_of
from fleetdx.models import SEVERITIES
from fleetdx.reporting.terminal import summary_table
from fleetdx.reporting.text import one_line
from fleetdx.requests import profile_in, resolve_checks

if TYPE_CHECKING:
    from fleetdx.cli.deployments import Deployment
    from fleetdx.cli.presentation import Presentation
    from fleetdx.cli.runs import Run
    from fleetdx.models import Severity, Summary
    from fleetdx.plan import Plan
    from fleetdx.requests import ScanRequest

SECONDS_BETWEEN_LOOKS = 0.5


def scan(deployment: Deployment, request: ScanRequest, presentation: Presentation) -> int:
    """Run a scan to its end and return the exit code; Ctrl-C stops the executions first."""
    errors = Console(stderr=True)
    check_selection(deployment, request)
    run = runs.start(deployment, request)
    try:
        ended = _follow(deployment, run, errors)
    except KeyboardInterrupt:
        # What the embedded AWS still had in hand ends in threads of its own; their last words help nobody.
        threading.excepthook = lambda _: None
        stopped = runs.stop(deployment, run)
        errors.print(f"Stopped run {run.id}: {stopped} executions ended.", highlight=False)
        return EXIT_INTERRUPTED
    if ended["status"] != "SUCCEEDED":
        directory = presentation.output / run.id / "executions"
        save_histories(deployment, run, directory)
        errors.print(f"Its history, for debugging: {directory}", highlight=False, soft_wrap=True)
        return _tell_failure(run, ended, errors)
    if request["dry_run"]:
        return _tell_plan(deployment, run, presentation)
    directory = collect(deployment, run, presentation.output)
    summary: Summary = json.loads((directory / "summary.json").read_text(encoding="utf-8"))
    if presentation.as_json:
        _print_json(dict(summary))
    else:
        Console().print(summary_table(summary, directory / "report.html", presentation.language))
    return exit_code(summary, presentation.fail_on)


def check_selection(deployment: Deployment, request: ScanRequest) -> None:
    """Refuse an unknown profile, item or check before an execution is started for it.

    Raises:
        InvalidRequest: With the JSON pointer of the fault.
    """
    profiles = read_catalog(deployment.data, current_bundle(deployment.data))["profiles"]
    resolve_checks(request["checks"], profile_in(profiles, request["profile"]))


def _follow(deployment: Deployment, run: Run, console: Console) -> dict[str, Any]:
    progress, data = runs.Progress(), deployment.data
    console.print(f"Run {run.id}", highlight=False)
    with reporter(console) as show:
        while True:
            state = runs.status(deployment, run)
            if state["status"] != runs.RUNNING:
                return state
            progress.update(data, run.id)
            show.show("Reporting" if progress.all_closed else "Scanning", progress)
            time.sleep(SECONDS_BETWEEN_LOOKS)


def _tell_failure(run: Run, ended: dict[str, Any], console: Console) -> int:
    told = CaughtError(Error=str(ended.get("error", "")), Cause=str(ended.get("cause") or "no cause is given"))
    console.print(
        f"fleetdx: run {run.id} ended as {ended['status']}: {told['Error']}: {sentence_of(told)}",
        highlight=False,
        markup=False,
        soft_wrap=True,
    )
    return EXIT_USAGE if ended.get("error") == "InvalidRequest" else EXIT_ERROR


def exit_code(summary: Summary, fail_on: Severity | None) -> int:
    """4 for a run with gaps, else 3 for findings at or above a severity, else 0.

    A gap comes first: without it nobody knows what was not found.
    """
    if summary["status"] == "incomplete":
        return EXIT_INCOMPLETE
    if fail_on is not None:
        counted = SEVERITIES[: SEVERITIES.index(fail_on) + 1]
        if any(summary["totals"]["findings"][severity] for severity in counted):
            return EXIT_FINDINGS
    return EXIT_DONE


def _tell_plan(deployment: Deployment, run: Run, presentation: Presentation) -> int:
    plan: Plan = deployment.data.get_json(keys.out(run.id, "plan.json"))
    if presentation.as_json:
        _print_json(dict(plan))
    else:
        _print_plan(plan)
    gaps = any(line["state"] == "scan_failed" for line in plan["not_entered"])
    return EXIT_INCOMPLETE if gaps else EXIT_DONE


def _print_plan(plan: Plan) -> None:
    console = Console()
    table = Table(title="Dry run: nothing was sent", title_justify="left", box=None, pad_edge=False)
    for title in ("Account", "Number", "Region"):
        table.add_column(title, overflow="fold")
    for title in ("To scan", "Commands"):
        table.add_column(title, justify="right")
    table.add_column("Not to scan")
    for target in plan["targets"]:
        others = ", ".join(f"{count} {state}" for state, count in target["others"].items())
        table.add_row(
            Text(one_line(target["account_name"])),
            target["account"],
            target["region"],
            str(target["to_scan"]),
            str(target["batches"]),
            others,
        )
    console.print(table)
    for line in plan["not_entered"]:
        console.print(
            one_line(f"Not entered: {line['account_name']} {line['account']} {line['region']}: {line['detail']}"),
            highlight=False,
            markup=False,
        )
    total = f"{plan['instances_to_scan']} instances would be scanned with {plan['commands']} commands."
    console.print(f"\n{total}", highlight=False)


def _print_json(document: dict[str, Any]) -> None:
    print(json.dumps(document, ensure_ascii=False, indent=2))  # noqa: T201 - the command's answer
