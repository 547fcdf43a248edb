"""`fleetdx scan`: start, resume or stop a run, follow it, bring its outputs home, and say how it ended."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from rich.console import Console

from fleetdx import keys
from fleetdx.bundles import current_bundle, read_catalog
from fleetdx.cli import runs
from fleetdx.cli.aws_refusals import left_alone
from fleetdx.cli.fault_table import tell_faults
from fleetdx.cli.imports import tell_import
from fleetdx.cli.outputs import alone_in, collect, save_histories
from fleetdx.cli.pages import finish_report
from fleetdx.cli.plan_table import plan_table
from fleetdx.cli.problems import EXIT_DONE, EXIT_ERROR, EXIT_FINDINGS, EXIT_INCOMPLETE, EXIT_INTERRUPTED, EXIT_USAGE
from fleetdx.cli.progress import reporter
from fleetdx.errors import RunStopped
from fleetdx.export_files import FILES
from fleetdx.failures import CaughtError, sentence_of
from fleetdx.models import SEVERITIES
from fleetdx.reporting.terminal import summary_table
from fleetdx.requests import profile_in, resolve_checks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from contextlib import AbstractContextManager

    from fleetdx.cli.deployments import Deployment
    from fleetdx.cli.presentation import Presentation
    from fleetdx.cli.runs import Run
    from fleetdx.models import Severity
    from fleetdx.plan import Plan
    from fleetdx.requests import ScanRequest
    from fleetdx.run_models import Summary


def scan(deployment: Deployment, request: ScanRequest, presentation: Presentation) -> int:
    """Run a scan to its end and return the exit code; Ctrl-C stops the run first."""
    check_selection(deployment, request)
    return follow(deployment, runs.start(deployment, request), presentation)


def resume(deployment: Deployment, run: str, presentation: Presentation) -> int:
    """Go on with a run that has died or was stopped, to its end; what has a verified result is not scanned again.

    A run that goes on by itself, because only who followed it has left, is followed again.
    """
    under_way = runs.under_way(deployment, run)
    if under_way is not None:
        Console(stderr=True).print("It has not ended; following it.", highlight=False)
    return follow(deployment, under_way or runs.resume(deployment, run), presentation)


def stop(deployment: Deployment, run: str, presentation: Presentation) -> int:
    """Stop a run: nothing of it goes on, and its ledger is closed. The run is incomplete, but the stop is done."""
    errors = Console(stderr=True)
    stopping = runs.stop(deployment, run)
    with errors.status(f"Stopping run {run}"), _left_alone(deployment, run, "--stop"):
        ended = _wait(deployment, stopping)
    if ended["status"] != "SUCCEEDED":
        return _tell_failure(run, ended, errors)
    told = json.loads(ended["output"])
    errors.print(f"Stopped run {run}: {told['stopped']} executions ended.", highlight=False)
    _tell_outcome(deployment, stopping, told["dry_run"], presentation)
    return EXIT_DONE


def follow(deployment: Deployment, run: Run, presentation: Presentation) -> int:
    """Follow an execution of a run to its end and tell how the run ended."""
    errors = Console(stderr=True)
    errors.print(f"Run {run.id}", highlight=False)
    try:
        with _left_alone(deployment, run.id, "--resume"):
            ended = _progress(deployment, run, errors)
            if ended.get("error") == RunStopped.__name__:
                ended = _wait_for_stop(deployment, run, ended)
    except KeyboardInterrupt:
        errors.print("Stopping the run; Ctrl-C again leaves it as it is.", highlight=False)
        with _left_alone(deployment, run.id, "--stop"):
            stop(deployment, run.id, presentation)
        return EXIT_INTERRUPTED
    if ended["status"] != "SUCCEEDED":
        directory = presentation.output / run.id / "executions"
        save_histories(deployment, run, directory)
        errors.print(f"Its history, for debugging: {directory}", highlight=False, soft_wrap=True)
        return _tell_failure(run.id, ended, errors)
    output = json.loads(ended["output"])
    return _tell_outcome(deployment, run, output["dry_run"], presentation, output.get("exported", []))


def check_selection(deployment: Deployment, request: ScanRequest) -> None:
    """Refuse an unknown profile, item or check before an execution is started for it.

    Raises:
        InvalidRequest: With the JSON pointer of the fault.
    """
    profiles = read_catalog(deployment.data, current_bundle(deployment.data))["profiles"]
    resolve_checks(request["checks"], profile_in(profiles, request["profile"]))


def _progress(deployment: Deployment, run: Run, console: Console) -> dict[str, Any]:
    progress, data, waits = runs.Progress(), deployment.data, deployment.pace.waits()
    with reporter(console) as show:
        while (state := runs.status(deployment, run))["status"] == runs.RUNNING:
            progress.update(data, run.id)
            show.show(progress.phase, progress)
            time.sleep(next(waits))
    return state


def _wait(deployment: Deployment, run: Run) -> dict[str, Any]:
    waits = deployment.pace.waits()
    while (state := runs.status(deployment, run))["status"] == runs.RUNNING:
        time.sleep(next(waits))
    return state


def _left_alone(deployment: Deployment, run: str, option: str) -> AbstractContextManager[None]:
    """Tell, where AWS refuses to let this command follow, how to come back to what goes on there without it."""
    again = f"fleetdx scan {option} {run}{deployment.asked_as}"
    return left_alone(deployment, f"What was started goes on without this command; come back to it: {again}")


def _wait_for_stop(deployment: Deployment, run: Run, ended: dict[str, Any]) -> dict[str, Any]:
    """Somebody else stopped the run: its report is made by the execution that does so."""
    stopping = runs.stopping(deployment, run.id)
    return ended if stopping is None else _wait(deployment, stopping)


def _tell_failure(run: str, ended: dict[str, Any], console: Console) -> int:
    told = CaughtError(Error=str(ended.get("error", "")), Cause=str(ended.get("cause") or "no cause is given"))
    console.print(
        f"fleetdx: run {run} ended as {ended['status']}: {told['Error']}: {sentence_of(told)}",
        highlight=False,
        markup=False,
        soft_wrap=True,
    )
    return EXIT_USAGE if ended.get("error") in runs.REFUSALS else EXIT_ERROR


def _tell_missing(exported: Iterable[Mapping[str, Any]], console: Console) -> None:
    for one in exported:
        if not one["is_written"]:
            names = " and ".join(FILES[one["export"]])
            console.print(f"Not written: {names} ({one['error']}). The report is whole.", highlight=False, markup=False)


def _tell_outcome(
    deployment: Deployment,
    run: Run,
    dry_run: bool,  # noqa: FBT001 - as the request has it
    presentation: Presentation,
    exported: Iterable[Mapping[str, Any]] = (),
) -> int:
    """Bring the run's outputs home and print its summary, or its plan; the exit code says what stands there."""
    if dry_run:
        plan: Plan = deployment.data.get_json(keys.out(run.id, "plan.json"))
        _print(presentation, dict(plan), lambda: Console().print(plan_table(plan, presentation.language)))
        return EXIT_INCOMPLETE if any(line["state"] == "scan_failed" for line in plan["not_entered"]) else EXIT_DONE
    again = f"The run has ended; bring it home: fleetdx report {run.id}{deployment.asked_as}"
    busy = Console(stderr=True).status("Bringing its outputs home")
    with left_alone(deployment, again), busy, alone_in(presentation.output / run.id):
        directory = collect(deployment, run, presentation.output)
        summary: Summary = json.loads((directory / "summary.json").read_text(encoding="utf-8"))
        finish_report(directory, read_catalog(deployment.data, summary["bundle"]), presentation.language)
    _tell_missing(exported, Console(stderr=True))
    if "security_hub" in summary:
        tell_import(summary["security_hub"], Console(stderr=True))
    tell_faults(deployment.faults() if deployment.faults else [], directory, Console(stderr=True))
    workbook = directory / "report.xlsx"
    table = summary_table(
        summary, directory / "report.html", presentation.language, workbook if workbook.exists() else None
    )
    _print(presentation, dict(summary), lambda: Console().print(table))
    return exit_code(summary, presentation.fail_on)


def _print(presentation: Presentation, document: dict[str, Any], show: Callable[[], None]) -> None:
    if presentation.as_json:
        print(json.dumps(document, ensure_ascii=False, indent=2))  # noqa: T201 - the command's answer
    else:
        show()


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
