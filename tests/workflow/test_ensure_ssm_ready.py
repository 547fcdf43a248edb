"""Every way through ensure_ssm_ready on the embedded AWS: how it ends, what it changed, and what it told."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import pytest

from emulator.faults.rules import Rule
from tests.embedded import embedded, wait_until
from tests.workflow.mending import CORE, SEOUL, TRADING, Mending

if TYPE_CHECKING:
    from collections.abc import Iterator

COMPLIANT = [
    "WaitForRelatedEvents",
    "AssumeRole",
    "ResolveInstanceRole",
    "CheckExemption",
    "Exempt?",
    "CheckPolicies",
    "AnythingMissing?",
    "InstanceReady",
]
NEEDED = {"Effect": "Allow", "Action": ["ssm:*", "ssmmessages:*", "ec2messages:*"], "Resource": "*"}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mending]:
    with embedded(tmp_path_factory.mktemp("emulator"), events_way="none") as aws:
        yield Mending(aws)


@pytest.fixture
def stage(world: Mending) -> Mending:
    """Enforce, with nothing exempt, and no fault in force."""
    world.aws.cloud.faults.clear()
    world.configure()
    world.exempt()
    return world


@pytest.mark.reaches("policies_attached")
def test_a_compliant_instance_costs_little_and_is_told_to_nobody(stage: Mending, last_lines: list[str]) -> None:
    """Nothing is missing and SSM manages it: at most 9 transitions and 10 AWS calls, and no word about it."""
    instance = stage.instance(stage.profile(stage.role(CORE)))
    mended = stage.ensure(instance)
    assert mended.end == ("ready", "policies_attached")
    assert mended.states == COMPLIANT
    assert len(mended.states) <= 9
    assert len(mended.calls) <= 10, mended.calls
    assert mended.told == []
    last_lines.append(f"a compliant instance: {len(mended.states)} state transitions, {len(mended.calls)} AWS calls")


@pytest.mark.reaches("policy_attached")
def test_a_missing_policy_is_attached_once_and_told_once(stage: Mending) -> None:
    """The profile has a path and another name than the role; the second pass does nothing and tells nobody."""
    role = stage.role(path="/payments/")
    instance = stage.instance(stage.profile(role, path="/payments/web/"))
    mended = stage.ensure(instance)
    assert mended.end == ("mended", "policy_attached")
    assert mended.output["policies_attached"] == [CORE] == stage.attached(role)
    assert mended.output["role_arn"] == f"arn:aws:iam::{TRADING}:role/payments/{role}"
    assert len(mended.told) == 1
    assert f"`{instance}`" in mended.told[0]
    again = stage.ensure(instance, stage.launched(instance, time="2099-01-01T00:00:00Z"))
    assert (again.end, again.states, again.told) == (("ready", "policies_attached"), COMPLIANT, [])


def test_registration_is_waited_for(stage: Mending) -> None:
    """After attaching, SSM is asked again and again, and the change is told when the instance is Online."""
    instance = stage.instance(stage.profile(stage.role()), online=False)
    answer = stage.receive(stage.launched(instance))
    wait_until(lambda: "WaitForRegistration" in stage.aws.states(answer["execution_arn"]), "it is not waited for")
    stage.register(instance)
    ended = json.loads(stage.ended(answer["execution_arn"])["output"])
    assert (ended["outcome"], ended["reason"]) == ("mended", "policy_attached")
    assert stage.aws.states(answer["execution_arn"])[-3:] == ["Managed?", "ScanWhenReady?", "NotifyChange"]


@pytest.mark.reaches("not_registered", "agent_not_reporting")
def test_an_agent_that_does_not_come_is_a_failure_told_once(stage: Mending) -> None:
    """The waits add up to what the configuration allows; a second failure for the same reason is no news."""
    instance = stage.instance(stage.profile(stage.role(CORE)), online=False)
    mended = stage.ensure(instance)
    assert mended.end == ("failed", "not_registered")
    assert mended.states.count("WaitForRegistration") == 4
    assert len(mended.told) == 1
    again = stage.ensure(instance, stage.launched(instance, time="2099-01-01T00:00:00Z"))
    assert (again.end, again.told) == (("failed", "not_registered"), [])
    stage.register(instance, "connection_lost")
    lost = stage.ensure(instance, stage.launched(instance, time="2099-01-01T00:00:00Z"))
    assert (lost.end, len(lost.told)) == (("failed", "agent_not_reporting"), 1)
    stage.register(instance)
    online = stage.ensure(instance, stage.launched(instance, time="2099-01-01T00:00:00Z"))
    assert (online.end, len(online.told)) == (("ready", "policies_attached"), 1)


@pytest.mark.reaches("same_rights")
@pytest.mark.parametrize("way", ["inline", "customer managed"])
def test_the_same_rights_count_and_are_said(stage: Mending, way: str) -> None:
    """Rights by an inline or a customer-managed policy are enough; nothing is attached, and the output says why."""
    if way == "inline":
        role = stage.role(inline=[NEEDED])
    else:
        document = json.dumps({"Version": "2012-10-17", "Statement": [NEEDED]})
        made = stage.client("iam").create_policy(PolicyName="own-ssm", PolicyDocument=document)
        role = stage.role(made["Policy"]["Arn"])
    before = stage.attached(role)
    mended = stage.ensure(stage.instance(stage.profile(role)))
    assert mended.end == ("ready", "same_rights")
    assert "by other policies" in mended.output["detail"]
    assert stage.attached(role) == before
    assert mended.told == []


@pytest.mark.reaches("rights_denied", "rights_unclear")
@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ({"Effect": "Deny", "Action": "ssm:*", "Resource": "*"}, "rights_denied"),
        ({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}, "rights_unclear"),
    ],
)
def test_what_cannot_be_judged_is_reported(stage: Mending, statement: dict[str, Any], reason: str) -> None:
    """A Deny, or a statement that is not judged, is told to a person; nothing is attached."""
    role = stage.role(inline=[statement])
    mended = stage.ensure(stage.instance(stage.profile(role), online=False))
    assert mended.end == ("reported", reason)
    assert stage.attached(role) == []
    assert len(mended.told) == 1


def test_what_cannot_be_judged_is_ready_where_it_is_online(stage: Mending) -> None:
    """SSM manages the instance: that settles it."""
    role = stage.role(inline=[{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}])
    assert stage.ensure(stage.instance(stage.profile(role))).end == ("ready", "same_rights")


@pytest.mark.reaches("profile_without_role")
def test_a_profile_without_a_role_is_reported(stage: Mending) -> None:
    """Its role is a person's decision; a second pass tells nobody."""
    instance = stage.instance(stage.profile(None), online=False)
    mended = stage.ensure(instance)
    assert (mended.end, len(mended.told)) == (("reported", "profile_without_role"), 1)
    again = stage.ensure(instance, stage.launched(instance, time="2099-01-01T00:00:00Z"))
    assert (again.end, again.told) == (("reported", "profile_without_role"), [])


