"""fleetdx is deployed to an organization, upgraded, and removed without a trace, by the code that does so on AWS."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from emulator.cloud import EmbeddedAws, embedded_aws
from emulator.deployment import EmbeddedReach, settings_of, templates
from fleetdx.deployment import removal
from fleetdx.deployment.deploy import Deployed, deploy
from fleetdx.deployment.failures import DeploymentFailed, DocumentNotReleased, StackFailed
from fleetdx.deployment.settings import DeploymentSettings, Profiles
from fleetdx.deployment.work import Work, work_on
from tools import document_hash
from tools.package import Package, release_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


TRADING = "333333333333"
BROKEN = """
  BrokenStateMachine:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: a
      DefinitionString: '${Missing}'

Outputs:
"""


class Stage:
    """An embedded organization, and what is deployed to it."""

    def __init__(self, cloud: EmbeddedAws) -> None:
        self.cloud = cloud
        self.reach = EmbeddedReach(cloud.organization, cloud.operator_session)
        self.settings = settings_of(cloud.organization, self.reach, cloud.url)
        self.told: list[str] = []
        self.release = release_of()

    def work(self, settings: DeploymentSettings | None = None) -> Work:
        return work_on(settings or self.settings, self.reach, self.told.append)

    def deploy(
        self,
        settings: DeploymentSettings | None = None,
        release: Mapping[str, bytes] | None = None,
        layer: bytes | None = None,
        **changed: str,
    ) -> Deployed:
        texts: dict[Any, str] = {**templates(), **changed}
        return deploy(self.work(settings), Package(release or self.release, layer), texts, document_hash)

    def client(self, service: str, account: str | None = None, region: str | None = None) -> Any:
        session: Any = self.cloud.operator_session(
            account or self.cloud.organization.hub.id, region or self.cloud.home_region
        )
        return session.client(service)

    def pins(self) -> str:
        """The hashes of the SSM document that the central stack pins."""
        (stack,) = self.client("cloudformation").describe_stacks(StackName="fleetdx-central")["Stacks"]
        given = {one["ParameterKey"]: one["ParameterValue"] for one in stack["Parameters"]}
        return str(given["DocumentHashes"])

    def stacks(self, account: str, region: str) -> list[str]:
        listed = self.client("cloudformation", account, region).describe_stacks()["Stacks"]
        return sorted(stack["StackName"] for stack in listed)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with embedded_aws(tmp_path_factory.mktemp("deployment"), clock_factor=0.002, deployed=False) as cloud:
        yield Stage(cloud)


@pytest.fixture(scope="module")
def first(stage: Stage) -> Deployed:
    """The first deployment; whatever a test changes, it changes back."""
    return stage.deploy()


def test_a_fault_of_the_accounts_is_found_before_anything_is_deployed(stage: Stage) -> None:
    """A profile that reaches another account than the management account is named."""

    class Astray(EmbeddedReach):
        def session(self, account: str, region: str) -> Any:
            return super().session(TRADING if account == "management" else account, region)

    reach = Astray(stage.cloud.organization, stage.cloud.operator_session)
    with pytest.raises(DeploymentFailed, match=rf"^/profiles/management reaches account {TRADING}"):
        work_on(stage.settings, reach, stage.told.append)


def test_everything_is_deployed_where_it_belongs(stage: Stage, first: Deployed) -> None:
    """The central stack once, the roles in each account, the rest in each region; a suspended account has nothing."""
    assert set(first.outcomes.values()) == {"created"}
    hub, management = stage.cloud.organization.hub.id, stage.cloud.organization.management.id
    home, other = stage.cloud.organization.regions
    assert "fleetdx-central" in stage.stacks(hub, home)
    for account in (TRADING, hub):
        in_home = [name for name in stage.stacks(account, home) if name.startswith("StackSet-fleetdx-member")]
        assert len(in_home) == 2
        assert len([name for name in stage.stacks(account, other) if "StackSet-fleetdx-member-region" in name]) == 1
    assert stage.stacks(management, home) == ["fleetdx-member", "fleetdx-member-region"]
    assert stage.stacks(management, other) == ["fleetdx-member-region"]
    assert "fleetdx-audit-region" in stage.stacks(hub, other)


def test_commands_are_pinned_to_the_document_that_was_released(stage: Stage, first: Deployed) -> None:
    """The hash is that of the text which CloudFormation has made in the central account; every function names it."""
    text = stage.client("ssm").get_document(Name="fleetdx-scan")["Content"]
    assert stage.pins() == document_hash.sha256_of(text)
    function = stage.client("lambda").get_function_configuration(FunctionName="fleetdx-send-command")
    assert function["Environment"]["Variables"]["DOCUMENT_HASHES"] == stage.pins()


def test_while_members_go_over_to_another_document_both_may_run(stage: Stage, first: Deployed) -> None:
    """The new one and the old one are pinned until every member has the new one, which then is pinned alone."""
    old, seen = stage.pins(), list[str]()

    class Looking:
        """The release, which looks at what is pinned each time it is asked for the hash of a text."""

        expected_hash = staticmethod(document_hash.expected_hash)

        def hash_of_rendered(self, text: str, parameters: Mapping[str, str]) -> str:
            seen.append(stage.pins())
            return document_hash.hash_of_rendered(text, parameters)

    elsewhere = {**stage.settings.options["member_region"], "IntakeUrl": f"{stage.cloud.url}/elsewhere"}
    settings = replace(stage.settings, options={**stage.settings.options, "member_region": elsewhere})
    deploy(stage.work(settings), Package(stage.release, None), templates(), Looking())
    new = stage.pins()
    assert seen == [old, f"{new},{old}"]
    assert new != old
    stage.deploy()
    assert stage.pins() == old


def test_a_document_that_somebody_has_changed_is_not_pinned(stage: Stage, first: Deployed) -> None:
    """The deployment ends with the place that differs; what was pinned before stays pinned."""
    before, ssm = stage.pins(), stage.client("ssm")
    released = ssm.get_document(Name="fleetdx-scan")
    text = released["Content"].replace('"schemaVersion":"2.2"', '"schemaVersion":"2.0"')
    made = ssm.update_document(Name="fleetdx-scan", Content=text, DocumentVersion="$LATEST")["DocumentDescription"]
    ssm.update_document_default_version(Name="fleetdx-scan", DocumentVersion=made["DocumentVersion"])
    with pytest.raises(DocumentNotReleased, match="fleetdx-scan in .* of the hub account: /schemaVersion is not"):
        stage.deploy()
    assert stage.pins() == before
    ssm.update_document_default_version(Name="fleetdx-scan", DocumentVersion=released["DocumentVersion"])
    assert stage.deploy().is_unchanged


def test_the_same_command_again_changes_nothing(stage: Stage, first: Deployed) -> None:
    """Nothing to change is said of every stack and StackSet, and no stack is touched."""
    before = len(stage.told)
    again = stage.deploy()
    assert again.is_unchanged
    assert again.outcomes.keys() == first.outcomes.keys()
    assert all(sentence.endswith("unchanged") for sentence in stage.told[before:])


def test_an_upgrade_changes_what_is_new(stage: Stage, first: Deployed) -> None:
    """Other code in the package reaches every function, and is told before; members stay as they are."""
    client = stage.client("lambda")
    before = client.get_function(FunctionName="fleetdx-send-command")["Configuration"]["CodeSha256"]
    told = len(stage.told)
    done = stage.deploy(release={**stage.release, "functions.zip": stage.release["functions.zip"] + b"\0"})
    assert [name for name, outcome in done.outcomes.items() if outcome != "unchanged"] == [
        "fleetdx-central in ap-northeast-2 of the hub account"
    ]
    assert client.get_function(FunctionName="fleetdx-send-command")["Configuration"]["CodeSha256"] != before
    assert any("modify SendCommandFunction" in sentence for sentence in stage.told[told:])
    stage.deploy()
    assert client.get_function(FunctionName="fleetdx-send-command")["Configuration"]["CodeSha256"] == before


def test_an_upgrade_of_the_members_reaches_every_account(stage: Stage, first: Deployed) -> None:
    """A changed template of the StackSet changes its stacks, and those of the management account."""
    name = "fleetdx-member-read"
    longer = templates()["member"].replace("MaxSessionDuration: 3600", "MaxSessionDuration: 7200", 1)
    stage.deploy(member=longer)
    for account in (TRADING, stage.cloud.organization.management.id):
        role = stage.client("iam", account).get_role(RoleName=name)["Role"]
        assert role["MaxSessionDuration"] == 7200
    stage.deploy()
    assert stage.client("iam", TRADING).get_role(RoleName=name)["Role"]["MaxSessionDuration"] == 3600


def test_a_stack_that_fails_is_named_and_the_same_command_goes_on(stage: Stage, first: Deployed) -> None:
    """Stack, resource, reason and remedy are told; what was there before is there still, and mending it is enough."""
    broken = templates()["central"].replace("\nOutputs:\n", BROKEN, 1)
    with pytest.raises(StackFailed) as failed:
        stage.deploy(central=broken)
    assert failed.value.stack == "fleetdx-central"
    assert failed.value.failure.resource == "BrokenStateMachine"
    assert "Missing" in str(failed.value)
    assert stage.deploy().is_unchanged


def test_a_stack_of_a_stack_set_that_fails_is_named(stage: Stage, first: Deployed) -> None:
    """Account, region and resource are told; the same command with what is right mends every one of them."""
    with pytest.raises(DeploymentFailed, match=rf"{TRADING}/ap-northeast-2: ResourceLogicalId:BrokenStateMachine"):
        stage.deploy(member=templates()["member"].replace("\nOutputs:\n", BROKEN, 1))
    stage.deploy()
    assert stage.deploy().is_unchanged


def test_an_account_that_joins_is_deployed_to_by_itself(stage: Stage, first: Deployed) -> None:
    """Automatic deployment: nobody gives a command for it."""
    client = stage.client("organizations", stage.cloud.organization.management.id)
    root = client.list_roots()["Roots"][0]["Id"]
    joined = client.create_account(AccountName="late", Email="late@example.com")["CreateAccountStatus"]["AccountId"]
    assert stage.client("iam", joined).get_role(RoleName="fleetdx-member-read")
    unit = client.list_organizational_units_for_parent(ParentId=root)["OrganizationalUnits"][0]["Id"]
    client.move_account(AccountId=joined, SourceParentId=root, DestinationParentId=unit)
    assert stage.client("iam", joined).get_role(RoleName="fleetdx-member-read")
    client.remove_account_from_organization(AccountId=joined)
    left = stage.client("iam", joined).list_roles(PathPrefix="/fleetdx/")["Roles"]
    assert left == []


def test_a_region_that_is_taken_out_loses_its_stacks(stage: Stage, first: Deployed) -> None:
    """Of members, of the management account and of the audit account; put in again, it has them back."""
    home, other = stage.cloud.organization.regions
    stage.deploy(replace(stage.settings, regions=(home,)))
    assert [name for name in stage.stacks(TRADING, other) if "StackSet-fleetdx" in name] == []
    assert stage.stacks(stage.cloud.organization.management.id, other) == []
    assert "fleetdx-audit-region" not in stage.stacks(stage.cloud.organization.hub.id, other)
    stage.deploy()
    assert len([name for name in stage.stacks(TRADING, other) if "StackSet-fleetdx" in name]) == 1


def test_everything_that_is_deployed_would_be_found_if_it_were_left(stage: Stage, first: Deployed) -> None:
    """The look at the end sees each type of resource while it is there: it is no look that finds nothing anyway."""
    found = {one.type for one in removal.left_of(stage.work())}
    assert found >= {
        "stack", "StackSet", "Lambda function", "state machine", "log group", "SQS queue", "EventBridge rule",
        "EventBridge bus", "SSM document", "SSM parameter", "IAM role", "IAM instance profile", "S3 bucket",
        "CloudWatch alarm", "SNS topic",
    }  # fmt: skip


def test_removed_and_deployed_again_results_are_there(stage: Stage, first: Deployed) -> None:
    """A removal leaves buckets and logs alone and nothing else; the next deployment takes them over."""
    bucket, s3 = first.outputs["DataBucket"], stage.client("s3")
    s3.put_object(Bucket=bucket, Key="runs/kept", Body=b"kept")
    removal.remove(stage.work(), with_data=False)
    left = removal.left_of(stage.work())
    assert {one.type for one in left} == {"S3 bucket", "log group"}
    assert removal.unexpected(left, with_data=False, locked={}) == []
    assert removal.remove(stage.work(), with_data=False).gone == []
    assert set(stage.deploy().outcomes.values()) == {"created"}
    assert s3.get_object(Bucket=bucket, Key="runs/kept")["Body"].read() == b"kept"


def test_the_hub_may_have_the_stack_sets_and_the_management_account_be_left_out(stage: Stage, first: Deployed) -> None:
    """A delegated administrator's StackSets, events by the bus, no stack in the management account."""
    removal.remove(stage.work(), with_data=False)
    hub, management = stage.cloud.organization.hub.id, stage.cloud.organization.management.id
    settings = replace(
        stage.settings,
        stack_sets_from="hub",
        management_account="excluded",
        events="bus",
        profiles=Profiles("hub", None, None),
    )
    client = stage.client("organizations", management)
    service = "member.org.stacksets.cloudformation.amazonaws.com"
    client.deregister_delegated_administrator(AccountId=hub, ServicePrincipal=service)
    with pytest.raises(ClientError, match="delegated administrator"):
        stage.deploy(settings)
    client.register_delegated_administrator(AccountId=hub, ServicePrincipal=service)
    done = stage.deploy(settings)
    assert len(done.outcomes) == 3
    assert stage.stacks(management, stage.cloud.home_region) == []
    environment = stage.client("lambda").get_function_configuration(FunctionName="fleetdx-list-targets")["Environment"]
    assert environment["Variables"]["MANAGEMENT_ACCOUNT"] == "excluded"
    removal.remove(stage.work(settings), with_data=False)


