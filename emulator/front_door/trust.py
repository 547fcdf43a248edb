"""Whether a role's trust policy lets a caller in. Pure, and closed to anything it does not understand.

Source: "Principal", "Condition operators" and "Using an external ID" in the IAM user guide.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from emulator.front_door.conditions import conditions_hold
from emulator.front_door.globs import as_list, glob_matches
from emulator.front_door.permissions import statements_of

if TYPE_CHECKING:
    from emulator.front_door.credentials import Principal, Statement

_ASSUME_ROLE = "sts:AssumeRole"
_KNOWN_ELEMENTS = frozenset({"Sid", "Effect", "Principal", "Action", "Condition"})
_WHOLE_ACCOUNT = re.compile(r"([0-9]{12})|arn:aws[a-z-]*:iam::([0-9]{12}):root")
_PRINCIPAL_ARN = re.compile(r"arn:aws[a-z-]*:(iam|sts)::[0-9]{12}:[^*?]+")
_KNOWN_KEYS = frozenset({"sts:externalid", "aws:principalarn", "aws:principalorgid"})


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks to assume a role: a principal of an account, or an AWS service (then `service` alone is set).

    `organization` is the id (`o-...`) of the organization the account belongs to, None when it is in none.
    """

    principal: Principal | None = None
    service: str | None = None
    organization: str | None = None


def trusts(policy: str | Mapping[str, Any], caller: Caller, external_id: str | None) -> bool:
    """Tell whether a trust policy allows the caller `sts:AssumeRole`; an unreadable policy trusts nobody."""
    try:
        statements = statements_of(policy)
    except ValueError:
        return False
    context = _context(caller, external_id)
    effects = [_effect(statement, caller, context) for statement in statements]
    return "Allow" in effects and "Deny" not in effects


def _effect(statement: Statement, caller: Caller, context: Mapping[str, str]) -> str | None:
    denies = statement.get("Effect") != "Allow"
    if not _KNOWN_ELEMENTS.issuperset(statement):
        return "Deny" if denies else None
    if not any(
        isinstance(a, str) and glob_matches(a, _ASSUME_ROLE, ignore_case=True) for a in as_list(statement.get("Action"))
    ):
        return None
    if denies:
        named = _names(statement.get("Principal"), caller) is not False
        return (
            "Deny" if named and conditions_hold(statement.get("Condition"), context, _KNOWN_KEYS) is not False else None
        )
    allowed = (
        _names(statement.get("Principal"), caller) is True
        and conditions_hold(statement.get("Condition"), context, _KNOWN_KEYS) is True
    )
    return "Allow" if allowed else None


def _context(caller: Caller, external_id: str | None) -> dict[str, str]:
    values = {
        "sts:externalid": external_id,
        "aws:principalarn": caller.principal.principal_arn if caller.principal else None,
        "aws:principalorgid": caller.organization,
    }
    return {key: value for key, value in values.items() if value is not None}


def _names(principal: object, caller: Caller) -> bool | None:
    """Tell whether a Principal names the caller; None: a part was not understood, and no other part names it."""
    if principal == "*":
        return True
    if not isinstance(principal, Mapping):
        return None
    answers: list[bool | None] = []
    for kind, values in principal.items():
        if kind == "AWS":
            answers += [_names_account_principal(value, caller.principal) for value in as_list(values)]
        elif kind == "Service":
            answers += [value == caller.service for value in as_list(values)]
        else:  # Federated, CanonicalUser: nobody here calls that way
            answers.append(None)
    return True if True in answers else (None if None in answers else False)


def _names_account_principal(value: object, principal: Principal | None) -> bool | None:
    if value == "*":
        return True
    if not isinstance(value, str):
        return None
    account = _whole_account(value)
    # Neither account nor ARN: for one, the id that AWS puts in the place of a deleted role.
    readable = account is not None or _PRINCIPAL_ARN.fullmatch(value) is not None
    if principal is None or not readable:
        return None if not readable else False
    return account == principal.account if account else value in {principal.arn, principal.principal_arn}


def _whole_account(value: str) -> str | None:
    match = _WHOLE_ACCOUNT.fullmatch(value)
    return None if match is None else match[1] or match[2]