@pytest.mark.reaches("no_instance_profile")
def test_without_a_default_an_instance_without_profile_is_reported(stage: Mending) -> None:
    """A disassociation leads here too."""
    instance = stage.instance(stage.profile(stage.role(CORE)))
    ec2 = stage.client("ec2")
    found = ec2.describe_iam_instance_profile_associations(Filters=[{"Name": "instance-id", "Values": [instance]}])
    (association,) = found["IamInstanceProfileAssociations"]
    ec2.disassociate_iam_instance_profile(AssociationId=association["AssociationId"])
    mended = stage.ensure(instance, stage.associated(instance, "DisassociateIamInstanceProfile"))
    assert (mended.end, len(mended.told)) == (("reported", "no_instance_profile"), 1)


@pytest.mark.reaches("profile_associated")
def test_the_default_profile_is_given_and_told(stage: Mending) -> None:
    """An instance without a profile gets the default one that member.yaml has made."""
    stage.configure(default_instance_profile="fleetdx-default-instance")
    instance = stage.instance()
    mended = stage.ensure(instance)
    assert mended.end == ("mended", "profile_associated")
    assert [action["call"] for action in mended.output["actions"]] == ["ec2:AssociateIamInstanceProfile"]
    assert len(mended.told) == 1
    again = stage.ensure(instance, stage.launched(instance, time="2099-01-01T00:00:00Z"))
    assert (again.end, again.told) == (("ready", "policies_attached"), [])


