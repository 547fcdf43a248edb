"""What deploy-check asks before a deployment: each question fails by its fault, and no other does."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from emulator.events.control_tower import AGGREGATE_TOPIC
from emulator.faults.rules import Rule
from tests.contract.small_cloud import CENTRAL, small_cloud
from tests.deploy_check_scene import AUDIT, HOME, MANAGEMENT, OPTIONAL, OURS, STRANGER, Scene, scene_in, told

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with small_cloud(tmp_path, frozenset({CENTRAL})) as cloud:
        yield scene_in(cloud)


def failing(scene: Scene, question: str) -> str:
    """What the question says of its fault; every other question that failed would be a mistake."""
    answers = scene.ask()
    failed = [answer for answer in answers if answer.verdict == "fail"]
    assert {answer.question for answer in failed} == {question}
    assert all(answer.remedy for answer in failed)
    return failed[0].found


def test_keys_that_aws_does_not_know(scene: Scene) -> None:
    """Credentials that do not work fail; what would have been asked with them is unknown."""
    scene.cloud.faults.add(Rule("sts:GetCallerIdentity", "clock_skewed", account=AUDIT, times=None))
    answers = scene.ask()
    found = {answer.place: answer.verdict for answer in answers if answer.question == "credentials_work"}
    assert found == {f"hub {CENTRAL}": "pass", f"management {MANAGEMENT}": "pass", "audit": "fail"}
    assert told(answers)["control_tower_topic_takes_subscribers"] == {"unknown"}


def test_a_profile_of_another_organization(scene: Scene) -> None:
    """A profile that leads out of the organization fails."""
    scene.client("organizations", STRANGER).create_organization(FeatureSet="ALL")
    scene.accounts["audit"] = STRANGER
    scene.change(events="bus")
    scene.cloud.state.opted_in.add((STRANGER, OPTIONAL))
    assert "lead to 2 organizations" in failing(scene, "accounts_are_of_one_organization")


def test_a_profile_that_is_not_the_management_accounts(scene: Scene) -> None:
    """What is called the management account has to manage the organization."""
    scene.accounts["management"] = AUDIT
    (found,) = [one for one in scene.ask() if one.question == "accounts_are_of_one_organization"]
    assert (found.verdict, f"{MANAGEMENT} manages it" in found.found) == ("fail", True)


def test_no_organization(scene: Scene) -> None:
    """An account in no organization fails both questions about it."""
    scene.accounts["hub"] = STRANGER
    verdicts = told(scene.ask())
    assert verdicts["organization_has_all_features"] == {"fail"}
    assert verdicts["accounts_are_of_one_organization"] == {"fail"}


def test_consolidated_billing_only(scene: Scene) -> None:
    """An organization without all features fails."""
    from moto.organizations.models import organizations_backends  # noqa: PLC0415 - no call takes features away

    organizations_backends[MANAGEMENT]["aws"].org.feature_set = "CONSOLIDATED_BILLING"
    assert "CONSOLIDATED_BILLING" in failing(scene, "organization_has_all_features")


def test_stack_sets_without_trusted_access(scene: Scene) -> None:
    """Either side's switch that is off fails."""
    scene.cloud.state.stack_sets = "DISABLED"
    assert "DISABLED" in failing(scene, "stack_sets_are_trusted")
    scene.cloud.state.stack_sets = "ENABLED"
    service = "member.org.stacksets.cloudformation.amazonaws.com"
    scene.client("organizations", MANAGEMENT).disable_aws_service_access(ServicePrincipal=service)
    assert service in failing(scene, "stack_sets_are_trusted")


@pytest.mark.parametrize(
    ("question", "service"),
    [
        ("stack_sets_are_delegated", "member.org.stacksets.cloudformation.amazonaws.com"),
        ("security_hub_is_delegated", "securityhub.amazonaws.com"),
    ],
)
def test_an_account_that_is_not_delegated(scene: Scene, question: str, service: str) -> None:
    """Without the registration the question fails, with the command that makes it."""
    organizations = scene.client("organizations", MANAGEMENT)
    organizations.deregister_delegated_administrator(AccountId=CENTRAL, ServicePrincipal=service)
    answer = scene.answer(question)
    assert answer.verdict == "fail"
    assert f"--account-id {CENTRAL} --service-principal {service}" in answer.remedy
    failing(scene, question)


