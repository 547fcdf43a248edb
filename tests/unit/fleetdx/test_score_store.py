"""The scores of the last runs in S3: bounded, the same when a report is built again, comparable with each other."""

from __future__ import annotations

from typing import Any

import pytest

from fleetdx import keys
from fleetdx.errors import ServiceUnavailable
from fleetdx.reporting.score_trend import MOST_SHOWN
from fleetdx.score_store import MOST_KEPT, add_point, view_of
from tests.fakes.s3 import bucket

VIEW = "view"


def point(number: int, **changes: Any) -> Any:
    figures = {"instances": 2, "scanned": 2, "gaps": 0, "high": 1, "medium": 0, "low": 0, "value": 50.0}
    run = f"20261123T02{number:04d}Z-3fa9c1"
    return {"run": run, "at": "2026-11-23T02:15:00Z", "bundle": "b", **figures, **changes}


def test_runs_follow_each_other() -> None:
    """Each run finds those before it and is the last itself; only the last twelve are shown, and few are kept."""
    data = bucket()
    for number in range(MOST_KEPT + 5):
        trend = add_point(data, VIEW, point(number))
    assert not trend["unreadable"]
    assert [one["run"] for one in trend["points"]] == [
        point(MOST_KEPT + 5 - n)["run"] for n in range(MOST_SHOWN, 0, -1)
    ]
    assert len(data.get_json(keys.scores(VIEW))["points"]) == MOST_KEPT


def test_report_that_is_built_again_shows_the_same() -> None:
    """A second report of a run takes the place of the first one, and shows nothing of the runs after it."""
    data = bucket()
    first = [add_point(data, VIEW, point(number)) for number in range(3)]
    stored = data.get(keys.scores(VIEW))
    assert [add_point(data, VIEW, point(number)) for number in range(3)] == first
    assert data.get(keys.scores(VIEW)) == stored
    assert add_point(data, VIEW, point(1, value=75.0))["points"] == [point(0), point(1, value=75.0)]


@pytest.mark.parametrize("body", [b"", b"no JSON", b"[]", b'{"points": [{"run": "r"}]}', b'{"points": [1]}'])
def test_damaged_object_is_told_and_not_replaced(body: bytes) -> None:
    """The run stands alone, says why, and leaves what is there for a person to look at."""
    data = bucket()
    data.put(keys.scores(VIEW), body)
    assert add_point(data, VIEW, point(1)) == {"points": [point(1)], "unreadable": True}
    assert data.get(keys.scores(VIEW)) == body


def test_point_that_another_run_writes_meanwhile_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where somebody else was faster, theirs is read and both are kept."""
    data = bucket()
    real = type(data).put_conditionally

    def overtaken(own: Any, *arguments: Any) -> bool:
        monkeypatch.setattr(type(data), "put_conditionally", real)
        add_point(data, VIEW, point(1))
        return real(own, *arguments)

    monkeypatch.setattr(type(data), "put_conditionally", overtaken)
    assert add_point(data, VIEW, point(2))["points"] == [point(1), point(2)]


def test_others_that_write_all_the_time_are_waited_for_by_the_retry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where each try finds that somebody else was faster, the state machine's Retry has the next word."""
    data = bucket()
    monkeypatch.setattr(type(data), "put_conditionally", lambda *_: False)
    with pytest.raises(ServiceUnavailable, match=VIEW):
        add_point(data, VIEW, point(1))


def test_only_like_requests_are_compared() -> None:
    """Profile, scope, regions, tags and checks have to be alike, in any order; how a run is paced does not count."""
    request = {
        "scope": {"accounts": ["1", "2"]},
        "regions": ["a", "b"],
        "tags": {"env": ["p", "q"]},
        "max_concurrency": 5,
    }
    same = {"scope": {"accounts": ["2", "1"]}, "regions": ["b", "a"], "tags": {"env": ["q", "p"]}, "checks": []}
    assert view_of("p", request) == view_of("p", same)
    others = [{**request, "regions": ["a"]}, {**request, "scope": {"organization": True}}, {**request, "checks": ["c"]}]
    assert len({view_of("p", one) for one in [request, *others]} | {view_of("q", request)}) == 5
