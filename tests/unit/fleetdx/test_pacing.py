"""Commands to one account-region start no faster than a token bucket gives, and no wait grows with the fleet."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from fleetdx.pacing import BATCHES_AT_A_TIME, COMMANDS, TokenBucket, waits
from tools.sources import machines

BUCKETS = st.builds(TokenBucket, st.integers(1, 20), st.sampled_from([0.25, 0.5, 1.0, 2.0, 5.0]))


def test_first_batches_do_not_wait() -> None:
    """As many as the burst start at once, the others one a second."""
    assert waits(8) == [0, 0, 0, 0, 0, 1, 2, 3]
    assert waits(0) == []


def test_waits_do_not_grow_with_the_fleet() -> None:
    """Of 10,000 instances the last batch waits no longer than the tenth: a group starts when one before has ended."""
    assert max(waits(200)) == max(waits(10)) == 5


@given(bucket=BUCKETS, batches=st.integers(0, 60), at_a_time=st.integers(1, 40))
def test_no_second_sees_more_starts_than_the_bucket_gives(bucket: TokenBucket, batches: int, at_a_time: int) -> None:
    """Whatever the bucket: up to any moment no more of a group have started than burst and refill allow."""
    found = waits(batches, bucket, at_a_time)
    assert len(found) == batches
    for start in range(0, batches, at_a_time):
        group = Counter(found[start : start + at_a_time])
        for moment in range(max(group) + 1):
            started = sum(count for wait, count in group.items() if wait <= moment)
            assert started <= bucket.burst + bucket.refill_per_second * moment


def test_group_is_what_the_machine_runs_at_a_time() -> None:
    """The bucket counts on the Map's MaxConcurrency, and that a command is first asked after when it is full again."""
    assert machines()["scan_target"]["States"]["ScanBatches"]["MaxConcurrency"] == BATCHES_AT_A_TIME
    assert COMMANDS.burst / COMMANDS.refill_per_second <= 15
