"""The start of a run as ValidateRequest writes it."""

from __future__ import annotations

import pytest

from fleetdx.run_ids import rfc3339


@pytest.mark.parametrize(
    "moment", ["2026-11-23T19:00:00.123Z", "2026-11-23T19:00:00.123456+00:00", "2026-11-24T04:00:00+09:00"]
)
def test_the_start_is_utc_in_whole_seconds(moment: str) -> None:
    """Whatever precision or zone Step Functions gives, lines of a run carry UTC, whole seconds and Z."""
    assert rfc3339(moment) == "2026-11-23T19:00:00Z"
