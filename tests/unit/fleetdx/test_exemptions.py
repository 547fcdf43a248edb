"""An exemption holds within its rules and its term, and what breaks them never widens what is done."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from fleetdx.configuration import MalformedDocument
from fleetdx.exemptions import Rules, Subject, Verdict, read_exemptions, verdict_on

ACCOUNT, OTHER, UNIT = "111122223333", "444455556666", "ou-ab12-cd34ef56"
INSTANCE = "i-0123456789abcdef0"
NOW = dt.datetime(2026, 11, 26, 12, tzinfo=dt.UTC)
RULES = Rules(None, 365)
ENTRY: dict[str, Any] = {
    "id": "legacy-1",
    "scope": {"account": ACCOUNT},
    "owner": "owner@example.com",
    "approver": "approver@example.com",
    "reason": "vendor appliance, replaced in spring",
    "approved_at": "2026-11-01T00:00:00Z",
    "expires_at": "2027-03-31T15:00:00Z",
}


def nowhere() -> frozenset[str]:
    raise AssertionError("no entry names a unit, so nobody has to ask")


SUBJECT = Subject(ACCOUNT, INSTANCE, "payments-web", ("Name", "security:keep"), nowhere)


def file_of(*changes: dict[str, Any]) -> str:
    entries = [{**ENTRY, "id": f"legacy-{number}", **change} for number, change in enumerate(changes, start=1)]
    return json.dumps({"schema": 1, "exemptions": entries})


def verdict(*changes: dict[str, Any], subject: Subject = SUBJECT, rules: Rules = RULES) -> Verdict:
    return verdict_on(subject, read_exemptions(file_of(*changes)), rules, NOW)


@pytest.mark.parametrize(
    ("scope", "standing"),
    [
        ({"account": ACCOUNT}, "exempt"),
        ({"account": OTHER}, "none"),
        ({"instance_id": INSTANCE}, "exempt"),
        ({"instance_id": "i-0123456789abcdef1"}, "none"),
        ({"role": {"account": ACCOUNT, "name_pattern": "payments-*"}}, "exempt"),
        ({"role": {"account": ACCOUNT, "name_pattern": "payments-we?"}}, "exempt"),
        ({"role": {"account": ACCOUNT, "name_pattern": "Payments-*"}}, "none"),
        ({"role": {"account": OTHER, "name_pattern": "payments-*"}}, "none"),
        ({"protected_tag": "security:keep"}, "none"),
    ],
)
def test_a_scope_holds_what_it_names(scope: dict[str, Any], standing: str) -> None:
    """Account, instance, and role pattern of one account; a tag exempts nothing unless it is protected."""
    assert verdict({"scope": scope}).standing == standing


def test_a_role_pattern_is_about_roles() -> None:
    """An instance without a role is not meant by any pattern of role names."""
    everything = {"scope": {"role": {"account": ACCOUNT, "name_pattern": "*"}}}
    assert verdict(everything, subject=SUBJECT._replace(role_name="")).standing == "none"


def test_an_organizational_unit_holds_every_account_below_it() -> None:
    """The units of an account are asked for once an entry names one."""
    scope = {"scope": {"organizational_unit": UNIT}}
    assert verdict(scope, subject=SUBJECT._replace(units=lambda: frozenset({"r-ab12", UNIT}))).standing == "exempt"
    assert verdict(scope, subject=SUBJECT._replace(units=lambda: frozenset({"r-ab12"}))).standing == "none"


def test_a_tag_counts_where_the_operator_protects_its_prefix() -> None:
    """Only a key below the protected prefix exempts, and only where the instance has it."""
    rules = Rules("security:", 365)
    assert verdict({"scope": {"protected_tag": "security:keep"}}, rules=rules).standing == "exempt"
    assert verdict({"scope": {"protected_tag": "security:gone"}}, rules=rules).standing == "none"
    assert verdict({"scope": {"protected_tag": "Name"}}, rules=rules).standing == "none"


def test_an_exemption_says_who_decided_it_and_until_when() -> None:
    """Whoever reads the execution sees owner, approver, term and reason."""
    assert verdict({}).sentence == (
        "exemption legacy-1 of owner@example.com, approved by approver@example.com, until 2027-03-31T15:00:00Z: "
        "vendor appliance, replaced in spring"
    )


def test_an_expired_exemption_does_not_count_and_is_named() -> None:
    """From its last moment on an entry exempts nothing, and the verdict names it for the announcement."""
    found = verdict({"expires_at": "2026-11-26T12:00:00Z"})
    assert (found.standing, [entry.id for entry in found.expired]) == ("none", ["legacy-1"])
    assert verdict({"expires_at": "2026-11-26T12:00:01Z"}).standing == "exempt"


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"approver": " Owner@Example.com"[1:]}, "approved by its own owner"),
        ({"expires_at": "2027-11-02T00:00:00Z"}, "runs longer than 365 days"),
        ({"approved_at": "2026-11-26T12:00:01Z"}, "is not approved before 2026-11-26T12:00:01Z"),
    ],
)
def test_a_broken_rule_exempts_nothing_and_widens_nothing(change: dict[str, Any], rule: str) -> None:
    """Such an entry leaves the instance reported: neither exempt nor mended."""
    found = verdict(change)
    assert found.standing == "broken"
    assert rule in found.sentence


def test_an_entry_that_holds_wins_over_a_broken_one() -> None:
    """A second entry about the same instance, approved as it should be, exempts it."""
    assert verdict({"approver": "owner@example.com"}, {"scope": {"instance_id": INSTANCE}}).entry == "legacy-2"


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"owner": ""}, "/exemptions/0/owner"),
        ({"approver": " a"}, "/exemptions/0/approver"),
        ({"reason": "because"}, "/exemptions/0/reason"),
        ({"expires_at": "2027-03-31"}, "/exemptions/0/expires_at"),
        ({"expires_at": "2027-02-30T00:00:00Z"}, "/exemptions/0/expires_at"),
        ({"expires_at": "2027-03-31T15:00:00+09:00"}, "/exemptions/0/expires_at"),
        ({"scope": {}}, "/exemptions/0/scope"),
        ({"scope": {"account": ACCOUNT, "instance_id": INSTANCE}}, "/exemptions/0/scope"),
        ({"scope": {"role": {"name_pattern": "*"}}}, "/exemptions/0/scope/role/account"),
        ({"scope": {"role": {"account": ACCOUNT, "name_pattern": "[a-z]*"}}}, "/exemptions/0/scope/role/name_pattern"),
        ({"applies_to": "everything"}, "/exemptions/0/applies_to"),
    ],
)
def test_a_malformed_file_is_refused_by_its_pointer(change: dict[str, Any], place: str) -> None:
    """A file that is not understood wholly is not read in part."""
    with pytest.raises(MalformedDocument) as refused:
        read_exemptions(file_of(change))
    assert refused.value.fault.pointer == place


def test_two_entries_of_one_id_are_refused() -> None:
    """An id names one entry, or an announcement would not say which."""
    with pytest.raises(MalformedDocument, match="/exemptions/1/id: same stands twice"):
        read_exemptions(file_of({"id": "same"}, {"id": "same"}))


@pytest.mark.parametrize("text", ["", "null", '{"exemptions": []}', '{"schema": 2, "exemptions": []}'])
def test_what_is_no_file_of_exemptions_is_refused(text: str) -> None:
    """Nothing unreadable counts as empty."""
    with pytest.raises(MalformedDocument):
        read_exemptions(text)