def test_removed_with_its_data_nothing_is_left(stage: Stage, first: Deployed) -> None:
    """No bucket, no log, no role, in no account and region."""
    stage.deploy(layer=b"PK\x05\x06" + bytes(18))
    assert "Lambda layer" in {one.type for one in removal.left_of(stage.work())}
    done = removal.remove(stage.work(), with_data=True)
    assert done.locked == {}
    assert removal.left_of(stage.work()) == []


def test_locked_evidence_stays_and_is_told(stage: Stage, first: Deployed) -> None:
    """Object Lock holds what it holds: the bucket stays with it, and how much that is is said."""
    options = {
        **stage.settings.options,
        "central": {**stage.settings.options["central"], "ObjectLockMode": "compliance"},
    }
    settings = replace(stage.settings, options=options)
    outputs = stage.deploy(settings).outputs
    stage.client("s3").put_object(Bucket=outputs["EvidenceBucket"], Key="runs/a", Body=b"a")
    done = removal.remove(stage.work(settings), with_data=True)
    assert done.locked == {outputs["EvidenceBucket"]: 1}
    left = removal.left_of(stage.work(settings))
    assert [one.name for one in left] == [outputs["EvidenceBucket"]]
    assert removal.unexpected(left, with_data=True, locked=done.locked) == []
