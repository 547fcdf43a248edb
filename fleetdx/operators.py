"""The rules of who may ask for what (config/operators.json), and what they say of a request. Pure.

Every rule that names the requester is looked at, and one that allows the whole request is enough: what two rules allow
together, and none alone, is refused.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from fleetdx.configuration import MalformedDocument, parsed
from fleetdx.validation import Fault, first_fault, schema_named, validator_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jsonschema.protocols import Validator

    from fleetdx.requesters import Requester

MAXIMUM_BYTES: Final = 500_000
Act = Literal["scan", "coverage", "mend", "stop"]
FEW: Final = 5
"""So many of a list a sentence tells."""


class Operator(NamedTuple):
    """One rule; see fleetdx/schemas/operators.schema.json. No regions means all of them."""

    id: str
    requesters: tuple[str, ...]
    scope: Mapping[str, Any]
    regions: frozenset[str]
    instances_only: bool
    maximum_instances: int | None
    may_mend: bool
    may_stop: bool


class Asked(NamedTuple):
    """What somebody asks for: the act, the scope and regions of a completed request."""

    act: Act
    scope: Mapping[str, Any]
    regions: frozenset[str]


AccountsOf = Callable[[Mapping[str, Any]], frozenset[str]]
"""The ids of the accounts that a scope means; a unit that does not exist has none."""


@functools.lru_cache(maxsize=1)
def _validator() -> Validator:
    return validator_of(schema_named("operators"))


def read_operators(text: str | bytes) -> list[Operator]:
    """Read the document.

    Raises:
        MalformedDocument: With the JSON pointer of the first fault.
    """
    document = parsed(text, MAXIMUM_BYTES)
    fault = first_fault(_validator(), document)
    if fault is not None:
        raise MalformedDocument(fault)
    found = [_operator(given) for given in document["operators"]]
    for number, rule in enumerate(found):
        if any(rule.id == other.id for other in found[:number]):
            raise MalformedDocument(Fault(f"/operators/{number}/id", f"{rule.id} stands twice"))
    return found


def _operator(given: Mapping[str, Any]) -> Operator:
    maximum = given.get("maximum_instances")
    return Operator(
        given["id"],
        tuple(given["requesters"]),
        given["scope"],
        frozenset(given.get("regions", ())),
        given.get("instances_only", False),
        # JSON Schema calls 5.0 an integer.
        None if maximum is None else int(maximum),
        given.get("may_mend", False),
        given.get("may_stop", False),
    )


def told_of(rule: Operator) -> str:
    """What a rule allows whom, as a sentence for who writes it."""
    places = "the whole organization" if "organization" in rule.scope else _places(rule)
    what = (
        "scans of instances named one by one" if rule.instances_only or rule.maximum_instances else "scans and sweeps"
    )
    limits = [f"at most {rule.maximum_instances:,} at a time"] if rule.maximum_instances else []
    limits += [f"in {_few(rule.regions)}"] if rule.regions else []
    limits += ["with mending"] if rule.may_mend else []
    limits += ["and stops of runs of others"] if rule.may_stop else []
    return ", ".join([f"{_few(rule.requesters)}: {what} in {places}", *limits])


def names(rule: Operator, requester: Requester) -> bool:
    """Whether a rule is about a requester: by ARN where that is proven, else by the word for how it is known."""
    if requester.kind != "proven":
        return requester.kind in rule.requesters
    return any(_is_like(requester.arn, pattern) for pattern in rule.requesters if pattern.startswith("arn:"))


def _is_like(arn: str, pattern: str) -> bool:
    """Compare part by part, so that no * reaches over a slash: a session's name can never stand for a role's."""
    parts, patterns = arn.split("/"), pattern.split("/")
    return len(parts) == len(patterns) and all(map(fnmatchcase, parts, patterns))


def refusal_of(
    requester: Requester, asked: Asked, operators: Iterable[Operator], accounts_of: AccountsOf
) -> str | None:
    """Why somebody may not ask for this, as a sentence with what is allowed; None where a rule allows it."""
    objections = []
    for rule in operators:
        if names(rule, requester):
            objection = _objection(rule, asked, accounts_of)
            if objection is None:
                return None
            objections.append(f"rule {rule.id} {objection}")
    who = requester.arn if requester.kind == "proven" else f"{requester.arn} ({requester.kind})"
    told = "; ".join(objections) or "no rule of config/operators.json names this requester"
    return f"{who} may not ask for this: {told}"


def _objection(rule: Operator, asked: Asked, accounts_of: AccountsOf) -> str | None:
    """What a rule has against a request; None where it allows it."""
    if asked.act == "mend" and not rule.may_mend:
        return "allows sweeps without mending"
    if asked.act == "stop" and not rule.may_stop:
        return "allows no stop of runs of others"
    return _against_instances(rule, asked) or _against_places(rule, asked, accounts_of)


def _against_instances(rule: Operator, asked: Asked) -> str | None:
    named, most = asked.scope.get("instances"), rule.maximum_instances
    if (rule.instances_only or most is not None) and not named:
        return "allows scans of instances that are named one by one" + (f", at most {most:,}" if most else "")
    if most is not None and len(named or ()) > most:
        return f"allows scans of at most {most:,} instances; {len(named or ()):,} are named"
    return None


def _against_places(rule: Operator, asked: Asked, accounts_of: AccountsOf) -> str | None:
    if rule.regions and not asked.regions <= rule.regions:
        return f"allows {_few(rule.regions)}, not {_few(asked.regions - rule.regions)}"
    if "organization" in rule.scope:
        return None
    allowed = _places(rule)
    if "organization" in asked.scope:
        return f"allows {allowed}, not the whole organization"
    outside = accounts_of(asked.scope) - accounts_of(rule.scope)
    return f"allows {allowed}, not {_few(outside)}" if outside else None


def _places(rule: Operator) -> str:
    return _few([*rule.scope.get("organizational_units", ()), *rule.scope.get("accounts", ())])


def _few(items: Iterable[str]) -> str:
    listed = sorted(items)
    more = f" and {len(listed) - FEW:,} more" if len(listed) > FEW else ""
    return ", ".join(listed[:FEW]) + more
