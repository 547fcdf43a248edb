"""The templates as texts: that they give functions, machines and document what these read, and no more."""

from __future__ import annotations

import ast
import importlib
import inspect
import json
import re
from fnmatch import fnmatchcase
from typing import Any, get_args

import pytest

from emulator.agent.document import parse
from emulator.deployment import templates
from fleetdx import accounts, keys
from fleetdx.deployment.settings import TEMPLATE_NAMES
from fleetdx.keys import RUN_PATTERN
from fleetdx.signing import UploadForm
from fleetdx.validation import first_fault, schema_named, validator_of
from functions.send_command.handler import Signatures, parameters_of
from tests.contract.walk import example
from tests.fakes.runs import BUNDLE, publish_bundle
from tests.fakes.s3 import bucket
from tools.sources import (
    CALLED_BY_NO_STATE,
    PLACEHOLDER,
    PROJECT,
    document_steps,
    machine_texts,
    machines,
    snake_case,
    states_of,
    template,
)

CENTRAL = template("central.yaml")
RESOURCES = CENTRAL["Resources"]
MEMBER = template("member.yaml")
MEMBER_REGION = template("member_region.yaml")
MACHINES = {
    "scan_fleet": "ScanFleet",
    "scan_target": "ScanTarget",
    "scan_batch": "ScanBatch",
    "ensure_ssm_ready": "EnsureSsmReady",
}
CALLS = [state for machine in machines().values() for state in states_of(machine) if state.function]
FUNCTIONS = sorted({str(state.function) for state in CALLS} | CALLED_BY_NO_STATE)

RUN_ID = "20261123T021500Z-3fa9c1"

every_function = pytest.mark.parametrize("name", FUNCTIONS)
every_machine = pytest.mark.parametrize("name", MACHINES)


def properties(resource: str) -> dict[str, Any]:
    found: dict[str, Any] = RESOURCES[resource]["Properties"]
    return found


def kebab(name: str) -> str:
    return snake_case(name).replace("_", "-")


def resources_of(kind: str) -> set[str]:
    return {name for name, resource in RESOURCES.items() if resource["Type"] == kind}


def statements_of(role: str) -> list[dict[str, Any]]:
    documents = [policy["PolicyDocument"] for policy in properties(role)["Policies"]]
    statements = [statement for document in documents for statement in document["Statement"]]
    return [statement["Fn::If"][1] if "Fn::If" in statement else statement for statement in statements]


def test_functions_of_template_and_machines_are_the_same() -> None:
    """The template has a function for every state that calls one, those of queues and people, and no other."""
    assert resources_of("AWS::Lambda::Function") == {f"{name}Function" for name in FUNCTIONS}


@every_function
def test_every_function_has_handler_role_and_log_group_of_its_own(name: str) -> None:
    """All names come from the state's; the log group exists before Lambda would make one that never expires."""
    function = properties(f"{name}Function")
    assert function["FunctionName"] == f"fleetdx-{kebab(name)}"
    assert function["Handler"] == f"functions.{snake_case(name)}.handler.lambda_handler"
    assert function["Role"] == {"Fn::GetAtt": [f"{name}Role", "Arn"]}
    assert RESOURCES[f"{name}Function"]["DependsOn"] == f"{name}LogGroup"
    assert properties(f"{name}LogGroup")["LogGroupName"] == f"/aws/lambda/fleetdx-{kebab(name)}"
    assert properties(f"{name}LogGroup")["RetentionInDays"] == {"Ref": "LogRetentionDays"}
    role = properties(f"{name}Role")
    assert (role["Path"], role["RoleName"]) == ("/fleetdx/", f"fleetdx-{kebab(name)}")


