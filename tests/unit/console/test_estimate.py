"""What a scan would be over and would take, from what earlier runs and sweeps have seen."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from console.reading.estimate import Past, Seen, Wanted, counted, duration, estimate

PATIENTLY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
HOME = "ap-northeast-2"
A, B, C = ("111111111111", HOME), ("222222222222", HOME), ("333333333333", "us-east-1")


def wanted(*places: Any, named: int | None = None, has_tags: bool = False) -> Wanted:
    return Wanted(frozenset(places), named, has_tags=has_tags)


def test_the_newest_look_at_a_place_counts() -> None:
    """Each account-region is counted by the newest run or sweep that looked into it, and these are named."""
    seen = [Seen("R2", "run", {A: 120}), Seen("S1", "coverage sweep", {A: 3, B: 50}), Seen("R1", "run", {C: 9})]
    assert counted(frozenset({A, B}), seen) == ({A: 120, B: 50}, ["run R2", "coverage sweep S1"])


def test_batches_are_of_fifty_an_account_region() -> None:
    """One command takes 50 instances of one account and region, so that places do not share one."""
    found = estimate(wanted(A, B), [Seen("R2", "run", {A: 120, B: 1})], [], HOME)
    assert (found["instances"], found["batches"], found["account_regions"]) == (121, 4, 2)
    assert found["instances_from"] == "run R2"
    assert found["cost_usd"] > 0


def test_what_nobody_has_seen_is_not_known() -> None:
    """Without a look at any of it there is no figure, and the answer says why."""
    found = estimate(wanted(A), [Seen("R1", "run", {B: 4})], [Past(1, 4, 2.0)], HOME)
    assert (found["instances"], found["batches"], found["minutes"], found["cost_usd"]) == (None, None, None, None)
    assert found["instances_from"].startswith("unknown")


def test_what_was_seen_in_part_says_so() -> None:
    """Account-regions that nobody has looked into are named by their number, not counted as empty without a word."""
    found = estimate(wanted(A, B, C), [Seen("R1", "run", {B: 4})], [], HOME)
    assert found["instances"] == 4
    assert any("2 of the account-regions" in note for note in found["notes"])


def test_named_instances_are_what_they_are() -> None:
    """A request that names instances needs no record, and its tags cannot make it smaller unseen."""
    found = estimate(wanted(A, C, named=3), [], [], HOME)
    assert (found["instances"], found["batches"], found["account_regions"]) == (3, 2, 2)
    assert found["cost_usd"] > 0


def test_tags_are_not_guessed() -> None:
    """No record tells an instance's tags: the figure is an upper one, and says so."""
    found = estimate(wanted(A, has_tags=True), [Seen("R1", "run", {A: 4})], [], HOME)
    assert any("tags" in note for note in found["notes"])


def test_a_region_without_prices_takes_others_and_says_so() -> None:
    """Where prices of the home region are not known, those of us-east-1 are taken, with a note."""
    found = estimate(
        wanted(("111111111111", "xx-none-1")), [Seen("R", "run", {("111111111111", "xx-none-1"): 4})], [], "xx-none-1"
    )
    assert found["cost_usd"] > 0
    assert any("us-east-1" in note for note in found["notes"])


def test_notes_are_told_in_korean() -> None:
    """Every sentence of the estimate is there in Korean too."""
    found = estimate(wanted(A, B), [Seen("R1", "run", {A: 4})], [], HOME, "ko")
    assert all(any("가" <= letter <= "힣" for letter in note) for note in found["notes"])


@pytest.mark.parametrize(
    ("instances", "past", "expected"),
    [
        (100, [], None),
        (100, [Past(1, 60, 5), Past(1, 180, 9)], {"low": 5, "high": 9}),
        (100, [Past(1, 10, 4), Past(1, 1_000, 30)], {"low": 4, "high": 30}),
        (100, [Past(1, 10, 4)], {"low": 4, "high": 40}),
        (10, [Past(1, 100, 20)], {"low": 2, "high": 20}),
    ],
)  # fmt: skip
def test_minutes_come_from_runs_of_similar_size(instances: int, past: list[Past], expected: Any) -> None:
    """Of similar size both ends are measured; else smaller runs give the least and larger ones the most."""
    assert duration(instances, past) == expected


@PATIENTLY
@given(
    st.integers(1, 10_000),
    st.lists(st.builds(Past, st.just(1), st.integers(1, 10_000), st.floats(0.1, 600)), max_size=5),
)
def test_the_least_is_never_more_than_the_most(instances: int, past: list[Past]) -> None:
    """Whatever runs were like, the range is one."""
    found = duration(instances, past)
    assert found is None or 0 <= found["low"] <= found["high"]
