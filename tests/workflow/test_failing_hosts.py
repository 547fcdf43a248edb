"""Hosts that fail: each way ends in its own ledger line, costs no neighbor anything, and leaves nothing behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.faulty_fleet import HEALTHY, FaultyFleet, faulty_fleet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.embedded import Ended

COMES_TO = {
    "scanner_crashes": ("scan_failed", "scanner_failed"),
    "scanner_hangs": ("scan_failed", "scanner_timed_out"),
    "scanner_prints_10_mb": ("scan_failed", "result_contradicts_digest"),
    "scanner_leaves_child": ("scanned", "verified"),
    "scanner_fills_directory": ("scan_failed", "directory_filled"),
    "no_curl": ("scan_failed", "no_curl"),
    "no_path_to_s3": ("scan_failed", "bundle_not_fetched"),
    "clock_ahead": ("scanned", "verified"),
    "agent_silent": ("scan_failed", "delivery_timed_out"),
    "connection_lost": ("not_managed", "agent_not_reporting"),
    "terminated_before_delivery": ("scan_failed", "undeliverable"),
}


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FaultyFleet]:
    with faulty_fleet(tmp_path_factory.mktemp("failing"), COMES_TO) as started:
        yield started


@pytest.fixture(scope="module")
def ended(fleet: FaultyFleet) -> Ended:
    return fleet.scan(COMES_TO)


@pytest.mark.parametrize("fault", COMES_TO)
def test_each_failure_has_its_line(fleet: FaultyFleet, ended: Ended, fault: str) -> None:
    """A failing host is never `scanned`, and its reason tells what failed; what does no harm is verified."""
    assert fleet.line(ended, fault) == COMES_TO[fault]
    assert bool(fleet.verdicts(ended, fault)) is (COMES_TO[fault][0] == "scanned")


def test_a_run_with_failing_hosts_says_incomplete(fleet: FaultyFleet, ended: Ended) -> None:
    """Every host that failed is a gap of the run, with its reason; no other is."""
    assert ended.summary["status"] == "incomplete"
    gaps = {gap["instance"]: gap["reason"] for gap in ended.summary["gaps"]}
    assert gaps == {fleet.ids[fault]: reason for fault, (state, reason) in COMES_TO.items() if state != "scanned"}


def test_failing_hosts_keep_nothing(fleet: FaultyFleet, ended: Ended) -> None:
    """No process and no file of a scan is left on any of them."""
    assert ended.status == "SUCCEEDED"
    assert fleet.nothing_is_left()


def test_a_mended_host_is_scanned_and_its_neighbor_was_never_touched(fleet: FaultyFleet, ended: Ended) -> None:
    """Without the faults all hosts are verified, and the healthy one had the same verdicts among failing ones."""
    mended = fleet.scan(COMES_TO, broken=False)
    assert {fleet.line(mended, name) for name in COMES_TO} == {("scanned", "verified")}
    assert fleet.line(ended, HEALTHY) == fleet.line(mended, HEALTHY) == ("scanned", "verified")
    assert fleet.verdicts(ended, HEALTHY) == fleet.verdicts(mended, HEALTHY) != []
