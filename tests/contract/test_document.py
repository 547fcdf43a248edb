"""The SSM document as a text: what its parameters let through, and that its steps are sound shell."""

from __future__ import annotations

import base64
import json
import re
import shutil
import string
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
import yaml
from botocore.config import Config
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from moto import mock_aws
from moto.core import DEFAULT_ACCOUNT_ID

from emulator.agent.document import Document, InvalidParametersError, Parameter, parse, pattern_problem
from emulator.agent.process import run_script
from emulator.seams.ssm import find_document
from fleetdx.requests import STEP_MARGIN_SECONDS
from tools.inline_parts import INLINE_CEILING

if TYPE_CHECKING:
    from collections.abc import Callable

TEMPLATE = Path(__file__).parents[2] / "templates" / "member_region.yaml"
SCRIPTS_URL = "https://fleetdx-data.s3.ap-northeast-2.amazonaws.com/scripts/"
INTAKE_URL = "https://fleetdx-intake.s3.ap-northeast-2.amazonaws.com/"

GOOD = {
    "Delivery": "inline",
    "InlineBundle": "H4sIAAAAAAACA0vOSM3J5wIAeGqvAwYAAAA+/w==",
    "BundleHash": "0123456789abcdef" * 4,
    "BundleSignature": "MEUCIQDx5pt1a3Jc0d+b/Kq8wz7Q0Yd9Hw3T0E1m9b5d2QIgE2kq0m5G1b0A7d1r9x8t6y4w2u0s==",
    "BundleQuery": "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=ASIAIOSFODNN7EXAMPLE%2F20261123&X-Amz-Expires=9",
    "Profile": "kisa_unix_2026",
    "Checks": "U-01,root_ssh_login_denied",
    "ScanId": "20261123T190000Z-abc123/111122223333/us-gov-west-1/0001-01",
    "UploadPolicy": "eyJleHBpcmF0aW9uIjoiMjAyNiJ9Cg==",
    "UploadSignature": "fedcba9876543210" * 4,
    "UploadCredential": "ASIAIOSFODNN7EXAMPLE/20261123/ap-northeast-2/s3/aws4_request",
    "UploadDate": "20261123T190000Z",
    "UploadToken": "IQoJb3JpZ2luX2VjE/+a_b-c==",
    "TimeLimitSeconds": "600",
    "ResultSizeLimit": "5242880",
}
NAMES = sorted(GOOD)

# What a caller might try, appended to and put in the middle of a good value, and alone.
HOSTILE = {
    "single quote": "'",
    "double quote": '"',
    "end of quotes, a command": "'; touch pwned; '",
    "command substitution": "$(touch pwned)",
    "backquotes": "`touch pwned`",
    "variable": "$PATH",
    "braces": "${PATH}",
    "newline": "\ntouch pwned\n",
    "carriage return": "\r",
    "NUL": "\0",
    "semicolon": ";touch pwned",
    "two commands": "&& touch pwned",
    "background": "& touch pwned",
    "pipe": "|touch pwned",
    "redirection": ">pwned",
    "here-document": "<<EOF",
    "parentheses": "(touch pwned)",
    "another parameter": "{{UploadToken}}",
    "an SSM parameter": "{{ssm:secret}}",
    "half a parameter": "{{",
    "backslash": "\\",
    "blank": " ",
    "tab": "\t",
    "glob": "*?[a]",
    "comment": "#",
    "home": "~root",
    "parent directory": "../../",
    "another host": "@evil.example/",
    "option": " --output /etc/passwd",
    "full-width quote": "\uff07",
    "full-width digit": "\uff11",
    "combining accent": "a\u0301",
    "line separator": "\u2028",
    "right-to-left override": "\u202e",
    "history": "!!",
}
# Unreserved in a URL (RFC 3986), and it means something to a shell only at the beginning of an unquoted word.
HARMLESS_INSIDE = {("BundleQuery", "home")}


def render() -> dict[str, Any]:
    with mock_aws():
        made_up = {"region_name": "us-east-1", "aws_access_key_id": "made-up", "aws_secret_access_key": "made-up"}
        boto3.client("cloudformation", **made_up).create_stack(
            StackName="member-region",
            TemplateBody=TEMPLATE.read_text(encoding="utf-8"),
            Parameters=[
                {"ParameterKey": "ScriptsUrl", "ParameterValue": SCRIPTS_URL},
                {"ParameterKey": "IntakeUrl", "ParameterValue": INTAKE_URL},
            ],
        )
        return dict(find_document(DEFAULT_ACCOUNT_ID, "us-east-1", "fleetdx-scan", "$DEFAULT"))


