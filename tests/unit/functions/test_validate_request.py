"""A run is opened once, with a completed request, or refused before anything is written."""

from __future__ import annotations

from typing import Any

import pytest

from fleetdx import keys
from fleetdx.bundles import publish
from fleetdx.errors import BundleMissing, InvalidRequest
from functions.validate_request import handler
from tests.fakes.runs import BUNDLE, CATALOG, CHECKS, PROFILE_NAME, REGION, RUN, SCRIPT
from tests.fakes.s3 import bucket, fake

ARN = f"arn:aws:states:{REGION}:1:execution:scan_fleet:{RUN}"
EXECUTION = {"id": ARN, "name": RUN, "started_at": "2026-11-23T02:15:00.123Z"}


def published() -> Any:
    data = bucket()
    publish(data, BUNDLE, SCRIPT, CATALOG)
    return data


def validate(data: Any, execution: dict[str, str] | None = None, **request: Any) -> Any:
    event: Any = {"request": {"scope": {"organization": True}, **request}, "execution": execution or EXECUTION}
    return handler.run(event, data, [REGION], lambda _: False)


def test_run_is_opened_with_the_completed_request() -> None:
    """What later states need is returned, and the request lies in S3 with its checks resolved."""
    data = published()
    answer = validate(data, checks=["U-02"], dry_run=True)
    assert answer == {
        "run": RUN,
        "bundle": BUNDLE,
        "profile": PROFILE_NAME,
        "dry_run": True,
        "notify": True,
        "requester": ARN,
        "started_at": "2026-11-23T02:15:00Z",
        "opening": 0,
    }
    stored = data.get_json(keys.request(RUN))
    assert stored["request"]["checks"] == CHECKS[1:]
    assert stored["request"]["regions"] == [REGION]


def test_second_call_opens_the_same_run() -> None:
    """A Retry gives the same answer and the same object."""
    data = published()
    assert validate(data) == validate(data)
    assert fake(data).written.count(keys.request(RUN)) == 2


def test_other_names_give_a_run_id_that_survives_a_retry() -> None:
    """An execution named by hand gets a run id from its start and ARN; another execution gets another."""
    named = {**EXECUTION, "name": "by-hand", "id": ARN + "1"}
    first = handler.run_id(named)  # type: ignore[arg-type]
    assert keys.RUN_PATTERN.match(first)
    assert first.startswith("20261123T021500Z-")
    assert handler.run_id(named) == first  # type: ignore[arg-type]
    assert handler.run_id({**named, "id": ARN + "2"}) != first  # type: ignore[typeddict-item]


@pytest.mark.parametrize(
    ("request_fields", "place"),
    [({"scope": {}}, "/scope"), ({"profile": "quick"}, "/profile"), ({"checks": ["U-99"]}, "/checks/0"),
     ({"regions": ["ap-nowhere-2"]}, "/regions/0"), ({"dry_run": "yes"}, "/dry_run")],
)  # fmt: skip
def test_bad_request_writes_nothing(request_fields: dict[str, Any], place: str) -> None:
    """Schema, catalog and regions are checked before the run is opened."""
    data = published()
    before = list(fake(data).written)
    with pytest.raises(InvalidRequest) as refused:
        validate(data, **request_fields)
    assert refused.value.pointer == place
    assert fake(data).written == before


def test_nothing_published_is_told() -> None:
    """Without a bundle there is nothing to scan with."""
    with pytest.raises(BundleMissing):
        validate(bucket())
