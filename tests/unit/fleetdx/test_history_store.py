"""Histories in S3: the same before a run however often its report is built, and nothing newer is lost."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Any

import pytest

from fleetdx import keys
from fleetdx.errors import ServiceUnavailable
from fleetdx.history import UnreadableHistoryError
from fleetdx.history_store import GroupHistoryStore, HistoryStore
from tests.fakes.runs import ACCOUNT, PROFILE_NAME, REGION, RUN
from tests.fakes.s3 import bucket

if TYPE_CHECKING:
    from fleetdx.run_history import Known

ONE, TWO = "i-00000000000000001", "i-00000000000000002"
LATER = "20261124T021500Z-3fa9c1"


def known(instance: str, at: str, run: str = RUN) -> Known:
    entry: Any = {"region": REGION, "instance": instance, "at": at, "run": run, "findings": {}}
    return {(REGION, instance): entry}


def test_what_was_known_before_a_run_stays_the_same_for_it() -> None:
    """A report that is built again compares with what was known at first, not with what it has written itself."""
    data = bucket()
    store = HistoryStore(data, RUN, PROFILE_NAME)
    assert store.before(ACCOUNT) == {}
    store.keep(ACCOUNT, known(ONE, "2026-11-23T03:00:00Z"), [])
    assert HistoryStore(data, RUN, PROFILE_NAME).before(ACCOUNT) == {}
    assert HistoryStore(data, LATER, PROFILE_NAME).before(ACCOUNT) == known(ONE, "2026-11-23T03:00:00Z")


def test_a_run_that_ends_late_does_not_undo_a_newer_one() -> None:
    """Of two runs over an instance the later result stays, whichever report is built last; others are added."""
    data = bucket()
    newer = known(ONE, "2026-11-24T03:00:00Z", LATER)
    HistoryStore(data, LATER, PROFILE_NAME).keep(ACCOUNT, newer, [])
    older = known(ONE, "2026-11-23T03:00:00Z") | known(TWO, "2026-11-23T03:00:00Z")
    HistoryStore(data, RUN, PROFILE_NAME).keep(ACCOUNT, older, [])
    assert HistoryStore(data, "third", PROFILE_NAME).before(ACCOUNT) == newer | known(TWO, "2026-11-23T03:00:00Z")


def test_what_another_profile_found_stands_apart() -> None:
    """A scan by another profile in between neither reads nor replaces what this one knows."""
    data = bucket()
    own = known(ONE, "2026-11-23T03:00:00Z")
    HistoryStore(data, RUN, PROFILE_NAME).keep(ACCOUNT, own, [])
    other = HistoryStore(data, LATER, "quick")
    assert other.before(ACCOUNT) == {}
    other.keep(ACCOUNT, known(ONE, "2026-11-24T03:00:00Z", LATER), [])
    assert HistoryStore(data, "third", PROFILE_NAME).before(ACCOUNT) == own


def test_what_is_gone_is_forgotten() -> None:
    """An instance that no longer exists leaves the history."""
    data = bucket()
    HistoryStore(data, RUN, PROFILE_NAME).keep(ACCOUNT, known(ONE, "2026-11-23T03:00:00Z"), [])
    HistoryStore(data, LATER, PROFILE_NAME).keep(ACCOUNT, {}, [(REGION, ONE)])
    assert HistoryStore(data, "third", PROFILE_NAME).before(ACCOUNT) == {}


@pytest.mark.parametrize(
    "body", [b"", b"no gzip", gzip.compress(b"no JSON", mtime=0), gzip.compress(b'{"region": 1}', mtime=0)]
)
def test_a_damaged_history_is_told_and_not_replaced(body: bytes) -> None:
    """Neither is it read as empty, by which all would be new, nor is anything written over it."""
    data = bucket()
    data.put(keys.history(PROFILE_NAME, ACCOUNT), body)
    store = HistoryStore(data, RUN, PROFILE_NAME)
    with pytest.raises(UnreadableHistoryError, match=keys.history_before(RUN, ACCOUNT)):
        store.before(ACCOUNT)
    with pytest.raises(UnreadableHistoryError, match=keys.history(PROFILE_NAME, ACCOUNT)):
        store.keep(ACCOUNT, known(ONE, "2026-11-23T03:00:00Z"), [])
    assert data.get(keys.history(PROFILE_NAME, ACCOUNT)) == body


def test_others_that_write_all_the_time_are_waited_for_by_the_retry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where each try finds that somebody else was faster, the state machine's Retry has the next word."""
    data = bucket()
    store = HistoryStore(data, RUN, PROFILE_NAME)
    monkeypatch.setattr(type(data), "put_conditionally", lambda *_: False)
    with pytest.raises(ServiceUnavailable, match=ACCOUNT):
        store.keep(ACCOUNT, known(ONE, "2026-11-23T03:00:00Z"), [])


def test_groups_lie_beside_the_instances() -> None:
    """By their ARN, the same before a run however often it is asked, and in an object of their own."""
    data = bucket()
    group: Any = {"auto_scaling_group": "arn:one", "at": "2026-11-23T03:00:00Z", "findings": {}}
    store = GroupHistoryStore(data, RUN, PROFILE_NAME)
    assert store.before(ACCOUNT) == {}
    store.keep(ACCOUNT, {"arn:one": group}, [])
    assert GroupHistoryStore(data, RUN, PROFILE_NAME).before(ACCOUNT) == {}
    later = GroupHistoryStore(data, LATER, PROFILE_NAME)
    assert later.before(ACCOUNT) == {"arn:one": group}
    later.keep(ACCOUNT, {}, ["arn:one"])
    assert GroupHistoryStore(data, "third", PROFILE_NAME).before(ACCOUNT) == {}
    assert HistoryStore(data, LATER, PROFILE_NAME).before(ACCOUNT) == {}
