"""`fleetdx coverage`: start a sweep, follow it, bring its outputs home, and say which instances are not managed."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rich.console import Console

from fleetdx import keys
from fleetdx.cli import mended, metrics
from fleetdx.cli.aws_refusals import left_alone
from fleetdx.cli.outputs import keep, point_latest
from fleetdx.cli.problems import (
    EXIT_DONE,
    EXIT_ERROR,
    EXIT_FINDINGS,
    EXIT_INCOMPLETE,
    EXIT_INTERRUPTED,
    EXIT_USAGE,
    UsageProblem,
)
from fleetdx.cli.progress import reporter
from fleetdx.cli.runs import RUNNING, Progress, new_run_id
from fleetdx.coverage.feed import CHANGES, SNAPSHOT
from fleetdx.coverage.requests import CoverageRequest, complete_coverage_request
from fleetdx.errors import InvalidRequest
from fleetdx.failures import CaughtError, sentence_of
from fleetdx.reporting.coverage.html import render_coverage
from fleetdx.reporting.coverage.terminal import coverage_table

if TYPE_CHECKING:
    from pathlib import Path

    from types_boto3_stepfunctions.type_defs import DescribeExecutionOutputTypeDef

    from fleetdx.cli.deployments import Deployment
    from fleetdx.coverage.models import CoverageLine, CoverageSummary
    from fleetdx.models import Language

OUTPUTS = ("summary.json", "coverage.jsonl", "coverage.csv", CHANGES, SNAPSHOT, "coverage.html")


@dataclass(frozen=True)
class CoverageOptions:
    """The options that say where to look and what to do."""

    accounts: tuple[str, ...] = ()
    organizational_units: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    mend: bool = False


@dataclass(frozen=True)
class CoveragePresentation:
    """How the outcome is told: `fails_on_unmanaged` makes the exit code 3 where an instance needs looking after."""

    output: Path
    as_json: bool
    language: Language
    fails_on_unmanaged: bool


def request_of(options: CoverageOptions, regions: tuple[str, ...]) -> CoverageRequest:
    """The completed request that the options mean.

    Raises:
        UsageProblem: Options contradict each other.
        InvalidRequest: The request has a fault, with its JSON pointer.
    """
    if options.accounts and options.organizational_units:
        raise UsageProblem("--account, --organizational-unit", "give one of them; a sweep has one scope")
    scope: dict[str, Any] = {"organization": True}
    if options.accounts:
        scope = {"accounts": list(options.accounts)}
    elif options.organizational_units:
        scope = {"organizational_units": list(options.organizational_units)}
    given = {"regions": list(options.regions)} if options.regions else {}
    return complete_coverage_request({"scope": scope, "mend": options.mend, **given}, regions)


def cover(deployment: Deployment, request: CoverageRequest, presentation: CoveragePresentation) -> int:
    """Run a sweep to its end and return the exit code; Ctrl-C stops it: what it has not handed on yet it will not."""
    errors = Console(stderr=True)
    sweep = new_run_id()
    states = deployment.session.client("stepfunctions")
    execution = states.start_execution(
        stateMachineArn=deployment.report_coverage, name=sweep, input=json.dumps(request)
    )["executionArn"]
    errors.print(f"Sweep {sweep}", highlight=False)
    try:
        ended = _followed(deployment, sweep, execution, errors)
    except KeyboardInterrupt:
        states.stop_execution(executionArn=execution, cause="Ctrl-C in fleetdx coverage")
        errors.print(f"Stopped sweep {sweep}.", highlight=False)
        return EXIT_INTERRUPTED
    if ended["status"] != "SUCCEEDED":
        return _tell_failure(sweep, dict(ended), errors)
    directory = _collect(deployment, sweep, presentation)
    summary: CoverageSummary = json.loads((directory / "summary.json").read_text(encoding="utf-8"))
    outcomes = mended.follow(deployment, _lines(directory), errors) if request["mend"] else None
    _measure(deployment, sweep, ended, directory)
    _tell(summary, directory, outcomes, presentation)
    return exit_code(summary, fails_on_unmanaged=presentation.fails_on_unmanaged)


def _followed(deployment: Deployment, sweep: str, execution: str, errors: Console) -> DescribeExecutionOutputTypeDef:
    """What Step Functions says of the execution when it has ended; its progress is shown meanwhile."""
    states, progress, waits = deployment.session.client("stepfunctions"), SweepProgress(), deployment.pace.waits()
    where = f"s3://{deployment.data_bucket}/{keys.coverage_prefix(sweep)}"
    left = left_alone(deployment, f"Sweep {sweep} goes on without this command and leaves its outputs in {where}")
    with reporter(errors) as show, left:
        while (ended := states.describe_execution(executionArn=execution))["status"] == RUNNING:
            progress.update(deployment, sweep)
            show.show("Reporting" if progress.all_closed else "Looking", progress)
            time.sleep(next(waits))
    return ended


class SweepProgress(Progress):
    """How far a sweep is, from what it has written so far."""

    def update(self, deployment: Deployment, sweep: str) -> None:  # type: ignore[override]  # another kind of run
        """Read what is new in the sweep's records; each part is read once."""
        data, prefix = deployment.data, keys.coverage_prefix(sweep)
        parts = [*data.keys(f"{prefix}parts/"), *data.keys(f"{prefix}failures/")]
        if self.targets is None:
            if not any(data.keys(keys.coverage_targets(sweep))):
                return
            # What lies there before anybody has looked is of accounts that nobody can enter.
            self._read |= {stored.key for stored in parts}
            self.targets = len(data.get_json(keys.coverage_targets(sweep)))
            return
        for stored in parts:
            if stored.key in self._read:
                continue
            self._read.add(stored.key)
            self.targets_done = min(self.targets_done + 1, self.targets)
            if stored.key.endswith(".jsonl"):
                self.instances += sum(part["line"]["instance"] is not None for part in data.get_lines(stored.key))
                self.instances_done = self.instances