def test_an_association_whose_answer_was_lost_is_told_as_ours(stage: Mending) -> None:
    """The call took effect, its answer did not arrive: the repeated try finds it, looks again, and tells the change."""
    stage.configure(default_instance_profile="fleetdx-default-instance")
    stage.aws.cloud.faults.add(Rule("ec2:AssociateIamInstanceProfile", "caller_dies_after"))
    mended = stage.ensure(stage.instance())
    assert mended.end == ("mended", "profile_associated")
    assert mended.states.count("ResolveInstanceRole") == 2
    assert len(mended.told) == 1


@pytest.mark.reaches("policy_quota_full")
def test_a_full_quota_is_reported_and_no_inline_policy_is_written(stage: Mending) -> None:
    """The account's quota of attached policies is used up: a person decides."""
    iam = stage.client("iam")
    full = []
    for number in range(iam.get_account_summary()["SummaryMap"]["AttachedPoliciesPerRoleQuota"]):
        document = json.dumps({"Version": "2012-10-17", "Statement": [{**NEEDED, "Action": "s3:GetObject"}]})
        full.append(iam.create_policy(PolicyName=f"full-{number}", PolicyDocument=document)["Policy"]["Arn"])
    role = stage.role(*full)
    mended = stage.ensure(stage.instance(stage.profile(role), online=False))
    assert mended.end == ("reported", "policy_quota_full")
    assert len(mended.told) == 1
    assert iam.list_role_policies(RoleName=role)["PolicyNames"] == []


@pytest.mark.reaches("role_protected")
@pytest.mark.parametrize(
    ("path", "name"), [("/aws-service-role/ecs.amazonaws.com/", "AWSServiceRoleForECS"), ("/", "stacksets-exec-abc")]
)
def test_a_protected_role_is_reported(stage: Mending, path: str, name: str) -> None:
    """A service-linked role, or one of CloudFormation's, is never touched; no call tries it."""
    role = stage.role(path=path, name=name)
    mended = stage.ensure(stage.instance(stage.profile(role), online=False))
    assert mended.end == ("reported", "role_protected")
    assert "iam:AttachRolePolicy" not in mended.calls


@pytest.mark.reaches("policy_not_attachable")
def test_a_required_policy_that_does_not_exist_is_a_failure(stage: Mending) -> None:
    """The configuration names a policy that the account lacks, and its member stack lets us attach it."""
    iam, wanted = stage.client("iam"), f"arn:aws:iam::{TRADING}:policy/security/none"
    stage.configure(required_policies=["account/security/none"])
    # As the parameter CustomerManagedPolicy of member.yaml would have it.
    allowed = {
        "Effect": "Allow",
        "Action": "iam:AttachRolePolicy",
        "Resource": f"arn:aws:iam::{TRADING}:role/*",
        "Condition": {"ArnEquals": {"iam:PolicyARN": wanted}},
    }
    document = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    iam.put_role_policy(RoleName="fleetdx-member-mend", PolicyName="own", PolicyDocument=document)
    mended = stage.ensure(stage.instance(stage.profile(stage.role()), online=False))
    iam.delete_role_policy(RoleName="fleetdx-member-mend", PolicyName="own")
    assert (mended.end, len(mended.told)) == (("failed", "policy_not_attachable"), 1)


def test_no_other_policy_than_the_members_own_choice_is_attached(stage: Mending) -> None:
    """What the configuration requires and the member's stack does not name, IAM denies: nothing is attached."""
    stage.configure(required_policies=["aws/AmazonS3ReadOnlyAccess"])
    role = stage.role()
    mended = stage.ensure(stage.instance(stage.profile(role), online=False))
    assert (mended.end, len(mended.told)) == (("failed", "access_denied"), 1)
    assert stage.attached(role) == []


@pytest.mark.reaches("instance_gone", "instance_stopped")
def test_what_does_not_run_is_left(stage: Mending) -> None:
    """Terminated, unknown or stopped: nothing is done, nobody is told."""
    instance = stage.instance(stage.profile(stage.role()))
    ec2 = stage.client("ec2")
    ec2.stop_instances(InstanceIds=[instance])
    stopped = stage.ensure(instance)
    assert (stopped.end, stopped.told) == (("gone", "instance_stopped"), [])
    ec2.terminate_instances(InstanceIds=[instance])
    gone = stage.ensure(instance, stage.launched(instance, time="2099-01-01T00:00:00Z"))
    assert (gone.end, gone.told) == (("gone", "instance_gone"), [])
    assert stage.ensure("i-00000000000000000").end == ("gone", "instance_gone")


