"""Batches name what an attempt takes up."""

from __future__ import annotations

import pytest

from fleetdx import keys
from fleetdx.batches import batch_name, instances_of
from fleetdx.errors import RecordMissing
from tests.fakes.ec2 import instance_id
from tests.fakes.runs import ACCOUNT, REGION, RUN, TARGET, store_inventory
from tests.fakes.s3 import bucket


def test_name_says_batch_and_attempt() -> None:
    """Batch and attempt are padded, so that names sort."""
    assert batch_name({"number": 7, "attempt": 1, "last_attempt": 1, "wait_seconds": 0}) == "0007-01"


def test_first_attempt_takes_the_batch_and_the_next_what_was_left() -> None:
    """The first attempt takes the inventory's batch, a later one the list that the attempt before it left."""
    data = bucket()
    store_inventory(data, 51)
    first = instances_of(data, TARGET, {"number": 1, "attempt": 0, "last_attempt": 1, "wait_seconds": 0})
    assert [entry["instance"] for entry in first] == [instance_id(51)]
    data.put_json(keys.retry(RUN, ACCOUNT, REGION, "0000-01"), [instance_id(3)])
    second = instances_of(data, TARGET, {"number": 0, "attempt": 1, "last_attempt": 1, "wait_seconds": 0})
    assert [entry["instance"] for entry in second] == [instance_id(3)]


def test_missing_records_are_told() -> None:
    """Neither inventory nor retry list is guessed."""
    data = bucket()
    with pytest.raises(RecordMissing, match="inventory"):
        instances_of(data, TARGET, {"number": 0, "attempt": 0, "last_attempt": 1, "wait_seconds": 0})
    store_inventory(data, 1)
    with pytest.raises(RecordMissing, match="retry"):
        instances_of(data, TARGET, {"number": 0, "attempt": 1, "last_attempt": 1, "wait_seconds": 0})
