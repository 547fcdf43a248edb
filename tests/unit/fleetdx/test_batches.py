"""Batches name what an attempt takes up; a claim is ours once."""

from __future__ import annotations

import datetime as dt

import pytest
from botocore.exceptions import ClientError

from fleetdx import keys
from fleetdx.batches import batch_name, claim, instances_of
from fleetdx.errors import RecordMissing, ServiceUnavailable
from tests.fakes.aws_errors import client_error
from tests.fakes.ec2 import instance_id
from tests.fakes.runs import ACCOUNT, REGION, RUN, TARGET, store_inventory
from tests.fakes.s3 import bucket, fake


def test_name_says_batch_and_attempt() -> None:
    """Batch and attempt are padded, so that names sort."""
    assert batch_name({"number": 7, "attempt": 1}) == "0007-01"


def test_first_attempt_takes_the_batch_and_the_next_what_was_left() -> None:
    """The first attempt takes the inventory's batch, a later one the list that the attempt before it left."""
    data = bucket()
    store_inventory(data, 51)
    first = instances_of(data, TARGET, {"number": 1, "attempt": 0})
    assert [entry["instance"] for entry in first] == [instance_id(51)]
    data.put_json(keys.retry(RUN, ACCOUNT, REGION, "0000-01"), [instance_id(3)])
    second = instances_of(data, TARGET, {"number": 0, "attempt": 1})
    assert [entry["instance"] for entry in second] == [instance_id(3)]


def test_missing_records_are_told() -> None:
    """Neither inventory nor retry list is guessed."""
    data = bucket()
    with pytest.raises(RecordMissing, match="inventory"):
        instances_of(data, TARGET, {"number": 0, "attempt": 0})
    store_inventory(data, 1)
    with pytest.raises(RecordMissing, match="retry"):
        instances_of(data, TARGET, {"number": 0, "attempt": 1})


def test_claim_is_ours_once() -> None:
    """The first claim succeeds; every later one learns when the first was made."""
    data = bucket()
    before = dt.datetime.now(dt.UTC)
    assert claim(data, "claims/one") is None
    earlier = claim(data, "claims/one")
    assert earlier is not None
    assert before <= earlier <= dt.datetime.now(dt.UTC)
    assert claim(data, "claims/one") == earlier
    assert claim(data, "claims/two") is None


def test_conflict_is_worth_a_retry() -> None:
    """Two writers at the same moment: S3 asks to repeat, nothing is known to be claimed, and nothing is done."""
    data = bucket()
    fake(data).failing["put_object", "claims/one"] = [client_error("ConditionalRequestConflict", "PutObject", 409)]
    with pytest.raises(ServiceUnavailable):
        claim(data, "claims/one")
    assert claim(data, "claims/one") is None


def test_other_errors_are_not_taken_for_a_claim() -> None:
    """A denied write is no claim of anybody."""
    data = bucket()
    fake(data).failing["put_object", "claims/one"] = [client_error("AccessDenied", "PutObject", 403)]
    with pytest.raises(ClientError, match="AccessDenied"):
        claim(data, "claims/one")
