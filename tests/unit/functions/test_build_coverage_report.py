"""Every account-region of a sweep ends with a line, joined with Security Hub and compared with the sweep before."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from fleetdx import keys
from fleetdx.coverage.control import newest
from fleetdx.coverage.requests import view_of
from fleetdx.security_hub import ControlFinding
from functions.build_coverage_report import handler
from tests.fakes.coverage import AT, BEFORE, SEOUL, SWEEP, TOKYO, line
from tests.fakes.s3 import bucket, fake
from tests.fakes.sweeps import ACCOUNT, REQUEST, left, opened

if TYPE_CHECKING:
    from fleetdx.storage import Bucket

DENIED = {"Error": "MemberRoleDenied", "Cause": json.dumps({"errorMessage": "the role cannot be assumed"})}


def summary_of(data: Bucket, sweep: str = SWEEP) -> Any:
    return data.get_json(keys.coverage_out(sweep, "summary.json"))


def built(data: Bucket, sweep: str = SWEEP, **more: Any) -> Any:
    event: Any = {**opened(data, sweep), **more}
    return handler.run(event, data, "en")


def test_a_sweep_leaves_lines_sheet_summary_and_page() -> None:
    """All four say the same, and the figures stand in the output."""
    data = bucket()
    left(data, SWEEP, line(1, "managed"), line(2, "no_profile"))
    output = built(data)
    assert (output["status"], output["instances"], output["unmanaged"], output["mendable"]) == ("complete", 2, 1, 1)
    assert output["hands_on"] is True
    assert len(data.get_lines(keys.coverage_out(SWEEP, "coverage.jsonl"))) == 3
    assert data.get(keys.coverage_out(SWEEP, "coverage.csv")).startswith(b"\xef\xbb\xbf")
    assert b"<html" in data.get(output["key"])
    assert summary_of(data)["control"]["detail"] == "It was not asked"


def test_what_left_nothing_is_a_gap_with_its_reason() -> None:
    """A recorded failure is told by name, a lost one as unexpected, and one of the whole map in its own words."""
    data = bucket()
    event: Any = opened(data, SWEEP, (ACCOUNT, SEOUL), (ACCOUNT, TOKYO))
    data.put_json(keys.coverage_failure(SWEEP, ACCOUNT, SEOUL), DENIED)
    assert handler.run(event, data, "en")["status"] == "incomplete"
    reasons = {target["region"]: target["reason"] for target in summary_of(data)["targets"]}
    assert reasons == {SEOUL: "role_not_assumable", TOKYO: "unexpected"}
    handler.run({**event, "failure": {"Error": "States.Timeout", "Cause": ""}}, data, "en")
    assert {target["reason"] for target in summary_of(data)["targets"]} == {"role_not_assumable", "timed_out"}


def test_lines_are_joined_with_security_hub() -> None:
    """What SSM.1 says stands on the line; a failure of the whole question stands in the summary."""
    data = bucket()
    left(data, SWEEP, line(1, "managed"))
    instance = str(line(1)["instance"])
    found = newest(SEOUL, [ControlFinding(ACCOUNT, instance, "PASSED", AT)])
    data.put_json(keys.control_findings(SWEEP, SEOUL), dict(found))
    built(data, control_failure=DENIED)
    joined = data.get_lines(keys.coverage_out(SWEEP, "coverage.jsonl"))[-1]
    assert joined["control"] == {"status": "PASSED", "updated_at": AT, "disagreement": None}
    control = summary_of(data)["control"]
    assert (control["joined"], control["statuses"]) == (True, {"PASSED": 1})
    assert "MemberRoleDenied" in control["detail"]


def test_the_next_sweep_tells_what_has_changed() -> None:
    """It finds the one before by scope and regions; the trend grows by one."""
    data = bucket()
    left(data, BEFORE, line(1, "managed"), line(2, "no_profile"))
    built(data, BEFORE)
    left(data, SWEEP, line(1, "no_profile"), line(2, "managed"))
    built(data)
    changes = summary_of(data)["changes"]
    assert (changes["since"], changes["newly_unmanaged_count"], changes["managed_again_count"]) == (BEFORE, 1, 1)
    assert [point["sweep"] for point in summary_of(data)["trend"]] == [BEFORE, SWEEP]


def test_building_again_changes_nothing() -> None:
    """A Retry after the trend was written compares with the sweep before, not with itself."""
    data = bucket()
    left(data, BEFORE, line(1, "managed"))
    built(data, BEFORE)
    left(data, SWEEP, line(1, "no_profile"))
    first = built(data)
    before = {
        name: body for name, body in fake(data).objects.items() if "summary" not in name[1] and "html" not in name[1]
    }
    assert built(data) == first
    after = {
        name: body for name, body in fake(data).objects.items() if "summary" not in name[1] and "html" not in name[1]
    }
    assert after == before
    assert summary_of(data)["changes"]["newly_unmanaged_count"] == 1


def test_a_slow_sweep_does_not_hide_a_later_one() -> None:
    """It is compared with what came before it, and the row of sweeps keeps its order."""
    data = bucket()
    left(data, SWEEP, line(1, "managed"))
    built(data)
    left(data, BEFORE, line(1, "no_profile"))
    built(data, BEFORE)
    assert summary_of(data, BEFORE)["changes"]["since"] is None
    trend = data.get_json(keys.coverage_trend(view_of(REQUEST)))  # type: ignore[arg-type]
    assert [point["sweep"] for point in trend["points"]] == [BEFORE, SWEEP]


def test_nothing_is_handed_on_where_nobody_asked() -> None:
    """Mending is the request's word, and needs something that can be mended."""
    data = bucket()
    left(data, SWEEP, line(1, "no_profile"))
    assert built(data, mend=False)["hands_on"] is False
    left(data, SWEEP, line(1, "agent_silent"))
    assert built(data)["hands_on"] is False
