"""`fleetdx event`: put one event into the queue, wait for what comes of it, and tell that."""

from __future__ import annotations

import datetime as dt
import json
import sys
import time
from typing import TYPE_CHECKING, Any, TypedDict

from rich.console import Console
from rich.text import Text

from fleetdx import executions, instance_records
from fleetdx.cli import metrics
from fleetdx.cli.problems import EXIT_DONE, EXIT_ERROR, EXIT_USAGE, UsageProblem
from fleetdx.configuration import MAXIMUM_BYTES, MalformedDocument, read_configuration
from fleetdx.errors import EventUnreadable
from fleetdx.instance_events import InstanceEvent, read_event
from fleetdx.reporting.text import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from types_boto3_sqs.client import SQSClient
    from types_boto3_sqs.literals import QueueAttributeNameType

    from fleetdx.cli.deployments import Deployment, EventPlaces
    from fleetdx.cost.metrics import Metrics

MOST_EVENT_BYTES = 1_048_576
"""SQS takes no larger message (its quotas)."""
SECONDS_FOR_THE_QUEUE = 180
SECONDS_BETWEEN_LOOKS = 0.3
WAITING: Sequence[QueueAttributeNameType] = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")


class Told(TypedDict):
    """What came of an event.

    Attributes:
        outcome: `ignored`, `refused` or `duplicate`; else the machine's own: ready, mended, reported, exempt, gone,
            failed.
        reason: A code of docs/reasons.md.
        detail: A sentence.
        actions: What was changed.
        account: Of the instance; empty where the event tells none, as region and instance then are.
        region: Its region.
        instance_id: Its id.
        execution: ARN of the execution that looked after the instance; empty where none did.
    """

    outcome: str
    reason: str
    detail: str
    actions: list[dict[str, Any]]
    account: str
    region: str
    instance_id: str
    execution: str


def read_event_file(path: Path) -> str:
    """The text of the file, or of standard input for `-`; what stands in it is for receive_event to judge.

    Raises:
        UsageProblem: It cannot be read, is empty, is no text, or is larger than a message may be.
    """
    return _read(path, "FILE", MOST_EVENT_BYTES)


def read_configuration_file(path: Path) -> str:
    """The text of a configuration of mending.

    Raises:
        UsageProblem: It cannot be read, or breaks its schema; then with the JSON pointer of the fault.
    """
    text = _read(path, "--configuration", MAXIMUM_BYTES)
    try:
        read_configuration(text)
    except MalformedDocument as malformed:
        raise UsageProblem(f"--configuration {path}", str(malformed)) from None
    return text


