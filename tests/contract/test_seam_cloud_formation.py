"""State machines from templates: all three forms of a definition arrive in the interpreter, with substitutions."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from emulator.seams.cloud_formation import MissingSubstitution, definition_of, substitute
from tests.contract.small_cloud import CENTRAL, REGION, small_cloud

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.contract.small_cloud import SmallCloud

DEFINITION = {
    "StartAt": "Say",
    "States": {"Say": {"Type": "Pass", "Result": {"word": "${Word}"}, "End": True}},
}
FORMS = {
    "Definition": DEFINITION,
    "DefinitionString": json.dumps(DEFINITION),
    "DefinitionS3Location": {"Bucket": "release", "Key": "machine.asl.json"},
}


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallCloud]:
    with small_cloud(tmp_path_factory.mktemp("cloud")) as started:
        s3 = started.client("s3")
        s3.create_bucket(Bucket="release")
        s3.put_object(Bucket="release", Key="machine.asl.json", Body=json.dumps(DEFINITION))
        started.role("machine")
        yield started


def template_with(form: str, **substitutions: Any) -> str:
    machine = {
        "Type": "AWS::StepFunctions::StateMachine",
        "Properties": {
            "StateMachineName": f"by-{form}",
            "RoleArn": f"arn:aws:iam::{CENTRAL}:role/machine",
            form: FORMS[form],
            "DefinitionSubstitutions": substitutions,
        },
    }
    outputs = {"Arn": {"Value": {"Ref": "Machine"}}}
    return json.dumps({"Resources": {"Machine": machine}, "Outputs": outputs})


@pytest.mark.parametrize("form", FORMS)
def test_each_form_of_a_definition_runs(cloud: SmallCloud, form: str) -> None:
    """Object, text and S3 location give a machine whose Ref is its ARN, and which runs with its substitutions."""
    formation = cloud.client("cloudformation")
    formation.create_stack(StackName=form, TemplateBody=template_with(form, Word={"Ref": "AWS::AccountId"}))
    [stack] = formation.describe_stacks(StackName=form)["Stacks"]
    assert stack["StackStatus"] == "CREATE_COMPLETE"
    [output] = stack["Outputs"]
    assert output["OutputValue"] == f"arn:aws:states:{REGION}:{CENTRAL}:stateMachine:by-{form}"
    ended = cloud.run(output["OutputValue"])
    assert json.loads(ended["output"]) == {"word": CENTRAL}


def test_a_missing_substitution_fails_the_stack(cloud: SmallCloud) -> None:
    """A placeholder without a value is refused, where moto would leave it in the definition."""
    formation = cloud.client("cloudformation")
    formation.create_stack(StackName="missing", TemplateBody=template_with("DefinitionString"))
    assert formation.describe_stacks(StackName="missing")["Stacks"][0]["StackStatus"] == "ROLLBACK_COMPLETE"
    names = [machine["name"] for machine in cloud.client("stepfunctions").list_state_machines()["stateMachines"]]
    assert names.count("by-DefinitionString") <= 1


def test_a_value_cannot_break_out_of_its_text() -> None:
    """A substitution with quotes and backslashes stays one JSON string; unknown names are told."""
    nasty = 'a"b\\c\n'
    assert json.loads(substitute(json.dumps({"word": "${Word}"}), {"Word": nasty})) == {"word": nasty}
    with pytest.raises(MissingSubstitution, match="Word"):
        substitute("${Word}", {})


def test_paths_are_no_placeholders() -> None:
    """JSONPath and context paths stay as they are: only ${Name} is replaced."""
    text = json.dumps({"a.$": "$.b", "c.$": "$$.Execution.Id", "d": "${E}"})
    assert json.loads(definition_of({"DefinitionString": text, "DefinitionSubstitutions": {"E": "f"}}, CENTRAL)) == {
        "a.$": "$.b",
        "c.$": "$$.Execution.Id",
        "d": "f",
    }


def locking_bucket(**changed: Any) -> str:
    rule = {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 30}}
    configuration = {"ObjectLockEnabled": "Enabled", "Rule": rule}
    versioning = {"Status": "Enabled"}
    properties = {
        "BucketName": "locking",
        "ObjectLockEnabled": True,
        "ObjectLockConfiguration": configuration,
        "VersioningConfiguration": versioning,
        **changed,
    }
    return json.dumps({"Resources": {"Kept": {"Type": "AWS::S3::Bucket", "Properties": properties}}})


def test_a_bucket_locks_as_its_template_says(cloud: SmallCloud) -> None:
    """Mode and days of the default come from the template; what is put afterwards is locked, and bypassing lifts it."""
    cloud.client("cloudformation").create_stack(StackName="locking", TemplateBody=locking_bucket())
    s3 = cloud.client("s3")
    told = s3.get_object_lock_configuration(Bucket="locking")["ObjectLockConfiguration"]
    retention = told["Rule"]["DefaultRetention"]
    assert (retention["Mode"], retention["Days"]) == ("GOVERNANCE", 30)
    version = s3.put_object(Bucket="locking", Key="a", Body=b"a")["VersionId"]
    assert s3.head_object(Bucket="locking", Key="a")["ObjectLockMode"] == "GOVERNANCE"
    with pytest.raises(s3.exceptions.ClientError, match="AccessDenied"):
        s3.delete_object(Bucket="locking", Key="a", VersionId=version)
    s3.delete_object(Bucket="locking", Key="a", VersionId=version, BypassGovernanceRetention=True)
    assert "Versions" not in s3.list_object_versions(Bucket="locking")


def test_no_value_leaves_nothing_in_a_list(cloud: SmallCloud) -> None:
    """A statement that a condition leaves out is not in the policy, as on AWS."""
    statements = [
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"},
        {"Fn::If": ["Never", {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"}, {"Ref": "AWS::NoValue"}]},
    ]
    policy = {"PolicyName": "own", "PolicyDocument": {"Version": "2012-10-17", "Statement": statements}}
    trust = {"Version": "2012-10-17", "Statement": []}
    role = {"RoleName": "conditional", "AssumeRolePolicyDocument": trust, "Policies": [policy]}
    resources = {"Role": {"Type": "AWS::IAM::Role", "Properties": role}}
    template = {"Conditions": {"Never": {"Fn::Equals": ["a", "b"]}}, "Resources": resources}
    cloud.client("cloudformation").create_stack(StackName="conditional", TemplateBody=json.dumps(template))
    told = cloud.client("iam").get_role_policy(RoleName="conditional", PolicyName="own")["PolicyDocument"]
    assert told["Statement"] == statements[:1]
