"""Which findings a register accepts, until when, and what `fleetdx waivers check` says of each entry."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleetdx.configuration import MalformedDocument
from fleetdx.exemptions import Rules as ExemptionRules
from fleetdx.exemptions import Subject, read_exemptions, verdict_on
from fleetdx.operator_documents import read_register
from fleetdx.standings import standing_of
from fleetdx.waivers import Rules, Waivers
from tests.fakes.s3 import bucket
from tests.fakes.ssm import FakeSsm
from tests.fakes.waivers import waiver
from tests.typed import typed

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

ACCOUNT, OTHER, UNIT = "111122223333", "444455556666", "ou-ab12-cd34ef56"
ONE = "i-0123456789abcdef0"
NOW = dt.datetime(2026, 11, 24, tzinfo=dt.UTC)
RULES = Rules(365, NOW, lambda account: frozenset({UNIT} if account == ACCOUNT else ()))
DAY = dt.timedelta(days=1)


def finding(**fields: Any) -> Any:
    given: dict[str, Any] = {"account": ACCOUNT, "region": "us-east-1", "instance": ONE, "item": "U-01"}
    return {**given, "check": "root_ssh_login_denied", "verdict": "fail", "severity": "high", **fields}


def waived(entry: Any, result: Any, rules: Rules = RULES) -> bool:
    (passed,) = Waivers([entry], rules).marked([result])
    return "waiver" in passed


@pytest.mark.parametrize(
    ("scope", "elsewhere"),
    [
        ({"instance_id": ONE}, {"instance": "i-0123456789abcdef1"}),
        ({"account": ACCOUNT}, {"account": OTHER}),
        ({"organizational_unit": UNIT}, {"account": OTHER}),
    ],
)
def test_a_waiver_holds_in_its_scope_and_nowhere_else(scope: dict[str, Any], elsewhere: dict[str, str]) -> None:
    """What is outside of the instance, the account or the unit counts as before."""
    entry = waiver(scope, item="U-01")
    assert waived(entry, finding())
    assert not waived(entry, finding(**elsewhere))


def test_a_waiver_is_about_its_item_or_check_alone() -> None:
    """An item's waiver takes all its checks, a check's waiver that check under every item; nothing else."""
    of_item, of_check = waiver({"organization": True}, item="U-01"), waiver({"organization": True}, check="x")
    assert waived(of_item, finding(check="y"))
    assert not waived(of_item, finding(item="U-02"))
    assert waived(of_check, finding(check="x", item="U-09"))
    assert not waived(of_check, finding())


@pytest.mark.parametrize("verdict", ["pass", "manual", "error", "not_applicable"])
def test_only_a_finding_can_be_waived(verdict: str) -> None:
    """A check that a person has to judge, or that failed to run, is not settled by a waiver."""
    assert not waived(waiver({"organization": True}, item="U-01"), finding(verdict=verdict))


@pytest.mark.parametrize(
    ("fields", "standing"),
    [
        ({}, "holds"),
        ({"expires_at": NOW + 14 * DAY}, "lapsing"),
        ({"expires_at": NOW + 14 * DAY + dt.timedelta(seconds=1)}, "holds"),
        ({"expires_at": NOW}, "expired"),
        ({"approver": "Payments@example.com "}, "broken"),
        ({"expires_at": NOW + 400 * DAY}, "broken"),
        ({"approved_at": NOW + DAY}, "broken"),
    ],
)
def test_what_breaks_a_rule_or_has_expired_waives_nothing(fields: dict[str, Any], standing: str) -> None:
    """Own approval, a term that is too long, an approval to come, and the end of the term all leave the finding."""
    entry = waiver({"organization": True}, item="U-01", **fields)
    assert standing_of(entry, RULES)[0] == standing
    assert waived(entry, finding()) == (standing in {"holds", "lapsing"})
    (told,) = _summary(entry)["entries"]
    assert (told["standing"], told["findings"]) == (standing, 1)


def _summary(*entries: Any) -> Any:
    waivers = Waivers(entries, RULES)
    list(waivers.marked([finding()]))
    return waivers.summary()


def test_who_has_to_do_something_comes_first() -> None:
    """Expired before broken before lapsing before what holds; of several about one finding the last to end counts."""
    entries = [
        waiver({"organization": True}, id="holds", item="U-01"),
        waiver({"organization": True}, id="lapsing", item="U-01", expires_at=NOW + DAY),
        waiver({"organization": True}, id="broken", item="U-01", owner="ciso@example.com"),
        waiver({"organization": True}, id="expired", item="U-01", expires_at=NOW - DAY),
    ]
    assert [entry["id"] for entry in _summary(*entries)["entries"]] == ["expired", "broken", "lapsing", "holds"]
    (passed,) = Waivers(entries, RULES).marked([finding()])
    assert passed["waiver"]["id"] == "holds"


@given(st.integers(-400, 400), st.integers(-400, 400))
def test_no_waiver_holds_outside_of_its_term(approved: int, expires: int) -> None:
    """Whatever the two moments are, a finding is waived only between them, and never beyond the longest term."""
    entry = waiver({"account": ACCOUNT}, item="U-01", approved_at=NOW + approved * DAY, expires_at=NOW + expires * DAY)
    if waived(entry, finding()):
        assert approved <= 0 < expires
        assert expires - approved <= 365


def register(*entries: dict[str, Any]) -> bytes:
    given = {
        "id": "accepted-1",
        "applies_to": "finding",
        "item": "U-01",
        "scope": {"account": ACCOUNT},
        "owner": "payments@example.com",
        "approver": "ciso@example.com",
        "reason": "The appliance cannot be hardened.",
        "ticket": "SEC-1234",
        "approved_at": "2026-11-01T00:00:00Z",
        "expires_at": "2027-01-31T00:00:00Z",
    }
    documents = [{name: value for name, value in {**given, **entry}.items() if value is not None} for entry in entries]
    return json.dumps({"schema": 1, "exemptions": documents}).encode()


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"item": None}, "/exemptions/0"),
        ({"check": "root_ssh_login_denied"}, "/exemptions/0"),
        ({"ticket": None}, "/exemptions/0"),
        ({"scope": {"protected_tag": "security:x"}}, "/exemptions/0/scope"),
        ({"scope": {"account": ACCOUNT, "organization": True}}, "/exemptions/0/scope"),
        ({"expires_at": "2027-01-31"}, "/exemptions/0/expires_at"),
        ({"applies_to": "everything"}, "/exemptions/0"),
        ({"applies_to": "mending"}, "/exemptions/0"),
    ],
)
def test_a_malformed_entry_makes_the_register_unreadable(fields: dict[str, Any], place: str) -> None:
    """The fault is named with its place; an entry can be no wider than its kind allows."""
    with pytest.raises(MalformedDocument, match=f"^{place}"):
        read_exemptions(register(fields))


def test_a_waiver_never_exempts_from_mending() -> None:
    """An accepted finding says nothing about policies that an instance lacks."""
    subject = Subject(ACCOUNT, ONE, "role", (), frozenset)
    verdict = verdict_on(subject, read_exemptions(register({})), ExemptionRules(None, 365), NOW)
    assert verdict.standing == "none"


@pytest.mark.parametrize(
    ("body", "entries", "unreadable"),
    [(register({}), 1, False), (b"{", 0, True), (register({"item": None}), 0, True), (None, 0, False)],
)
def test_what_cannot_be_read_waives_nothing(body: bytes | None, entries: int, unreadable: bool) -> None:  # noqa: FBT001 - a parameter
    """An invalid register waives nothing and is told; that there is none is no fault."""
    data = bucket()
    if body is not None:
        data.put("config/exemptions.json", body)
    found, days, why = read_register(FakeSsm(), "/fleetdx/configuration", data)  # type: ignore[arg-type]
    assert (len(found), bool(why), days > 0) == (entries, unreadable, True)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A run with two findings of one item."""
    directory = tmp_path / "out" / "latest"
    directory.mkdir(parents=True)
    lines = [finding(), finding(instance="i-0123456789abcdef1"), finding(item="U-02", check="y", verdict="pass")]
    (directory / "results.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    (directory / "ledger.jsonl").write_text("", encoding="utf-8")
    return tmp_path


def asked(directory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return typed(directory, "waivers", "check", "register.json", *arguments)


def test_each_entry_is_explained(place: Path) -> None:
    """How it stands, what it is about now, and that one is about nothing; as a table and as JSON."""
    body = register({}, {"id": "nothing", "item": "U-02"}, {"id": "own", "approver": "payments@example.com"})
    (place / "register.json").write_bytes(body)
    done = asked(place)
    assert (done.returncode, done.stderr) == (0, "")
    for text in ("accepted-1", "Holds", "is about no finding now", "approved by its own owner"):
        assert text in " ".join(done.stdout.split())
    assert "예외 승인" in asked(place, "--language", "ko").stdout
    told = json.loads(asked(place, "--json").stdout)
    assert {entry["id"]: (entry["standing"], entry["findings"]) for entry in told["entries"]} == {
        "accepted-1": ("holds", 2),
        "nothing": ("holds", 0),
        "own": ("broken", 2),
    }


def test_a_malformed_register_is_a_usage_error(place: Path) -> None:
    """The sentence points at the fault."""
    (place / "register.json").write_bytes(register({"ticket": None}))
    done = asked(place)
    assert (done.returncode, done.stdout) == (2, "")
    assert "/exemptions/0" in done.stderr
