"""Exclusions: instances that somebody has decided not to scan until a day. Pure.

Only an entry of the register that applies to scans excludes, never an exemption from mending. One that breaks a rule,
is not approved yet or has expired excludes nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from fleetdx.exemptions import Subject, verdict_on
from fleetdx.inventory import Excluded, tags_of
from fleetdx.standings import by_need, register_entry

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Mapping

    from fleetdx.exemptions import Exemption
    from fleetdx.exemptions import Rules as ExemptionRules
    from fleetdx.models import LedgerLine
    from fleetdx.run_models import ExclusionEntry, ExclusionSummary
    from fleetdx.waivers import Rules


def excluded_instances(
    account: str,
    instances: Iterable[Mapping[str, Any]],
    entries: list[Exemption],
    rules: ExemptionRules,
    units: Callable[[], frozenset[str]],
    now: dt.datetime,
) -> dict[str, Excluded]:
    """The instances of one account that the register excludes from scans, by id.

    Args:
        account: 12 digits.
        instances: EC2's descriptions.
        entries: The register.
        rules: What the configuration says of entries; without a protected prefix no tag excludes.
        units: Asks for the organizational units that the account is in; once, and only where an entry names one.
        now: The moment (UTC).
    """
    asked: list[frozenset[str]] = []

    def units_once() -> frozenset[str]:
        if not asked:
            asked.append(units())
        return asked[0]

    found: dict[str, Excluded] = {}
    for instance in instances if entries else ():
        # A role excludes nothing: which one an instance has is the member account's choice.
        subject = Subject(account, instance["InstanceId"], "", tuple(tags_of(instance)), units_once)
        verdict = verdict_on(subject, entries, rules, now, "scan")
        if verdict.standing == "exempt":
            found[subject.instance_id] = Excluded(verdict.entry, f"{verdict.sentence[0].upper()}{verdict.sentence[1:]}")
    return found


def exclusion_summary(entries: Iterable[Exemption], ledger: Iterable[LedgerLine], rules: Rules) -> ExclusionSummary:
    """What summary.json tells of exclusions: each entry, how it stands and how many instances it is about.

    A protected tag is known to discovery alone: its entry counts the instances that it has excluded.

    Args:
        entries: The register; entries of other kinds are passed over.
        ledger: The run's ledger.
        rules: What entries are judged by, and who knows the units of an account.
    """
    own = [entry for entry in entries if entry.applies_to == "scan"]
    matches = _matches(own, ledger, rules) if own else Counter[str]()
    told, left_off = by_need([_entry(entry, rules, matches[entry.id]) for entry in own])
    return {"entries": told, "left_off": left_off}


def _entry(entry: Exemption, rules: Rules, instances: int) -> ExclusionEntry:
    return {**register_entry(entry, rules), "instances": instances}


def _matches(entries: list[Exemption], ledger: Iterable[LedgerLine], rules: Rules) -> Counter[str]:
    by_scope: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for entry in entries:
        ((kind, value),) = entry.scope.items()
        by_scope[kind, value].add(entry.id)
    names_units = any(kind == "organizational_unit" for kind, _ in by_scope)
    units: dict[str, frozenset[str]] = {}
    matches: Counter[str] = Counter()
    for line in ledger:
        if line["instance"] is None:
            continue
        account = line["account"]
        if account not in units:
            units[account] = rules.units(account) if names_units else frozenset()
        scopes = [("account", account), ("instance_id", line["instance"])]
        scopes += [("organizational_unit", unit) for unit in units[account]]
        about = {name for scope in scopes for name in by_scope.get(scope, ())}
        matches.update(about | ({line["exclusion"]} if "exclusion" in line else set()))
    return matches
