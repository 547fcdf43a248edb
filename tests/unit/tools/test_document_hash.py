"""The pin of the SSM document comes from the release alone, and from a text of AWS only where it says the same."""

from __future__ import annotations

import ast
import json
from typing import TYPE_CHECKING, Any

import boto3
import pytest
import yaml
from moto import mock_aws

from fleetdx.deployment.failures import DocumentNotReleased
from tools import document_hash
from tools.document_hash import document_content, document_text, expected_hash, hash_of_rendered, sha256_of
from tools.sources import TEMPLATES, template

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PARAMETERS = {
    "ScriptsUrl": "https://data.s3.ap-northeast-2.amazonaws.com/scripts/",
    "IntakeUrl": "https://intake.s3.ap-northeast-2.amazonaws.com/",
}
ORDER = ["--parameter", f"ScriptsUrl={PARAMETERS['ScriptsUrl']}", "--parameter", f"IntakeUrl={PARAMETERS['IntakeUrl']}"]


def names_in(value: Any) -> set[str]:
    """Every parameter and pseudo parameter that a part of the template reads."""
    if isinstance(value, list):
        return set().union(*map(names_in, value))
    if not isinstance(value, dict):
        return set()
    if set(value) == {"Ref"}:
        return {value["Ref"]}
    if set(value) == {"Fn::Sub"}:
        return {piece.split("}")[0] for piece in value["Fn::Sub"].split("${")[1:]}
    return set().union(*map(names_in, value.values()))


def test_the_document_is_the_same_in_every_account_and_region() -> None:
    """It reads nothing that differs between them: its parameters are those of the whole deployment."""
    content = template("member_region.yaml")["Resources"]["ScanDocument"]["Properties"]["Content"]
    assert names_in(content) == {
        *("ScriptsUrl", "IntakeUrl", "HostRunDirectory", "BundlePublicKeys", "WithoutVerifier")
    }


def test_the_content_is_what_cloudformation_makes_of_the_template() -> None:
    """An implementation of CloudFormation that is not ours reads the same out of the template."""
    with mock_aws():
        made_up = {"region_name": "us-east-1", "aws_access_key_id": "made-up", "aws_secret_access_key": "made-up"}
        boto3.client("cloudformation", **made_up).create_stack(
            StackName="member-region",
            TemplateBody=(TEMPLATES / "member_region.yaml").read_text(encoding="utf-8"),
            Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in PARAMETERS.items()],
        )
        # By itself moto keeps the mapping, and shows it as Python prints it.
        text = boto3.client("ssm", **made_up).get_document(Name="fleetdx-scan")["Content"]
    rendered = text if isinstance(text, dict) else ast.literal_eval(text)
    assert rendered == document_content(PARAMETERS)


def test_a_missing_address_is_not_guessed() -> None:
    """Without its addresses there is no document to pin."""
    with pytest.raises(KeyError, match="ScriptsUrl"):
        document_content({})


def test_another_parameter_is_another_hash() -> None:
    """The hash binds the addresses too: a document that fetches from elsewhere has another one."""
    elsewhere = {**PARAMETERS, "ScriptsUrl": "https://other.s3.ap-northeast-2.amazonaws.com/scripts/"}
    assert expected_hash(PARAMETERS) != expected_hash(elsewhere)


SPELLINGS: dict[str, Callable[[dict[str, Any]], str]] = {
    "with blanks": json.dumps,
    "indented": lambda content: json.dumps(content, indent=2),
    "in another order": lambda content: json.dumps(content, sort_keys=True),
    "numbers as texts": lambda content: json.dumps(content).replace(": 8192", ': "8192"'),
}


@pytest.mark.parametrize("spelling", SPELLINGS.values(), ids=list(SPELLINGS))
def test_a_text_that_says_the_same_is_pinned_as_aws_spells_it(spelling: Callable[[dict[str, Any]], str]) -> None:
    """Blanks, order and numbers as texts are AWS's; the hash is that of the very text."""
    text = spelling(document_content(PARAMETERS))
    assert hash_of_rendered(text, PARAMETERS) == sha256_of(text)


def _with_a_line_more(content: dict[str, Any]) -> None:
    content["mainSteps"][2]["inputs"]["runCommand"].append("touch /tmp/changed")


def _with_a_letter_more(content: dict[str, Any]) -> None:
    content["mainSteps"][1]["inputs"]["runCommand"][1] += "#"


def _without_a_pattern(content: dict[str, Any]) -> None:
    del content["parameters"]["Checks"]["allowedPattern"]


def _with_a_step_more(content: dict[str, Any]) -> None:
    content["mainSteps"].append({"action": "aws:runShellScript", "name": "More", "inputs": {"runCommand": ["id"]}})


def _with_another_step_first(content: dict[str, Any]) -> None:
    content["mainSteps"].reverse()


@pytest.mark.parametrize(
    "change",
    [_with_a_line_more, _with_a_letter_more, _without_a_pattern, _with_a_step_more, _with_another_step_first],
)
def test_a_text_that_says_something_else_is_not_pinned(change: Callable[[dict[str, Any]], None]) -> None:
    """Whatever is added, taken away, changed or moved is named by its place."""
    content = document_content(PARAMETERS)
    change(content)
    with pytest.raises(DocumentNotReleased, match=r"^/(mainSteps|parameters)"):
        hash_of_rendered(json.dumps(content), PARAMETERS)


def test_a_text_that_is_no_json_is_not_pinned() -> None:
    """YAML of the same content is another document to AWS."""
    with pytest.raises(DocumentNotReleased, match="not JSON"):
        hash_of_rendered(yaml.safe_dump(document_content(PARAMETERS)), PARAMETERS)


def test_the_command_prints_the_hash(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a text the expected one; with one its own, or a refusal and exit code 1."""
    assert document_hash.main(ORDER) == 0
    assert capsys.readouterr().out.strip() == sha256_of(document_text(document_content(PARAMETERS)))
    text = tmp_path / "content.json"
    text.write_bytes(json.dumps(document_content(PARAMETERS)).encode())
    assert document_hash.main([*ORDER, "--text", str(text)]) == 0
    assert capsys.readouterr().out.strip() == sha256_of(text.read_text(encoding="utf-8"))
    text.write_bytes(b"{}")
    assert document_hash.main([*ORDER, "--text", str(text)]) == 1
    assert "is not what was released" in capsys.readouterr().err
