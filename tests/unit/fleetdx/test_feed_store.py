"""What the feed of changes has told, in S3: the same before a run however often it is asked, nothing newer lost."""

from __future__ import annotations

import gzip
from typing import Any

import pytest

from fleetdx import keys
from fleetdx.errors import ServiceUnavailable
from fleetdx.feed_store import FeedStore
from fleetdx.history import UnreadableHistoryError
from tests.fakes.aws_errors import client_error
from tests.fakes.runs import ACCOUNT, PROFILE_NAME, RUN
from tests.fakes.s3 import bucket, fake

KEY = keys.told(keys.feeds(PROFILE_NAME), ACCOUNT)
NEXT = "20261124T021500Z-3fa9c1"


def told(at: str, run: str = RUN) -> Any:
    return {
        "schema": 1, "run": run, "at": at, "bundle": None, "places": {}, "instances": {}, "waived": [], "gaps": {},
    }  # fmt: skip


def test_what_was_told_before_a_run_stays_the_same_for_it() -> None:
    """A feed that is written again starts from what was told at first; the next run starts from what it told."""
    data = bucket()
    store = FeedStore(data, RUN, PROFILE_NAME)
    assert store.told_before(ACCOUNT) is None
    store.keep(ACCOUNT, told("2026-11-23T03:00:00Z"))
    assert FeedStore(data, RUN, PROFILE_NAME).told_before(ACCOUNT) is None
    assert FeedStore(data, NEXT, PROFILE_NAME).told_before(ACCOUNT) == told("2026-11-23T03:00:00Z")
    assert list(store.accounts()) == [ACCOUNT]


def test_a_run_that_ends_late_does_not_undo_a_newer_one() -> None:
    """Whichever feed is written last, what the newer run told stays."""
    data = bucket()
    newer = told("2026-11-24T03:00:00Z", NEXT)
    FeedStore(data, NEXT, PROFILE_NAME).keep(ACCOUNT, newer)
    FeedStore(data, RUN, PROFILE_NAME).keep(ACCOUNT, told("2026-11-23T03:00:00Z"))
    assert FeedStore(data, "third", PROFILE_NAME).told_before(ACCOUNT) == newer


def test_a_write_that_another_overtakes_is_tried_again_within_bounds() -> None:
    """Bound to what was read: once overtaken it goes through, always overtaken it is given up for a later try."""
    data = bucket()
    overtaken = client_error("PreconditionFailed", "PutObject", 412)
    fake(data).failing["put_object", KEY] = [overtaken]
    FeedStore(data, RUN, PROFILE_NAME).keep(ACCOUNT, told("2026-11-23T03:00:00Z"))
    assert FeedStore(data, NEXT, PROFILE_NAME).told_before(ACCOUNT) == told("2026-11-23T03:00:00Z")
    fake(data).failing["put_object", KEY] = [overtaken] * 10
    with pytest.raises(ServiceUnavailable):
        FeedStore(data, RUN, PROFILE_NAME).keep(ACCOUNT, told("2026-11-25T03:00:00Z"))


@pytest.mark.parametrize("body", [b"", b"no gzip", gzip.compress(b"no JSON", mtime=0)])
def test_damage_is_told_and_not_replaced(body: bytes) -> None:
    """What cannot be read raises, before a run and after it, and stays as it is."""
    data = bucket()
    data.put(KEY, body)
    with pytest.raises(UnreadableHistoryError):
        FeedStore(data, RUN, PROFILE_NAME).told_before(ACCOUNT)
    with pytest.raises(UnreadableHistoryError):
        FeedStore(data, RUN, PROFILE_NAME).keep(ACCOUNT, told("2026-11-23T03:00:00Z"))
    assert data.get(KEY) == body


def test_profiles_have_what_was_told_apart() -> None:
    """Two profiles in turn: neither finds, nor writes over, what the other's feed has told."""
    data = bucket()
    FeedStore(data, RUN, PROFILE_NAME).keep(ACCOUNT, told("2026-11-23T03:00:00Z"))
    other = FeedStore(data, NEXT, "finance")
    assert other.told_before(ACCOUNT) is None
    assert list(other.accounts()) == []
    other.keep(ACCOUNT, told("2026-11-24T03:00:00Z", NEXT))
    again = FeedStore(data, "third", PROFILE_NAME)
    assert again.told_before(ACCOUNT) == told("2026-11-23T03:00:00Z")
    assert list(again.accounts()) == [ACCOUNT]
