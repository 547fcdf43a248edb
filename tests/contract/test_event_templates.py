"""The way of events as the templates have it: which events leave an account, who may send to bus and queue, and how."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from moto.events.models import EventPattern
from moto.sns.utils import FilterPolicyMatcher

from emulator.events.shapes import Association, Event, Place, association_call, state_change
from tools.sources import TEMPLATES, template

if TYPE_CHECKING:
    from pathlib import Path

CENTRAL = template("central.yaml")["Resources"]
MEMBER = template("member.yaml")["Resources"]
REGION = template("member_region.yaml")["Resources"]
AUDIT = template("audit_region.yaml")["Resources"]
RULES = {name: one for name, one in REGION.items() if one["Type"] == "AWS::Events::Rule"}
PLACE = Place("333333333333", "ap-northeast-2")
NOW = dt.datetime(2026, 11, 23, 19, 0, tzinfo=dt.UTC)
INSTANCE = "i-0123456789abcdef0"
PROFILE = Association("iip-assoc-1", INSTANCE, "arn:aws:iam::333333333333:instance-profile/a/b", "associating")
CALLS = ("AssociateIamInstanceProfile", "DisassociateIamInstanceProfile", "ReplaceIamInstanceProfileAssociation")
WANTED = [
    state_change(PLACE, INSTANCE, "running", NOW),
    *(association_call(PLACE, name, {"AssociationId": "iip-assoc-1"}, PROFILE, NOW) for name in CALLS),
]


def failed(event: Event) -> Event:
    return {**event, "detail": {**event["detail"], "errorCode": "Client.IncorrectState", "responseElements": None}}


UNWANTED = [
    *(state_change(PLACE, INSTANCE, state, NOW) for state in ("pending", "stopping", "stopped", "terminated")),
    failed(WANTED[1]),
    association_call(PLACE, "RunInstances", {}, PROFILE, NOW),
    {**WANTED[0], "source": "aws.autoscaling"},
]


def matches(rule: dict[str, Any], event: Event) -> bool:
    pattern = EventPattern.load(json.dumps(rule["Properties"]["EventPattern"]))
    return bool(pattern.matches_event(event))


@pytest.mark.parametrize("event", WANTED, ids=lambda event: event["detail"].get("eventName", event["detail-type"]))
def test_every_wanted_event_leaves_its_account_once(event: Event) -> None:
    """A start, and each call that changes a profile, matches exactly one rule of the member's region."""
    assert sum(matches(rule, event) for rule in RULES.values()) == 1


@pytest.mark.parametrize("event", UNWANTED)
def test_no_other_event_leaves_its_account(event: Event) -> None:
    """Other states, calls that failed, other calls and other services match no rule."""
    assert not any(matches(rule, event) for rule in RULES.values())


@pytest.mark.parametrize("event", WANTED)
def test_the_centre_takes_what_members_send(event: Event) -> None:
    """The audit account's filter, on the forwarder's text, and the bus's rule let every wanted event through."""
    subscription = AUDIT["EventsSubscription"]["Properties"]
    matcher = FilterPolicyMatcher(subscription["FilterPolicy"], subscription["FilterPolicyScope"])
    assert matcher.matches({}, json.dumps(event, indent=4))
    assert matches(CENTRAL["InstanceEventsRule"], event)


@pytest.mark.parametrize(
    "message",
    [
        json.dumps({"source": "aws.config", "detail-type": "Config Rules Compliance Change", "detail": {}}),
        "AWS Config delivered a snapshot",
    ],
)
def test_control_towers_own_notifications_stay_in_the_audit_account(message: str) -> None:
    """What else is in the aggregate topic is filtered out by its body, which need not be JSON."""
    subscription = AUDIT["EventsSubscription"]["Properties"]
    assert not FilterPolicyMatcher(subscription["FilterPolicy"], "MessageBody").matches({}, message)


def test_no_rule_is_named_like_control_towers() -> None:
    """Control Tower's policies forbid to make or change rules whose names begin with aws-controltower-."""
    named = [*RULES.values(), CENTRAL["InstanceEventsRule"]]
    assert all(rule["Properties"]["Name"].startswith("fleetdx-") for rule in named)


