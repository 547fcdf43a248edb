"""The rules of operators: who is meant by which, and what a request is refused for."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleetdx.configuration import MalformedDocument
from fleetdx.operators import Act, Asked, Operator, names, read_operators, refusal_of
from fleetdx.requesters import Requester
from tests.fakes.requesters import JANE, NOBODY, UNIT

SEOUL, TOKYO = "ap-northeast-2", "ap-northeast-1"
TEAM: Final = "arn:aws:sts::999988887777:assumed-role/fleetdx-operator/*"
PERSON: Final = Requester("proven", JANE)
BELOW: Final = {UNIT: frozenset({"111122223333", "222233334444"})}


def document(*operators: dict[str, Any]) -> str:
    made = [
        {"id": f"r{n}", "requesters": [TEAM], "scope": {"organization": True}} | one for n, one in enumerate(operators)
    ]
    return json.dumps({"schema": 1, "operators": made})


def rule(**fields: Any) -> Operator:
    [made] = read_operators(document(fields))
    return made


def accounts_of(scope: Any) -> frozenset[str]:
    named = {*scope.get("accounts", ()), *(one.split("/")[0] for one in scope.get("instances", ()))}
    return frozenset(named).union(*(BELOW[unit] for unit in scope.get("organizational_units", ())))


def refused(asked: Asked, *rules: Operator, by: Requester = PERSON) -> str | None:
    return refusal_of(by, asked, rules, accounts_of)


def asks(act: Act = "scan", regions: tuple[str, ...] = (SEOUL,), **scope: Any) -> Asked:
    return Asked(act, scope or {"organization": True}, frozenset(regions))


@pytest.mark.parametrize(
    ("pattern", "is_meant"),
    [
        (TEAM, True),
        (JANE, True),
        ("arn:aws:sts::999988887777:assumed-role/fleetdx-*/jane", True),
        ("arn:aws:sts::999988887777:assumed-role/fleetdx-operator/jan?", True),
        ("arn:aws:sts::999988887777:assumed-role/fleetdx-operator/joe", False),
        ("arn:aws:sts::111122223333:assumed-role/fleetdx-operator/*", False),
        ("arn:aws:sts::999988887777:assumed-role/fleetdx-oper/*", False),
        ("arn:aws:iam::999988887777:user/*", False),
        ("event", False),
        ("unproven", False),
    ],
)
def test_a_rule_is_about_whom_its_patterns_mean(pattern: str, is_meant: bool) -> None:  # noqa: FBT001 - a case
    """By the whole ARN, account and role included."""
    assert names(rule(requesters=[pattern]), PERSON) is is_meant


def test_a_sessions_name_never_stands_for_a_role() -> None:
    """Whoever assumes a role names the session himself: no * reaches over a slash."""
    forger = Requester("proven", "arn:aws:sts::999988887777:assumed-role/fleetdx-viewer/fleetdx-operator/jane")
    assert not names(rule(requesters=[TEAM]), forger)
    assert not names(rule(requesters=["arn:aws:sts::999988887777:assumed-role/f*/jane"]), forger)


def test_who_is_not_proven_is_meant_by_a_word_alone() -> None:
    """An execution's ARN, which stands where nobody has proven anything, is no name of a person."""
    for kind in ("event", "schedule", "unproven"):
        known = Requester(kind, JANE)
        assert not names(rule(requesters=[TEAM]), known)
        assert names(rule(requesters=[TEAM, kind]), known)


ALLOWED: Final[list[tuple[dict[str, Any], Asked]]] = [
    ({}, asks()),
    ({}, asks("coverage", accounts=["000000000000"])),
    ({"regions": [SEOUL]}, asks()),
    ({"scope": {"accounts": ["111122223333"]}}, asks(instances=[f"111122223333/{SEOUL}/i-1"])),
    ({"scope": {"organizational_units": [UNIT]}}, asks(accounts=["111122223333"])),
    ({"scope": {"organizational_units": [UNIT]}}, asks(organizational_units=[UNIT])),
    ({"instances_only": True}, asks(instances=[f"111122223333/{SEOUL}/i-1"])),
    ({"maximum_instances": 1.0}, asks(instances=[f"111122223333/{SEOUL}/i-1"])),
    ({"may_mend": True}, asks("mend")),
    ({"may_stop": True}, asks("stop")),
]


@pytest.mark.parametrize(("fields", "asked"), ALLOWED)
def test_what_a_rule_allows(fields: dict[str, Any], asked: Asked) -> None:
    """One rule that allows the whole of it is enough, whatever others say."""
    assert refused(asked, rule(**fields)) is None
    assert refused(asked, rule(scope={"accounts": ["999999999999"]}), rule(**fields)) is None


