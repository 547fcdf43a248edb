"""Executions of state machines: as Step Functions has them, else as a run has kept them in the data bucket."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

from console.problems import Problem, not_found
from console.reading import children
from console.reading.moments import moment as moment_of
from console.reading.moments import told
from fleetdx import keys
from fleetdx.errors import RecordMissing
from fleetdx.executions import ABSENT_CODES, UNFINISHED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from types_boto3_stepfunctions.client import SFNClient

    from fleetdx.cli.deployments import Deployment
    from fleetdx.storage import Bucket

EXECUTION_ARN: Final = re.compile(
    r"arn:aws[a-z-]*:states:[a-z0-9-]+:[0-9]{12}:execution:[A-Za-z0-9_./-]{1,160}:[A-Za-z0-9_.:+=@,-]{1,160}"
)
STATUSES: Final = frozenset({"RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED", "PENDING_REDRIVE"})
MOST_KEPT: Final = 5_000
WORKERS: Final = 8
MALFORMED_TOKEN: Final = frozenset({"InvalidToken", "ValidationException"})
LISTED: Final = ("arn", "name", "status", "started_at", "stopped_at", "machine")
"""What lists show of an execution."""


def checked_arn(arn: str) -> str:
    """The ARN of an execution as it stands.

    Raises:
        Problem: It is none.
    """
    if EXECUTION_ARN.fullmatch(arn) is None:
        raise not_found("An execution of that ARN")
    return arn


def machines(deployment: Deployment) -> dict[str, str]:
    """The ARNs of the stack's state machines, by the names that their files have."""
    return {
        "scan_fleet": deployment.scan_fleet,
        "scan_target": deployment.scan_target,
        "scan_batch": deployment.scan_batch,
        "stop_scan": deployment.stop_scan,
        "report_coverage": deployment.report_coverage,
        "ensure_ssm_ready": deployment.events.ensure_ssm_ready,
    }


def page_of(deployment: Deployment, name: str, status: str | None, token: str | None) -> dict[str, Any]:
    """A page of a machine's executions, the newest first.

    Raises:
        Problem: There is no such machine or status.
    """
    if name not in machines(deployment):
        raise not_found(f"A state machine {name}")
    if status is not None and status not in STATUSES:
        raise Problem(400, "UnknownStatus", f"Known are {', '.join(sorted(STATUSES))}.")
    wanted: dict[str, Any] = {"stateMachineArn": machines(deployment)[name], "maxResults": 100}
    if status:
        wanted["statusFilter"] = status
    if token:
        wanted["nextToken"] = token
    try:
        answer = deployment.session.client("stepfunctions").list_executions(**wanted)
    except ClientError as error:
        if error.response["Error"]["Code"] in MALFORMED_TOKEN:
            raise Problem(400, "UnknownPage", "There is no such page; begin with the first one.") from None
        raise
    return {"executions": [children.listed(one) for one in answer["executions"]], "next": answer.get("nextToken")}


def whole(deployment: Deployment, arn: str) -> dict[str, Any]:
    """An execution with its definition, all its events and its children; redacted later, as everything is.

    Raises:
        Problem: Nobody knows it.
    """
    client = deployment.session.client("stepfunctions")
    described = described_or_none(client, arn)
    if described is None:
        return _kept(deployment, arn)
    events = [
        dict(event)
        for page in client.get_paginator("get_execution_history").paginate(
            executionArn=arn, PaginationConfig={"PageSize": children.LARGEST_PAGE}
        )
        for event in page["events"]
    ]
    return {
        "execution": described,
        "definition": definition_of(client, arn),
        "events": events,
        "children": children.of(deployment, described, events),
    }


def described_or_none(client: SFNClient, arn: str) -> dict[str, Any] | None:
    """What Step Functions says of an execution; None where it knows none of that ARN, or not any more."""
    try:
        answer: dict[str, Any] = dict(client.describe_execution(executionArn=arn))
    except ClientError as error:
        if error.response["Error"]["Code"] in {*ABSENT_CODES, "StateMachineDoesNotExist"}:
            return None
        raise
    return _described(answer)


def _described(answer: Mapping[str, Any]) -> dict[str, Any]:
    fields = ("input", "output", "error", "cause")
    return {
        "arn": answer["executionArn"],
        "name": answer["name"],
        "status": answer["status"],
        "started_at": _text(answer["startDate"]),
        "stopped_at": _text(answer.get("stopDate")),
        "machine": answer["stateMachineArn"],
        **{name: answer.get(name) for name in fields},
    }


def _text(moment: Any) -> str | None:  # noqa: ANN401 - a moment of boto3's, or a text that was kept
    return told(moment_of(moment) if isinstance(moment, str) else moment)


def definition_of(client: SFNClient, arn: str) -> dict[str, Any] | None:
    """The definition that an execution runs by; None where nobody has it."""
    try:
        text = client.describe_state_machine_for_execution(executionArn=arn)["definition"]
    except ClientError as error:
        if error.response["Error"]["Code"] in {*ABSENT_CODES, "StateMachineDoesNotExist"}:
            return None
        raise
    definition: dict[str, Any] = json.loads(text)
    return definition


def kept_of_run(data: Bucket, run: str, prefix: str = "") -> list[dict[str, Any]]:
    """The executions of a run whose names begin so, as lists show them, from what was kept of them."""
    keys_of = [stored.key for stored in data.keys(keys.out(run, f"executions/{prefix}"))][:MOST_KEPT]
    with ThreadPoolExecutor(WORKERS) as pool:
        documents = list(pool.map(data.get_json, keys_of))
    found = [_described(document["execution"]) for document in documents]
    return [{name: one[name] for name in LISTED} for one in sorted(found, key=lambda one: str(one["name"]))]


def _kept(deployment: Deployment, arn: str) -> dict[str, Any]:
    """An execution that Step Functions has forgotten, as the command line has kept it with its run."""
    name = arn.rpartition(":")[2]
    run = name[: children.RUN_ID_CHARACTERS]
    if keys.RUN_PATTERN.fullmatch(run) is None:
        raise not_found(f"Execution {name}")
    try:
        kept = deployment.data.get_json(keys.out(run, f"executions/{name}.json"))
    except RecordMissing:
        raise not_found(f"Execution {name}, which Step Functions and its run's files do not have,") from None
    if kept["execution"]["executionArn"] != arn:
        raise not_found(f"Execution {name}")
    execution, events = _described(kept["execution"]), kept["events"]
    return {
        "execution": execution,
        "definition": kept.get("definition"),
        "events": events,
        "children": [*children.started_by(events), *_kept_children(deployment, run, execution)],
    }


def _kept_children(deployment: Deployment, run: str, execution: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {**child, "state": state}
        for machine, state, prefix in children.named_after(deployment, execution)
        for child in kept_of_run(deployment.data, run, prefix)
        if child["machine"] == machine
    ]


def events_after(client: SFNClient, arn: str, after: int) -> list[dict[str, Any]]:
    """The events with a higher id, in order; asked for from the end, so that of a long history only that is read."""
    found: list[dict[str, Any]] = []
    pages = client.get_paginator("get_execution_history").paginate(
        executionArn=arn, reverseOrder=True, PaginationConfig={"PageSize": 100}
    )
    for page in pages:
        for event in page["events"]:
            if event["id"] <= after:
                return found[::-1]
            found.append(dict(event))
    return found[::-1]


def is_over(execution: Mapping[str, Any]) -> bool:
    """Whether an execution has ended."""
    return execution["status"] not in UNFINISHED