@every_function
def test_every_function_writes_only_its_own_log(name: str) -> None:
    """A function's role may write to the log group of this function and to no other."""
    logs = [statement for statement in statements_of(f"{name}Role") if "logs:PutLogEvents" in statement["Action"]]
    assert [statement["Action"] for statement in logs] == [["logs:CreateLogStream", "logs:PutLogEvents"]]
    assert logs[0]["Resource"]["Fn::Sub"].endswith(f":log-group:/aws/lambda/fleetdx-{kebab(name)}:*")


@every_function
def test_no_function_may_do_everything(name: str) -> None:
    """No statement of a role allows a whole service, nor all resources unless AWS has no narrower ones."""
    for statement in statements_of(f"{name}Role"):
        actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
        assert not any("*" in action for action in actions)
        if statement["Resource"] == "*":
            assert all(action.startswith("organizations:") for action in actions)


@every_function
def test_a_function_ends_before_its_state_gives_up(name: str) -> None:
    """Lambda's own time limit is no longer than the state's, so that a time-out is told with the function's log."""
    limits = [state.fields["TimeoutSeconds"] for state in CALLS if state.function == name]
    assert bool(limits) is (name not in CALLED_BY_NO_STATE)
    assert all(0 < properties(f"{name}Function")["Timeout"] <= limit for limit in limits)


@every_machine
def test_substitutions_are_those_that_the_definition_uses(name: str) -> None:
    """DefinitionSubstitutions names exactly the definition's placeholders, each with the resource of that name."""
    machine = properties(f"{MACHINES[name]}StateMachine")
    substitutions = machine["DefinitionSubstitutions"]
    assert set(substitutions) == set(PLACEHOLDER.findall(machine_texts()[name]))
    for key, value in substitutions.items():
        if key.endswith("FunctionArn"):
            assert value == {"Fn::GetAtt": [key.removesuffix("Arn"), "Arn"]}
    assert machine["DefinitionS3Location"]["Key"] == {"Fn::Sub": f"${{ReleasePrefix}}{name}.asl.json"}


@every_machine
def test_a_machine_may_call_its_own_functions_only(name: str) -> None:
    """The machine's role names the functions that its states call, and no other."""
    called = {state.function for state in states_of(machines()[name]) if state.function}
    allowed = [
        statement["Resource"]
        for statement in statements_of(f"{MACHINES[name]}Role")
        if statement["Action"] == "lambda:InvokeFunction"
    ]
    assert allowed == [[{"Fn::GetAtt": [f"{function}Function", "Arn"]} for function in _in_order(called, allowed)]]


def _in_order(called: set[str | None], allowed: list[Any]) -> list[str]:
    order = [one["Fn::GetAtt"][0].removesuffix("Function") for resources in allowed for one in resources]
    assert set(order) == called
    return order


def duties_of(name: str) -> set[str]:
    """The member roles that a function asks for."""
    source = inspect.getsource(importlib.import_module(f"functions.{snake_case(name)}.handler"))
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    entering = [call for call in calls if getattr(call.func, "id", "") in {"member_session", "enter_member"}]
    duties = get_args(accounts.Duty)
    said = [argument.value for call in entering for argument in call.args if isinstance(argument, ast.Constant)]
    return {duty for duty in duties if duty in said}


@pytest.mark.parametrize("duty", get_args(accounts.Duty))
def test_a_member_role_trusts_the_functions_that_have_its_duty(duty: str) -> None:
    """member.yaml trusts exactly the functions that enter for this duty, and asks for the external id."""
    [trust] = trust_of_member_role(duty)
    arns = [one["Fn::Sub"] for one in trust["Condition"]["ArnEquals"]["aws:PrincipalArn"]]
    prefix = "arn:${AWS::Partition}:iam::${CentralAccountId}:role/fleetdx/fleetdx-"
    assert {arn.removeprefix(prefix) for arn in arns} == {kebab(name) for name in FUNCTIONS if duty in duties_of(name)}
    assert trust["Condition"]["StringEquals"] == {"sts:ExternalId": {"Ref": "ExternalId"}}


