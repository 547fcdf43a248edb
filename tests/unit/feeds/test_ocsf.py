"""OCSF documents: what OCSF's own schema takes, stable ids, and each verdict's place."""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING, Any

import pytest

from fleetdx.coverage.models import CAUSES
from fleetdx.coverage.texts import all_texts
from fleetdx.feeds.changes import compare
from fleetdx.feeds.looked import by_sweep
from fleetdx.feeds.models import PRODUCT_VERSION, FindingKey
from fleetdx.feeds.observations import of_sweep
from fleetdx.feeds.ocsf import document_of, lines
from fleetdx.feeds.ocsf_objects import finding_uid
from fleetdx.feeds.wording import Words
from fleetdx.models import LANGUAGES, VERDICTS
from fleetdx.reasons import reasons
from tests.fakes import coverage
from tests.fakes.ec2 import instance_id
from tests.fakes.feeds import (
    ACCOUNT,
    AT,
    LATER,
    PROFILE,
    SEOUL,
    WAIVER,
    WHOLE,
    catalog,
    compared,
    gaps,
    instance_line,
    known_after,
    place_line,
    result,
    words,
)
from tests.fakes.ocsf import faults, miscaptioned
from tools.sources import PROJECT

if TYPE_CHECKING:
    from fleetdx.feeds.models import Compared
    from fleetdx.models import Language

NOON_ISH = 1_795_400_261_000
"""AT in milliseconds since 1970."""


def documents(found: list[Compared], language: Language = "en") -> list[Any]:
    """What the lines say, each one taken by OCSF's schema and in OCSF's words."""
    read = [json.loads(line) for line in lines(found, words(), language)]
    assert [fault for document in read for fault in faults(document)] == []
    assert [fault for document in read for fault in miscaptioned(document)] == []
    return read


def only(found: list[Compared], language: Language = "en") -> Any:
    """The only document."""
    (document,) = documents(found, language)
    return document


def sweep(*told: Any) -> list[Compared]:
    """The lines of a sweep, compared with nothing."""
    return list(compare({}, map(of_sweep, told), by_sweep(coverage.SWEEP, AT, WHOLE, told)))


@pytest.mark.parametrize(
    ("verdict", "status", "finding", "severity"),
    [
        ("pass", "Pass", "Resolved", "Informational"),
        ("fail", "Fail", "New", "High"),
        ("manual", "Warning", "New", "High"),
        ("error", "Unknown", "New", "High"),
        ("not_applicable", "not_applicable", "Resolved", "Informational"),
    ],
)
def test_every_verdict_has_its_place(verdict: Any, status: str, finding: str, severity: str) -> None:
    """Each verdict is a compliance status, a status of the finding and a severity, in OCSF's numbers and words."""
    document = only(compared([result(verdict=verdict)]))
    assert (document["compliance"]["status"], document["status"], document["severity"]) == (status, finding, severity)
    assert document["unmapped"]["verdict"] == verdict


def test_a_finding_says_what_where_and_since_when() -> None:
    """A document has the host, its ARN and AMI, account and region, evidence, remedy and times, in OCSF's places."""
    document = only(compared([result(account_name="trading-운영")]))
    assert (document["class_uid"], document["type_uid"], document["metadata"]["version"]) == (2003, 200301, "1.6.0")
    assert document["metadata"]["product"]["name"] == "fleetdx"
    assert document["cloud"]["account"] == {
        "uid": ACCOUNT,
        "type_id": 10,
        "type": "AWS Account",
        "name": "trading-운영",
    }
    assert document["cloud"]["region"] == SEOUL
    assert [resource["uid"] for resource in document["resources"]] == [
        f"arn:aws:ec2:{SEOUL}:{ACCOUNT}:instance/{instance_id(1)}",
        f"arn:aws:ec2:{SEOUL}::image/ami-0a1b2c3d4e5f60718",
    ]
    assert [resource["role"] for resource in document["resources"]] == ["Target", "Related"]
    assert document["evidences"][0]["data"]["lines"] == ["/etc/ssh/sshd_config:3: PermitRootLogin yes"]
    assert document["remediation"]["desc"] == "Do it."
    assert document["compliance"]["control"] == "U-01"
    assert document["compliance"]["status_details"] == ["PermitRootLogin is yes."]
    assert document["time"] == document["start_time"] == document["finding_info"]["first_seen_time"] == NOON_ISH


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_languages_are_in_every_document(language: Language) -> None:
    """Title and remedy are in the language asked for, and in the other one among what is ours alone."""
    document = only(compared([result()]), language)
    own, other = ("Item U-01", "항목 U-01") if language == "en" else ("항목 U-01", "Item U-01")
    assert own in document["finding_info"]["title"]
    (title,) = document["unmapped"]["title"].values()
    assert other in title
    assert document["remediation"]["desc"] not in document["unmapped"]["remediation"].values()


