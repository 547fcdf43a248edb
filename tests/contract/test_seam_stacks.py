"""Stacks and StackSets change, fail and go as on AWS; each test names what moto alone would do otherwise."""

from __future__ import annotations

import ast
import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from moto.cloudformation.models import cloudformation_backends

from emulator.formation.stack_sets import TRUSTED_SERVICE
from tests.contract.small_cloud import CENTRAL, MEMBER, REGION, SmallCloud, small_cloud

if TYPE_CHECKING:
    from collections.abc import Iterator

TRUST = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}]}


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallCloud]:
    with small_cloud(tmp_path_factory.mktemp("cloud")) as started:
        s3 = started.client("s3")
        s3.create_bucket(Bucket="code")
        for name in ("one", "two"):
            packed = io.BytesIO()
            with zipfile.ZipFile(packed, "w") as archive:
                archive.writestr("index.py", f"# {name}")
            s3.put_object(Bucket="code", Key=f"{name}.zip", Body=packed.getvalue())
        yield started


def role(name: str, actions: list[str]) -> dict[str, Any]:
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": actions, "Resource": "*"}]}
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "RoleName": name,
            "AssumeRolePolicyDocument": TRUST,
            "Policies": [{"PolicyName": "may", "PolicyDocument": policy}],
        },
    }


