"""Narrow verbs that read Control Tower's topic and the trails."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from fleetdx.deploy_check.events import Topic, Trail, records_changes

if TYPE_CHECKING:
    from types_boto3_sns.client import SNSClient

ABSENT: Final = "PendingConfirmation"
"""What stands in the place of a subscription's ARN until it is confirmed."""


@dataclass(frozen=True)
class TrailOutline:
    """What DescribeTrails tells of a trail."""

    arn: str
    home_region: str
    of_all_regions: bool
    of_organization: bool


def topic(client: SNSClient, arn: str) -> Topic | None:
    """A topic by its ARN; None where there is none."""
    try:
        attributes = client.get_topic_attributes(TopicArn=arn)["Attributes"]
    except client.exceptions.NotFoundException:
        return None
    statements = json.loads(attributes.get("Policy") or "{}").get("Statement", [])
    return Topic(arn, tuple([statements] if isinstance(statements, dict) else statements))


def subscribed_queues(client: SNSClient, arn: str) -> dict[str, bool]:
    """The queues that are subscribed to a topic, by ARN, with whether they are confirmed; none where it is absent."""
    found: dict[str, bool] = {}
    try:
        for page in client.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=arn):
            for one in page["Subscriptions"]:
                if one["Protocol"] == "sqs":
                    found[one["Endpoint"]] = one["SubscriptionArn"] != ABSENT
    except client.exceptions.NotFoundException:
        return {}
    return found


# types-boto3 has no package of CloudTrail here.
def trails(client: Any) -> tuple[TrailOutline, ...]:  # noqa: ANN401 - see above
    """The trails that a region sees: its own, those of all regions, and the organization's."""
    return tuple(
        TrailOutline(
            one["TrailARN"],
            one["HomeRegion"],
            one.get("IsMultiRegionTrail", False),
            one.get("IsOrganizationTrail", False),
        )
        for one in client.describe_trails(includeShadowTrails=True)["trailList"]
    )


def is_logging(client: Any, arn: str) -> bool:  # noqa: ANN401 - see above
    """Whether a trail logs. By ARN: a member account knows the organization's trail by no other name."""
    return bool(client.get_trail_status(Name=arn)["IsLogging"])


def lets_changes_through(client: Any, arn: str) -> bool:  # noqa: ANN401 - see above
    """Whether a trail's selectors let EC2's changing management events through."""
    told = client.get_event_selectors(TrailName=arn)
    return records_changes(told.get("EventSelectors") or [], told.get("AdvancedEventSelectors") or [])


def trail(outline: TrailOutline, *, logs: bool, lets: bool) -> Trail:
    """What is known of a trail, together."""
    return Trail(outline.arn, outline.home_region, outline.of_all_regions, outline.of_organization, logs, lets)