def test_what_the_settings_leave_out_is_not_asked(scene: Scene) -> None:
    """Questions about Security Hub, delegated StackSets and events do not apply where the settings have none."""
    scene.change(stack_sets_from="management", events="none", options={})
    verdicts = told(scene.ask())
    for question in (
        "stack_sets_are_delegated",
        "security_hub_is_delegated",
        "control_tower_topic_takes_subscribers",
        "trail_records_changes",
    ):
        assert verdicts[question] == {"notapplicable"}


def test_a_central_account_that_may_not_read_the_organization(scene: Scene) -> None:
    """A refusal is the account's own where it is no delegate; else, or where a policy may let it, nobody can tell."""
    scene.cloud.faults.add(Rule("organizations:ListAccounts", "denied", account=CENTRAL, times=None))
    answer = scene.answer("hub_reads_the_organization")
    assert (answer.verdict, answer.missing_right) == ("unknown", "organizations:ListAccounts")
    scene.change(stack_sets_from="management", options={})
    for service in ("member.org.stacksets.cloudformation.amazonaws.com", "securityhub.amazonaws.com"):
        scene.client("organizations", MANAGEMENT).deregister_delegated_administrator(
            AccountId=CENTRAL, ServicePrincipal=service
        )
    assert "delegation policy" in failing(scene, "hub_reads_the_organization")
    scene.cloud.state.has_delegation_policy = True
    assert scene.answer("hub_reads_the_organization").verdict == "unknown"


def test_units_that_are_not_there_or_empty(scene: Scene) -> None:
    """A unit that does not exist, and one without accounts, fail by name."""
    (root,) = scene.settings.organizational_units
    scene.change(organizational_units=(root, "ou-ab12-cdefgh34"))
    assert "ou-ab12-cdefgh34" in failing(scene, "units_have_accounts")
    made = scene.client("organizations", MANAGEMENT).create_organizational_unit(ParentId=root, Name="New")
    unit = made["OrganizationalUnit"]["Id"]
    scene.change(organizational_units=(unit,))
    assert f"No active account is below {unit}" in failing(scene, "units_have_accounts")


def test_a_topic_that_is_not_there(scene: Scene) -> None:
    """A region that Control Tower does not govern has no topic: that region fails, the other passes."""
    arn = f"arn:aws:sns:{OPTIONAL}:{AUDIT}:{AGGREGATE_TOPIC}"
    scene.client("sns", AUDIT, OPTIONAL).delete_topic(TopicArn=arn)
    assert AGGREGATE_TOPIC in failing(scene, "control_tower_topic_takes_subscribers")
    verdicts = {one.place: one.verdict for one in scene.answers("control_tower_topic_takes_subscribers")}
    assert verdicts == {f"audit {AUDIT} {HOME}": "pass", f"audit {AUDIT} {OPTIONAL}": "fail"}


@pytest.mark.parametrize(
    ("statement", "verdict"),
    [
        ({"Action": "sns:Subscribe"}, "fail"),
        ({"Action": ["sns:Publish", "SNS:Sub*"]}, "fail"),
        ({"NotAction": "sns:Publish"}, "fail"),
        ({"NotAction": "sns:*"}, "pass"),
        ({"Action": "sns:Publish"}, "pass"),
        ({"Action": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}, "unknown"),
    ],
)
def test_a_topic_that_lets_nobody_subscribe(scene: Scene, statement: dict[str, Any], verdict: str) -> None:
    """A policy that denies sns:Subscribe fails; on a condition nobody can say."""
    arn = f"arn:aws:sns:{HOME}:{AUDIT}:{AGGREGATE_TOPIC}"
    whole = {"Effect": "Deny", "Principal": "*", "Resource": arn, **statement}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [whole]})
    scene.client("sns", AUDIT).set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue=policy)
    found = {answer.place: answer for answer in scene.answers("control_tower_topic_takes_subscribers")}
    answer = found[f"audit {AUDIT} {HOME}"]
    assert (answer.verdict, bool(answer.remedy)) == (verdict, verdict != "pass")


def test_a_trail_that_does_not_log(scene: Scene) -> None:
    """A trail that was stopped records nothing."""
    scene.client("cloudtrail", MANAGEMENT).stop_logging(Name="organization-trail")
    assert HOME in failing(scene, "trail_records_changes")