def exit_code(summary: CoverageSummary, *, fails_on_unmanaged: bool) -> int:
    """4 where an account-region could not be looked at, else 3 for unmanaged instances if asked for, else 0."""
    if summary["status"] == "incomplete":
        return EXIT_INCOMPLETE
    return EXIT_FINDINGS if fails_on_unmanaged and summary["totals"]["unmanaged"] else EXIT_DONE


def _collect(deployment: Deployment, sweep: str, presentation: CoveragePresentation) -> Path:
    """Download everything of a finished sweep into `coverage/<sweep>`; `coverage/latest` points at it."""
    home = presentation.output / "coverage"
    directory = home / sweep
    directory.mkdir(parents=True, exist_ok=True)
    for name in OUTPUTS:
        (directory / name).write_bytes(deployment.data.get(keys.coverage_out(sweep, name)))
    if presentation.language != "en":
        summary: CoverageSummary = json.loads((directory / "summary.json").read_text(encoding="utf-8"))
        page = render_coverage(summary, _lines(directory), presentation.language)
        (directory / "coverage.html").write_text(page, encoding="utf-8")
    point_latest(home, sweep)
    return directory


def _measure(deployment: Deployment, sweep: str, ended: DescribeExecutionOutputTypeDef, directory: Path) -> None:
    """Write what the sweep cost, with what mending has led to by now, beside its outputs and in S3."""
    client = deployment.session.client("stepfunctions")
    mending = metrics.executions_since(client, deployment.events.ensure_ssm_ready, ended["startDate"])
    arns = [ended["executionArn"], *(one["executionArn"] for one in mending)]
    histories = [metrics.history_of(client, arn) for arn in arns]
    counts = metrics.count_histories(histories, metrics.map_items(client, [ended["executionArn"]]))
    fleet = metrics.fleet_of(metrics.lines_of((directory / "coverage.jsonl").read_bytes()), deployment.home_region)
    text = metrics.as_text(metrics.metrics_of("coverage", sweep, fleet, counts, deployment))
    (directory / "metrics.json").write_text(text, encoding="utf-8")
    keep(deployment.data, keys.coverage_out(sweep, "metrics.json"), text)


def _lines(directory: Path) -> list[CoverageLine]:
    return [json.loads(line) for line in (directory / "coverage.jsonl").read_bytes().splitlines()]


def _tell(
    summary: CoverageSummary, directory: Path, outcomes: mended.Outcomes | None, presentation: CoveragePresentation
) -> None:
    if presentation.as_json:
        document = dict(summary) if outcomes is None else {**summary, "mending": outcomes}
        print(json.dumps(document, ensure_ascii=False, indent=2))  # noqa: T201 - the command's answer
        return
    console = Console()
    console.print(coverage_table(summary, str(directory / "coverage.html"), presentation.language))
    if outcomes is not None:
        console.print(mended.table(outcomes))


def _tell_failure(sweep: str, ended: dict[str, Any], console: Console) -> int:
    told = CaughtError(Error=str(ended.get("error", "")), Cause=str(ended.get("cause") or "no cause is given"))
    console.print(
        f"fleetdx: sweep {sweep} ended as {ended['status']}: {told['Error']}: {sentence_of(told)}",
        highlight=False,
        markup=False,
        soft_wrap=True,
    )
    return EXIT_USAGE if told["Error"] == InvalidRequest.__name__ else EXIT_ERROR