def queue(name: str) -> dict[str, Any]:
    return {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": name}}


def text(resources: dict[str, Any], **more: Any) -> str:
    return json.dumps({"Resources": resources, **more})


def change(cloud: SmallCloud, stack: str, kind: str, template: str, **more: Any) -> dict[str, Any]:
    """Make a change set and execute it where there is something to do."""
    client = cloud.client("cloudformation")
    made = client.create_change_set(
        StackName=stack, ChangeSetName="change", ChangeSetType=kind, TemplateBody=template, **more
    )
    told: dict[str, Any] = client.describe_change_set(ChangeSetName=made["Id"])
    if told["Status"] == "CREATE_COMPLETE":
        client.execute_change_set(ChangeSetName=made["Id"])
    return told


def changes(told: dict[str, Any]) -> list[tuple[str, str]]:
    found = [one["ResourceChange"] for one in told["Changes"]]
    return [(one["Action"], one["LogicalResourceId"]) for one in found]


def status(cloud: SmallCloud, stack: str) -> str:
    return str(cloud.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"])


def failures(cloud: SmallCloud, stack: str) -> list[tuple[str, str]]:
    events = cloud.client("cloudformation").describe_stack_events(StackName=stack)["StackEvents"]
    return [
        (one["LogicalResourceId"], one["ResourceStatus"]) for one in events if one["ResourceStatus"].endswith("_FAILED")
    ]


def actions_of(cloud: SmallCloud, name: str) -> list[str]:
    document: Any = cloud.client("iam").get_role_policy(RoleName=name, PolicyName="may")["PolicyDocument"]
    # moto writes a template's document as Python would.
    told: list[str] = ast.literal_eval(str(document))["Statement"][0]["Action"]
    return told


def test_a_change_set_creates_a_stack_with_its_outputs(cloud: SmallCloud) -> None:
    """Moto leaves the outputs of such a stack out."""
    template = text({"Q": queue("outputs")}, Outputs={"Arn": {"Value": {"Fn::GetAtt": ["Q", "Arn"]}}})
    told = change(cloud, "outputs", "CREATE", template)
    assert changes(told) == [("Add", "Q")]
    (stack,) = cloud.client("cloudformation").describe_stacks(StackName="outputs")["Stacks"]
    assert stack["StackStatus"] == "CREATE_COMPLETE"
    assert stack["Outputs"][0]["OutputValue"].endswith(":outputs")


def test_nothing_to_change_is_a_failed_change_set(cloud: SmallCloud) -> None:
    """The same template and parameters change nothing, and so does a parameter that no resource uses."""
    template = text({"Q": queue("same")}, Parameters={"Unused": {"Type": "String", "Default": "a"}})
    change(cloud, "same", "CREATE", template)
    for value in ("a", "b"):
        given = [{"ParameterKey": "Unused", "ParameterValue": value}]
        told = change(cloud, "same", "UPDATE", template, Parameters=given)
        assert told["Status"] == "FAILED"
        assert "didn't contain changes" in told["StatusReason"]


def test_a_parameter_changes_what_refers_to_it(cloud: SmallCloud) -> None:
    """Moto compares templates alone: here a condition takes a resource away, and a role gets its new policy."""
    resources = {
        "Kept": queue("kept"),
        "Sometimes": {**queue("sometimes"), "Condition": "Wanted"},
        "Role": role("changing", [{"Ref": "May"}]),  # type: ignore[list-item]
    }
    template = text(
        resources,
        Parameters={"May": {"Type": "String"}, "Want": {"Type": "String"}},
        Conditions={"Wanted": {"Fn::Equals": [{"Ref": "Want"}, "yes"]}},
    )

    def given(may: str, want: str) -> list[dict[str, str]]:
        values = {"May": may, "Want": want}
        return [{"ParameterKey": key, "ParameterValue": value} for key, value in values.items()]

    change(cloud, "parameters", "CREATE", template, Parameters=given("s3:GetObject", "yes"))
    told = change(cloud, "parameters", "UPDATE", template, Parameters=given("s3:PutObject", "no"))
    assert sorted(changes(told)) == [("Modify", "Role"), ("Remove", "Sometimes")]
    assert actions_of(cloud, "changing") == ["s3:PutObject"]
    queues = cloud.client("sqs").list_queues()["QueueUrls"]
    assert [name for name in ("kept", "sometimes") if any(url.endswith(name) for url in queues)] == ["kept"]


def test_code_of_a_function_is_updated(cloud: SmallCloud) -> None:
    """A new key is a new code; nothing else of the stack changes."""

    def template(key: str) -> str:
        function = {
            "Type": "AWS::Lambda::Function",
            "Properties": {
                "FunctionName": "coded",
                "Runtime": "python3.13",
                "Handler": "index.handler",
                "Role": {"Fn::GetAtt": ["Role", "Arn"]},
                "Code": {"S3Bucket": "code", "S3Key": key},
            },
        }
        return text({"Function": function, "Role": role("coded", ["s3:GetObject"])})

    change(cloud, "coded", "CREATE", template("one.zip"))
    client = cloud.client("lambda")
    before = client.get_function(FunctionName="coded")["Configuration"]["CodeSha256"]
    told = change(cloud, "coded", "UPDATE", template("two.zip"))
    assert changes(told) == [("Modify", "Function")]
    assert client.get_function(FunctionName="coded")["Configuration"]["CodeSha256"] != before


def test_a_stack_that_fails_is_rolled_back_and_names_the_resource(cloud: SmallCloud) -> None:
    """Moto answers with an error and leaves half a stack; AWS takes back what it made, in updates too."""
    machine = {"Type": "AWS::StepFunctions::StateMachine", "Properties": {"RoleArn": "a", "DefinitionString": "${X}"}}
    change(cloud, "failing", "CREATE", text({"First": queue("first"), "Machine": {**machine, "DependsOn": "First"}}))
    assert status(cloud, "failing") == "ROLLBACK_COMPLETE"
    assert failures(cloud, "failing") == [("Machine", "CREATE_FAILED")]
    assert not [url for url in cloud.client("sqs").list_queues()["QueueUrls"] if url.endswith("/first")]

    change(cloud, "going-back", "CREATE", text({"Role": role("going-back", ["s3:GetObject"])}))
    worse = text({"Role": role("going-back", ["s3:*"]), "Machine": {**machine, "DependsOn": "Role"}})
    change(cloud, "going-back", "UPDATE", worse)
    assert status(cloud, "going-back") == "UPDATE_ROLLBACK_COMPLETE"
    assert ("Machine", "UPDATE_FAILED") in failures(cloud, "going-back")
    assert actions_of(cloud, "going-back") == ["s3:GetObject"]


def test_a_deleted_stack_leaves_what_it_retains_and_a_later_one_may_take_it_over(cloud: SmallCloud) -> None:
    """Without ImportExistingResources the later stack fails, since the bucket exists."""
    bucket = {"Type": "AWS::S3::Bucket", "DeletionPolicy": "Retain", "Properties": {"BucketName": "staying"}}
    template = text({"Bucket": bucket, "Q": queue("going")})
    change(cloud, "retaining", "CREATE", template)
    cloud.client("s3").put_object(Bucket="staying", Key="a", Body=b"a")
    cloud.client("cloudformation").delete_stack(StackName="retaining")
    assert not [url for url in cloud.client("sqs").list_queues().get("QueueUrls", []) if url.endswith("/going")]
    assert cloud.client("s3").get_object(Bucket="staying", Key="a")["Body"].read() == b"a"
    change(cloud, "retaining", "CREATE", template)
    assert status(cloud, "retaining") == "ROLLBACK_COMPLETE"
    cloud.client("cloudformation").delete_stack(StackName="retaining")
    change(cloud, "retaining", "CREATE", template, ImportExistingResources=True)
    assert status(cloud, "retaining") == "CREATE_COMPLETE"
    assert cloud.client("s3").get_object(Bucket="staying", Key="a")["Body"].read() == b"a"


def test_parameters_keep_what_the_template_says_of_them(cloud: SmallCloud) -> None:
    """Moto takes any value; AWS refuses before anything is made."""
    # CloudFormation reads JSON as YAML too; the block of parameters is read as templates/ have it.
    template = (
        "Parameters:\n  Name:\n    Type: String\n    AllowedPattern: '^[a-z]+$'\n"
        "Resources:\n  Q:\n    Type: AWS::SQS::Queue\n    Properties: {QueueName: !Ref Name}\n"
    )
    client = cloud.client("cloudformation")
    for given in ({"Name": "UPPER"}, {}, {"Name": "lower", "Other": "b"}):
        parameters = [{"ParameterKey": key, "ParameterValue": value} for key, value in given.items()]
        with pytest.raises(client.exceptions.ClientError, match="ValidationError"):
            client.create_stack(StackName="refused", TemplateBody=template, Parameters=parameters)
    assert "refused" not in [stack["StackName"] for stack in client.describe_stacks()["Stacks"]]


@pytest.fixture(scope="module")
def organization(cloud: SmallCloud) -> dict[str, str]:
    """Units, one in the other, with an account in each; ids by name."""
    client = cloud.client("organizations")
    client.create_organization(FeatureSet="ALL")
    found = {"root": client.list_roots()["Roots"][0]["Id"]}
    parent = found["root"]
    for unit in ("outer", "inner"):
        made = client.create_organizational_unit(ParentId=parent, Name=unit)["OrganizationalUnit"]["Id"]
        account = client.create_account(AccountName=unit, Email=f"{unit}@example.com")["CreateAccountStatus"]
        client.move_account(AccountId=account["AccountId"], SourceParentId=found["root"], DestinationParentId=made)
        found |= {unit: made, f"{unit} account": account["AccountId"]}
        parent = made
    return found


def stacks_in(account: str, region: str = REGION) -> list[str]:
    return [stack.name for stack in cloudformation_backends[account][region].stacks.values()]


def test_stack_sets_need_the_organization_s_trust(cloud: SmallCloud, organization: dict[str, str]) -> None:
    """Without trusted access, and by an account that is no delegated administrator, there is no such StackSet."""
    wanted = {
        "StackSetName": "set",
        "TemplateBody": text({"Q": queue("member")}),
        "PermissionModel": "SERVICE_MANAGED",
        "AutoDeployment": {"Enabled": True, "RetainStacksOnAccountRemoval": False},
    }
    client = cloud.client("cloudformation")
    with pytest.raises(client.exceptions.ClientError, match="organizations access"):
        client.create_stack_set(**wanted)
    cloud.client("organizations").enable_aws_service_access(ServicePrincipal=TRUSTED_SERVICE)
    stranger = cloud.client("cloudformation", MEMBER)
    with pytest.raises(stranger.exceptions.ClientError):
        stranger.create_stack_set(**wanted)
    client.create_stack_set(**wanted)


def test_a_stack_set_reaches_nested_units_and_never_the_management_account(
    cloud: SmallCloud, organization: dict[str, str]
) -> None:
    """Moto looks one unit deep, takes the management account too, and makes hidden stacks."""
    client = cloud.client("cloudformation")
    done = client.create_stack_instances(
        StackSetName="set", DeploymentTargets={"OrganizationalUnitIds": [organization["root"]]}, Regions=[REGION]
    )
    told = client.describe_stack_set_operation(StackSetName="set", OperationId=done["OperationId"])
    assert told["StackSetOperation"]["Status"] == "SUCCEEDED"
    for account in ("outer account", "inner account"):
        (name,) = stacks_in(organization[account])
        assert name.startswith("StackSet-set-")
    assert not [name for name in stacks_in(CENTRAL) if name.startswith("StackSet")]


def test_an_account_that_joins_later_gets_its_stack_and_one_that_leaves_loses_it(
    cloud: SmallCloud, organization: dict[str, str]
) -> None:
    """Automatic deployment follows accounts between units, which moto does not."""
    client, organizations = cloud.client("cloudformation"), cloud.client("organizations")
    client.create_stack_set(
        StackSetName="inner-set",
        TemplateBody=text({"Q": queue("inner")}),
        PermissionModel="SERVICE_MANAGED",
        AutoDeployment={"Enabled": True, "RetainStacksOnAccountRemoval": False},
    )
    targets = {"OrganizationalUnitIds": [organization["inner"]]}
    client.create_stack_instances(StackSetName="inner-set", DeploymentTargets=targets, Regions=[REGION])
    account = organization["outer account"]
    assert not [name for name in stacks_in(account) if name.startswith("StackSet-inner-set")]
    way = {"SourceParentId": organization["outer"], "DestinationParentId": organization["inner"]}
    organizations.move_account(AccountId=account, **way)
    assert len([name for name in stacks_in(account) if name.startswith("StackSet-inner-set")]) == 1
    back = {"SourceParentId": organization["inner"], "DestinationParentId": organization["outer"]}
    organizations.move_account(AccountId=account, **back)
    assert not [name for name in stacks_in(account) if name.startswith("StackSet-inner-set")]


def test_updating_a_stack_set_updates_its_stacks(cloud: SmallCloud, organization: dict[str, str]) -> None:
    """Moto writes the template down; here each account has what it says, and one that fails names its resource."""
    client = cloud.client("cloudformation")
    client.update_stack_set(StackSetName="set", TemplateBody=text({"Q": queue("member"), "More": queue("more")}))
    backend = cloudformation_backends[organization["inner account"]][REGION]
    (stack,) = [one for one in backend.stacks.values() if one.name.startswith("StackSet-set")]
    assert {one.logical_resource_id for one in stack.stack_resources} == {"Q", "More"}
    broken = {"Type": "AWS::StepFunctions::StateMachine", "Properties": {"RoleArn": "a", "DefinitionString": "${X}"}}
    done = client.update_stack_set(StackSetName="set", TemplateBody=text({"Q": queue("member"), "Broken": broken}))
    results = client.list_stack_set_operation_results(StackSetName="set", OperationId=done["OperationId"])["Summaries"]
    assert {one["Status"] for one in results} == {"FAILED"}
    assert all("ResourceLogicalId:Broken" in one["StatusReason"] for one in results)


def test_a_stack_set_goes_when_its_stacks_have_gone(cloud: SmallCloud, organization: dict[str, str]) -> None:
    """It is not deleted before; and then no account has its stack."""
    client = cloud.client("cloudformation")
    with pytest.raises(client.exceptions.ClientError, match="StackSetNotEmpty"):
        client.delete_stack_set(StackSetName="set")
    targets = {"OrganizationalUnitIds": [organization["root"]]}
    client.delete_stack_instances(StackSetName="set", DeploymentTargets=targets, Regions=[REGION], RetainStacks=False)
    client.delete_stack_set(StackSetName="set")
    assert not [name for name in stacks_in(organization["outer account"]) if name.startswith("StackSet-set")]
    with pytest.raises(client.exceptions.ClientError, match="StackSetNotFound"):
        client.describe_stack_set(StackSetName="set")