def test_no_trail(scene: Scene) -> None:
    """Control Tower can have none at all."""
    scene.client("cloudtrail", MANAGEMENT).delete_trail(Name="organization-trail")
    assert f"{HOME}, {OPTIONAL}" in failing(scene, "trail_records_changes")


def test_a_trail_of_one_region(scene: Scene) -> None:
    """A trail of its own region alone leaves the other one out."""
    scene.client("cloudtrail", MANAGEMENT).update_trail(Name="organization-trail", IsMultiRegionTrail=False)
    found = failing(scene, "trail_records_changes")
    assert (OPTIONAL in found, HOME in found) == (True, False)


@pytest.mark.parametrize(
    "selectors",
    [
        {"EventSelectors": [{"ReadWriteType": "ReadOnly", "IncludeManagementEvents": True}]},
        {"EventSelectors": [{"ReadWriteType": "All", "IncludeManagementEvents": False}]},
        {
            "AdvancedEventSelectors": [
                {
                    "Name": "reads",
                    "FieldSelectors": [
                        {"Field": "eventCategory", "Equals": ["Management"]},
                        {"Field": "readOnly", "Equals": ["true"]},
                    ],
                }
            ]
        },
    ],
)
def test_a_trail_without_what_changes(scene: Scene, selectors: dict[str, Any]) -> None:
    """A trail that leaves changing management events out is none for us."""
    scene.client("cloudtrail", MANAGEMENT).put_event_selectors(TrailName="organization-trail", **selectors)
    failing(scene, "trail_records_changes")


def test_a_trail_of_one_account(scene: Scene) -> None:
    """A trail of the central account alone says nothing of the other accounts."""
    scene.client("cloudtrail", MANAGEMENT).delete_trail(Name="organization-trail")
    scene.client("s3").create_bucket(Bucket="own-trail")
    trails = scene.client("cloudtrail")
    trails.create_trail(Name="own", S3BucketName="own-trail", IsMultiRegionTrail=True)
    trails.put_event_selectors(
        TrailName="own", EventSelectors=[{"ReadWriteType": "WriteOnly", "IncludeManagementEvents": True}]
    )
    trails.start_logging(Name="own")
    answer = scene.answer("trail_records_changes")
    assert (answer.verdict, answer.missing_right) == ("unknown", None)
    assert f"account {CENTRAL} alone" in answer.found


def test_a_region_that_a_profiles_account_has_not_enabled(scene: Scene) -> None:
    """An account that has not opted in fails; so does a region that AWS does not have."""
    scene.cloud.state.opted_in.discard((AUDIT, OPTIONAL))
    found = [answer for answer in scene.ask() if answer.verdict == "fail"]
    assert {(answer.question, OPTIONAL in answer.found) for answer in found} == {
        ("regions_are_enabled", True),
        ("members_have_the_regions", True),
    }
    scene.change(regions=(HOME, "us-north-9"), events="none")
    assert {one.verdict for one in scene.answers("regions_are_enabled")} == {"fail"}


def test_a_region_that_members_have_not_enabled(scene: Scene) -> None:
    """The account is named that lacks a region; regions that everybody has are not asked about."""
    from moto.organizations.models import organizations_backends  # noqa: PLC0415 - as in the scene

    from emulator.seams.organizations import create_account  # noqa: PLC0415 - as above

    create_account(organizations_backends[MANAGEMENT]["aws"], STRANGER, "shops", "shops@example.com")
    assert f"{STRANGER} lacks {OPTIONAL}" in failing(scene, "members_have_the_regions")
    scene.change(regions=(HOME,))
    assert scene.answer("members_have_the_regions").verdict == "notapplicable"


def test_account_management_without_trusted_access(scene: Scene) -> None:
    """Then nobody may ask about members, and the question stays unknown."""
    scene.client("organizations", MANAGEMENT).disable_aws_service_access(ServicePrincipal="account.amazonaws.com")
    answer = scene.answer("members_have_the_regions")
    assert (answer.verdict, answer.missing_right) == ("unknown", "account:ListRegions")


def test_too_little_concurrency(scene: Scene) -> None:
    """A new account's few concurrent executions fail, and so do many that are reserved."""
    scene.cloud.state.concurrency[CENTRAL] = 10
    assert "10 of 10" in failing(scene, "functions_have_concurrency")
    scene.cloud.state.concurrency[CENTRAL] = 1000
    scene.cloud.state.reserved[CENTRAL] = 900
    assert "100 of 1000" in failing(scene, "functions_have_concurrency")


