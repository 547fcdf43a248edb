"""Notify: tell Slack how a run ended, once; without a webhook, record what would have been told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypedDict

from fleetdx import keys
from fleetdx.entrypoint import entrypoint
from fleetdx.events import OpenedRun
from fleetdx.notifications import Keys, tell_once
from fleetdx.sessions import own_session
from fleetdx.settings import setting
from fleetdx.slack import sender_for
from fleetdx.storage import Bucket

if TYPE_CHECKING:
    from collections.abc import Callable


class Report(TypedDict):
    """What BuildReport returned."""

    status: Literal["complete", "incomplete", "planned"]
    key: str
    instances: int
    scanned: int
    gaps: int
    high: int
    medium: int
    low: int


class Input(OpenedRun):
    """The run and its report."""

    report: Report


class Output(TypedDict):
    """Whether Slack has it: `sent`, `unsent` (its text lies in the run's records) or `not_configured`."""

    notification: Literal["sent", "unsent", "not_configured"]


def text_of(event: Input, bucket: str) -> str:
    """The message, in Slack's mrkdwn: status first, then what is missing, then findings and the report's place."""
    report = event["report"]
    if report["status"] == "planned":
        head = f"fleetdx dry run `{event['run']}`: {report['instances']} instances would be in scope."
    else:
        head = f"fleetdx scan `{event['run']}` ({event['profile']}) is *{report['status']}*."
    counts = f"{report['scanned']} of {report['instances']} instances scanned, {report['gaps']} gaps."
    findings = f"Findings: {report['high']} high, {report['medium']} medium, {report['low']} low."
    return "\n".join([head, counts, findings, f"Report: s3://{bucket}/{report['key']}"])


def run(event: Input, data: Bucket, send: Callable[[str], bool] | None) -> Output:
    """Send the message unless an earlier try of this function may have.

    Args:
        event: The run and its report.
        data: The data bucket; what is told is recorded there.
        send: Sends a text and says whether Slack took it; None where no webhook is configured.
    """
    text = text_of(event, data.name)
    run_id, opening = event["run"], event["opening"]
    where = Keys(keys.notification_claim(run_id, opening), keys.notification(run_id, opening))
    return {"notification": tell_once(data, where, text, send)}


@entrypoint
def lambda_handler(event: Input, context: object) -> Output:  # noqa: D103 - see the module
    session = own_session()
    data = Bucket(own_session().client("s3"), setting("DATA_BUCKET"))
    return run(event, data, sender_for(setting("SLACK_WEBHOOK_PARAMETER"), lambda: session.client("ssm"), "notify"))
