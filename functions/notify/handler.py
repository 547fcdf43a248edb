"""Notify: tell Slack how a run ended, once; without a webhook, record what would have been told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypedDict

from fleetdx import keys
from fleetdx.entrypoint import entrypoint
from fleetdx.events import OpenedRun
from fleetdx.notifications import Keys, tell_once
from fleetdx.reporting.digest import digest_text
from fleetdx.reporting.messages import translator
from fleetdx.sessions import own_session
from fleetdx.settings import setting
from fleetdx.slack import sender_for
from fleetdx.storage import Bucket

if TYPE_CHECKING:
    from collections.abc import Callable

    from fleetdx.models import Language
    from fleetdx.run_models import Summary


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


def text_of(event: Input, data: Bucket, language: Language) -> str:
    """The message, in Slack's mrkdwn: of a dry run what would be in scope, else the run's digest."""
    report = event["report"]
    place = f"s3://{data.name}/{report['key']}"
    if report["status"] == "planned":
        instances = f"{report['instances']:,}"
        return translator(language)("digest.planned", run=event["run"], instances=instances, place=place)
    summary: Summary = data.get_json(keys.out(event["run"], "summary.json"))
    return digest_text(summary, place, language)


def run(event: Input, data: Bucket, send: Callable[[str], bool] | None, language: Language) -> Output:
    """Send the message unless an earlier try of this function may have.

    Args:
        event: The run and its report.
        data: The data bucket; what is told is recorded there.
        send: Sends a text and says whether Slack took it; None where no webhook is configured.
        language: Language of the message.
    """
    text = text_of(event, data, language)
    run_id, opening = event["run"], event["opening"]
    where = Keys(keys.notification_claim(run_id, opening), keys.notification(run_id, opening))
    return {"notification": tell_once(data, where, text, send)}


@entrypoint
def lambda_handler(event: Input, context: object) -> Output:  # noqa: D103 - see the module
    session = own_session()
    data = Bucket(own_session().client("s3"), setting("DATA_BUCKET"))
    send = sender_for(setting("SLACK_WEBHOOK_PARAMETER"), lambda: session.client("ssm"), "notify")
    return run(event, data, send, "ko" if setting("NOTIFICATION_LANGUAGE") == "ko" else "en")
