"""Notify: tell Slack how a run ended, once; without a webhook, record what would have been told.

Owners with a channel of their own are told after the central one, each of its own accounts alone.
"""

from __future__ import annotations

import functools
import time
from typing import TYPE_CHECKING, Final, Literal, TypedDict

from fleetdx import keys
from fleetdx.entrypoint import entrypoint
from fleetdx.events import OpenedRun
from fleetdx.notifications import Keys, Notification, tell_once
from fleetdx.organizations import accounts_below
from fleetdx.owner_notifications import Reach, routes_in, tell_owners
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

SECONDS_FOR_OWNERS: Final = 180
"""After that no other owner is told, so that the function ends by itself: a try may take 30 seconds, and waits."""


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


class Told(TypedDict):
    """Whether Slack has it: `sent`, `unsent` (its text lies in the run's records) or `not_configured`."""

    notification: Notification


class Output(Told):
    """The same of each owner whose accounts the run has looked at, by the route's id."""

    owners: dict[str, Notification]


def text_of(event: Input, data: Bucket, language: Language, note: str = "") -> str:
    """The message, in Slack's mrkdwn: of a dry run what would be in scope, else the run's digest with a note."""
    report = event["report"]
    place = f"s3://{data.name}/{report['key']}"
    if report["status"] == "planned":
        instances = f"{report['instances']:,}"
        return translator(language)("digest.planned", run=event["run"], instances=instances, place=place)
    summary: Summary = data.get_json(keys.out(event["run"], "summary.json"))
    return digest_text(summary, place, language, note)


def run(event: Input, data: Bucket, send: Callable[[str], bool] | None, language: Language, note: str = "") -> Told:
    """Send the message unless an earlier try of this function may have.

    Args:
        event: The run and its report.
        data: The data bucket; what is told is recorded there.
        send: Sends a text and says whether Slack took it; None where no webhook is configured.
        language: Language of the message.
        note: What is wrong beside the run itself; empty where nothing is.
    """
    text = text_of(event, data, language, note)
    run_id, opening = event["run"], event["opening"]
    where = Keys(keys.notification_claim(run_id, opening), keys.notification(run_id, opening))
    return {"notification": tell_once(data, where, text, send)}


@entrypoint
def lambda_handler(event: Input, context: object) -> Output:  # noqa: D103 - see the module
    started, session = time.monotonic(), own_session()
    data = Bucket(own_session().client("s3"), setting("DATA_BUCKET"))
    language: Language = "ko" if setting("NOTIFICATION_LANGUAGE") == "ko" else "en"

    def sender(parameter: str) -> Callable[[str], bool] | None:
        return sender_for(parameter, lambda: session.client("ssm"), "notify")

    def below(unit: str) -> frozenset[str]:
        return frozenset(account.id for account in accounts_below(session.client("organizations"), unit))

    routes, unreadable = routes_in(data)
    told = run(event, data, sender(setting("SLACK_WEBHOOK_PARAMETER")), language, unreadable)
    if event["report"]["status"] == "planned":
        return {**told, "owners": {}}
    reach = Reach(functools.cache(below), sender, language, lambda: time.monotonic() - started < SECONDS_FOR_OWNERS)
    return {**told, "owners": tell_owners(data, event["run"], event["opening"], routes, reach)}