def test_the_way_is_chosen_by_one_parameter() -> None:
    """Each rule sends to Control Tower's topic of its own account and region, or to the bus as a role that may."""
    for rule in RULES.values():
        [target] = rule["Properties"]["Targets"]
        condition, topic, bus = target["Fn::If"]
        assert condition == "ByControlTower"
        assert topic["Arn"]["Fn::Sub"].endswith(
            ":${AWS::Region}:${AWS::AccountId}:aws-controltower-SecurityNotifications"
        )
        assert bus["Arn"] == {"Ref": "EventBusArn"}
        assert bus["RoleArn"]["Fn::Sub"].endswith(":role/fleetdx/fleetdx-forward-events")
        assert rule["Condition"] == "HasEvents"
    role = MEMBER["ForwardEventsRole"]["Properties"]
    assert role["RoleName"] == "fleetdx-forward-events"
    [statement] = role["Policies"][0]["PolicyDocument"]["Statement"]
    assert statement == {"Effect": "Allow", "Action": "events:PutEvents", "Resource": {"Ref": "EventBusArn"}}


def test_only_the_organization_may_send_to_the_bus() -> None:
    """The bus's policy admits the principals of one organization, to put events and nothing else."""
    statement = CENTRAL["EventBusPolicy"]["Properties"]["Statement"]
    assert statement["Action"] == "events:PutEvents"
    assert statement["Condition"] == {"StringEquals": {"aws:PrincipalOrgID": {"Ref": "OrganizationId"}}}


@pytest.mark.parametrize("queue", ["EventsQueue", "EventsDeadLetterQueue"])
def test_queues_are_encrypted_and_take_tls_only(queue: str) -> None:
    """Both queues are encrypted at rest, and refuse whatever comes without TLS."""
    assert CENTRAL[queue]["Properties"]["SqsManagedSseEnabled"] is True
    policy = CENTRAL[f"{queue}Policy"]["Properties"]
    assert policy["Queues"] == [{"Ref": queue}]
    [denied] = [one for one in policy["PolicyDocument"]["Statement"] if one.get("Effect") == "Deny"]
    assert (denied["Principal"], denied["Action"]) == ("*", "sqs:*")
    assert denied["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_only_our_rule_and_the_audit_accounts_topics_may_send_to_the_queue() -> None:
    """Each service may send on behalf of one source, and the dead-letter queue takes nothing from any service."""
    statements = CENTRAL["EventsQueuePolicy"]["Properties"]["PolicyDocument"]["Statement"]
    allowed = {one["Fn::If"][0]: one["Fn::If"][1] for one in statements if "Fn::If" in one}
    assert set(allowed) == {"HasEventBus", "HasAuditAccount"}
    by_rule, by_topic = allowed["HasEventBus"], allowed["HasAuditAccount"]
    assert by_rule["Condition"] == {"ArnEquals": {"aws:SourceArn": {"Fn::GetAtt": ["InstanceEventsRule", "Arn"]}}}
    source = by_topic["Condition"]["ArnLike"]["aws:SourceArn"]["Fn::Sub"]
    assert source.endswith(":sns:*:${AuditAccountId}:aws-controltower-AggregateSecurityNotifications")
    dead = CENTRAL["EventsDeadLetterQueuePolicy"]["Properties"]["PolicyDocument"]["Statement"]
    assert [one["Effect"] for one in dead] == ["Deny"]


def test_what_fails_five_times_is_put_aside() -> None:
    """The queue hands a message that was received five times to the dead-letter queue, which keeps it longer."""
    queue = CENTRAL["EventsQueue"]["Properties"]
    assert queue["RedrivePolicy"] == {
        "deadLetterTargetArn": {"Fn::GetAtt": ["EventsDeadLetterQueue", "Arn"]},
        "maxReceiveCount": 5,
    }
    assert CENTRAL["EventsDeadLetterQueue"]["Properties"]["MessageRetentionPeriod"] > queue["MessageRetentionPeriod"]


@pytest.mark.parametrize("path", [*TEMPLATES.rglob("*.yaml"), *TEMPLATES.rglob("*.tf")], ids=lambda path: path.name)
def test_no_arn_names_a_partition(path: Path) -> None:
    """ARNs take the partition of the account they are in, so that China and GovCloud get theirs."""
    assert re.findall(r"arn:aws[a-z-]*:[a-z0-9]", path.read_text(encoding="utf-8")) == []
