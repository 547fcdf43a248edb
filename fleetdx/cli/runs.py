"""A run seen from outside: start it, follow it, stop it. The same calls for an embedded and a deployed stack."""

from __future__ import annotations

import datetime as dt
import json
import secrets
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from fleetdx import executions, keys
from fleetdx.cli import metrics
from fleetdx.cli.proving import prove
from fleetdx.errors import InvalidRequest, OperatorsUnreadable, RecordMissing, RequesterRefused, RunOpen
from fleetdx.openings import openings

if TYPE_CHECKING:
    from fleetdx.cli.deployments import Deployment
    from fleetdx.requests import ScanRequest
    from fleetdx.storage import Bucket

RUNNING = "RUNNING"
REFUSALS = frozenset(one.__name__ for one in (InvalidRequest, RunOpen, RequesterRefused, OperatorsUnreadable))
"""Errors of what was not started: the person who asked has to ask otherwise."""
MOST_SKEW = dt.timedelta(minutes=15)
"""A run's id is of the clock of whoever started it; AWS answers nobody whose clock differs by more than this."""


@dataclass(frozen=True)
class Run:
    """A run and the ARN of the execution that works on it here: of scan_fleet, or of stop_scan."""

    id: str
    execution: str


@dataclass
class Progress:
    """How far a run is, from what it has written so far.

    Attributes:
        targets: Account-regions to scan; None until they are listed.
        targets_seen: How many of them are known by their instances.
        targets_done: How many are closed.
        instances: Instances discovered so far.
        instances_done: How many have a ledger line.
        waits_until: The moment (RFC 3339) at which the next window opens; None while the run works.
        done_at: How many instances got their ledger line at which moment (RFC 3339).
    """

    targets: int | None = None
    targets_seen: int = 0
    targets_done: int = 0
    instances: int = 0
    instances_done: int = 0
    waits_until: str | None = None
    done_at: Counter[str] = field(default_factory=Counter)
    _read: set[str] = field(default_factory=set)

    @property
    def all_closed(self) -> bool:
        """Whether every account-region is closed, so that only the report is missing."""
        return self.targets is not None and self.targets_done >= self.targets

    @property
    def phase(self) -> str:
        """What the run does, in a word or two."""
        if self.all_closed:
            return "Reporting"
        return f"Waiting for a window until {self.waits_until}" if self.waits_until else "Scanning"

    def update(self, data: Bucket, run: str) -> None:
        """Read what is new in the run's records; each part is read once."""
        if self.targets is None:
            found = [stored.key for stored in data.keys(keys.targets(run))]
            self.targets = len(data.get_json(found[0])) if found else None
        for stored in data.keys(f"{keys.run_prefix(run)}inventory/"):
            if stored.key not in self._read:
                self._read.add(stored.key)
                self.targets_seen += 1
                self.instances += len(data.get_json(stored.key)["instances"])
        decisions = [one.key for one in data.keys(keys.waves_prefix(run)) if keys.WAVE_PATTERN.search(one.key)]
        if decisions and decisions[-1] not in self._read:
            self._read.add(decisions[-1])
            self.waits_until = data.get_json(decisions[-1])["until"]
        for stored in data.keys(keys.ledger_prefix(run)):
            if stored.key not in self._read:
                self._read.add(stored.key)
                lines = data.get_lines(stored.key)
                self.done_at.update(line["at"] for line in lines if line["kind"] == "instance")
                self.instances_done = self.done_at.total()
                self.targets_done += sum(
                    line["kind"] == "account_region" and line["state"] != "unsupported" for line in lines
                )


def new_run_id() -> str:
    """A run's id: the time and six random hexadecimal digits."""
    return dt.datetime.now(dt.UTC).strftime("%Y%m%dT%H%M%SZ-") + secrets.token_hex(3)


def start(deployment: Deployment, request: ScanRequest) -> Run:
    """Start a run; its execution carries its id as name."""
    run = new_run_id()
    return Run(run, _start(deployment, deployment.scan_fleet, run, _without_defaults(request)))


def resume(deployment: Deployment, run: str) -> Run:
    """Go on with a run that has ended or died, in an execution of its own."""
    name = f"{run}-resume-{secrets.token_hex(3)}"
    return Run(run, _start(deployment, deployment.scan_fleet, name, {"resume": run}))


def stop(deployment: Deployment, run: str) -> Run:
    """Stop a run, whoever started it: the execution that does so cancels commands and closes the ledger."""
    name = f"{run}-stop-{secrets.token_hex(3)}"
    return Run(run, _start(deployment, deployment.stop_scan, name, {"run": run}))


def _start(deployment: Deployment, machine: str, name: str, content: dict[str, Any]) -> str:
    prove(deployment.session, machine, name, content)
    answer = deployment.session.client("stepfunctions").start_execution(
        stateMachineArn=machine, name=name, input=json.dumps(content)
    )
    return answer["executionArn"]


def _without_defaults(request: ScanRequest) -> dict[str, Any]:
    """The request as its schema takes it: what is empty here is absent there, but no exports are not the default's."""
    return {name: value for name, value in request.items() if name == "exports" or value not in ([], {}, None)}


def status(deployment: Deployment, run: Run) -> dict[str, Any]:
    """What Step Functions says of the run's execution: `status`, and `output` or `error` and `cause` at its end."""
    answer = deployment.session.client("stepfunctions").describe_execution(executionArn=run.execution)
    return dict(answer)


def stopping(deployment: Deployment, run: str) -> Run | None:
    """The execution that stops a run, or has stopped it; None where nobody asked for that."""
    try:
        mark = deployment.data.get_json(keys.stop_mark(run))
    except RecordMissing:
        return None
    return Run(run, mark["by"])


def under_way(deployment: Deployment, run: str) -> Run | None:
    """The execution that works on a run at this moment; None where it has ended, died, or never was."""
    states = deployment.session.client("stepfunctions")
    began = executions.execution_arn(deployment.scan_fleet, run)
    opened = [opening.execution for opening in openings(deployment.data, run)]
    at_work = (arn for arn in (*reversed(opened), began) if executions.is_running(states, arn))
    return next((Run(run, arn) for arn in at_work), None)


def targets(deployment: Deployment, run: Run) -> list[dict[str, Any]]:
    """The executions of scan_target that belong to the run, by name."""
    return _executions(deployment, run, deployment.scan_target)


def batches(deployment: Deployment, run: Run) -> list[dict[str, Any]]:
    """The executions of scan_batch that belong to the run, by name."""
    return _executions(deployment, run, deployment.scan_batch)


def _executions(deployment: Deployment, run: Run, machine: str) -> list[dict[str, Any]]:
    client = deployment.session.client("stepfunctions")
    began = dt.datetime.strptime(run.id[:16], "%Y%m%dT%H%M%SZ").replace(tzinfo=dt.UTC) - MOST_SKEW
    since = metrics.executions_since(client, machine, began)
    found = [dict(child) for child in since if child["name"].startswith(f"{run.id}-")]
    return sorted(found, key=lambda child: str(child["name"]))
