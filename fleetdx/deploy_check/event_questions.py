"""What the questions about the way of events read."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final

from fleetdx.deploy_check import event_verbs as verbs
from fleetdx.deploy_check import events
from fleetdx.deploy_check.answers import Answer, answered, not_applicable, unanswered
from fleetdx.deploy_check.readings import Reading, Seen, Unseen, together

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fleetdx.deploy_check.event_verbs import TrailOutline
    from fleetdx.deploy_check.events import Trail
    from fleetdx.deploy_check.inquiry import Inquiry

TOPIC: Final = "aws-controltower-AggregateSecurityNotifications"
"""Default of TopicName in templates/audit_region.yaml."""


def about_events(inquiry: Inquiry) -> Iterator[Answer]:
    """Control Tower's topic in each region, and the trail."""
    yield from _topics(inquiry)
    yield _trails(inquiry)


def topic_name(inquiry: Inquiry) -> str:
    """Control Tower's topic, as the settings have it."""
    return inquiry.settings.options.get("audit_region", {}).get("TopicName", TOPIC)


def topic_arn(inquiry: Inquiry, account: str, region: str) -> str:
    """ARN of Control Tower's topic."""
    return f"arn:{_partition(region)}:sns:{region}:{account}:{topic_name(inquiry)}"


def _partition(region: str) -> str:
    return "aws-cn" if region.startswith("cn-") else "aws-us-gov" if region.startswith("us-gov-") else "aws"


def _topics(inquiry: Inquiry) -> Iterator[Answer]:
    question, name = "control_tower_topic_takes_subscribers", topic_name(inquiry)
    if inquiry.settings.events != "control_tower":
        why = f"The settings let events go another way: {inquiry.settings.events}."
        yield not_applicable(question, "audit", why)
        return
    account = inquiry.account("audit")
    for region in inquiry.settings.regions:
        found: Reading[events.Topic | None]
        if isinstance(account, Unseen):
            found = account
        else:
            arn = topic_arn(inquiry, account.value, region)
            found = inquiry.asker.look(
                "audit", "sns", region, "sns:GetTopicAttributes", functools.partial(verbs.topic, arn=arn)
            )
        yield answered(question, inquiry.place("audit", region), found, lambda topic: events.judge_topic(name, topic))


def _trails(inquiry: Inquiry) -> Answer:
    question, place = "trail_records_changes", inquiry.place("hub")
    if inquiry.settings.events == "none":
        return not_applicable(question, place, "The settings let no events through.")
    account = inquiry.account("hub")
    if isinstance(account, Unseen):
        return unanswered(question, place, account)
    found = together({region: _trails_of(inquiry, region) for region in inquiry.settings.regions})
    return answered(question, place, found, lambda trails: events.judge_trails(account.value, trails))


def _trails_of(inquiry: Inquiry, region: str) -> Reading[list[Trail]]:
    outlines = inquiry.asker.look("hub", "cloudtrail", region, "cloudtrail:DescribeTrails", verbs.trails)
    if isinstance(outlines, Unseen):
        return outlines
    trails: list[Trail] = []
    for outline in outlines.value:
        known = _trail(inquiry, outline)
        if isinstance(known, Unseen):
            return known
        trails.append(known.value)
    return Seen(trails)


def _trail(inquiry: Inquiry, outline: TrailOutline) -> Reading[Trail]:
    """Status and selectors, asked for in the region where the trail was made."""
    look, arn, home = inquiry.asker.look, outline.arn, outline.home_region
    logs = look("hub", "cloudtrail", home, "cloudtrail:GetTrailStatus", lambda client: verbs.is_logging(client, arn))
    if isinstance(logs, Unseen):
        return logs
    right = "cloudtrail:GetEventSelectors"
    lets = look("hub", "cloudtrail", home, right, lambda client: verbs.lets_changes_through(client, arn))
    return lets if isinstance(lets, Unseen) else Seen(verbs.trail(outline, logs=logs.value, lets=lets.value))