@pytest.mark.reaches("policies_missing")
def test_report_only_attaches_nothing(stage: Mending) -> None:
    """As shipped: what would be done is told, once, and not done."""
    stage.configure(mode="report_only")
    role = stage.role()
    instance = stage.instance(stage.profile(role))
    mended = stage.ensure(instance)
    assert (mended.end, len(mended.told)) == (("reported", "policies_missing"), 1)
    assert stage.attached(role) == []
    assert stage.ensure(instance, stage.launched(instance, time="2099-01-01T00:00:00Z")).told == []


@pytest.mark.reaches("configuration_unreadable")
def test_a_bad_configuration_leads_to_reporting_and_one_notification(stage: Mending) -> None:
    """However many instances meet it: nothing is attached, and one message says where it is wrong."""
    stage.configure('{"mode": "enforce", "notify": "nobody"}')
    roles = [stage.role(), stage.role()]
    first, second = [stage.ensure(stage.instance(stage.profile(role))) for role in roles]
    assert first.end == second.end == ("reported", "policies_missing")
    assert [text for text in first.told if "configuration_unreadable" in text and "/notify" in text]
    assert (len(first.told), len(second.told)) == (2, 1)
    assert [stage.attached(role) for role in roles] == [[], []]


@pytest.mark.reaches("exemptions_unreadable")
def test_unreadable_exemptions_lead_to_reporting(stage: Mending) -> None:
    """Whether the instance is exempt is unknown, so nothing is attached; one message says so."""
    stage.data.put("config/exemptions.json", b"[]")
    mended = stage.ensure(stage.instance(stage.profile(stage.role())))
    assert mended.end == ("reported", "policies_missing")
    assert any("exemptions_unreadable" in text for text in mended.told)


def entry(**changes: Any) -> dict[str, Any]:
    return {
        "id": "legacy",
        "scope": {"account": TRADING},
        "owner": "owner@example.com",
        "approver": "approver@example.com",
        "reason": "vendor appliance",
        "approved_at": moment(-1),
        "expires_at": moment(30),
        **changes,
    }


