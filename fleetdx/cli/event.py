"""`fleetdx event`: put one event into the queue, wait for what comes of it, and tell that."""

from __future__ import annotations

import email.utils
import json
import time
from typing import TYPE_CHECKING, Any, TypedDict

from rich.console import Console
from rich.text import Text

from fleetdx import executions, instance_records
from fleetdx.cli import metrics
from fleetdx.cli.aws_refusals import left_alone
from fleetdx.cli.event_files import apply_configuration
from fleetdx.cli.problems import EXIT_DONE, EXIT_ERROR, EXIT_USAGE, UsageProblem
from fleetdx.errors import EventUnreadable
from fleetdx.instance_events import InstanceEvent, read_event
from fleetdx.reporting.text import one_line

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from pathlib import Path

    from types_boto3_sqs.literals import QueueAttributeNameType
    from types_boto3_sqs.type_defs import ResponseMetadataTypeDef

    from fleetdx.cli.deployments import Deployment
    from fleetdx.cost.metrics import Metrics

SECONDS_FOR_THE_QUEUE = 180
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


def feed(
    deployment: Deployment, text: str, configuration: str | None, *, as_json: bool, metrics_file: Path | None = None
) -> int:
    """Put the event into the queue, wait for the end of what it leads to, tell it, and return the exit code."""
    places, session = deployment.events, deployment.session
    if configuration is not None:
        apply_configuration(deployment, configuration)
    event = _hint(text)
    before = _last_generation(deployment, event)
    sqs = session.client("sqs")
    with Console(stderr=True).status("Waiting for what comes of the event"):
        sent = sqs.send_message(QueueUrl=places.queue, MessageBody=text)
        _wait_for_queue(deployment, event, before)
        told = _refusal(deployment, text, event) or _followed(deployment, event, before)
    if metrics_file is not None:
        began = _answered_at(sent["ResponseMetadata"])
        metrics_file.write_text(metrics.as_text(_measured(deployment, told, began)), encoding="utf-8")
    _tell(told, as_json=as_json)
    return {"failed": EXIT_ERROR, "refused": EXIT_USAGE}.get(told["outcome"], EXIT_DONE)


def _measured(deployment: Deployment, told: Told, began: dt.datetime) -> Metrics:
    """What the event cost, with every execution of ensure_ssm_ready since."""
    client = deployment.session.client("stepfunctions")
    found = metrics.executions_since(client, deployment.events.ensure_ssm_ready, began)
    counts = metrics.count_histories([metrics.history_of(client, one["executionArn"]) for one in found], 0)
    line = {"kind": "instance", "account": told["account"], "region": told["region"]}
    fleet = metrics.fleet_of([line] if told["instance_id"] else [], deployment.home_region)
    name = told["execution"].rpartition(":")[2] or told["outcome"]
    return metrics.metrics_of("event", name, fleet, counts, deployment)


def _answered_at(answer: ResponseMetadataTypeDef) -> dt.datetime:
    """When AWS answered a call, by AWS's clock, in whole seconds, as Step Functions tells them too."""
    return email.utils.parsedate_to_datetime(answer["HTTPHeaders"]["date"])


def _hint(text: str) -> InstanceEvent | None:
    """Which instance the event is about, read as receive_event reads it; None where it will not act on it."""
    try:
        return read_event(text)
    except EventUnreadable:
        return None


def _wait_for_queue(deployment: Deployment, event: InstanceEvent | None, before: int) -> None:
    """Wait until the event has been taken from the queue.

    Where a queue is slow to tell that it is empty, and others put events into it too, the execution that the event has
    led to says it as well.

    Raises:
        UsageProblem: The queue is not empty after three minutes.
    """
    sqs, pace, begun = deployment.session.client("sqs"), deployment.pace, time.monotonic()
    filled = begun
    for wait in pace.waits():
        found = sqs.get_queue_attributes(QueueUrl=deployment.events.queue, AttributeNames=WAITING)["Attributes"]
        now = time.monotonic()
        if any(int(found[name]) for name in WAITING):
            filled = now
        elif now - filled >= pace.unseen:
            return
        if pace.unseen and _has_begun(deployment, event, before):
            return
        if now - begun > SECONDS_FOR_THE_QUEUE:
            raise UsageProblem("FILE", f"the queue still holds events after {SECONDS_FOR_THE_QUEUE} seconds")
        time.sleep(wait)


def _has_begun(deployment: Deployment, event: InstanceEvent | None, before: int) -> bool:
    execution = _execution_since(deployment, event, before)
    return bool(execution) and executions.exists(deployment.session.client("stepfunctions"), execution)


def _refusal(deployment: Deployment, text: str, event: InstanceEvent | None) -> Told | None:
    """What the dead-letter queue says of the event, where it lies there."""
    sqs = deployment.session.client("sqs")
    while messages := sqs.receive_message(
        QueueUrl=deployment.events.dead_letter_queue,
        MaxNumberOfMessages=10,
        MessageAttributeNames=["All"],
        VisibilityTimeout=60,
        # From one second on, SQS asks all of its servers, of which each holds some of the messages.
        WaitTimeSeconds=int(deployment.pace.first),
    ).get("Messages"):
        for message in messages:
            if message["Body"] != text:
                continue
            said = {name: one["StringValue"] for name, one in message.get("MessageAttributes", {}).items()}
            reason = said.get("reason", "unexpected")
            return _told(event, "refused", reason, said.get("detail", "It failed as often as the queue allows."))
    return None


def _last_generation(deployment: Deployment, event: InstanceEvent | None) -> int:
    """The number of the last execution about the event's instance that AWS knows; 0 where there is none."""
    record = _record(deployment, event)
    if record is None:
        return 0
    execution = executions.execution_arn(deployment.events.ensure_ssm_ready, record["given"]["execution"])
    known = executions.exists(deployment.session.client("stepfunctions"), execution)
    # One of an embedded AWS that has ended is unknown, and receive_event starts it again.
    return record["generation"] if known else record["generation"] - 1


def _execution_since(deployment: Deployment, event: InstanceEvent | None, before: int) -> str:
    """The ARN of the execution that the event has led to, of those later than a number; empty where it led to none."""
    record = _record(deployment, event)
    if record is None or event is None:
        return ""
    name = instance_records.execution_led_to(record, event, before)
    return executions.execution_arn(deployment.events.ensure_ssm_ready, name) if name else ""


def _covering(deployment: Deployment, event: InstanceEvent) -> str:
    record = _record(deployment, event)
    name = record["given"]["execution"] if record else ""
    return executions.execution_arn(deployment.events.ensure_ssm_ready, name) if name else ""


def _record(deployment: Deployment, event: InstanceEvent | None) -> instance_records.InstanceRecord | None:
    if event is None:
        return None
    return instance_records.load(deployment.data, event.account, event.region, event.instance_id).record


def _followed(deployment: Deployment, event: InstanceEvent | None, before: int) -> Told:
    """What the execution that the event led to came to; an event that leads to none is ignored or a duplicate."""
    if event is None:
        return _told(event, "ignored", "event_not_relevant", "It is about nothing that fleetdx acts on.")
    execution = _execution_since(deployment, event, before)
    if not execution:
        detail = "An execution that reads the instance after this event takes care of it."
        return _told(event, "duplicate", "event_covered", detail, _covering(deployment, event))
    states = deployment.session.client("stepfunctions")
    waits = deployment.pace.waits()
    with left_alone(deployment, f"The execution goes on without this command: {execution}"):
        while (ended := states.describe_execution(executionArn=execution))["status"] == "RUNNING":
            time.sleep(next(waits))
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