REFUSED: Final[list[tuple[dict[str, Any], Asked, str]]] = [
    ({}, asks("mend"), "rule r0 allows sweeps without mending"),
    ({}, asks("stop"), "rule r0 allows no stop of runs of others"),
    ({"regions": [SEOUL]}, asks(regions=(SEOUL, TOKYO)), f"rule r0 allows {SEOUL}, not {TOKYO}"),
    ({"scope": {"accounts": ["1" * 12]}}, asks(), f"allows {'1' * 12}, not the whole organization"),
    ({"scope": {"accounts": ["1" * 12]}}, asks(accounts=["1" * 12, "2" * 12]), f"allows {'1' * 12}, not {'2' * 12}"),
    ({"scope": {"accounts": ["111122223333"]}}, asks(organizational_units=[UNIT]), "not 222233334444"),
    ({"scope": {"accounts": ["1" * 12]}}, asks(instances=[f"{'2' * 12}/{SEOUL}/i-1"]), f"not {'2' * 12}"),
    ({"instances_only": True}, asks(accounts=["1" * 12]), "instances that are named one by one"),
    ({"instances_only": True}, asks("coverage"), "instances that are named one by one"),
    ({"maximum_instances": 2}, asks(), "named one by one, at most 2"),
    (
        {"maximum_instances": 1},
        asks(instances=[f"1/{SEOUL}/i-1", f"1/{SEOUL}/i-2"]),
        "at most 1 instances; 2 are named",
    ),
    ({"requesters": ["event"]}, asks(), f"{JANE} may not ask for this: no rule"),
]


@pytest.mark.parametrize(("fields", "asked", "told"), REFUSED)
def test_what_a_rule_refuses_is_told_with_what_it_allows(fields: dict[str, Any], asked: Asked, told: str) -> None:
    """The person learns which rule it was, and what to ask for instead."""
    assert told in str(refused(asked, rule(**fields)))


def test_two_rules_do_not_add_up() -> None:
    """What one allows in Seoul and the other in Tokyo is not allowed in both at once; both are told."""
    both = refused(asks(regions=(SEOUL, TOKYO)), rule(regions=[SEOUL]), rule(regions=[TOKYO]))
    assert f"allows {SEOUL}, not {TOKYO}" in str(both)
    assert f"allows {TOKYO}, not {SEOUL}" in str(both)


def test_who_is_not_proven_is_told_how_he_is_known() -> None:
    """By the execution, in whose StartExecution CloudTrail knows who it was."""
    assert str(refused(asks(), rule(), by=NOBODY)).startswith(f"{NOBODY.arn} (unproven) may not")
    assert refused(asks(), rule(requesters=["unproven"]), by=NOBODY) is None


def test_long_lists_are_cut() -> None:
    """A refusal is a sentence for a person."""
    many = [f"{number:012d}" for number in range(9)]
    told = refused(asks(accounts=many), rule(scope={"accounts": ["9" * 12]}))
    assert "000000000004 and 4 more" in str(told)


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"scope": {}}, "/operators/0/scope"),
        ({"requesters": []}, "/operators/0/requesters"),
        ({"requesters": ["*"]}, "/operators/0/requesters/0"),
        ({"requesters": ["arn:aws:sts::*:assumed-role/x/*"]}, "/operators/0/requesters/0"),
        ({"requesters": ["arn:aws:sts::999988887777:assumed-role/*/jane"]}, "/operators/0/requesters/0"),
        ({"requesters": ["arn:aws:sts::999988887777:assumed-role/x"]}, "/operators/0/requesters/0"),
        ({"requesters": ["arn:aws:iam::999988887777:role/x"]}, "/operators/0/requesters/0"),
        ({"requesters": ["arn:aws:sts::999988887777:assumed-role/[a-z]/jane"]}, "/operators/0/requesters/0"),
        ({"maximum_instances": 0}, "/operators/0/maximum_instances"),
        ({"may_mend": "yes"}, "/operators/0/may_mend"),
        ({"mend": True}, "/operators/0/mend"),
        ({"id": "Team A"}, "/operators/0/id"),
    ],
)
def test_a_fault_is_named_by_its_place(fields: dict[str, Any], place: str) -> None:
    """Above all a pattern that would mean more than it seems to."""
    with pytest.raises(MalformedDocument) as refused_document:
        read_operators(document(fields))
    assert refused_document.value.fault.pointer == place


def test_two_rules_have_two_names() -> None:
    """A refusal names one."""
    with pytest.raises(MalformedDocument, match="/operators/1/id: same stands twice"):
        read_operators(document({"id": "same"}, {"id": "same"}))


@given(
    st.frozensets(st.sampled_from(["1" * 12, "2" * 12, "3" * 12])),
    st.frozensets(st.sampled_from(["1" * 12, "2" * 12, "3" * 12]), min_size=1),
)
def test_never_wider_than_a_rule(allowed: frozenset[str], wanted: frozenset[str]) -> None:
    """Whatever accounts a rule names, a request passes exactly where it names no other."""
    rules = [rule(scope={"accounts": sorted(allowed)})] if allowed else []
    assert (refused(asks(accounts=sorted(wanted)), *rules) is None) is (wanted <= allowed)
