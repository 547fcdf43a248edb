"""An embedded AWS for tests: started once a module, with the verbs that tests need around a run."""

from __future__ import annotations

import functools
import json
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from emulator.cloud import EmbeddedAws, embedded_aws
from fleetdx import keys
from fleetdx.cli import runs
from fleetdx.cli.deployments import Deployment, deployment_of, publish_current
from fleetdx.requests import ScanRequest, complete_request
from tests.without_sockets import without_sockets
from tools.bundle import build_bundle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tools.bundle import Bundle

FAST = 0.002  # real seconds for one second of waiting
SECONDS_FOR_A_RUN = 180


@dataclass(frozen=True)
class Ended:
    """A run that has ended."""

    run: runs.Run
    status: str
    output: dict[str, Any]
    error: str
    ledger: list[dict[str, Any]]
    summary: dict[str, Any]

    def line_of(self, instance: str) -> dict[str, Any]:
        """The ledger line of an instance."""
        return next(line for line in self.ledger if line["instance"] == instance)


def wait_until(happened: Callable[[], bool], complaint: str, within: float = SECONDS_FOR_A_RUN) -> None:
    """Look again and again until something has happened: at short intervals at first, since each look costs."""
    started = time.monotonic()
    while not happened():
        waited = time.monotonic() - started
        assert waited < within, complaint
        time.sleep(min(0.5, max(0.05, waited / 50)))


class Embedded:
    """The embedded AWS and a deployment on it."""

    def __init__(self, cloud: EmbeddedAws) -> None:
        self.cloud = cloud
        self.deployment: Deployment = deployment_of(cloud)
        publish_current(self.deployment.data, bundle=_bundle())

    def scan(self, scope: dict[str, Any], **fields: Any) -> Ended:
        """Run a scan to its end; without a word about exports, it writes none."""
        return self.run({**self._request(scope, fields)})

    def run(self, request: dict[str, Any]) -> Ended:
        """Run a request to its end, as it is."""
        return self.ended(runs.start(self.deployment, request), dry_run=bool(request.get("dry_run")))

    def start(self, scope: dict[str, Any], **fields: Any) -> runs.Run:
        """Start a scan and do not wait."""
        return runs.start(self.deployment, self._request(scope, fields))

    def _request(self, scope: dict[str, Any], fields: dict[str, Any]) -> ScanRequest:
        return complete_request({"scope": scope, "exports": [], **fields}, self.deployment.regions)

    def ended(self, run: runs.Run, *, dry_run: bool = False, within: float = SECONDS_FOR_A_RUN) -> Ended:
        """Wait for the end of an execution that works on a run, and read what the run has left."""
        state: dict[str, Any] = {}

        def has_ended() -> bool:
            state.update(runs.status(self.deployment, run))
            return bool(state["status"] != runs.RUNNING)

        wait_until(has_ended, f"run {run.id} does not end", within)
        data = self.deployment.data
        reported = state["status"] == "SUCCEEDED" and not dry_run
        return Ended(
            run,
            state["status"],
            json.loads(state.get("output") or "{}"),
            str(state.get("error", "")),
            data.get_lines(keys.out(run.id, "ledger.jsonl")) if reported else [],
            data.get_json(keys.out(run.id, "summary.json")) if reported else {},
        )

    def set_variables(self, function: str, **variables: str) -> None:
        """Change the environment of a function, as another parameter of the central stack would."""
        functions = self.deployment.session.client("lambda")
        environment = functions.get_function_configuration(FunctionName=function)["Environment"]
        assert variables.keys() <= environment["Variables"].keys()
        environment["Variables"] |= variables
        functions.update_function_configuration(FunctionName=function, Environment=environment)

    def instance_named(self, name: str) -> tuple[str, str]:
        """An example instance by its name: account/region/id, and the bare id."""
        found = next(one for one in self.cloud.organization.instances if one.name == name)
        return f"{found.account_id}/{found.region}/{found.instance_id}", found.instance_id

    def history(self, execution: str) -> list[dict[str, Any]]:
        """The events of an execution."""
        client = self.deployment.session.client("stepfunctions")
        pages = client.get_paginator("get_execution_history").paginate(executionArn=execution)
        return [dict(event) for page in pages for event in page["events"]]

    def child(self, run: runs.Run, account: str, region: str) -> dict[str, Any]:
        """The execution of scan_target of one account-region."""
        name = f"{run.id}-{account}-{region}"
        return next(one for one in runs.targets(self.deployment, run) if one["name"] == name)

    def batch(self, run: runs.Run, account: str, region: str, number: int = 0) -> dict[str, Any]:
        """The execution of scan_batch of one batch of an account-region."""
        name = f"{run.id}-{account}-{region}-{number}"
        return next(one for one in runs.batches(self.deployment, run) if one["name"] == name)

    def states(self, execution: str) -> list[str]:
        """The names of the states that an execution entered, in order."""
        events = self.history(execution)
        return [event["stateEnteredEventDetails"]["name"] for event in events if event["type"].endswith("StateEntered")]


@functools.cache
def _bundle() -> Bundle:
    """The scanner of this checkout, which no test changes; building it takes a third of a second."""
    return build_bundle()


@contextmanager
def embedded(directory: Path, **options: Any) -> Iterator[Embedded]:
    """Start one and stop it."""
    with without_sockets(), embedded_aws(directory, **{"clock_factor": FAST, **options}) as cloud:
        yield Embedded(cloud)
