"""A canary is judged by what the bundle can be blamed for, and proves nothing where nobody was scanned."""

from __future__ import annotations

from typing import Any

import pytest

from fleetdx.canary import Entered, hosts_of, is_blamed, judge
from fleetdx.inventory import batches_of
from fleetdx.ledger import Outcome, instance_line, target_line
from fleetdx.reasons import reasons
from tests.fakes.ec2 import instance_id
from tests.fakes.runs import PLACE, entry, inventory_of

VERIFIED = Outcome("scanned", "verified", "Good.")


def failed(reason: str) -> Outcome:
    return Outcome("scan_failed", reason, "Bad.")


def entered(*outcomes: Outcome, hosts: int | None = None, others: int = 0) -> Entered:
    """An account-region whose first batch has these outcomes, and so many instances after it."""
    count = len(outcomes) if hosts is None else hosts
    inventory = inventory_of(count + others)
    names = [one["instance"] for one in inventory["instances"]]
    inventory["batches"] = batches_of(names, count)
    lines = [instance_line(PLACE, entry(number), one) for number, one in enumerate(outcomes, start=1)]
    return Entered(inventory, lines)


def test_what_run_and_its_readers_tell_is_blamed_on_the_bundle() -> None:
    """From the list of reasons: what no other step tells, and what ran out of time; not what the network did."""
    assert {code for code in reasons() if is_blamed(code)} == {
        "bad_digest",
        "directory_filled",
        "execution_timed_out",
        "no_digest",
        "result_contradicts_digest",
        "result_too_large",
        "scanner_failed",
        "scanner_timed_out",
    }
    assert not is_blamed("never_heard_of")


@pytest.mark.parametrize(
    ("outcomes", "allowed", "passes"),
    [
        ([VERIFIED], 0, True),
        ([VERIFIED, failed("scanner_failed")], 0, False),
        ([VERIFIED, failed("scanner_failed")], 1, True),
        ([VERIFIED, failed("scanner_failed"), failed("bad_digest")], 1, False),
        ([VERIFIED, failed("undeliverable"), failed("result_not_sent")], 0, True),
        ([failed("undeliverable")], 0, False),
        ([failed("scanner_failed")], 50, False),
    ],
)
def test_a_canary_passes_with_a_result_and_few_enough_failures(
    outcomes: list[Outcome], allowed: int, *, passes: bool
) -> None:
    """Somebody was scanned, and no more failed by the bundle than may; what the network did counts for nothing."""
    assert judge([entered(*outcomes)], allowed).has_passed() is passes


@pytest.mark.reaches("canary_failed")
def test_a_failed_canary_says_how_many_and_why() -> None:
    """Its sentence counts failures by reason, over all its account-regions."""
    places = [entered(VERIFIED, failed("scanner_failed")), entered(failed("bad_digest"), failed("scanner_failed"))]
    outcome = judge(places, 1).too_many_failures()
    assert outcome is not None
    assert outcome.reason == "canary_failed"
    assert "3 failed (2 scanner_failed, 1 bad_digest), 1 may, 1 were scanned" in outcome.detail


def test_a_canary_that_scans_nobody_says_so_in_its_own_words() -> None:
    """Not reached, not entered, not there, or lost: it proves nothing, and the sentence says which."""
    refused = Entered(None, [target_line(PLACE, failed("role_not_assumable"), None)])
    unreached = entered(failed("undeliverable"), hosts=2)
    outcome = judge([refused, unreached], 0).nobody_scanned()
    assert outcome is not None
    assert outcome.reason == "canary_failed"
    assert "scanned nobody" in outcome.detail
    assert "1 not recorded, 1 role_not_assumable, 1 undeliverable" in outcome.detail
    empty: Any = judge([entered()], 0).nobody_scanned()
    assert "there is nobody to scan" in empty.detail
    lost: Any = judge([Entered(None, [])], 0).nobody_scanned()
    assert "1 not recorded" in lost.detail


def test_only_those_who_went_first_count() -> None:
    """The hosts of later batches do not speak for the canary."""
    place = entered(VERIFIED, hosts=1, others=2)
    assert place.inventory is not None
    assert hosts_of(place.inventory) == {instance_id(1)}
    late = [instance_line(PLACE, entry(number), failed("scanner_failed")) for number in (2, 3)]
    assert judge([Entered(place.inventory, [*place.lines, *late])], 0).has_passed()


def test_a_host_without_a_line_keeps_a_canary_from_having_passed() -> None:
    """A canary that an earlier opening began and did not end is not taken for one that passed."""
    judgement = judge([entered(VERIFIED, hosts=2)], 0)
    assert (judgement.unrecorded, judgement.has_passed()) == (1, False)
    assert judgement.too_many_failures() is None


def test_a_later_success_counts_for_a_host() -> None:
    """A host that failed in one attempt and has a verified result by another is no failure."""
    place = entered(failed("scanner_failed"))
    assert judge([Entered(place.inventory, [*place.lines, instance_line(PLACE, entry(1), VERIFIED)])], 0).has_passed()


@pytest.mark.parametrize(
    ("count", "first", "sizes"),
    [(0, 5, []), (3, 5, [3]), (5, 5, [5]), (57, 5, [5, 50, 2]), (50, 0, [50]), (51, 0, [50, 1]), (60, 50, [50, 10])],
)
def test_those_who_go_first_are_a_batch_of_their_own(count: int, first: int, sizes: list[int]) -> None:
    """Batches keep everybody once and in order, and none is empty or above what one command takes."""
    names = [instance_id(number) for number in range(count)]
    batches = batches_of(names, first)
    assert [len(batch) for batch in batches] == sizes
    assert [name for batch in batches for name in batch] == names
