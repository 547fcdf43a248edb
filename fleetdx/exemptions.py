"""The register of exemptions: who decided that an instance is left alone or a finding accepted, and until when. Pure.

Entries that apply to mending are judged here, as are those that apply to scans (fleetdx/exclusions.py asks); those that
apply to findings are waivers (fleetdx/waivers.py).

An entry that breaks a rule (its owner approved it, its term is too long, it is not approved yet) exempts nothing, and
widens nothing either: the instance that it is about is only reported.
"""

from __future__ import annotations

import datetime as dt
import functools
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from fleetdx.configuration import MalformedDocument, parsed
from fleetdx.validation import Fault, first_fault, pointer, schema_named, validator_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from jsonschema.protocols import Validator

MAXIMUM_BYTES = 1_000_000
Kind = Literal["mending", "finding", "scan"]
NOUNS: Final[dict[Kind, str]] = {"mending": "exemption", "finding": "waiver", "scan": "exclusion"}
"""What an entry is called by what it applies to."""


class Exemption(NamedTuple):
    """One entry of the file; see fleetdx/schemas/exemptions.schema.json."""

    id: str
    scope: dict[str, Any]
    owner: str
    approver: str
    reason: str
    approved_at: dt.datetime
    expires_at: dt.datetime
    applies_to: Kind = "mending"
    item: str = ""
    check: str = ""
    ticket: str = ""


class Subject(NamedTuple):
    """What an exemption can be about.

    Attributes:
        account: 12 digits.
        instance_id: The instance.
        role_name: Name of its role, without path; empty where it has none.
        tag_keys: Keys of its tags.
        units: The organizational units that the account is in, asked for only where an entry names one.
    """

    account: str
    instance_id: str
    role_name: str
    tag_keys: tuple[str, ...]
    units: Callable[[], frozenset[str]]


class Rules(NamedTuple):
    """What the configuration says of exemptions."""

    protected_tag_prefix: str | None
    maximum_days: int


class Verdict(NamedTuple):
    """What the entries about an instance come to.

    Attributes:
        standing: `exempt` by an entry that holds; `broken` where only entries speak that break a rule; else `none`.
        entry: The entry's id.
        sentence: Who decided what, or which rule is broken.
        expired: The entries that were about it and have expired.
    """

    standing: Literal["exempt", "broken", "none"]
    entry: str
    sentence: str
    expired: tuple[Exemption, ...]


@functools.lru_cache(maxsize=1)
def _validator() -> Validator:
    return validator_of(schema_named("exemptions"))


def read_exemptions(text: str | bytes) -> list[Exemption]:
    """Read the file.

    Raises:
        MalformedDocument: With the JSON pointer of the first fault.
    """
    document = parsed(text, MAXIMUM_BYTES)
    fault = first_fault(_validator(), document)
    if fault is not None:
        raise MalformedDocument(fault)
    found = [_entry(number, given) for number, given in enumerate(document["exemptions"])]
    known: set[str] = set()
    for number, entry in enumerate(found):
        if entry.id in known:
            raise MalformedDocument(Fault(f"/exemptions/{number}/id", f"{entry.id} stands twice"))
        known.add(entry.id)
    return found


def _entry(number: int, given: dict[str, Any]) -> Exemption:
    moments = {}
    for name in ("approved_at", "expires_at"):
        try:
            moments[name] = dt.datetime.fromisoformat(given[name])
        except ValueError:
            place = pointer(["exemptions", str(number), name])
            raise MalformedDocument(Fault(place, f"{given[name]} is no moment")) from None
    return Exemption(**{**given, **moments})


def broken_rule(entry: Exemption, maximum_days: int, now: dt.datetime) -> str | None:
    """The rule that an entry breaks, as a sentence; None where it keeps all of them."""
    named = f"{NOUNS[entry.applies_to]} {entry.id}"
    if entry.owner.strip().casefold() == entry.approver.strip().casefold():
        return f"{named} was approved by its own owner"
    if entry.expires_at - entry.approved_at > dt.timedelta(days=maximum_days):
        return f"{named} runs longer than {maximum_days} days"
    if entry.approved_at > now:
        return f"{named} is not approved before {entry.approved_at:%Y-%m-%dT%H:%M:%SZ}"
    return None


def is_about(entry: Exemption, subject: Subject, protected_tag_prefix: str | None) -> bool:
    """Whether an entry's scope holds the instance."""
    ((kind, value),) = entry.scope.items()
    if kind == "account":
        return bool(value == subject.account)
    if kind == "instance_id":
        return bool(value == subject.instance_id)
    if kind == "role":
        named = bool(subject.role_name) and fnmatchcase(subject.role_name, value["name_pattern"])
        return bool(value["account"] == subject.account) and named
    if kind == "organizational_unit":
        return value in subject.units()
    # What a member account can write itself exempts nothing unless the operator has protected it.
    protected = protected_tag_prefix is not None and value.startswith(protected_tag_prefix)
    return protected and value in subject.tag_keys


def verdict_on(
    subject: Subject, entries: Iterable[Exemption], rules: Rules, now: dt.datetime, kind: Kind = "mending"
) -> Verdict:
    """What the entries of a kind about an instance come to at a moment (UTC)."""
    broken: list[tuple[Exemption, str]] = []
    expired: list[Exemption] = []
    holding: list[Exemption] = []
    for entry in entries:
        if entry.applies_to != kind or not is_about(entry, subject, rules.protected_tag_prefix):
            continue
        rule = broken_rule(entry, rules.maximum_days, now)
        if entry.expires_at <= now:
            expired.append(entry)
        elif rule is not None:
            broken.append((entry, rule))
        else:
            holding.append(entry)
    if holding:
        entry = max(holding, key=lambda one: one.expires_at)
        sentence = (
            f"{NOUNS[kind]} {entry.id} of {entry.owner}, approved by {entry.approver}, until "
            f"{entry.expires_at:%Y-%m-%dT%H:%M:%SZ}: {entry.reason}"
        )
        return Verdict("exempt", entry.id, sentence, tuple(expired))
    if broken:
        entry, rule = broken[0]
        return Verdict("broken", entry.id, rule, tuple(expired))
    return Verdict("none", "", "", tuple(expired))