@pytest.fixture(scope="module")
def content() -> dict[str, Any]:
    return render()


@pytest.fixture(scope="module")
def document(content: dict[str, Any]) -> Document:
    return parse(content)


@pytest.fixture(scope="module")
def parameter_of(document: Document) -> Callable[[str], Parameter]:
    return lambda name: document.parameters[name]


@pytest.fixture(scope="module")
def template() -> dict[str, Any]:
    class Loader(yaml.SafeLoader):
        """Reads CloudFormation's short forms as the plain values below them."""

    Loader.add_multi_constructor("!", lambda loader, _, node: _plain(loader, node))
    loaded: dict[str, Any] = yaml.load(TEMPLATE.read_text(encoding="utf-8"), Loader)  # noqa: S506 - a SafeLoader
    return loaded


def _plain(loader: yaml.SafeLoader, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return loader.construct_scalar(node)
    assert isinstance(node, yaml.SequenceNode)
    return loader.construct_sequence(node)


def accepted(parameter: Parameter, value: str) -> bool:
    """Whether a value gets as far as a host: the API takes it, and so does the agent."""
    return parameter.accepted_by_api(value) and parameter.accepted_by_agent(value)


def test_the_tables_cover_every_parameter(document: Document) -> None:
    """Every parameter of the document stands in the tables below, so that a new one cannot go untested."""
    assert set(document.parameters) == set(GOOD)


@pytest.mark.parametrize("name", NAMES)
def test_takes_a_good_value(parameter_of: Callable[[str], Parameter], name: str) -> None:
    """Each parameter takes a value of the kind it is meant for."""
    assert accepted(parameter_of(name), GOOD[name])


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", HOSTILE)
def test_refuses_a_hostile_value(parameter_of: Callable[[str], Parameter], name: str, kind: str) -> None:
    """No parameter takes a hostile piece alone, before, behind or in the middle of a good value."""
    good, piece = GOOD[name], HOSTILE[kind]
    middle = len(good) // 2
    assert not accepted(parameter_of(name), piece)
    assert not accepted(parameter_of(name), piece + good)
    if (name, kind) not in HARMLESS_INSIDE:
        assert not accepted(parameter_of(name), good + piece)
        assert not accepted(parameter_of(name), good[:middle] + piece + good[middle:])


@pytest.mark.parametrize("name", NAMES)
def test_refuses_nothing_and_too_much(parameter_of: Callable[[str], Parameter], name: str) -> None:
    """No parameter takes an empty value or one that is overlong."""
    many = max(20_000, (parameter_of(name).most_chars or 0) + 1)
    assert not accepted(parameter_of(name), "")
    assert not accepted(parameter_of(name), GOOD[name] + "0" * many)
    assert not accepted(parameter_of(name), "a" * many)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Delivery", "http"),
        ("Delivery", "S3"),
        ("InlineBundle", "H4sIAAAA===="),
        ("InlineBundle", "H4sI-_AA"),
        ("BundleQuery", "none&X-Amz-Expires=9"),
        ("UploadDate", "None"),
        ("TimeLimitSeconds", "4"),
        ("TimeLimitSeconds", "3601"),
        ("TimeLimitSeconds", "010"),
        ("TimeLimitSeconds", "-5"),
        ("ResultSizeLimit", "0"),
        ("ResultSizeLimit", "1e9"),
        ("ScanId", "20261123T190000Z-abc123/111122223333/us-east-1/../0001-01"),
        ("ScanId", "20261123T190000Z-abc123/111122223333/us-east-1/0001-01/"),
        ("ScanId", "20261123T190000Z-abc123/111122223333/us-east-1"),
        ("Checks", "--root"),
        ("Checks", "U-01,--root"),
        ("Checks", "U-01,,U-02"),
        ("Checks", ","),
        ("Profile", "../etc"),
        ("Profile", "-x"),
        ("BundleHash", "0123456789ABCDEF" * 4),
        ("BundleQuery", "versionId=1&X-Amz-Algorithm=AWS4-HMAC-SHA256"),
        ("BundleQuery", "X-Amz-Algorithm=AWS4-HMAC-SHA256"),
        ("BundleQuery", "X-Amz-Algorithm=AWS4-HMAC-SHA256&&X-Amz-Expires=900"),
        ("BundleQuery", "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Expires=900/../secret"),
    ],
)
def test_refuses_more_than_it_should_be(parameter_of: Callable[[str], Parameter], name: str, value: str) -> None:
    """A value that is harmless to a shell, yet more than the parameter is for, is refused too."""
    assert not accepted(parameter_of(name), value)


