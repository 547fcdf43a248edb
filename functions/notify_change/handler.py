"""NotifyChange: how an instance's execution ends, told where it is news: a change, a new problem, the end of one.

Slack cannot be asked whether it has a message, so each is claimed first; what was not told is recorded as `unsent`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, NotRequired, TypedDict

from fleetdx import instance_records, keys
from fleetdx.claims import claim
from fleetdx.entrypoint import entrypoint
from fleetdx.errors import ServiceUnavailable
from fleetdx.events import InstanceTarget
from fleetdx.failures import CaughtError
from fleetdx.notifications import recorded
from fleetdx.readiness import (
    PROBLEMS,
    Action,
    AnnouncementDict,
    Conclusion,
    ConclusionDict,
    ReadinessOutcome,
    concluded,
    is_worth_telling,
    text_of,
)
from fleetdx.role_rights import profile_name
from fleetdx.sessions import own_session
from fleetdx.settings import setting
from fleetdx.slack import sender_for
from fleetdx.storage import Bucket

if TYPE_CHECKING:
    from collections.abc import Callable

Notification = Literal["sent", "unsent", "not_configured", "switched_off", "not_news"]


class Concluding(TypedDict):
    """What a state has left that may have concluded something."""

    conclusion: ConclusionDict | None


class Instance(Concluding):
    """What ResolveInstanceRole found."""

    role_arn: str
    profile_arn: str


class Configuration(TypedDict):
    """What Slack is told."""

    notify: Literal["all", "failures", "none"]


class Exemption(Concluding):
    """What CheckExemption found."""

    configuration: Configuration
    announcements: list[AnnouncementDict]


class Attachment(Concluding):
    """What AttachPolicies did."""

    actions: list[Action]


class Input(InstanceTarget):
    """The instance, and whatever its states have left until one of them ended the work."""

    instance: NotRequired[Instance]
    exemption: NotRequired[Exemption]
    policies: NotRequired[Concluding]
    attachment: NotRequired[Attachment]
    verification: NotRequired[Concluding]
    failure: NotRequired[CaughtError]


class Output(TypedDict):
    """How it ended, and whether Slack has it: `not_news` where there was nothing to tell."""

    outcome: ReadinessOutcome
    reason: str
    detail: str
    actions: list[Action]
    account: str
    region: str
    instance_id: str
    role_arn: str
    policies_attached: list[str]
    notification: Notification


def run(event: Input, data: Bucket, send: Callable[[str], bool] | None) -> Output:
    """Conclude, tell what is news, and remember what was told.

    Raises:
        ServiceUnavailable: Another execution writes the instance's record at this moment.
    """
    conclusion, actions = conclusion_of(event)
    exemption = event.get("exemption")
    notify = exemption["configuration"]["notify"] if exemption else "all"
    for announcement in exemption["announcements"] if exemption else []:
        _announce(announcement, data, way_of(send, notify, is_problem=True))
    return {
        "outcome": conclusion.outcome,
        "reason": conclusion.reason,
        "detail": conclusion.detail,
        "actions": actions,
        "account": event["account"],
        "region": event["region"],
        "instance_id": event["instance_id"],
        "role_arn": event["instance"]["role_arn"] if "instance" in event else "",
        "policies_attached": [action["gave"] for action in actions if action["call"] == "iam:AttachRolePolicy"],
        "notification": _tell(
            event, conclusion, actions, data, way_of(send, notify, is_problem=conclusion.outcome in PROBLEMS)
        ),
    }


def conclusion_of(event: Input) -> tuple[Conclusion, list[Action]]:
    """How the execution ends, and what it changed."""
    attachment = event.get("attachment")
    actions = [action for action in attachment["actions"] if _is_seen(event, action)] if attachment else []
    made = [
        event["instance"]["conclusion"] if "instance" in event else None,
        event["exemption"]["conclusion"] if "exemption" in event else None,
        event["policies"]["conclusion"] if "policies" in event else None,
        attachment["conclusion"] if attachment else None,
        event["verification"]["conclusion"] if "verification" in event else None,
    ]
    return concluded(made, event.get("failure"), actions), actions


def _is_seen(event: Input, action: Action) -> bool:
    """Whether a change that may have been made shows: an association whose answer was lost may be somebody else's."""
    profile = event["instance"]["profile_arn"] if "instance" in event else ""
    return action["call"] != "ec2:AssociateIamInstanceProfile" or profile_name(profile) in {"", action["gave"]}


class Way(NamedTuple):
    """How a text goes to Slack, and what is recorded where it does not."""

    send: Callable[[str], bool] | None
    otherwise: Notification

    def tell(self, text: str) -> Notification:
        """Send a text that nobody else sends."""
        if self.send is None:
            return self.otherwise
        return "sent" if self.send(text) else "unsent"


def way_of(send: Callable[[str], bool] | None, notify: str, *, is_problem: bool) -> Way:
    """The way of a text, as far as the configuration wants it told."""
    if notify == "all" or (notify == "failures" and is_problem):
        return Way(send, "not_configured")
    return Way(None, "switched_off")


def _tell(event: Input, conclusion: Conclusion, actions: list[Action], data: Bucket, way: Way) -> Notification:
    """Tell what is news, once; it is remembered first, so that of two executions with the same news one tells it."""
    stored = instance_records.load(data, event["account"], event["region"], event["instance_id"])
    record, execution = stored.record, event["execution"]
    is_ours = record is not None and record["told_by"] == execution
    if not is_ours:
        if not is_worth_telling(conclusion, actions, record["told"] if record else instance_records.NOTHING_TOLD):
            return "not_news"
        _remember(event, conclusion, stored, data)
    place = {name: event[name] for name in ("account", "region", "instance_id")}
    text = text_of(place, conclusion, actions)
    if claim(data, keys.mending_notification_claim(execution)) is None:
        notification = way.tell(text)
    else:
        notification = recorded(data, keys.mending_notification(execution))
    data.put_json(keys.mending_notification(execution), {"notification": notification, "text": text})
    return notification


def _remember(event: Input, conclusion: Conclusion, stored: instance_records.Stored, data: Bucket) -> None:
    if stored.record is None:
        return
    record = stored.record.copy()
    record["told"] = {"outcome": conclusion.outcome, "reason": conclusion.reason}
    record["told_by"] = event["execution"]
    if not instance_records.store(data, record, stored.etag):
        raise ServiceUnavailable(f"another execution writes the record of {event['instance_id']} at this moment")


def _announce(announcement: AnnouncementDict, data: Bucket, way: Way) -> None:
    """Tell once what is wrong with configuration or exemptions, over all executions that meet it."""
    text = f"fleetdx: {announcement['sentence']} ({announcement['reason']})"
    if claim(data, keys.announcement_claim(announcement["name"])) is None:
        record = {"notification": way.tell(text), "text": text}
        data.put_json(keys.mending_notification(announcement["name"]), record)


@entrypoint
def lambda_handler(event: Input, context: object) -> Output:  # noqa: D103 - see the module
    session = own_session()
    data = Bucket(own_session().client("s3"), setting("DATA_BUCKET"))
    parameter = setting("SLACK_WEBHOOK_PARAMETER")
    return run(event, data, sender_for(parameter, lambda: session.client("ssm"), "notify_change"))