def moment(days: int) -> str:
    """A moment so many days from now, as the file of exemptions has it."""
    return (dt.datetime.now(dt.UTC) + dt.timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.reaches("exempted")
def test_an_exempt_instance_is_left_alone(stage: Mending) -> None:
    """By its organizational unit, asked from the organization; nobody is told."""
    organizations = stage.client("organizations", stage.aws.cloud.organization.management.id)
    root = organizations.list_roots()["Roots"][0]["Id"]
    units = organizations.list_organizational_units_for_parent(ParentId=root)["OrganizationalUnits"]
    workloads = next(unit["Id"] for unit in units if unit["Name"] == "Workloads")
    stage.exempt(entry(scope={"organizational_unit": workloads}))
    role = stage.role()
    mended = stage.ensure(stage.instance(stage.profile(role)))
    assert (mended.end, mended.told) == (("exempt", "exempted"), [])
    assert stage.attached(role) == []


@pytest.mark.reaches("exemption_expired")
def test_an_expired_exemption_stops_counting_and_is_announced_once(stage: Mending) -> None:
    """The instance is mended; one message names the exemption."""
    stage.exempt(entry(id="old", approved_at=moment(-90), expires_at=moment(-1)))
    first = stage.ensure(stage.instance(stage.profile(stage.role())))
    assert first.end == ("mended", "policy_attached")
    assert any("old" in text and "exemption_expired" in text for text in first.told)
    second = stage.ensure(stage.instance(stage.profile(stage.role(CORE))))
    assert (second.end, second.told) == (("ready", "policies_attached"), [])


@pytest.mark.reaches("exemption_broken")
def test_an_exemption_that_breaks_a_rule_leaves_its_instance_reported(stage: Mending) -> None:
    """Approved by its own owner: it exempts nothing, and what it is about is not mended either."""
    stage.exempt(entry(id="own", approver="Owner@example.com"))
    role = stage.role()
    mended = stage.ensure(stage.instance(stage.profile(role)))
    assert mended.end == ("reported", "policies_missing")
    assert "approved by its own owner" in mended.output["detail"]
    assert any("exemption_broken" in text for text in mended.told)
    assert stage.attached(role) == []


def test_a_role_of_many_instances_is_mended_and_told_once(stage: Mending) -> None:
    """Executions at the same time: one attaches and tells, the others find it done."""
    role = stage.role()
    profile = stage.profile(role)
    instances = [stage.instance(profile) for _ in range(5)]
    before = stage.told_keys()
    with stage.aws.cloud.faults.overheard() as heard:
        answers = [stage.receive(stage.launched(instance)) for instance in instances]
        outputs = [json.loads(stage.ended(answer["execution_arn"])["output"]) for answer in answers]
    assert sorted(output["outcome"] for output in outputs) == ["mended", "ready", "ready", "ready", "ready"]
    assert sum(facts.call == "iam:AttachRolePolicy" and "attach-policies" in facts.caller for facts in heard) == 1
    assert len(stage.told_keys() - before) == 1
    assert stage.attached(role) == [CORE]


@pytest.mark.reaches("denied_by_service_control_policy")
def test_what_the_organization_denies_is_a_failure_told_once(stage: Mending) -> None:
    """A service control policy denies the attachment: it is tried once, told once, and a second pass is no news."""
    stage.aws.cloud.faults.add(Rule("iam:AttachRolePolicy", "denied_by_service_control_policy", times=None))
    role = stage.role()
    instance = stage.instance(stage.profile(role))
    mended = stage.ensure(instance)
    assert (mended.end, len(mended.told)) == (("failed", "denied_by_service_control_policy"), 1)
    assert mended.calls.count("iam:AttachRolePolicy") == 1
    assert stage.attached(role) == []
    again = stage.ensure(instance, stage.launched(instance, time="2099-01-01T00:00:00Z"))
    assert (again.end, again.told) == (mended.end, [])


@pytest.mark.reaches("role_not_assumable")
def test_an_account_that_lets_nobody_in_is_a_failure_told_once(stage: Mending) -> None:
    """The member role is refused however often it is tried; the next execution is no news."""
    stage.aws.cloud.faults.add(Rule("sts:AssumeRole", "denied", caller="*/fleetdx-assume-role/*", times=None))
    instance = stage.instance(stage.profile(stage.role()))
    mended = stage.ensure(instance)
    assert (mended.end, len(mended.told)) == (("failed", "role_not_assumable"), 1)
    assert mended.states == ["WaitForRelatedEvents", "AssumeRole", "NotifyChange"]
    again = stage.ensure(instance)
    assert (again.end, again.told) == (("failed", "role_not_assumable"), [])


def test_a_ready_instance_is_scanned_where_that_is_wanted(stage: Mending) -> None:
    """An instance that has just come up and is Online is scanned at once, with the chosen profile."""
    stage.configure(scan_when_ready={"enabled": True, "profile": "kisa_unix_2026"})
    role = stage.role()
    mended = stage.ensure(stage.instance(stage.profile(role)))
    assert mended.end == ("mended", "policy_attached")
    assert mended.states[-3:] == ["ScanWhenReady?", "StartScan", "NotifyChange"]
    scans = stage.hub.client("stepfunctions").list_executions(stateMachineArn=stage.aws.deployment.scan_fleet)
    (scan,) = [one for one in scans["executions"] if one["name"].endswith("-scan")]
    stage.ended(scan["executionArn"])
    told = stage.hub.client("stepfunctions").describe_execution(executionArn=scan["executionArn"])
    given, opened = json.loads(told["input"]), json.loads(told["output"])
    assert given["profile"] == "kisa_unix_2026"
    # Who asked is the execution that heard the event, by its own history.
    assert opened["requester_kind"] == "event"
    assert opened["requester"].endswith(f":fleetdx-ensure-ssm-ready:{scan['name'].removesuffix('-scan')}")
    assert given["scope"]["instances"][0].startswith(f"{TRADING}/{SEOUL}/i-")