def test_few_open_executions(scene: Scene) -> None:
    """A quota below what a run and its events need fails; one that is not listed does not apply."""
    scene.cloud.state.open_executions = 100.0
    assert "100 executions" in failing(scene, "executions_may_be_open")
    scene.cloud.state.open_executions = None
    assert scene.answer("executions_may_be_open").verdict == "notapplicable"


def test_no_room_for_roles(scene: Scene) -> None:
    """An account that is nearly full of roles cannot take the stack's."""
    from moto.iam.models import iam_backends  # noqa: PLC0415 - no call sets the quota

    iam_backends[CENTRAL]["aws"].account_summary._roles_quota = 20
    assert "of 20 roles" in failing(scene, "roles_have_room")


def test_a_stack_of_that_name_that_is_not_ours(scene: Scene) -> None:
    """Somebody else's stack of the same name fails."""
    template = {"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}}}
    scene.client("cloudformation").create_stack(StackName="fleetdx-central", TemplateBody=json.dumps(template))
    assert "is not fleetdx's" in failing(scene, "stack_name_is_free")


def test_a_stack_that_is_broken(scene: Scene) -> None:
    """One of ours that did not come up cannot be updated."""
    from moto.cloudformation.models import cloudformation_backends  # noqa: PLC0415 - no call breaks a stack

    made = scene.client("cloudformation").create_stack(StackName="fleetdx-central", TemplateBody=json.dumps(OURS))
    assert scene.answer("stack_name_is_free").verdict == "pass"
    cloudformation_backends[CENTRAL][HOME].stacks[made["StackId"]].status = "ROLLBACK_COMPLETE"
    assert "ROLLBACK_COMPLETE" in failing(scene, "stack_name_is_free")


def test_buckets_of_others(scene: Scene) -> None:
    """A bucket of the name that another account has fails; so does our own one in another region."""
    name = f"fleetdx-data-{CENTRAL}-{HOME}"
    scene.client("s3", STRANGER).create_bucket(Bucket=name)
    assert f"Another account has {name}" in failing(scene, "bucket_names_are_free")
    scene.client("s3", STRANGER).delete_bucket(Bucket=name)
    place = {"LocationConstraint": OPTIONAL}
    scene.client("s3", CENTRAL, OPTIONAL).create_bucket(Bucket=name, CreateBucketConfiguration=place)
    assert f"{name} exists in this account in another region" in failing(scene, "bucket_names_are_free")


def test_a_bucket_left_of_an_earlier_deployment(scene: Scene) -> None:
    """The deployment imports it, so that it is in nobody's way."""
    scene.client("s3").create_bucket(Bucket=f"fleetdx-data-{CENTRAL}-{HOME}")
    answer = scene.answer("bucket_names_are_free")
    assert (answer.verdict, "will be taken over" in answer.found) == ("pass", True)


def test_the_bucket_of_locked_evidence_counts_where_it_is_made(scene: Scene) -> None:
    """Its name matters where evidence is locked, and only there."""
    scene.client("s3", STRANGER).create_bucket(Bucket=f"fleetdx-evidence-{CENTRAL}-{HOME}")
    assert scene.answer("bucket_names_are_free").verdict == "pass"
    scene.change(options={**scene.settings.options, "central": {"ObjectLockMode": "governance"}})
    assert "fleetdx-evidence" in failing(scene, "bucket_names_are_free")


def test_a_role_of_that_name(scene: Scene) -> None:
    """A role of one of the names fails, whatever its path."""
    scene.client("iam").create_role(RoleName="fleetdx-send-command", Path="/old/", AssumeRolePolicyDocument="{}")
    assert "fleetdx-send-command" in failing(scene, "role_names_are_free")


def test_without_a_management_profile_the_central_account_is_asked(scene: Scene) -> None:
    """Where the settings need no profile of the management account, the delegate answers for it."""
    from fleetdx.deployment.settings import Profiles  # noqa: PLC0415 - one test

    scene.change(management_account="excluded", profiles=Profiles("hub", None, "audit"))
    places = {answer.place for answer in scene.ask()}
    assert not any(place.startswith("management") for place in places)
    assert scene.answer("stack_sets_are_trusted").place == f"hub {CENTRAL}"
    assert scene.answer("stack_sets_are_delegated").verdict == "pass"
