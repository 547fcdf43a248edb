"""What policy statements allow: the small, strict part of IAM's policy language the front door needs. Pure.

Anything not understood never allows: an unknown operator, key or element makes an Allow void and a Deny hold.
Source: "IAM JSON policy elements reference" in the IAM user guide.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from emulator.front_door.conditions import conditions_hold
from emulator.front_door.globs import as_list, compiled_glob, glob_matches

if TYPE_CHECKING:
    import re

    from emulator.front_door.credentials import Statement

_KNOWN_ELEMENTS = frozenset({"Sid", "Effect", "Action", "Resource", "Condition"})
KNOWN_KEYS = frozenset({"iam:policyarn", "iam:passedtoservice"})
"""Condition keys that needs.py gives a value wherever AWS does."""
NO_CONTEXT: Mapping[str, str] = MappingProxyType({})


class Grant(NamedTuple):
    """One action and one resource of an Allow, each as its policy writes it."""

    action: str
    resource: str


class _Rule(NamedTuple):
    """What statements say of one action on the resources of one pattern."""

    resource: re.Pattern[str]
    condition: object
    grant: Grant


class Rights:
    """What the statements of one identity allow; made once, asked often.

    Actions ignore case, resources do not. An Allow whose Condition does not plainly hold allows nothing; a Deny counts
    unless its Condition plainly does not hold.
    """

    def __init__(self, statements: Iterable[Statement]) -> None:
        """Take all statements of the identity's policies."""
        self._statements = list(statements)
        self._rules: dict[str, tuple[list[_Rule], list[_Rule]]] = {}
        self._unreadable_deny = any(
            one.get("Effect") != "Allow" and not _KNOWN_ELEMENTS.issuperset(one) for one in self._statements
        )

    def grants(self, action: str, resource: str, context: Mapping[str, str] = NO_CONTEXT) -> list[Grant]:
        """All that allows an action on one resource; empty where nothing does, or something denies it."""
        allows, denies = self._rules_of(action)
        if self._unreadable_deny or any(
            rule.resource.fullmatch(resource) and conditions_hold(rule.condition, context, KNOWN_KEYS) is not False
            for rule in denies
        ):
            return []
        return [
            rule.grant
            for rule in allows
            if rule.resource.fullmatch(resource) and conditions_hold(rule.condition, context, KNOWN_KEYS)
        ]

    def _rules_of(self, action: str) -> tuple[list[_Rule], list[_Rule]]:
        found = self._rules.get(action)
        if found is None:
            rules: tuple[list[_Rule], list[_Rule]] = ([], [])
            for statement in self._statements:
                rules[statement.get("Effect") != "Allow"].extend(_rules(statement, action))
            found = self._rules[action] = rules
        return found


def _rules(statement: Statement, action: str) -> list[_Rule]:
    if not _KNOWN_ELEMENTS.issuperset(statement):
        return []
    return [
        _Rule(compiled_glob(resource), statement.get("Condition"), Grant(pattern, resource))
        for pattern in _texts(statement.get("Action"))
        if glob_matches(pattern, action, ignore_case=True)
        for resource in _texts(statement.get("Resource"))
    ]


def _texts(value: object) -> list[str]:
    return [one for one in as_list(value) if isinstance(one, str)]


def may(statements: Iterable[Statement], action: str, resource: str, context: Mapping[str, str] = NO_CONTEXT) -> bool:
    """Tell whether identity statements allow an action on one resource."""
    return bool(Rights(statements).grants(action, resource, context))


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