@pytest.mark.parametrize("name", NAMES)
def test_every_pattern_is_anchored_and_valid_for_both_engines(document: Document, name: str) -> None:
    """Each pattern begins with ^, ends with $, and is one that RE2 compiles."""
    pattern = document.parameters[name].allowed_pattern
    assert pattern.startswith("^")
    assert pattern.endswith("$")
    assert pattern_problem(pattern) is None
    outside, inside = pattern, ""
    while outside != inside:
        outside, inside = re.sub(r"\([^()]*\)", "", outside), outside
    assert "|" not in outside, "an alternative outside a group escapes the anchors"


def _values(document: Document, name: str) -> st.SearchStrategy[str]:
    parameter = document.parameters[name]
    return st.from_regex(parameter.allowed_pattern).filter(parameter.accepted_by_api)


@given(data=st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_accepted_value_arrives_as_itself(document: Document, data: st.DataObject) -> None:
    """Whatever the patterns let through reaches a shell's variables unchanged, and nothing else is executed."""
    values = {name: data.draw(_values(document, name), label=name) for name in NAMES}
    lines = [f"value='{{{{{name}}}}}'\nprintf '%s\\0' \"$value\"" for name in NAMES]
    probe = parse(
        {
            "schemaVersion": "2.2",
            "parameters": {name: {"type": "String"} for name in NAMES},
            "mainSteps": [{"action": "aws:runShellScript", "name": "Probe", "inputs": {"runCommand": lines}}],
        }
    )
    with tempfile.TemporaryDirectory() as directory:
        text = probe.filled(values)[0].script
        finished = run_script(text, Path(directory), {"PATH": "/usr/bin:/bin"}, 20, threading.Event())
        assert list(Path(directory).iterdir()) == []
    assert (finished.exit_code, finished.stderr) == (0, "")
    assert finished.stdout.split("\0")[:-1] == [values[name] for name in NAMES]


@given(data=st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_accepted_value_holds_what_a_shell_reads(document: Document, data: st.DataObject) -> None:
    """A good value with any character put anywhere is refused, unless the character means nothing between quotes."""
    name = data.draw(st.sampled_from(NAMES))
    good = data.draw(_values(document, name))
    place = data.draw(st.integers(0, len(good)))
    odd = data.draw(st.one_of(st.sampled_from("'\"`$\\{}\n\r\t ;|<>()*?[]#!~^\0"), st.characters()))
    value = good[:place] + odd + good[place:]
    if accepted(document.parameters[name], value):
        assert odd in string.ascii_letters + string.digits + "-_.~%&=+/,"
        assert value.isascii()


@pytest.mark.parametrize("name", NAMES)
def test_a_line_end_the_api_may_let_through_is_refused_by_the_agent(document: Document, name: str) -> None:
    """Java's $ may match before a last line end; the agent's does not, and where it does not check, the quotes hold."""
    values = {**GOOD, name: GOOD[name] + "\n"}
    assert document.refused_by_agent(values) == [name]
    assert document.refused_by_agent(GOOD) == []


def test_an_inline_command_carries_nothing_that_is_signed(document: Document) -> None:
    """With Delivery inline, what is signed needs no value; the defaults are taken, and look like no signature."""
    signed = {"BundleQuery", "UploadPolicy", "UploadSignature", "UploadCredential", "UploadDate", "UploadToken"}
    bound = document.bind({name: [value] for name, value in GOOD.items() if name not in signed})
    assert {name: bound[name] for name in signed} == dict.fromkeys(signed, "none")
    assert document.refused_by_agent(bound) == []


def test_the_largest_inline_part_fits_into_its_parameter(document: Document) -> None:
    """A part at the bundler's ceiling, in base64, is taken by API and agent, with room for another zlib's gzip."""
    value = base64.b64encode(bytes(INLINE_CEILING + 1024)).decode()
    assert accepted(document.parameters["InlineBundle"], value)


def test_takes_what_boto3_signs(document: Document) -> None:
    """The query of a presigned GET and the fields of a presigned POST, as boto3 makes them, are all taken."""
    s3 = boto3.client(
        "s3",
        region_name="ap-northeast-2",
        aws_access_key_id="ASIAIOSFODNN7EXAMPLE",
        aws_secret_access_key="made-up",
        aws_session_token="IQoJb3JpZ2luX2VjE/+" * 60 + "==",
        config=Config(signature_version="s3v4", s3={"addressing_style": "virtual"}),
    )
    get = s3.generate_presigned_url("get_object", {"Bucket": "b", "Key": "scripts/" + "a" * 64}, ExpiresIn=900)
    conditions = [["starts-with", "$key", "runs/"], ["content-length-range", 1, 5242880]]
    fields = s3.generate_presigned_post("b", "runs/${filename}", Conditions=conditions, ExpiresIn=900)["fields"]
    signed = {
        "BundleQuery": get.partition("?")[2],
        "UploadPolicy": fields["policy"],
        "UploadSignature": fields["x-amz-signature"],
        "UploadCredential": fields["x-amz-credential"],
        "UploadDate": fields["x-amz-date"],
        "UploadToken": fields["x-amz-security-token"],
    }
    for name, value in signed.items():
        assert accepted(document.parameters[name], value), name
    form = document.steps[3].script.partition("form_fields() {")[2].partition("\n}")[0]
    sent = set(re.findall(r"\b(key|policy|x-amz-[a-z0-9-]+) ", form))
    assert sent == set(fields)


def test_names_the_fault_but_never_the_value(document: Document) -> None:
    """A refusal names the parameter, and does not repeat a value that may be a signature."""
    values = {name: [value] for name, value in GOOD.items()}
    with pytest.raises(InvalidParametersError, match="UploadToken") as refusal:
        document.bind({**values, "UploadToken": ["secret'"]})
    assert "secret" not in str(refusal.value)
    with pytest.raises(InvalidParametersError, match="Bucket"):
        document.bind({**values, "Bucket": ["elsewhere"]})


def test_parameters_are_pasted_between_single_quotes_only(document: Document) -> None:
    """In every step, each {{name}} stands between single quotes and names a parameter of the document."""
    pasted = set()
    for step in document.steps:
        for line in step.script.splitlines():
            for match in re.finditer(r"\{\{(.*?)\}\}", line):
                pasted.add(match.group(1))
                assert line[: match.start()].count("'") % 2 == 1, line
    assert pasted == set(document.parameters)


def test_where_it_fetches_from_and_sends_to_is_part_of_the_document(document: Document) -> None:
    """Bucket, host and prefix are constants of the text, before any parameter is filled in."""
    fetch, send = document.steps[0].script, document.steps[3].script
    assert f"scripts_url='{SCRIPTS_URL}'" in fetch.splitlines()
    assert f"intake_url='{INTAKE_URL}'" in send.splitlines()
    assert 'key="runs/$scan_id/$AWS_SSM_INSTANCE_ID/' in send


def test_steps_are_shaped_as_the_agent_reads_them(content: dict[str, Any]) -> None:
    """Four steps, for Linux only, in /run, each with onFailure among its inputs, where the agent looks for it."""
    steps = content["mainSteps"]
    assert [step["name"] for step in steps] == ["Fetch", "Verify", "Run", "Send"]
    for step in steps:
        assert step["action"] == "aws:runShellScript"
        assert step["precondition"] == {"StringEquals": ["platformType", "Linux"]}
        assert step["inputs"]["onFailure"] == "exit"
        assert step["inputs"]["workingDirectory"] == "/run"
        assert "onFailure" not in step
    assert steps[2]["inputs"]["timeoutSeconds"] == "{{TimeLimitSeconds}}"


def test_the_other_steps_take_no_longer_than_requests_allow_for(content: dict[str, Any]) -> None:
    """Fetch, Verify and Send together may take what a request adds to its own limits, and what the lock allows for."""
    limits = {step["name"]: step["inputs"]["timeoutSeconds"] for step in content["mainSteps"]}
    assert sum(int(limits[name]) for name in ("Fetch", "Verify", "Send")) == STEP_MARGIN_SECONDS
    assert f"time_limit + {STEP_MARGIN_SECONDS}))" in "\n".join(content["mainSteps"][0]["inputs"]["runCommand"])


def test_kills_only_what_the_kernel_has_just_named(document: Document) -> None:
    """No step kills by a number that it read from a file: in a wrong one it could be every process of the host."""
    for step in document.steps:
        kills = {line for line in re.findall(r"\bkill .*", step.script) if not line.startswith('kill -0 "$step" ')}
        assert kills <= {"kill -s KILL $marked", 'kill -s KILL -- "-$session"'}
        assert set(re.findall(r"\bsession=.*", step.script)) <= {"session=$!"}
        assert len(re.findall(r"\bmarked=", step.script)) == 1
        assert 'sed -n "s|^/proc/\\([1-9][0-9]*\\)/environ\\$|\\1|p"' in step.script


def test_fits_into_a_document(content: dict[str, Any]) -> None:
    """The document stays far below Systems Manager's 64 KB, and the template below CloudFormation's 51,200 bytes."""
    assert len(json.dumps(content)) < 48 * 1024
    assert TEMPLATE.stat().st_size < 51_200


@pytest.mark.parametrize("number", range(4))
@pytest.mark.parametrize(
    "command", [["shellcheck", "--shell=dash", "--severity=style"], ["dash", "-n"], ["bash", "--posix", "-n"]]
)
def test_each_step_is_sound_shell(document: Document, tmp_path: Path, number: int, command: list[str]) -> None:
    """Each step, with values filled in, passes shellcheck and is read without complaint by dash and bash."""
    tool = shutil.which(command[0], path=f"{Path(sys.executable).parent}:/usr/bin:/bin")
    assert tool, f"{command[0]} is missing"
    script = tmp_path / "step.sh"
    script.write_text(document.filled(GOOD)[number].script, encoding="utf-8")
    checked = subprocess.run([tool, *command[1:], str(script)], capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("parameter", "value", "taken"),
    [
        ("ScriptsUrl", SCRIPTS_URL, True),
        ("ScriptsUrl", "http://127.0.0.1:40123/fleetdx-data/scripts/", True),
        ("ScriptsUrl", "http://fleetdx-data.s3.ap-northeast-2.amazonaws.com/scripts/", False),
        ("ScriptsUrl", "https://bucket.s3.us-east-1.amazonaws.com/scripts", False),
        ("ScriptsUrl", "https://bucket.s3.us-east-1.amazonaws.com/scripts/'; touch pwned; '/", False),
        ("ScriptsUrl", 'https://bucket.s3.us-east-1.amazonaws.com/scripts/"/', False),
        ("ScriptsUrl", "https://user@bucket.s3.us-east-1.amazonaws.com/scripts/", False),
        ("ScriptsUrl", "file:///etc/", False),
        ("IntakeUrl", INTAKE_URL, True),
        ("IntakeUrl", "http://127.0.0.1:40123/fleetdx-intake", True),
        ("IntakeUrl", "http://10.0.0.1:40123/fleetdx-intake", False),
        ("IntakeUrl", "https://bucket.s3.us-east-1.amazonaws.com/?x=1", False),
        ("HostRunDirectory", "/run", True),
        ("HostRunDirectory", "run", False),
        ("HostRunDirectory", "/run/$(id)", False),
        ("BundlePublicKeys", "none", True),
        ("BundlePublicKeys", "MFkw" * 31, True),
        ("BundlePublicKeys", f"{'MFkw' * 31},{'MFkw' * 30}MFk=", True),
        ("BundlePublicKeys", "MFkw", False),
        ("BundlePublicKeys", f"{'MFkw' * 31}'; touch pwned; '", False),
        ("BundlePublicKeys", f"{'MFkw' * 31}\n{'MFkw' * 31}", False),
        ("BundlePublicKeys", f"{'MFkw' * 31}," * 3, False),
        ("DocumentName", "fleetdx-scan", True),
        ("DocumentName", "a b", False),
    ],
)
def test_the_templates_own_parameters_are_narrow(
    template: dict[str, Any],
    parameter: str,
    value: str,
    taken: bool,  # noqa: FBT001 - a table's column
) -> None:
    """What CloudFormation writes into the document's text is checked as narrowly as what callers paste into it."""
    pattern = template["Parameters"][parameter]["AllowedPattern"]
    assert (re.fullmatch(pattern, value) is not None) is taken
