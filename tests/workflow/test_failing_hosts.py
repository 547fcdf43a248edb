"""Hosts that fail: each way ends in its own ledger line, costs no neighbor anything, and leaves nothing behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.faulty_fleet import FAILING, HEALTHY, FaultyFleet, faulty_fleet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.embedded import Ended


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FaultyFleet]:
    with faulty_fleet(tmp_path_factory.mktemp("failing"), FAILING) as started:
        yield started


@pytest.fixture(scope="module")
def ended(fleet: FaultyFleet) -> Ended:
    return fleet.scan(FAILING)


@pytest.mark.parametrize("fault", FAILING)
def test_each_failure_has_its_line(fleet: FaultyFleet, ended: Ended, fault: str) -> None:
    """A failing host is never `scanned`, and its reason tells what failed; what does no harm is verified."""
    assert fleet.line(ended, fault) == FAILING[fault]
    assert bool(fleet.verdicts(ended, fault)) is (FAILING[fault][0] == "scanned")


def test_a_run_with_failing_hosts_says_incomplete(fleet: FaultyFleet, ended: Ended) -> None:
    """Every host that failed is a gap of the run, with its reason; no other is."""
    assert ended.summary["status"] == "incomplete"
    gaps = {gap["instance"]: gap["reason"] for gap in ended.summary["gaps"]}
    assert gaps == {fleet.ids[fault]: reason for fault, (state, reason) in FAILING.items() if state != "scanned"}


def test_failing_hosts_keep_nothing(fleet: FaultyFleet, ended: Ended) -> None:
    """No process and no file of a scan is left on any of them."""
    assert ended.status == "SUCCEEDED"
    assert fleet.nothing_is_left()


def test_a_mended_host_is_scanned_and_its_neighbor_was_never_touched(fleet: FaultyFleet, ended: Ended) -> None:
    """Without the faults all hosts are verified, and the healthy one had the same verdicts among failing ones."""
    mended = fleet.scan(FAILING, broken=False)
    assert {fleet.line(mended, name) for name in FAILING} == {("scanned", "verified")}
    assert fleet.line(ended, HEALTHY) == fleet.line(mended, HEALTHY) == ("scanned", "verified")
    assert fleet.verdicts(ended, HEALTHY) == fleet.verdicts(mended, HEALTHY) != []
