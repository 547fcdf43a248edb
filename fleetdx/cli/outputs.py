"""What a run leaves in a directory: its report and the lines behind it, files for other readers, histories, metrics."""

from __future__ import annotations

import fcntl
import json
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from botocore.exceptions import ClientError

from fleetdx import keys
from fleetdx.cli import metrics, runs
from fleetdx.entrypoint import DENIED_CODES
from fleetdx.export_files import ALL_FILES
from fleetdx.streams import save

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fleetdx.cli.deployments import Deployment
    from fleetdx.cli.runs import Run
    from fleetdx.cost.metrics import Metrics
    from fleetdx.storage import Bucket

REPORT_FILES = ("summary.json", "ledger.jsonl", "results.jsonl", "changes.jsonl", "report.html")


@contextmanager
def alone_in(directory: Path) -> Iterator[None]:
    """Wait until no other process brings outputs into a directory, and keep others waiting meanwhile.

    A run that is stopped from another terminal ends in both at once, and both bring its outputs home. The lock is on
    the directory itself, so that nothing lies beside the outputs, and goes with the process (flock(2)).
    """
    directory.mkdir(parents=True, exist_ok=True)
    held = os.open(directory, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)


def collect(deployment: Deployment, run: Run, directory: Path) -> Path:
    """Download everything of a finished run into `directory/<run>` and point `directory/latest` at it.

    Returns:
        The run's directory.

    Raises:
        RecordMissing: The run has left no report.
    """
    target = directory / run.id
    target.mkdir(parents=True, exist_ok=True)
    download(deployment.data, run.id, target)
    text = metrics.as_text(_measure(deployment, run, target))
    (target / "metrics.json").write_text(text, encoding="utf-8")
    keep(deployment.data, keys.out(run.id, "metrics.json"), text)
    point_latest(directory, run.id)
    return target


def download(data: Bucket, run_id: str, target: Path) -> None:
    """Download the report's files, and those for other readers that are there.

    Which ones are depends on the request, and on what went well.

    Raises:
        RecordMissing: The run has left no report.
    """
    there = {stored.key for stored in data.keys(keys.out(run_id, ""))}
    for name in (*REPORT_FILES, *(name for name in ALL_FILES if keys.out(run_id, name) in there)):
        with (target / name).open("wb") as out:
            save(data, keys.out(run_id, name), out)


def _measure(deployment: Deployment, run: Run, target: Path) -> Metrics:
    histories = save_histories(deployment, run, target / "executions")
    mapping = [run.execution, *(child["executionArn"] for child in runs.targets(deployment, run))]
    items = metrics.map_items(deployment.session.client("stepfunctions"), mapping)
    lines = metrics.lines_of((target / "ledger.jsonl").read_bytes())
    fleet = metrics.fleet_of(lines, deployment.home_region, len(runs.batches(deployment, run)))
    return metrics.metrics_of("scan", run.id, fleet, metrics.count_histories(histories, items), deployment)


def point_latest(directory: Path, run: str) -> None:
    """Let `directory/latest` lead to a run's outputs, at once: it is never absent in between."""
    pointer = directory / f".latest-{run}"
    pointer.unlink(missing_ok=True)  # Of a process that was killed right here.
    pointer.symlink_to(run)
    pointer.replace(directory / "latest")


def save_histories(deployment: Deployment, run: Run, directory: Path) -> list[metrics.History]:
    """Write one JSON file an execution of the run: what it is, its definition, and all its events."""
    directory.mkdir(parents=True, exist_ok=True)
    histories = []
    for name, kept in keep_histories(deployment, run):
        (directory / name).write_text(kept.text, encoding="utf-8")
        histories.append(kept.events)
    return histories


def keep(data: Bucket, key: str, text: str) -> None:
    """Put a JSON text into the data bucket, for others to read; who may not write there has it here all the same."""
    try:
        data.put(key, text.encode(), "application/json")
    except ClientError as error:
        if error.response["Error"]["Code"] not in DENIED_CODES:
            raise


class KeptExecution(NamedTuple):
    """An execution as a text that can be opened without Step Functions, and the events in it."""

    text: str
    events: metrics.History


def keep_histories(deployment: Deployment, run: Run) -> Iterator[tuple[str, KeptExecution]]:
    """Put each execution of the run into the data bucket, and give it with its file's name."""
    client = deployment.session.client("stepfunctions")
    definitions: dict[str, Any] = {}
    children = [*runs.targets(deployment, run), *runs.batches(deployment, run)]
    for arn in (run.execution, *(child["executionArn"] for child in children)):
        execution = dict(client.describe_execution(executionArn=arn))
        execution.pop("ResponseMetadata", None)
        machine = str(execution["stateMachineArn"])
        if machine not in definitions:
            # One for all of a run's: whoever changes a machine while a run goes on sees the older definition here.
            answer = client.describe_state_machine_for_execution(executionArn=arn)
            definitions[machine] = json.loads(answer["definition"])
        events = metrics.history_of(client, arn)
        document = {"execution": execution, "definition": definitions[machine], "events": events}
        text = json.dumps(document, indent=1, default=_as_text)
        name = f"{execution['name']}.json"
        keep(deployment.data, keys.out(run.id, f"executions/{name}"), text)
        yield name, KeptExecution(text, events)


def _as_text(value: object) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
