"""What IAM's policy simulator says of an action: by own policies, boundary and service control policies. Pure.

Sources: "Policy evaluation logic" and "Testing IAM policies with the IAM policy simulator" in the IAM user guide (which
says that service control policies with any condition are not evaluated); for conditions without a context, "IAM JSON
policy elements: Condition operators".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

from emulator.front_door.globs import as_list, glob_matches

if TYPE_CHECKING:
    from collections.abc import Iterable

    from emulator.front_door.credentials import Statement

Decision = Literal["allowed", "explicitDeny", "implicitDeny"]
Policy = Sequence["Statement"]
Levels = Sequence[Sequence[Policy]]
"""The service control policies of the root, of each unit down to the account, and of the account itself."""


class Simulated(NamedTuple):
    """What the simulator says of one action.

    Attributes:
        decision: EvalDecision.
        by_organization: Whether the organization allows it; None for an account in none.
        by_boundary: Whether the permissions boundary allows it; None where there is none, or where the organization
            ended the evaluation.
    """

    decision: Decision
    by_organization: bool | None
    by_boundary: bool | None


def simulate(
    action: str, resource: str, identity: Policy, boundary: Policy | None, organization: Levels | None
) -> Simulated:
    """Evaluate one action on one resource, without any context.

    Args:
        action: For instance `ssm:UpdateInstanceInformation`.
        resource: An ARN, or `*`.
        identity: All statements of a role's own policies.
        boundary: Statements of its permissions boundary; None where it has none.
        organization: None for an account in no organization.
    """
    organizations_word = None if organization is None else _of_levels(organization, action, resource)
    if organizations_word not in (None, "allowed"):
        return Simulated(organizations_word, by_organization=False, by_boundary=None)
    boundarys_word = None if boundary is None else effect(boundary, action, resource)
    words = {effect(identity, action, resource), boundarys_word or "allowed"}
    return Simulated(
        _strictest(words),
        None if organizations_word is None else True,
        None if boundarys_word is None else boundarys_word == "allowed",
    )


def effect(statements: Iterable[Statement], action: str, resource: str) -> Decision:
    """What statements say of an action where nothing is known of the request."""
    effects = {
        statement.get("Effect")
        for statement in statements
        if _means(statement, action, resource) and conditions_hold(statement.get("Condition"))
    }
    if "Deny" in effects:
        return "explicitDeny"
    return "allowed" if "Allow" in effects else "implicitDeny"


def conditions_hold(condition: object) -> bool:
    """Whether a Condition holds in a request that has none of its keys."""
    if not isinstance(condition, Mapping):
        return condition is None
    return all(_holds_without_key(str(operator), tests) for operator, tests in condition.items())


def _of_levels(levels: Levels, action: str, resource: str) -> Decision:
    words: set[Decision] = set()
    for policies in levels:
        evaluated = [policy for policy in policies if not any("Condition" in statement for statement in policy)]
        # On AWS every level has FullAWSAccess at least: where nothing is left to evaluate, all may pass.
        words.add(effect([one for policy in evaluated for one in policy], action, resource) if evaluated else "allowed")
    return _strictest(words)


def _strictest(words: set[Decision]) -> Decision:
    if "explicitDeny" in words:
        return "explicitDeny"
    return "implicitDeny" if "implicitDeny" in words else "allowed"


def _means(statement: Statement, action: str, resource: str) -> bool:
    return _names(statement, "Action", action, ignore_case=True) and _names(
        statement, "Resource", resource, ignore_case=False
    )


def _names(statement: Statement, element: str, value: str, *, ignore_case: bool) -> bool:
    if f"Not{element}" in statement:
        return not _any(statement[f"Not{element}"], value, ignore_case=ignore_case)
    return _any(statement.get(element), value, ignore_case=ignore_case)


def _any(patterns: object, value: str, *, ignore_case: bool) -> bool:
    return any(glob_matches(str(pattern), value, ignore_case=ignore_case) for pattern in as_list(patterns))


def _holds_without_key(operator: str, tests: object) -> bool:
    if operator == "Null":
        values = tests.values() if isinstance(tests, Mapping) else []
        return all(str(value).lower() == "true" for value in values)
    return operator.endswith("IfExists") or operator.startswith("ForAllValues:") or "Not" in operator
