"""The parts of an instance become one outcome with all results, and are kept in between."""

from __future__ import annotations

import pytest

from fleetdx.errors import RecordMissing
from fleetdx.ledger import Outcome
from fleetdx.parts import any_evidence, joined, outcome_of_all, read_parts, write_parts
from fleetdx.verification import Judged
from tests.fakes.runs import TARGET, batch_state
from tests.fakes.s3 import bucket

VERIFIED = Outcome("scanned", "verified", "Good.")
LACKING = Outcome("scanned", "evidence_not_received", "Its output was not read.")


def part(outcome: Outcome, check: str) -> Judged:
    return Judged(outcome, [{"check": check}], None, None)  # type: ignore[typeddict-item]


def test_results_of_all_parts_are_put_together() -> None:
    """The lines of every part are there, in the order of the parts."""
    done = joined(joined(None, part(VERIFIED, "a")), part(VERIFIED, "b"))
    assert [line["check"] for line in done.results] == ["a", "b"]
    assert outcome_of_all(done) == VERIFIED._replace(
        detail="Its result came in 2 parts, each with the hash that SSM authenticates."
    )
    assert any_evidence(done)


def test_one_part_without_evidence_is_told() -> None:
    """A result of which one part lacks its evidence is not called whole, and says what kept it."""
    done = joined(joined(None, part(LACKING, "a")), part(VERIFIED, "b"))
    assert outcome_of_all(done) == LACKING
    assert any_evidence(done)
    assert not any_evidence(joined(None, part(LACKING, "a")))


def test_what_a_part_lacks_is_told_before_what_nobody_checked() -> None:
    """A part whose bundle's signature could not be checked is told, unless another part lacks its evidence."""
    unchecked = Outcome("scanned", "ran_without_verifier", "Nobody checked.")
    done = joined(joined(None, part(unchecked, "a")), part(VERIFIED, "b"))
    assert (outcome_of_all(done), any_evidence(done)) == (unchecked, True)
    assert outcome_of_all(joined(done, part(LACKING, "c"))) == LACKING


def test_a_single_part_keeps_its_own_words() -> None:
    """What came in one piece is told as it was judged."""
    assert outcome_of_all(joined(None, part(VERIFIED, "a"))) == VERIFIED


def test_parts_are_kept_for_the_attempt_that_follows() -> None:
    """What is kept is read by the next part alone; the first has nothing before it, and a loss is told."""
    data, second = bucket(), batch_state(0, 1, delivery="inline", part=1)
    done = {"i-1": joined(None, part(LACKING, "a"))}
    write_parts(data, TARGET, second, done)
    assert read_parts(data, TARGET, second) == done
    assert read_parts(data, TARGET, batch_state(0, 0, delivery="inline")) == {}
    with pytest.raises(RecordMissing):
        read_parts(data, TARGET, batch_state(0, 2, delivery="inline", part=1))
