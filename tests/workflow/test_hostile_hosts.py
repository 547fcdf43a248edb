"""Hosts that lie: each changes its own line at most, its neighbor keeps its verdicts, and its text harms no reader."""

from __future__ import annotations

import json
import unicodedata
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup

from fleetdx.evidence import MAXIMUM_LINE, MAXIMUM_LINES
from tests.faulty_fleet import HEALTHY, HOSTILE, FaultyFleet, faulty_fleet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.embedded import Ended

STRAYS = {
    "result_differs_from_hash": 2,
    "second_result": 1,
    "floods_intake": 200,
    "gzip_bomb": 0,
    "digest_lies": 0,
    "digest_of_other_profile": 1,
    "digest_forged_lines": 1,
    "reason_invented": 1,
    "evidence_hostile": 0,
}
OUTPUTS = ("ledger.jsonl", "results.jsonl", "summary.json", "report.html")


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FaultyFleet]:
    with faulty_fleet(tmp_path_factory.mktemp("hostile"), HOSTILE) as started:
        yield started


@pytest.fixture(scope="module")
def ended(fleet: FaultyFleet) -> Ended:
    return fleet.scan(HOSTILE)


@pytest.mark.parametrize("fault", HOSTILE)
def test_each_lie_has_its_line(fleet: FaultyFleet, ended: Ended, fault: str) -> None:
    """What contradicts itself is never `scanned`; what others could have sent costs the evidence at most."""
    assert fleet.line(ended, fault) == HOSTILE[fault]
    assert bool(fleet.verdicts(ended, fault)) is (HOSTILE[fault][0] == "scanned")


def test_a_run_with_liars_says_incomplete(fleet: FaultyFleet, ended: Ended) -> None:
    """Every host whose word cannot be believed is a gap of the run."""
    assert ended.summary["status"] == "incomplete"
    gaps = {gap["instance"]: gap["reason"] for gap in ended.summary["gaps"]}
    assert gaps == {fleet.ids[fault]: reason for fault, (state, reason) in HOSTILE.items() if state != "scanned"}


def test_no_lie_changes_a_neighbor(fleet: FaultyFleet, ended: Ended) -> None:
    """The healthy host of the batch has the verdicts and evidence that it has among honest ones."""
    honest = fleet.scan(HOSTILE, broken=False)
    assert {fleet.line(honest, name) for name in (*HOSTILE, HEALTHY)} == {("scanned", "verified")}
    assert fleet.line(ended, HEALTHY) == ("scanned", "verified")
    assert fleet.verdicts(ended, HEALTHY) == fleet.verdicts(honest, HEALTHY) != []


@pytest.mark.parametrize("fault", STRAYS)
def test_what_no_digest_names_is_a_stray(fleet: FaultyFleet, ended: Ended, fault: str) -> None:
    """Every object below a host's prefix that was not read as its result is counted and told."""
    assert fleet.strays(ended, fault).count("named_by_no_digest") == STRAYS[fault]


def test_a_result_under_a_neighbors_key_is_a_stray_of_nobody(fleet: FaultyFleet, ended: Ended) -> None:
    """The object lies below another instance, whose own line says what it would say without it."""
    account, region = fleet.account_region
    agents = fleet.aws.cloud.fleet.hosts(account, region)
    liar = fleet.ids["result_under_neighbours_key"]
    neighbor = next(agent.instance_id for agent in agents if agent.instance_id != liar)
    found = fleet.aws.deployment.data.get_json(f"runs/{ended.run.id}/strays/{account}/{region}/0000-00.json")
    assert [stray["reason"] for stray in found if f"/{neighbor}/" in stray["key"]] == ["named_by_no_digest"]
    assert not fleet.strays(ended, "result_under_neighbours_key")


@pytest.mark.parametrize("output", OUTPUTS)
def test_hostile_text_hides_nothing(fleet: FaultyFleet, ended: Ended, output: str) -> None:
    """No output holds a control or format character beside line ends, nor a line of a host's that goes on and on."""
    text = fleet.text(ended, output)
    hidden = {f"U+{ord(c):04X}" for c in text if unicodedata.category(c)[0] == "C" and c != "\n"}
    assert hidden == set()
    assert "A" * (MAXIMUM_LINE + 1) not in text
    for escape in ("\\u001b", "\\u202e", "\\u0000", "\\u0007"):
        assert escape not in text


def test_hostile_evidence_is_kept_as_text(fleet: FaultyFleet, ended: Ended) -> None:
    """What is harmless in the evidence stays readable, and what was cut says so."""
    lines = [
        line
        for line in map(json.loads, fleet.text(ended, "results.jsonl").splitlines())
        if line["instance"] == fleet.ids["evidence_hostile"]
    ]
    evidence = [entry for line in lines for entry in line["evidence"]]
    assert "\N{REPLACEMENT CHARACTER}[31mred\N{REPLACEMENT CHARACTER}[0m" in evidence
    assert "<script>document.title=1</script>" in evidence
    assert any(entry.endswith("[cut: 1,048,576 characters]") for entry in evidence)
    assert all(len(line["evidence"]) <= MAXIMUM_LINES + 1 for line in lines)


def test_hostile_markup_is_text_in_the_report(fleet: FaultyFleet, ended: Ended) -> None:
    """The report holds no element that a host made up, and no script at all."""
    html = fleet.text(ended, "report.html")
    assert "&lt;script&gt;document.title=1" in html
    page = BeautifulSoup(html, "html.parser")
    assert page.find_all("script") == []
    assert [image for image in page.find_all("img") if image.get("onerror")] == []
    assert "HYPERLINK" in page.get_text()


def test_hostile_hosts_keep_nothing(fleet: FaultyFleet, ended: Ended) -> None:
    """No process and no file of a scan is left on any of them."""
    assert ended.status == "SUCCEEDED"
    assert fleet.nothing_is_left()
