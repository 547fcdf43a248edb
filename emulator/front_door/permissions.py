"""What policy statements allow: the small, strict part of IAM's policy language the front door needs. Pure.

Anything not understood never allows: an unknown operator, key or element makes an Allow void and a Deny hold.
Source: "IAM JSON policy elements reference" in the IAM user guide.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from emulator.front_door.credentials import Statement

_KNOWN_ELEMENTS = frozenset({"Sid", "Effect", "Action", "Resource", "Condition"})


def may(statements: Iterable[Statement], action: str, resource: str) -> bool:
    """Tell whether identity statements allow an action on one resource.

    An Allow with a Condition allows nothing; a Deny counts whatever its Condition says. Actions ignore case,
    resources do not.
    """
    allowed = False
    for statement in statements:
        readable = _KNOWN_ELEMENTS.issuperset(statement)
        matches = _matches(statement.get("Action"), action, ignore_case=True) and _matches(
            statement.get("Resource"), resource
        )
        if statement.get("Effect") == "Allow":
            allowed = allowed or (readable and matches and "Condition" not in statement)
        elif matches or not readable:
            return False
    return allowed


def statements_of(document: str | Mapping[str, Any]) -> list[Statement]:
    """Read the statements of a policy document; raises ValueError when it is not one."""
    policy = json.loads(document) if isinstance(document, str) else document
    if not isinstance(policy, Mapping):
        message = "a policy document is a JSON object"
        raise ValueError(message)  # noqa: TRY004 - one error for every unreadable document
    statements = as_list(policy.get("Statement"))
    if not all(isinstance(statement, Mapping) for statement in statements):
        message = "every statement of a policy is a JSON object"
        raise ValueError(message)
    return statements


def as_list(value: object) -> list[Any]:
    """IAM writes one value bare and several as a list: always give a list."""
    if value is None:
        return []
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else [value]


def glob_matches(pattern: str, text: str, *, ignore_case: bool = False) -> bool:
    """Match IAM's wildcards: `*` is any run of characters, slashes too; `?` is any one character."""
    return _glob(pattern, ignore_case=ignore_case).fullmatch(text) is not None


@lru_cache(maxsize=1024)
def _glob(pattern: str, *, ignore_case: bool) -> re.Pattern[str]:
    translated = "".join({"*": ".*", "?": "."}.get(character, re.escape(character)) for character in pattern)
    return re.compile(translated, re.DOTALL | (re.IGNORECASE if ignore_case else 0))


def _matches(patterns: object, text: str, *, ignore_case: bool = False) -> bool:
    return any(isinstance(p, str) and glob_matches(p, text, ignore_case=ignore_case) for p in as_list(patterns))