def test_the_id_stays_through_every_change() -> None:
    """New, still failing, fixed, failing again: one id; what a name or an image becomes does not touch it."""
    first = compared([result()])
    second = compared(
        [result(at=LATER, instance_name="renamed", ami="ami-1", account_name="x")], earlier=known_after(first)
    )
    third = compared([result(verdict="pass", at=LATER)], earlier=known_after(second, known_after(first)))
    found = [only(each) for each in (first, second, third)]
    assert {document["finding_info"]["uid"] for document in found} == {
        f"{ACCOUNT}/{SEOUL}/{instance_id(1)}/U-01/root_ssh_login_denied"
    }
    assert [document["activity_name"] for document in found] == ["Create", "Update", "Close"]
    assert [document["status"] for document in found] == ["New", "New", "Resolved"]
    assert {document["finding_info"]["first_seen_time"] for document in found} == {NOON_ISH}
    assert len({document["finding_info"]["last_seen_time"] for document in found}) == 2


def test_ids_do_not_run_into_each_other() -> None:
    """A part with a slash in it cannot make the id of another finding, and no id is longer than stores take."""
    one, other = FindingKey("1", "r", "i/a", "b", "c"), FindingKey("1", "r", "i", "a/b", "c")
    assert finding_uid(one) != finding_uid(other)
    long = [FindingKey("1", "r", "i", "한" * 200, end) for end in "ab"]
    assert len({finding_uid(key) for key in long}) == 2
    assert all(len(finding_uid(key)) <= 512 for key in long)


def test_what_is_gone_is_archived() -> None:
    """The findings of a terminated instance are closed and archived, with nothing claimed about compliance."""
    document = only(compared(ledger=[place_line(0)], earlier=known_after(compared([result()]))))
    assert (document["activity_name"], document["status"]) == ("Close", "Archived")
    assert (document["compliance"]["status"], document["unmapped"]["change"]) == ("Unknown", "gone")
    assert document["severity"] == "High"


def test_a_waived_finding_is_suppressed_and_says_by_whom() -> None:
    """A finding that somebody accepts still fails, is suppressed, and says who accepts it until when and why."""
    document = only(compared([result(waiver=WAIVER)]))
    assert (document["compliance"]["status"], document["status"], document["severity"]) == (
        "Fail",
        "Suppressed",
        "High",
    )
    assert document["unmapped"]["waiver"] == WAIVER
    assert only(compared([result(waiver={**WAIVER, "reason": "r" * 9_000})]))["metadata"]["is_truncated"]


def test_gaps_are_in_the_same_feed() -> None:
    """An instance that was not scanned and an account-region that was not entered are findings, with what to do."""
    found = documents(gaps([place_line(None), instance_line(1, "scan_failed", "host_busy")]))
    assert [document["finding_info"]["uid"].rpartition("/")[2] for document in found] == [
        "account_region_entered",
        "instance_scanned",
    ]
    assert {document["compliance"]["status"] for document in found} == {"Fail"}
    assert {document["finding_info"]["types"][0] for document in found} == {"coverage gap"}
    assert found[0]["resources"][0]["uid"] == f"arn:aws:iam::{ACCOUNT}:root"
    assert [document["remediation"]["desc"] for document in found] == [
        reasons()[code]["remedy"]["en"] for code in ("role_not_assumable", "host_busy")
    ]


