"""The Terraform module says what the CloudFormation templates say: event patterns, trust, permissions and names."""

from __future__ import annotations

import json
import re
from typing import Any

import hcl2
import pytest

from tools.sources import TEMPLATES, template

MEMBER = template("member.yaml")
MEMBER_REGION = template("member_region.yaml")
CENTRAL = template("central.yaml")
ROLES = {
    "read": "MemberReadRole",
    "scan": "MemberScanRole",
    "inspect": "MemberInspectRole",
    "mend": "MemberMendRole",
    "import": "MemberImportRole",
    "default_instance": "DefaultInstanceRole",
    "forward_events": "ForwardEventsRole",
}
SAME_VALUE = {
    "local.partition": "AWS::Partition",
    "local.account": "AWS::AccountId",
    "var.central_account_id": "CentralAccountId",
    "var.external_id": "ExternalId",
    "var.member_role_prefix": "MemberRolePrefix",
    "var.document_name": "DocumentName",
    "var.operator_arn_pattern": "OperatorArnPattern",
    "var.default_instance_profile": "DefaultInstanceProfile",
    "var.event_bus_arn": "EventBusArn",
    "var.customer_managed_policy": "CustomerManagedPolicy",
}
INTERPOLATION = re.compile(r"\$\{([^}]+)\}")
POLICY_TO_ATTACH = "the one policy"


def unquoted(value: Any) -> Any:
    """Python-hcl2 keeps the quotes of names and texts, and marks blocks."""
    if isinstance(value, dict):
        return {name.strip('"'): unquoted(part) for name, part in value.items() if not name.startswith("__")}
    if isinstance(value, list):
        return [unquoted(part) for part in value]
    return value.strip('"') if isinstance(value, str) and value.startswith('"') else value


def module() -> dict[str, list[Any]]:
    """The blocks of every file by their kind."""
    found: dict[str, list[Any]] = {}
    for path in sorted((TEMPLATES / "terraform" / "member").glob("*.tf")):
        for kind, blocks in hcl2.loads(path.read_text(encoding="utf-8")).items():
            if not kind.startswith("__"):
                found.setdefault(kind, []).extend(unquoted(blocks))
    return found


MODULE = module()
LOCALS: dict[str, Any] = {name: value for block in MODULE["locals"] for name, value in block.items()}
VARIABLES: dict[str, Any] = {name: value for block in MODULE["variable"] for name, value in block.items()}
RESOURCES = {
    (kind, name): body for block in MODULE["resource"] for kind, named in block.items() for name, body in named.items()
}


def in_cloudformations_words(value: Any) -> Any:
    """A value of the module with each reference told as CloudFormation tells it."""
    if isinstance(value, dict):
        return {name: in_cloudformations_words(part) for name, part in value.items()}
    if isinstance(value, list):
        return [in_cloudformations_words(part) for part in value]
    if value == "${local.policy_to_attach}":
        return POLICY_TO_ATTACH
    return INTERPOLATION.sub(lambda match: f"${{{SAME_VALUE[match[1]]}}}", value) if isinstance(value, str) else value


def plain(value: Any) -> Any:
    """A value of a template with references inside of texts."""
    if isinstance(value, dict):
        if set(value) == {"Fn::Sub"}:
            return value["Fn::Sub"]
        if set(value) == {"Ref"}:
            return f"${{{value['Ref']}}}"
        if set(value) == {"Fn::If"}:
            assert value["Fn::If"][0] == "HasCustomerManagedPolicy"
            return POLICY_TO_ATTACH
        return {name: plain(part) for name, part in value.items()}
    return [plain(part) for part in value] if isinstance(value, list) else value


@pytest.mark.parametrize("name", ROLES)
def test_trust_is_the_same(name: str) -> None:
    """Each role trusts whom CloudFormation's trusts, under the same conditions."""
    expected = plain(MEMBER["Resources"][ROLES[name]]["Properties"]["AssumeRolePolicyDocument"])
    assert in_cloudformations_words(LOCALS[f"{name}_trust"]) == expected
    assert RESOURCES["aws_iam_role", name]["assume_role_policy"] == f"${{jsonencode(local.{name}_trust)}}"


