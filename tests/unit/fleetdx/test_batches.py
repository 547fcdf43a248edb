"""Batches name what an attempt takes up."""

from __future__ import annotations

import pytest

from fleetdx.batches import (
    AttemptPlan,
    batch_name,
    command_name,
    entries_of,
    read_inventory,
    read_plan,
    write_plan,
)
from fleetdx.errors import RecordMissing
from fleetdx.ledger import Outcome
from tests.fakes.ec2 import instance_id
from tests.fakes.runs import TARGET, batch_state, store_inventory
from tests.fakes.s3 import bucket

PLAN = AttemptPlan([instance_id(3)], {instance_id(4): Outcome("scan_failed", "host_busy", "Held.")}, {"i-1": "0000-00"})


def test_name_says_batch_and_attempt() -> None:
    """Batch and attempt are padded, so that names sort."""
    assert batch_name(batch_state(7, 1)) == "0007-01"


def test_command_of_a_part_is_another_than_that_by_s3() -> None:
    """A command is found by what it carries too: a resumed run may send the same attempt another way."""
    assert command_name(batch_state(7, 1)) == "0007-01"
    assert command_name(batch_state(7, 1, delivery="inline", part=2)) == "0007-01-inline-2"


def test_first_attempt_takes_the_batch_and_the_next_what_was_left() -> None:
    """The first attempt takes the inventory's batch, a later one the plan that the attempt before it left."""
    data = bucket()
    inventory = store_inventory(data, 51)
    assert read_inventory(data, TARGET) == inventory
    assert read_plan(data, TARGET, batch_state(1), inventory) == AttemptPlan([instance_id(51)], {}, {})
    write_plan(data, TARGET, batch_state(0, 1), PLAN)
    assert read_plan(data, TARGET, batch_state(0, 1), inventory) == PLAN


def test_entries_are_those_of_the_inventory() -> None:
    """Instances are described as they were discovered, in that order."""
    inventory = store_inventory(bucket(), 3)
    assert entries_of(inventory, [instance_id(3), instance_id(1)]) == inventory["instances"][::2]


def test_missing_records_are_told() -> None:
    """Neither inventory nor plan is guessed."""
    data = bucket()
    with pytest.raises(RecordMissing, match="inventory"):
        read_inventory(data, TARGET)
    with pytest.raises(RecordMissing, match="retry"):
        read_plan(data, TARGET, batch_state(0, 1), store_inventory(data, 1))
