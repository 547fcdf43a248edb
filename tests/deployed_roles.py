"""Asks IAM's simulator about deployed roles: whether AWS gives them what their policies say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from emulator.front_door.globs import as_list

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PATH = "/fleetdx/"
EXAMPLE = "example"


class Right(NamedTuple):
    """One right of a role, as the simulator is asked about it.

    Attributes:
        role: The role's ARN.
        action: For instance `s3:GetObject`.
        resource: An ARN without wildcards, or `*`.
        context: Condition keys and a value for each with which the statement's Condition holds.
    """

    role: str
    action: str
    resource: str
    context: tuple[tuple[str, str], ...]


def rights_of_deployed_roles(iam: Any, account: str, region: str) -> Iterator[Right]:
    """Every right of the roles below our path, by their own policies and those of ours that they share.

    Args:
        iam: A client that may list roles and read their policies.
        account: Its account, 12 digits.
        region: What a wildcard in the place of a region stands for.
    """
    for page in iam.get_paginator("list_roles").paginate(PathPrefix=PATH):
        for role in page["Roles"]:
            for document in (*_own(iam, role["RoleName"]), *_shared(iam, role["RoleName"])):
                for statement in as_list(document["Statement"]):
                    yield from _rights(role["Arn"], statement, account, region)


def _own(iam: Any, role: str) -> Iterator[Mapping[str, Any]]:
    for name in iam.list_role_policies(RoleName=role)["PolicyNames"]:
        yield iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]


def _shared(iam: Any, role: str) -> Iterator[Mapping[str, Any]]:
    for attached in iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]:
        arn = attached["PolicyArn"]
        if f":policy{PATH}" in arn:
            version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
            yield iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]


def refusals(iam: Any, right: Right) -> list[str]:
    """What the simulator says against a right, with what of AWS's limits is the reason; empty where it is given."""
    answer = iam.simulate_principal_policy(
        PolicySourceArn=right.role,
        ActionNames=[right.action],
        ResourceArns=[right.resource],
        ContextEntries=[
            {"ContextKeyName": key, "ContextKeyValues": [value], "ContextKeyType": "string"}
            for key, value in right.context
        ],
    )
    return [
        f"{right.role} {right.action} on {right.resource}: {told['EvalDecision']}{_limits(told)}"
        for told in answer["EvaluationResults"]
        if told["EvalDecision"] != "allowed"
    ]


def concrete(pattern: str, account: str, region: str) -> str:
    """An ARN that a pattern means."""
    if pattern == "*":
        return pattern
    arn, partition, service, place, owner, rest = pattern.split(":", 5)
    place, owner = place.replace("*", region), owner.replace("*", account)
    return ":".join((arn, partition, service, place, owner, rest.replace("*", EXAMPLE)))


def _rights(role: str, statement: Mapping[str, Any], account: str, region: str) -> Iterator[Right]:
    if statement["Effect"] != "Allow":
        return
    context = tuple(
        (key, as_list(values)[0]) for tests in statement.get("Condition", {}).values() for key, values in tests.items()
    )
    for action in as_list(statement["Action"]):
        for resource in as_list(statement["Resource"]):
            yield Right(role, action, concrete(resource, account, region), context)


def _limits(told: Mapping[str, Any]) -> str:
    said = []
    if not told.get("OrganizationsDecisionDetail", {}).get("AllowedByOrganizations", True):
        said.append("a service control policy")
    if not told.get("PermissionsBoundaryDecisionDetail", {}).get("AllowedByPermissionsBoundary", True):
        said.append("a permissions boundary")
    return f" by {' and '.join(said)}" if said else ""
