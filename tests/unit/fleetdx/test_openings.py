"""Of several that want to work on a run or on the organization, one does."""

from __future__ import annotations

import json
from typing import Any

import pytest

from fleetdx import keys
from fleetdx.errors import RecordMissing, RunOpen, ServiceUnavailable
from fleetdx.openings import Opening, hold_organization, open_run, openings, resumed_by, stopped_by
from tests.fakes.requesters import NOBODY
from tests.fakes.runs import RUN
from tests.fakes.s3 import bucket, fake


def ended(_: str) -> bool:
    return False


def test_openings_are_numbered_and_survive_a_retry() -> None:
    """Each execution gets a number of its own, and the same one again."""
    data = bucket()
    assert open_run(data, RUN, "a", ended, NOBODY) == open_run(data, RUN, "a", ended, NOBODY) == Opening(0, "a", NOBODY)
    assert open_run(data, RUN, "b", ended, NOBODY) == Opening(1, "b", NOBODY)
    assert openings(data, RUN) == [Opening(0, "a", NOBODY), Opening(1, "b", NOBODY)]


def test_two_that_open_at_the_same_moment_get_one_opening() -> None:
    """Whoever writes second is told to look again, and then sees the first."""
    data = bucket()
    put_object = fake(data).put_object

    def overtaken(**arguments: Any) -> Any:
        fake(data).put_object = put_object  # type: ignore[method-assign]
        data.put_json(keys.opening(RUN, 0), {"execution": "rival"})
        return put_object(**arguments)

    fake(data).put_object = overtaken  # type: ignore[method-assign]
    with pytest.raises(ServiceUnavailable):
        open_run(data, RUN, "a", ended, NOBODY)
    with pytest.raises(RunOpen):
        open_run(data, RUN, "a", lambda execution: execution == "rival", NOBODY)


def test_the_organization_changes_hands_once() -> None:
    """Of two that find a dead holder, the one that replaces it first has the organization."""
    data = bucket()
    hold_organization(data, "dead", "x", ended, force=False)
    get_object = fake(data).get_object
    rival = iter([True])

    def slowly(**arguments: Any) -> Any:
        answer = get_object(**arguments)
        if next(rival, False):
            hold_organization(data, "rival", "y", ended, force=False)
        return answer

    fake(data).get_object = slowly  # type: ignore[method-assign]
    with pytest.raises(ServiceUnavailable):
        hold_organization(data, RUN, "z", ended, force=False)
    assert json.loads(data.get(keys.WHOLE_ORGANIZATION_CLAIM))["run"] == "rival"


@pytest.mark.parametrize("held", [b"<html>503", b"[]", b'{"run": "other"}', b"null"])
def test_an_unreadable_holder_is_told(held: bytes) -> None:
    """Who has the organization cannot be guessed from garbage: it is neither free nor held, and nothing is written."""
    data = bucket()
    data.put(keys.WHOLE_ORGANIZATION_CLAIM, held)
    with pytest.raises(RecordMissing, match="does not say which run"):
        hold_organization(data, RUN, "a", ended, force=True)
    assert data.get(keys.WHOLE_ORGANIZATION_CLAIM) == held


def test_an_unreadable_opening_is_told() -> None:
    """An opening that names no execution cannot be taken for one that has ended."""
    data = bucket()
    data.put_json(keys.opening(RUN, 0), {})
    with pytest.raises(RecordMissing, match="names no execution"):
        open_run(data, RUN, "a", ended, NOBODY)


def test_an_opening_of_an_earlier_version_knew_nobody() -> None:
    """It names its execution alone, and a run can be resumed after it."""
    data = bucket()
    data.put_json(keys.opening(RUN, 0), {"execution": "old"})
    assert openings(data, RUN) == [Opening(0, "old")]
    assert open_run(data, RUN, "a", ended, NOBODY).number == 1
    assert resumed_by(data, RUN) == [{"kind": "unproven", "arn": NOBODY.arn}]


def test_who_stopped_a_run_is_known_where_it_was_written_down() -> None:
    """Neither a run that nobody stopped nor a mark of an earlier version names anybody."""
    data = bucket()
    assert stopped_by(data, RUN) is None
    data.put_json(keys.stop_mark(RUN), {"by": "x", "at": "now"})
    assert stopped_by(data, RUN) is None
    data.put_json(keys.stop_mark(RUN), {"by": "x", "at": "now", "requester": NOBODY._asdict()})
    assert stopped_by(data, RUN) == {"kind": "unproven", "arn": NOBODY.arn}
