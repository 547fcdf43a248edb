"""The sum of a sweep."""

from __future__ import annotations

from typing import Any

from fleetdx.coverage.changes import changes_between
from fleetdx.coverage.control import newest, not_joined
from fleetdx.coverage.models import CAUSES
from fleetdx.coverage.summary import MOST_TREND_POINTS, build_coverage_summary, control_summary
from fleetdx.security_hub import ControlFinding
from tests.fakes.coverage import AT, SWEEP, every_reason, line, place_line, point, unchecked

FACTS: Any = {
    "sweep": SWEEP,
    "requester": "arn:aws:states:::execution",
    "requester_kind": "unproven",
    "request": {},
    "started_at": AT,
    "finished_at": AT,
}


def summed(lines: list[Any], trend: list[Any] | None = None) -> Any:
    control = control_summary(lines, [])
    return build_coverage_summary(FACTS, lines, control, changes_between(None, {}, lines), trend or [])


def test_every_instance_is_counted_once_under_its_cause() -> None:
    """Totals, account-regions and lines say the same."""
    lines = every_reason()
    places = sorted({(one["account"], one["region"]) for one in lines})
    owns = [place_line(unchecked(account, region, checked=True)) for account, region in places]
    summary = summed([*lines, *owns])
    totals = summary["totals"]
    assert totals["instances"] == len(lines) == sum(totals["causes"].values())
    assert set(totals["causes"]) == set(CAUSES)
    assert sum(target["instances"] for target in summary["targets"]) == len(lines)
    assert sum(target["managed"] for target in summary["targets"]) == totals["managed"]
    quiet = sum(totals["causes"][cause] for cause in ("stopped", "unsupported", "exempt"))
    assert totals["managed"] + totals["unmanaged"] + quiet == totals["instances"]
    assert summary["status"] == "complete"


def test_an_account_region_that_nobody_could_look_at_makes_a_sweep_incomplete() -> None:
    """It stands among the targets with its reason, and in the trend."""
    lost = place_line(unchecked("444455556666", "eu-west-1"))
    summary = summed([lost])
    assert summary["status"] == "incomplete"
    assert summary["targets"][0]["reason"] == "role_not_assumable"
    assert summary["trend"][-1]["not_checked"] == 1


def test_the_trend_ends_with_this_sweep_and_is_bounded() -> None:
    """The oldest points go first."""
    earlier = [point(f"2026{number:04}", AT, 9, 1) for number in range(MOST_TREND_POINTS + 5)]
    trend = summed([line(1, "managed")], earlier)["trend"]
    assert len(trend) == MOST_TREND_POINTS
    assert trend[-1] == {"sweep": SWEEP, "at": AT, "running": 1, "managed": 1, "unmanaged": 0, "not_checked": 0}


def test_silent_agents_are_grouped_by_image_the_most_first() -> None:
    """One AMI that lacks the agent is one line, however many instances were launched from it."""
    lines = [line(number, "agent_silent", ami="ami-a" if number < 2 else "ami-b") for number in range(5)]
    images = summed(lines)["silent_images"]
    assert [(image["ami"], image["instances"]) for image in images] == [("ami-b", 3), ("ami-a", 2)]


def test_what_the_control_says_is_added_up() -> None:
    """By status, with the reasons of differences, and with findings of instances that are gone."""
    lines = [
        line(1, "managed", control={"status": "PASSED", "updated_at": AT, "disagreement": None}),
        line(2, "managed", control={"status": None, "updated_at": None, "disagreement": "not_evaluated"}),
    ]
    gone = ControlFinding(lines[0]["account"], "i-0gone", "FAILED", AT)
    strange = ControlFinding("999999999999", "i-0other", "FAILED", AT)
    own = ControlFinding(lines[0]["account"], str(lines[0]["instance"]), "PASSED", AT)
    regions = [newest("ap-northeast-2", [gone, own, strange]), not_joined("us-east-1", "Security Hub is not enabled")]
    assert control_summary(lines, regions) == {
        "joined": True,
        "detail": "Security Hub is not enabled",
        "statuses": {"PASSED": 1, "none": 1},
        "disagreements": {"not_evaluated": 1},
        "without_instance": 1,
    }
