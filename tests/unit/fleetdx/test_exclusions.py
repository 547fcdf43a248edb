"""What a run tells of the entries that exclude instances, and where the register is read."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import pytest

from fleetdx.configuration import MalformedDocument
from fleetdx.exclusions import exclusion_summary
from fleetdx.exemptions import Rules as ExemptionRules
from fleetdx.exemptions import Subject, read_exemptions, verdict_on
from fleetdx.notes import notes_of
from fleetdx.operator_documents import read_exclusions
from fleetdx.waivers import Rules
from tests.fakes.s3 import bucket
from tests.fakes.ssm import FakeSsm
from tests.fakes.waivers import exclusion, waiver
from tests.typed import typed

if TYPE_CHECKING:
    from pathlib import Path

ACCOUNT, OTHER, UNIT = "111122223333", "444455556666", "ou-ab12-cd34ef56"
ONE, TWO = "i-0123456789abcdef0", "i-0123456789abcdef1"
NOW = dt.datetime.now(dt.UTC)
DAY = dt.timedelta(days=1)
RULES = Rules(365, NOW, lambda account: frozenset({UNIT} if account == ACCOUNT else ()))


def line(instance: str | None, account: str = ACCOUNT, **fields: Any) -> Any:
    return {"kind": "instance", "account": account, "region": "us-east-1", "instance": instance, **fields}


LEDGER = [line(None), line(ONE, state="excluded", exclusion="kept-1"), line(TWO), line("i-2", OTHER)]


@pytest.mark.parametrize(
    ("scope", "instances"),
    [
        ({"instance_id": ONE}, 1),
        ({"account": OTHER}, 1),
        ({"organizational_unit": UNIT}, 2),
        ({"protected_tag": "security:keep"}, 1),
    ],
)
def test_an_entry_counts_the_instances_that_it_is_about(scope: dict[str, Any], instances: int) -> None:
    """By its scope; a tag, which the ledger does not have, by the lines that name the entry."""
    entries = [exclusion(scope, id="kept-1" if "protected_tag" in scope else "other")]
    (told,) = exclusion_summary(entries, LEDGER, RULES)["entries"]
    assert (told["instances"], told["standing"]) == (instances, "holds")


def test_who_has_to_do_something_comes_first() -> None:
    """An entry is announced in its last 14 days; waivers are told elsewhere."""
    entries = [
        exclusion({"account": ACCOUNT}, id="holds"),
        exclusion({"account": ACCOUNT}, id="lapsing", expires_at=NOW + 14 * DAY),
        exclusion({"account": ACCOUNT}, id="own", approver="payments@example.com"),
        exclusion({"account": ACCOUNT}, id="expired", expires_at=NOW),
        waiver({"account": ACCOUNT}, item="U-01"),
    ]
    told = exclusion_summary(entries, LEDGER, RULES)["entries"]
    assert [(entry["id"], entry["standing"]) for entry in told] == [
        ("expired", "expired"),
        ("own", "broken"),
        ("lapsing", "lapsing"),
        ("holds", "holds"),
    ]
    assert told[0]["sentence"].startswith("exclusion expired expired at")
    assert told[0]["sentence"].endswith("its instances are scanned again")
    assert told[1]["sentence"] == "exclusion own was approved by its own owner"


def test_a_note_is_told_once_however_many_have_it() -> None:
    """With the number of account-regions and the first of them."""
    lines = [line(None, notes=["a"]), line(ONE), line(None, OTHER, notes=["a", "b"])]
    assert notes_of(lines) == [
        {"sentence": "a", "account_regions": 2, "first": f"{ACCOUNT}/us-east-1"},
        {"sentence": "b", "account_regions": 1, "first": f"{OTHER}/us-east-1"},
    ]


def register(*entries: dict[str, Any]) -> bytes:
    given = {
        "id": "kept-1",
        "applies_to": "scan",
        "scope": {"account": ACCOUNT},
        "owner": "payments@example.com",
        "approver": "ciso@example.com",
        "reason": "The disk is evidence until the case is closed.",
        "ticket": "SEC-1234",
        "approved_at": f"{NOW - DAY:%Y-%m-%dT%H:%M:%SZ}",
        "expires_at": f"{NOW + 90 * DAY:%Y-%m-%dT%H:%M:%SZ}",
    }
    documents = [{name: value for name, value in {**given, **entry}.items() if value is not None} for entry in entries]
    return json.dumps({"schema": 1, "exemptions": documents}).encode()


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"ticket": None}, "/exemptions/0/ticket"),
        ({"approver": None}, "/exemptions/0/approver"),
        ({"expires_at": None}, "/exemptions/0/expires_at"),
        ({"item": "U-01"}, "/exemptions/0/item"),
        ({"scope": {"organization": True}}, "/exemptions/0/scope/organization"),
        ({"scope": {"role": {"account": ACCOUNT, "name_pattern": "*"}}}, "/exemptions/0/scope/role"),
    ],
)
def test_a_malformed_entry_is_named_by_its_place(fields: dict[str, Any], place: str) -> None:
    """Everybody in an exclusion is accountable; neither the whole organization nor a role can be excluded."""
    with pytest.raises(MalformedDocument, match=f"^{place}"):
        read_exemptions(register(fields))


def test_an_exclusion_never_exempts_from_mending() -> None:
    """An instance that is not scanned is mended all the same."""
    subject = Subject(ACCOUNT, ONE, "role", (), frozenset)
    assert verdict_on(subject, read_exemptions(register({})), ExemptionRules(None, 365), NOW).standing == "none"


def unasked() -> Any:
    raise AssertionError("the configuration is asked for only where an entry excludes")


@pytest.mark.parametrize(
    ("body", "unreadable"), [(None, False), (b"{", True), (register({"ticket": None}), True), (register(), False)]
)
def test_a_register_without_an_exclusion_asks_no_further(body: bytes | None, unreadable: bool) -> None:  # noqa: FBT001 - a parameter
    """What cannot be read excludes nothing and is told; that there is no register is no fault."""
    data = bucket()
    if body is not None:
        data.put("config/exemptions.json", body)
    found = read_exclusions(unasked, "/fleetdx/configuration", data)
    assert (found.entries, bool(found.unreadable)) == ([], unreadable)


def test_the_configuration_says_how_long_and_by_which_tags() -> None:
    """The longest term and the protected prefix are those of the other kinds."""
    data, ssm = bucket(), FakeSsm()
    ssm.parameters["/fleetdx/configuration"] = json.dumps(
        {"mode": "enforce", "exemptions": {"protected_tag_prefix": "security:", "maximum_days": 30}}
    )
    data.put("config/exemptions.json", register({}, {"id": "mended", "applies_to": "mending"}))
    entries, rules, unreadable = read_exclusions(lambda: ssm, "/fleetdx/configuration", data)  # type: ignore[arg-type, return-value]
    assert ([entry.id for entry in entries], rules, unreadable) == (["kept-1"], ExemptionRules("security:", 30), "")


def test_the_command_explains_exclusions_too(tmp_path: Path) -> None:
    """Beside waivers: how each stands and how many instances of the run it is about, as a table and as JSON."""
    directory = tmp_path / "out" / "latest"
    directory.mkdir(parents=True)
    (directory / "results.jsonl").write_text("", encoding="utf-8")
    (directory / "ledger.jsonl").write_text("".join(json.dumps(one) + "\n" for one in LEDGER), encoding="utf-8")
    body = register({}, {"id": "nobody", "scope": {"instance_id": "i-0123456789abcdeff"}})
    (tmp_path / "register.json").write_bytes(body)
    command = ("waivers", "check", "register.json")
    done = typed(tmp_path, *command)
    assert (done.returncode, done.stderr) == (0, "")
    for text in ("Exclusions", "kept-1", "It is about no instance of the run."):
        assert text in " ".join(done.stdout.split())
    entries = json.loads(typed(tmp_path, *command, "--json").stdout)["exclusions"]["entries"]
    assert {entry["id"]: entry["instances"] for entry in entries} == {"kept-1": 2, "nobody": 0}