@pytest.mark.parametrize("name", [name for name in ROLES if name != "default_instance"])
def test_permissions_are_the_same(name: str) -> None:
    """Each role may do what CloudFormation's may, statement by statement."""
    [policy] = MEMBER["Resources"][ROLES[name]]["Properties"]["Policies"]
    assert in_cloudformations_words(LOCALS[f"{name}_permissions"]) == plain(policy["PolicyDocument"])
    written = RESOURCES["aws_iam_role_policy", name]
    assert written["policy"] == f"${{jsonencode(local.{name}_permissions)}}"
    assert written["name"] == policy["PolicyName"]


@pytest.mark.parametrize("name", ROLES)
def test_roles_have_the_same_names(name: str) -> None:
    """Name and path of a role are the same, so that the central account finds it."""
    role, expected = RESOURCES["aws_iam_role", name], MEMBER["Resources"][ROLES[name]]["Properties"]
    assert role["path"] == expected["Path"] == "/fleetdx/"
    assert in_cloudformations_words(role["name"]) == plain(expected["RoleName"])


def test_the_policy_that_may_be_attached_is_the_same() -> None:
    """AWS's policy unless the operator names one of the account's own; the default role gets that one."""
    own, aws = (
        choice["Fn::Sub"]
        for choice in MEMBER["Resources"]["DefaultInstanceRole"]["Properties"]["ManagedPolicyArns"][0]["Fn::If"][1:]
    )
    chosen = re.fullmatch(r'\$\{var\.customer_managed_policy == "" \? "(.+)" : "(.+)"\}', LOCALS["policy_to_attach"])
    assert chosen is not None
    assert [in_cloudformations_words(choice) for choice in chosen.groups()] == [aws, own]
    attachment = RESOURCES["aws_iam_role_policy_attachment", "default_instance"]
    assert attachment["policy_arn"] == "${local.policy_to_attach}"


def test_event_patterns_are_the_same() -> None:
    """Each rule has the name and the pattern of CloudFormation's, letter for letter."""
    expected = {
        rule["Properties"]["Name"]: rule["Properties"]["EventPattern"]
        for rule in MEMBER_REGION["Resources"].values()
        if rule["Type"] == "AWS::Events::Rule"
    }
    assert LOCALS["rules"] == expected
    assert json.dumps(LOCALS["rules"], sort_keys=True) == json.dumps(expected, sort_keys=True)


def test_events_go_the_same_ways() -> None:
    """The target is the bus, as a role that may send to it, or Control Tower's topic of the same account and region."""
    target = RESOURCES["aws_cloudwatch_event_target", "instances"]
    [expected] = MEMBER_REGION["Resources"]["InstanceRunningRule"]["Properties"]["Targets"]
    _, topic, bus = expected["Fn::If"]
    chosen = re.fullmatch(r'\$\{var\.events_way == "bus" \? var\.event_bus_arn : "(.+)"\}', target["arn"])
    assert chosen is not None
    told = chosen[1].replace("${each.value.region}", "${AWS::Region}")
    told = INTERPOLATION.sub(lambda match: f"${{{SAME_VALUE.get(match[1], match[1])}}}", told)
    assert told == topic["Arn"]["Fn::Sub"]
    assert target["target_id"] == f'${{var.events_way == "bus" ? "{bus["Id"]}" : "{topic["Id"]}"}}'
    assert "aws_iam_role.forward_events[0].arn" in target["role_arn"]


@pytest.mark.parametrize(
    ("variable", "parameter"),
    [
        ("member_role_prefix", "MemberRolePrefix"),
        ("document_name", "DocumentName"),
        ("operator_arn_pattern", "OperatorArnPattern"),
        ("default_instance_profile", "DefaultInstanceProfile"),
        ("customer_managed_policy", "CustomerManagedPolicy"),
        ("event_bus_arn", "EventBusArn"),
    ],
)
def test_defaults_are_the_same(variable: str, parameter: str) -> None:
    """A variable has the default of the parameter that it stands for."""
    assert VARIABLES[variable]["default"] == MEMBER["Parameters"][parameter]["Default"]


def test_the_way_of_events_has_the_same_choices() -> None:
    """The ways, and that none is the default, are those of member_region.yaml."""
    parameter = MEMBER_REGION["Parameters"]["EventsWay"]
    [check] = [one for one in VARIABLES["events_way"]["validation"] if "contains" in one["condition"]]
    assert all(f'"{way}"' in check["condition"] for way in parameter["AllowedValues"])
    assert VARIABLES["events_way"]["default"] == parameter["Default"] == "none"
