"""What a queue's or bus's own policy lets somebody do. Pure, and closed to anything it does not understand.

Source: "IAM JSON policy elements reference" in the IAM user guide; the condition keys are those that queues and buses
of fleetdx use.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from emulator.front_door.conditions import conditions_hold
from emulator.front_door.globs import as_list, glob_matches
from emulator.front_door.permissions import statements_of

if TYPE_CHECKING:
    from emulator.front_door.credentials import Statement

_KNOWN_ELEMENTS = frozenset({"Sid", "Effect", "Principal", "Action", "Resource", "Condition"})


def lets(policy: str | Mapping[str, Any], action: str, resource: str, *, who: str, context: Mapping[str, str]) -> bool:
    """Tell whether a resource's policy allows an action.

    Args:
        policy: Its document.
        action: For instance `sqs:SendMessage`.
        resource: ARN of the resource.
        who: A service (`events.amazonaws.com`) or an account (12 digits).
        context: Values of condition keys, in lower case.
    """
    try:
        statements = statements_of(policy)
    except ValueError:
        return False
    effects = [_effect(statement, action, resource, who, context) for statement in statements]
    return "Allow" in effects and "Deny" not in effects


def _effect(statement: Statement, action: str, resource: str, who: str, context: Mapping[str, str]) -> str | None:
    allows = statement.get("Effect") == "Allow"
    if not _KNOWN_ELEMENTS.issuperset(statement):
        return None if allows else "Deny"
    meant = (
        any(glob_matches(str(one), action, ignore_case=True) for one in as_list(statement.get("Action")))
        and any(glob_matches(str(one), resource) for one in as_list(statement.get("Resource")))
        and _names(statement.get("Principal"), who)
    )
    if not meant:
        return None
    holds = conditions_hold(statement.get("Condition"), context)
    if allows:
        return "Allow" if holds is True else None
    return None if holds is False else "Deny"


def _names(principal: object, who: str) -> bool:
    if principal == "*":
        return True
    if not isinstance(principal, Mapping):
        return False
    services = as_list(principal.get("Service"))
    accounts = [str(one) for one in as_list(principal.get("AWS"))]
    return who in services or any(one in {"*", who} or one.endswith(f":iam::{who}:root") for one in accounts)
