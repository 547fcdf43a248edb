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
    with pytest.raises(formation.exceptions.ClientError):
        formation.create_stack(StackName="missing", TemplateBody=template_with("DefinitionString"))
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
