"""What the templates' roles are granted, as texts of the templates, and as the embedded AWS has deployed them."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from emulator.front_door.globs import as_list
from emulator.front_door.permissions import Grant, statements_of
from emulator.front_door.roles import documents_of_role
from tools.sources import template

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from emulator.cloud import EmbeddedAws

TEMPLATES = ("central.yaml", "member.yaml")


class Granted(NamedTuple):
    """One action and one resource that a role of the templates is granted.

    Attributes:
        role: The role's name in its template.
        action: For instance `s3:GetObject`.
        resource: As the template writes it, without its functions: `${DataBucket.Arn}/runs/*`.
    """

    role: str
    action: str
    resource: str


@cache
def roles() -> Mapping[str, Mapping[str, Any]]:
    """The properties of every role of the templates, by its name there."""
    found = [(name, one) for file in TEMPLATES for name, one in template(file)["Resources"].items()]
    return {name: one["Properties"] for name, one in found if one["Type"] == "AWS::IAM::Role"}


def role_name(role: str) -> str:
    """The name that a role gets with the parameters' defaults."""
    text = _text(roles()[role]["RoleName"])
    return text.replace("${MemberRolePrefix}", "fleetdx-member-").replace(
        "${DefaultInstanceProfile}", "fleetdx-default-instance"
    )


@cache
def granted() -> tuple[Granted, ...]:
    """Everything that the templates' own policies allow, whatever their parameters leave out."""
    return tuple(
        Granted(role, action, resource)
        for role, properties in roles().items()
        for document in (*(policy["PolicyDocument"] for policy in properties.get("Policies", [])), *_shared(properties))
        for statement in map(_taken, document["Statement"])
        for action, resource in _pairs(statement)
    )


def _shared(properties: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    """The documents of the policies of central.yaml that a role is given beside its own."""
    resources = _central_resources()
    arns = _taken(properties.get("ManagedPolicyArns", []))
    return [resources[arn["Ref"]]["Properties"]["PolicyDocument"] for arn in arns if "Ref" in arn]


@cache
def _central_resources() -> Mapping[str, Any]:
    resources: Mapping[str, Any] = template("central.yaml")["Resources"]
    return resources


def used(cloud: EmbeddedAws) -> frozenset[Granted]:
    """What of it has allowed something on an embedded AWS."""
    found: set[Granted] = set()
    for role_arn, grants in cloud.judge.used().items():
        role = next((one for one in roles() if role_arn.endswith(f":role/fleetdx/{role_name(one)}")), None)
        if role is not None:
            texts = [one for one in granted() if one.role == role]
            deployed = [Grant(*pair) for pair in _deployed_pairs(role_arn)]
            found.update(text for text, grant in zip(texts, deployed, strict=True) if grant in grants)
    return frozenset(found)


def _deployed_pairs(role_arn: str) -> Iterable[tuple[str, str]]:
    statements = [statement for text in documents_of_role(role_arn) for statement in statements_of(json.loads(text))]
    return [pair for statement in statements for pair in _pairs(statement)]


def _pairs(statement: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    if statement["Effect"] != "Allow":
        return []
    return [
        (action, _text(resource))
        for action in as_list(statement["Action"])
        for resource in as_list(statement["Resource"])
    ]


def _taken(part: Any) -> Any:
    """A part of a template, also where a condition of the template can leave it out."""
    return part["Fn::If"][1] if "Fn::If" in part else part


def _text(value: Any) -> str:
    """A text of a template without the function around it."""
    if isinstance(value, str):
        return value
    [(function, argument)] = value.items()
    if function == "Fn::GetAtt":
        return f"${{{'.'.join(argument)}}}"
    return str(argument) if function == "Fn::Sub" else f"${{{argument}}}"