def test_causes_of_a_sweep_are_in_the_same_feed() -> None:
    """Every cause is a finding of control SSM.1, beside what Security Hub's own control says of the instance."""
    told = [coverage.line(number, cause) for number, cause in enumerate(CAUSES, 1)]
    found = documents(sweep(*told))
    by_cause = {document["compliance"]["status_code"].partition("/")[0]: document for document in found}
    assert by_cause.keys() == set(CAUSES)
    assert {cause for cause, document in by_cause.items() if document["compliance"]["status"] == "Pass"} == {
        "managed",
        "default_host_management",
    }
    assert by_cause["stopped"]["compliance"]["status"] == "not_applicable"
    silent = by_cause["unknown"]
    assert (silent["compliance"]["control"], silent["compliance"]["status"]) == ("SSM.1", "Fail")
    assert [check["status"] for check in silent["compliance"]["checks"]] == ["Fail", "Fail"]
    reason = told[-1]["reason"]
    assert silent["remediation"]["desc"] == all_texts()["causes"]["unknown"]["reasons"][reason]["remedy"]["en"]


def test_a_sweep_without_security_hub_says_nothing_of_it() -> None:
    """Where Security Hub was not joined, or has no finding, only the sweep's own check is told."""
    without = {"status": None, "updated_at": None, "disagreement": None}
    found = documents(sweep(coverage.line(control=None), coverage.line(2, control=without)))
    assert [len(document["compliance"]["checks"]) for document in found] == [1, 1]
    (odd,) = documents(sweep(coverage.line(control={**without, "status": "NOT_AVAILABLE"})))
    assert odd["compliance"]["checks"][1]["status"] == "Unknown"


def test_a_check_the_catalog_does_not_know_is_told_by_its_name() -> None:
    """A finding of an older bundle keeps its place in the feed."""
    document = only(compared([result(item="U-99", check="retired_check")]))
    assert document["finding_info"]["title"] == "U-99 retired_check"
    assert "remediation" not in document


def test_checks_of_one_item_have_titles_of_their_own() -> None:
    """Where an item has several checks, the title of a finding names its check too."""
    known = catalog()
    known["profiles"][PROFILE]["items"][0]["checks"].append("another_check")
    (found,) = compared([result()])
    title = Words(known, PROFILE).of(found.observation).title
    assert title == {
        "en": "U-01 Item U-01: State of root_ssh_login_denied",
        "ko": "U-01 항목 U-01: root_ssh_login_denied 상태",
    }


def test_what_is_cut_is_said_to_be_cut() -> None:
    """Evidence and reasons beyond the limits are left off, and the document says so and how much there was."""
    document = only(compared([result(evidence=["x" * 3_000] * 80, reason="y" * 9_000)]))
    kept = document["evidences"][0]["data"]["lines"]
    assert (len(kept), {len(line) for line in kept}) == (50, {1_000})
    assert kept[0].endswith("x … (cut, 3,000 characters)")
    assert (document["metadata"]["is_truncated"], document["metadata"]["untruncated_size"]) == (True, 249)
    assert only(compared([result(evidence=["x"] * 51)]))["metadata"]["is_truncated"]
    assert not only(compared([result(evidence=["x"] * 50)]))["metadata"]["is_truncated"]


def test_the_version_is_the_projects() -> None:
    """What documents call the product's version is what pyproject.toml says."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["version"] == PRODUCT_VERSION


def test_a_line_begins_no_tag() -> None:
    """A line that is pasted into a page begins no tag, and its values are still the same."""
    found = compared([result(reason="<script>alert(1)</script> & more")])
    (line,) = lines(found, words())
    assert not set("<>&\n") & set(line)
    assert json.loads(line)["compliance"]["status_details"] == ["<script>alert(1)</script> & more"]


@pytest.mark.parametrize("verdict", VERDICTS)
def test_documents_are_the_same_every_time(verdict: Any) -> None:
    """The same line makes the same document, so that delivering it again changes nothing."""
    (found,) = compared([result(verdict=verdict)])
    wording = words().of(found.observation)
    assert document_of(found, wording) == document_of(found, wording)
