"""Each stack gets the parameters that its settings and the central stack's outputs lead to, and none of another way."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from fleetdx.deployment import plan
from fleetdx.deployment.release_bucket import shortened
from fleetdx.deployment.settings import TEMPLATE_NAMES, DeploymentSettings, Profiles

FACTS = plan.Facts("222222222222", "111111111111", "333333333333", "o-example0001")
RELEASE = plan.Release("release", "releases/ab/", "libraries/cd.zip")
OUTPUTS = {
    "ScriptsUrl": "https://data/scripts/",
    "IntakeUrl": "https://intake/",
    "EventBusArn": "arn:bus",
    "EventsQueueArn": "arn:queue",
}
SETTINGS = DeploymentSettings(
    home_region="ap-northeast-2",
    regions=("ap-northeast-2", "us-east-1"),
    organizational_units=("r-ab12",),
    management_account="excluded",
    stack_sets_from="management",
    events="bus",
    external_id="ours",
    profiles=Profiles("hub", "management", "audit"),
    options={name: {} for name in TEMPLATE_NAMES},
)


def with_options(**options: Any) -> DeploymentSettings:
    all_options: dict[Any, Any] = {**SETTINGS.options, **options}
    return replace(SETTINGS, options=all_options)


@pytest.mark.parametrize(
    ("events", "organization", "audit", "bus"),
    [
        ("bus", "o-example0001", "", "arn:bus"),
        ("control_tower", "", "333333333333", "none"),
        ("none", "", "", "none"),
    ],
)
def test_only_the_way_of_events_that_is_wanted_is_open(events: Any, organization: str, audit: str, bus: str) -> None:
    """The bus knows the organization, the queue the audit account, and neither the other."""
    settings = replace(SETTINGS, events=events)
    central = plan.central_parameters(settings, FACTS, RELEASE)
    assert (central["OrganizationId"], central["AuditAccountId"]) == (organization, audit)
    member = plan.member_parameters(settings, FACTS, OUTPUTS)
    region = plan.member_region_parameters(settings, OUTPUTS)
    assert (member["EventBusArn"], region["EventBusArn"], region["EventsWay"]) == (bus, bus, events)


def test_what_is_shared_is_said_once() -> None:
    """A prefix of roles and a document's name go from the central options to every stack that has them."""
    settings = with_options(central={"MemberRolePrefix": "our-", "DocumentName": "our-scan", "RetentionDays": "400"})
    assert plan.central_parameters(settings, FACTS, RELEASE)["RetentionDays"] == "400"
    member = plan.member_parameters(settings, FACTS, OUTPUTS)
    assert (member["MemberRolePrefix"], member["DocumentName"]) == ("our-", "our-scan")
    region = plan.member_region_parameters(settings, OUTPUTS)
    assert region["DocumentName"] == "our-scan"
    assert "MemberRolePrefix" not in region


def test_the_release_and_the_excluded_management_account_are_told() -> None:
    """The central stack learns where the package lies, and that the management account is left out."""
    central = plan.central_parameters(SETTINGS, FACTS, RELEASE)
    assert (central["ReleaseBucket"], central["ReleasePrefix"], central["LibraryLayerKey"]) == RELEASE
    assert (central["ManagementAccount"], central["Regions"]) == ("excluded", "ap-northeast-2,us-east-1")


def test_options_reach_their_own_template() -> None:
    """An option of one template is no parameter of another."""
    settings = with_options(member={"Mending": "no"}, audit_region={"TopicName": "ours"})
    assert plan.member_parameters(settings, FACTS, OUTPUTS)["Mending"] == "no"
    assert "Mending" not in plan.member_region_parameters(settings, OUTPUTS)
    wanted = {"TopicName": "ours", "EventsQueueArn": "arn:queue"}
    assert plan.audit_region_parameters(settings, OUTPUTS) == wanted


def test_what_the_settings_leave_out_is_known_by_name() -> None:
    """A way of events or an account that is not wanted, and a region that was taken out; nothing else."""
    regions = ("ap-northeast-2", "us-east-1", "eu-west-1")
    wanted = replace(SETTINGS, events="control_tower", management_account="included")
    assert plan.unwanted_stacks(wanted, SETTINGS.regions) == []
    assert plan.unwanted_stacks(wanted, regions) == [
        ("audit", "eu-west-1", plan.AUDIT_REGION),
        ("management", "eu-west-1", plan.MEMBER_REGION),
    ]
    assert len(plan.unwanted_stacks(SETTINGS, regions)) == len(plan.plain_stacks(SETTINGS, regions)) == 7
    reached = replace(SETTINGS, profiles=Profiles("hub", None, None))
    assert plan.unwanted_stacks(reached, regions) == []


def test_a_hash_in_a_key_is_told_by_its_beginning() -> None:
    """Names around it stay whole."""
    assert shortened(f"releases/{'0a' * 32}/functions.zip") == "releases/0a0a0a0a0a0a/functions.zip"