def _read(path: Path, place: str, most_bytes: int) -> str:
    try:
        content = sys.stdin.buffer.read(most_bytes + 1) if str(path) == "-" else path.read_bytes()
        text = content.decode("utf-8")
    except OSError as error:
        raise UsageProblem(place, f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise UsageProblem(place, f"{path} is no UTF-8 text") from None
    if not text.strip():
        raise UsageProblem(place, f"{path} is empty")
    if len(content) > most_bytes:
        raise UsageProblem(place, f"{path} has more than {most_bytes:,} bytes")
    return text


def apply_configuration(deployment: Deployment, text: str) -> None:
    """Put a configuration of mending in the place of the one in force."""
    deployment.session.client("ssm").put_parameter(Name=deployment.events.configuration, Value=text, Overwrite=True)


def feed(
    deployment: Deployment, text: str, configuration: str | None, *, as_json: bool, metrics_file: Path | None = None
) -> int:
    """Put the event into the queue, wait for the end of what it leads to, tell it, and return the exit code."""
    places, session, began = deployment.events, deployment.session, dt.datetime.now(dt.UTC)
    if configuration is not None:
        apply_configuration(deployment, configuration)
    event = _hint(text)
    before = _last_execution(deployment, event)
    if not executions.exists(session.client("stepfunctions"), before):
        # One of an embedded AWS that has ended; receive_event starts it again.
        before = ""
    sqs = session.client("sqs")
    with Console(stderr=True).status("Waiting for what comes of the event"):
        sqs.send_message(QueueUrl=places.queue, MessageBody=text)
        _wait_for_queue(sqs, places)
        told = _refusal(sqs, places, text, event) or _followed(deployment, event, before)
    if metrics_file is not None:
        metrics_file.write_text(metrics.as_text(_measured(deployment, told, began)), encoding="utf-8")
    _tell(told, as_json=as_json)
    return {"failed": EXIT_ERROR, "refused": EXIT_USAGE}.get(told["outcome"], EXIT_DONE)


def _measured(deployment: Deployment, told: Told, began: dt.datetime) -> Metrics:
    """What the event cost, with every execution of ensure_ssm_ready since; Step Functions tells whole seconds."""
    client = deployment.session.client("stepfunctions")
    since = began.replace(microsecond=0)
    arns = metrics.executions_since(client, deployment.events.ensure_ssm_ready, since)
    counts = metrics.count_histories([metrics.history_of(client, arn) for arn in arns], 0)
    line = {"kind": "instance", "account": told["account"], "region": told["region"]}
    fleet = metrics.fleet_of([line] if told["instance_id"] else [], deployment.home_region)
    name = told["execution"].rpartition(":")[2] or told["outcome"]
    return metrics.metrics_of("event", name, fleet, counts, deployment)


def _hint(text: str) -> InstanceEvent | None:
    """Which instance the event is about, read as receive_event reads it; None where it will not act on it."""
    try:
        return read_event(text)
    except EventUnreadable:
        return None


def _wait_for_queue(sqs: SQSClient, places: EventPlaces) -> None:
    deadline = time.monotonic() + SECONDS_FOR_THE_QUEUE
    while True:
        found = sqs.get_queue_attributes(QueueUrl=places.queue, AttributeNames=WAITING)["Attributes"]
        if not any(int(found[name]) for name in WAITING):
            return
        if time.monotonic() > deadline:
            raise UsageProblem("FILE", f"the queue still holds events after {SECONDS_FOR_THE_QUEUE} seconds")
        time.sleep(SECONDS_BETWEEN_LOOKS)


def _refusal(sqs: SQSClient, places: EventPlaces, text: str, event: InstanceEvent | None) -> Told | None:
    """What the dead-letter queue says of the event, where it lies there."""
    while messages := sqs.receive_message(
        QueueUrl=places.dead_letter_queue, MaxNumberOfMessages=10, MessageAttributeNames=["All"], VisibilityTimeout=60
    ).get("Messages"):
        for message in messages:
            if message["Body"] != text:
                continue
            said = {name: one["StringValue"] for name, one in message.get("MessageAttributes", {}).items()}
            reason = said.get("reason", "unexpected")
            return _told(event, "refused", reason, said.get("detail", "It failed as often as the queue allows."))
    return None


def _last_execution(deployment: Deployment, event: InstanceEvent | None) -> str:
    """The ARN of the execution that last looked after the event's instance; empty where there is none."""
    if event is None:
        return ""
    record = instance_records.load(deployment.data, event.account, event.region, event.instance_id).record
    if record is None:
        return ""
    return executions.execution_arn(deployment.events.ensure_ssm_ready, record["given"]["execution"])


def _followed(deployment: Deployment, event: InstanceEvent | None, before: str) -> Told:
    """What the execution that the event led to came to; an event that leads to none is ignored or a duplicate."""
    if event is None:
        return _told(event, "ignored", "event_not_relevant", "It is about nothing that fleetdx acts on.")
    execution = _last_execution(deployment, event)
    if execution == before:
        detail = "An execution that reads the instance after this event takes care of it."
        return _told(event, "duplicate", "event_covered", detail, execution)
    states = deployment.session.client("stepfunctions")
    while (ended := states.describe_execution(executionArn=execution))["status"] == "RUNNING":
        time.sleep(SECONDS_BETWEEN_LOOKS)
    if ended["status"] != "SUCCEEDED":
        return _told(event, "failed", "unexpected", f"{ended.get('error', ended['status'])}: {ended.get('cause', '')}")
    output = json.loads(ended["output"])
    told = _told(event, output["outcome"], output["reason"], output.get("detail", ""), execution)
    return {**told, "actions": output["actions"]}


def _told(event: InstanceEvent | None, outcome: str, reason: str, detail: str, execution: str = "") -> Told:
    return {
        "outcome": outcome,
        "reason": reason,
        "detail": detail,
        "actions": [],
        "account": event.account if event else "",
        "region": event.region if event else "",
        "instance_id": event.instance_id if event else "",
        "execution": execution,
    }


def _tell(told: Told, *, as_json: bool) -> None:
    console = Console(soft_wrap=True, highlight=False)
    if as_json:
        console.print(json.dumps(told, ensure_ascii=False), markup=False)
        return
    place = "/".join(part for part in (told["account"], told["region"], told["instance_id"]) if part)
    console.print(Text(f"{told['outcome']} ({told['reason']}) {place}".rstrip(), style="bold"))
    console.print(Text(one_line(told["detail"])))
    for action in told["actions"]:
        console.print(Text(one_line(f"  {action['call']} to {action['to']}: {action['gave']}")))
    if told["execution"]:
        console.print(Text(f"Execution: {told['execution']}", style="dim"))
