"""NotifyCoverage: tell Slack what has changed since the sweep before, once; nothing where nothing has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypedDict

from fleetdx import keys
from fleetdx.entrypoint import entrypoint
from fleetdx.events import OpenedSweep
from fleetdx.notifications import Keys, tell_once
from fleetdx.reporting.coverage.digest import digest_text
from fleetdx.sessions import own_session
from fleetdx.settings import setting
from fleetdx.slack import sender_for
from fleetdx.storage import Bucket

if TYPE_CHECKING:
    from collections.abc import Callable

    from fleetdx.coverage.models import CoverageSummary


class Input(OpenedSweep):
    """The sweep whose summary is told."""


class Output(TypedDict):
    """Whether Slack has it: `sent`, `unsent` (its text lies in the records), `not_configured`, or `not_news`."""

    notification: Literal["sent", "unsent", "not_configured", "not_news"]


def run(event: Input, data: Bucket, send: Callable[[str], bool] | None) -> Output:
    """Send the digest unless an earlier try of this function may have.

    Args:
        event: The sweep.
        data: The data bucket; what is told is recorded there.
        send: Sends a text and says whether Slack took it; None where no webhook is configured.
    """
    summary: CoverageSummary = data.get_json(keys.coverage_out(event["sweep"], "summary.json"))
    text = digest_text(summary, f"s3://{data.name}/{keys.coverage_out(event['sweep'], 'coverage.html')}")
    if text is None:
        return {"notification": "not_news"}
    where = Keys(keys.coverage_notification_claim(event["sweep"]), keys.coverage_notification(event["sweep"]))
    return {"notification": tell_once(data, where, text, send)}


@entrypoint
def lambda_handler(event: Input, context: object) -> Output:  # noqa: D103 - see the module
    session = own_session()
    data = Bucket(own_session().client("s3"), setting("DATA_BUCKET"))
    parameter = setting("SLACK_WEBHOOK_PARAMETER")
    return run(event, data, sender_for(parameter, lambda: session.client("ssm"), "notify_coverage"))