def trust_of_member_role(duty: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = MEMBER["Resources"][f"Member{duty.capitalize()}Role"]["Properties"][
        "AssumeRolePolicyDocument"
    ]["Statement"]
    return found


@every_function
def test_a_function_may_assume_the_roles_of_its_duties_only(name: str) -> None:
    """The permission to assume a member role names the role of that duty alone, and its function knows where it is."""
    wanted = {f"arn:${{AWS::Partition}}:iam::*:role/fleetdx/${{MemberRolePrefix}}{duty}" for duty in duties_of(name)}
    allowed = {
        resource
        for statement in statements_of(f"{name}Role")
        if statement["Action"] == "sts:AssumeRole"
        for resource in [statement["Resource"]["Fn::Sub"] if isinstance(statement["Resource"], dict) else ""]
        if "MemberRolePrefix" in resource
    }
    assert allowed == wanted
    assert ("MEMBER_ROLES" in properties(f"{name}Function").get("Environment", {}).get("Variables", {})) is bool(wanted)


def test_mending_may_attach_one_policy_and_pass_one_role() -> None:
    """The mending role's permissions carry their conditions, and what belongs to others is denied whatever they say."""
    statements = MEMBER["Resources"]["MemberMendRole"]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"]
    by_sid = {statement["Sid"]: statement for statement in statements}
    attached = by_sid["AttachThisPolicyOnly"]["Condition"]["ArnEquals"]["iam:PolicyARN"]["Fn::If"]
    assert attached[2] == {"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/AmazonSSMManagedInstanceCore"}
    passed = by_sid["PassTheDefaultRoleOnly"]
    assert passed["Condition"] == {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}
    assert passed["Resource"]["Fn::Sub"].endswith(":role/fleetdx/${DefaultInstanceProfile}")
    denied = [one["Fn::Sub"].partition(":role/")[2] for one in by_sid["LeaveTheseAlone"]["Resource"]]
    for belongs_to_others in (
        "aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling",
        "aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Admin_0123456789abcdef",
        "aws-controltower-ForwardSnsNotificationRole",
        "service-role/aws-controltower-ConfigRecorderRole",
        "AWSControlTowerExecution",
        "stacksets-exec-0123456789abcdef0123456789abcdef",
        "fleetdx/${MemberRolePrefix}mend",
    ):
        assert any(fnmatchcase(belongs_to_others, pattern.replace("${", "[$]{")) for pattern in denied)
    allowed = {action for one in statements if one["Effect"] == "Allow" for action in actions_of(one)}
    assert allowed == {"iam:AttachRolePolicy", "iam:PassRole", "ec2:AssociateIamInstanceProfile"}


def test_reading_changes_nothing() -> None:
    """The reading role holds actions that read, and no other."""
    [policy] = MEMBER["Resources"]["MemberReadRole"]["Properties"]["Policies"]
    actions = {action for one in policy["PolicyDocument"]["Statement"] for action in actions_of(one)}
    assert all(re.fullmatch(r"[a-z0-9]+:(Describe|Get|List|Simulate)[A-Za-z]+", action) for action in actions)


def actions_of(statement: dict[str, Any]) -> list[str]:
    action = statement["Action"]
    return action if isinstance(action, list) else [action]


@pytest.mark.parametrize("parameter", ["ExternalId", "MemberRolePrefix", "DocumentName"])
def test_what_two_templates_ask_for_is_the_same(parameter: str) -> None:
    """A parameter that several templates have has the same pattern and default in each."""
    found = [
        (one["Parameters"][parameter].get("AllowedPattern"), one["Parameters"][parameter].get("Default"))
        for one in (CENTRAL, MEMBER, MEMBER_REGION)
        if parameter in one["Parameters"]
    ]
    assert len(found) > 1
    assert len(set(found)) == 1


@pytest.mark.parametrize("resource", sorted(RESOURCES))
def test_what_holds_data_outlives_the_stack(resource: str) -> None:
    """Buckets and log groups are kept when the stack goes; whatever else there is goes with it."""
    kept = RESOURCES[resource]["Type"] in {"AWS::S3::Bucket", "AWS::Logs::LogGroup"}
    assert (RESOURCES[resource].get("DeletionPolicy") == "Retain") is kept
    assert (RESOURCES[resource].get("UpdateReplacePolicy") == "Retain") is kept


def document() -> Any:
    content = MEMBER_REGION["Resources"]["ScanDocument"]["Properties"]["Content"]
    steps = [
        {**step, "inputs": {**step["inputs"], "runCommand": [text], "workingDirectory": "/run"}}
        for step, text in zip(content["mainSteps"], document_steps().values(), strict=True)
    ]
    return parse(json.loads(json.dumps({**content, "mainSteps": steps})))


def sent_parameters(delivery: str = "s3") -> dict[str, str]:
    signatures = Signatures(
        "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Expires=3600",
        UploadForm(
            policy="eyJ9Cg==",
            signature="0123456789abcdef" * 4,
            credential="ASIAIOSFODNN7EXAMPLE/20261123/ap-northeast-2/s3/aws4_request",
            date="20261123T190000Z",
            token="IQoJb3JpZ2luX2VjE==",
        ),
    )
    request: Any = {"checks": ["root_ssh_login_denied", "password_hash_strong"], "execution_timeout_seconds": 600}
    data = bucket()
    publish_bundle(data)
    event: Any = example("SendCommand")["input"]
    batch = {**event["batch"], "delivery": delivery}
    return parameters_of({**event, "bundle": BUNDLE, "batch": batch}, request, data, lambda: signatures)


@pytest.mark.parametrize("delivery", ["s3", "inline"])
def test_the_document_takes_what_send_command_sends(delivery: str) -> None:
    """SendCommand gives parameters of the document only, in their patterns, and those of one delivery alone."""
    sent, parameters = sent_parameters(delivery), document().parameters
    # Without a stack that requires signatures none is sent: tests/unit/functions/test_send_command.py.
    of_inline, of_s3_and_inline = {"Delivery", "InlineBundle"}, set(parameters) - {"BundleSignature"}
    of_s3 = {"BundleQuery", *(name for name in parameters if name.startswith("Upload"))}
    assert set(sent) == of_s3_and_inline - (of_s3 if delivery == "inline" else of_inline)
    for name, value in sent.items():
        assert parameters[name].accepted_by_api(value), name
        assert parameters[name].accepted_by_agent(value), name


def test_the_documents_defaults_are_what_a_person_may_leave_out() -> None:
    """Parameters without a default are those that only a scan can know; defaults keep within their own patterns."""
    content = MEMBER_REGION["Resources"]["ScanDocument"]["Properties"]["Content"]
    for name, parameter in content["parameters"].items():
        if "default" in parameter:
            assert re.fullmatch(parameter["allowedPattern"], parameter["default"]), name


def test_example_run_ids_are_run_ids() -> None:
    """The examples' run is one that keys, document and machines take."""
    assert RUN_PATTERN.match(example("SendCommand")["input"]["run"])


def test_the_embedded_aws_deploys_the_same_files() -> None:
    """The embedded AWS reads the templates from the folder that AWS is given, and has no template of its own."""
    found = {path.name for path in (PROJECT / "templates").glob("*.yaml")}
    assert found == {
        "audit_region.yaml",
        "bundle_key.yaml",
        "central.yaml",
        "member.yaml",
        "member_region.yaml",
        "network.yaml",
    }
    others = [path for path in (PROJECT / "emulator").rglob("*.yaml") if "hosts" not in path.parts]
    assert others == []
    files = {name: (PROJECT / f"templates/{name}.yaml").read_text(encoding="utf-8") for name in TEMPLATE_NAMES}
    assert templates() == files


@pytest.mark.parametrize(
    ("schedule", "schema", "substitutions"),
    [
        ("CoverageSchedule", "coverage_request", {"CoverageMend": "true"}),
        ("ScanSchedule", "scan_request", {"ScanScheduleProfile": "kisa_unix_2026"}),
    ],
)
def test_what_a_schedule_sends_is_a_request(schedule: str, schema: str, substitutions: dict[str, str]) -> None:
    """What it hands on keeps the schema of the machine that starts last, and its role may start the first one alone."""
    target = properties(schedule)["Target"]
    text = target["Input"]["Fn::Sub"]
    for name, value in substitutions.items():
        text = text.replace(f"${{{name}}}", value)
    given = json.loads(text)
    assert given.keys() == {"start", "request"}
    assert given["start"] == ("scan" if schema == "scan_request" else "sweep")
    assert first_fault(validator_of(schema_named(schema)), given["request"]) is None
    [statement] = statements_of(target["RoleArn"]["Fn::GetAtt"][0])
    assert (statement["Action"], statement["Resource"]) == ("states:StartExecution", target["Arn"])


def test_who_writes_evidence_may_neither_lift_nor_choose_a_lock() -> None:
    """Functions that know the evidence bucket may put objects into it and nothing else: its default is their lock."""
    for name in FUNCTIONS:
        granted = [one for one in statements_of(f"{name}Role") if "EvidenceBucket" in json.dumps(one["Resource"])]
        variables = properties(f"{name}Function").get("Environment", {}).get("Variables", {})
        assert [one["Action"] for one in granted] == ["s3:PutObject"] * ("EVIDENCE_BUCKET" in variables), name
    text = json.dumps(RESOURCES)
    for action in ("s3:PutObjectRetention", "s3:BypassGovernanceRetention", "s3:PutObjectLegalHold"):
        assert action not in text


def rules_of(name: str) -> list[dict[str, Any]]:
    rules: list[dict[str, Any]] = properties(name)["LifecycleConfiguration"]["Rules"]
    return rules


def test_what_the_next_run_needs_never_expires() -> None:
    """Only what belongs to one run or sweep expires by age; configuration, bundles, histories and claims stay."""
    expiring = tuple(rule["Prefix"] for rule in rules_of("DataBucket") if "ExpirationInDays" in rule)
    moved = {rule["Prefix"] for rule in rules_of("DataBucket") if "Transitions" in rule}
    assert moved < set(expiring)
    of_a_run = (
        keys.request(RUN_ID),
        keys.results_prefix(RUN_ID, "1", "r"),
        keys.analyzed_ledger(RUN_ID),
        keys.analyzed_changes(RUN_ID),
        keys.coverage_request(RUN_ID),
        keys.requester(RUN_ID),
    )
    assert all(key.startswith(expiring) for key in of_a_run)
    of_all_runs = (
        keys.CURRENT_BUNDLE,
        keys.EXEMPTIONS,
        keys.OPERATORS,
        keys.RELEASES,
        keys.WHOLE_ORGANIZATION_CLAIM,
        keys.feeds("p"),
        keys.COVERAGE_FEEDS,
        keys.imported("1", "r"),
        keys.bundle(BUNDLE),
        keys.catalog(BUNDLE),
        keys.history("p", "1"),
        keys.scores("v"),
        keys.delivery_memory("1", "r"),
        keys.instance_record("1", "r", "i"),
        keys.mending_claim("1", "s"),
        keys.coverage_trend("v"),
    )
    assert not any(key.startswith(expiring) for key in of_all_runs)


@pytest.mark.parametrize("name", ["DataBucket", "IntakeBucket", "EvidenceBucket"])
def test_what_an_upload_left_unfinished_is_swept(name: str) -> None:
    """Parts of uploads that never came to an end are removed, and so is what was overwritten."""
    assert any("AbortIncompleteMultipartUpload" in rule for rule in rules_of(name))
    is_versioned = "VersioningConfiguration" in properties(name)
    assert any("NoncurrentVersionExpiration" in rule for rule in rules_of(name)) is is_versioned
