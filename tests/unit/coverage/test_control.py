"""Security Hub's SSM.1 beside Systems Manager: where they differ, and the likely reason."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from fleetdx.coverage.control import control_of, is_recovery_server, newest, not_joined
from fleetdx.security_hub import ControlFinding
from tests.fakes.coverage import line

if TYPE_CHECKING:
    from fleetdx.coverage.control import CheckedInstance

NOW = dt.datetime(2026, 11, 26, 19, 0, tzinfo=dt.UTC)
FRESH, OLD = "2026-11-26T12:00:00.000Z", "2026-11-24T12:00:00.000Z"
REGION = "ap-northeast-2"


def checked(cause: str, **facts: Any) -> CheckedInstance:
    made = line(1, cause, **{name: value for name, value in facts.items() if name == "ping_status"})
    return {
        "line": made,
        "is_recovery_server": facts.get("is_recovery_server", False),
        "registered_at": facts.get("registered_at"),
    }


@pytest.mark.parametrize(
    ("one", "told", "disagreement"),
    [
        (checked("managed"), ("PASSED", FRESH), None),
        (checked("no_profile"), ("FAILED", FRESH), None),
        (checked("stopped"), ("PASSED", FRESH), None),
        (checked("stopped"), None, None),
        (checked("stopped"), ("FAILED", FRESH), "stopped_instance"),
        (checked("no_profile", is_recovery_server=True), ("FAILED", FRESH), "recovery_server"),
        (checked("managed"), ("FAILED", FRESH), "unexplained"),
        (checked("managed"), ("FAILED", OLD), "finding_outdated"),
        (checked("managed", registered_at="2026-11-26T13:00:00Z"), ("FAILED", FRESH), "finding_outdated"),
        (checked("agent_silent", ping_status="ConnectionLost"), ("PASSED", FRESH), "registered_but_silent"),
        (checked("no_profile", ping_status=None), ("PASSED", FRESH), "unexplained"),
        (checked("managed"), None, "not_evaluated"),
        (checked("managed"), ("NOT_AVAILABLE", FRESH), "not_evaluated"),
        (checked("managed"), ("SOMETHING_NEW", FRESH), "not_evaluated"),
    ],
)
def test_each_difference_has_its_likely_reason(
    one: CheckedInstance, told: tuple[str, str] | None, disagreement: str | None
) -> None:
    """Stopped instances, recovery servers, AWS Config's delay, silent agents, and what is not recorded."""
    found = [ControlFinding(one["line"]["account"], str(one["line"]["instance"]), *told)] if told else []
    control = control_of(one, newest(REGION, found), NOW)
    assert control is not None
    assert control["disagreement"] == disagreement


def test_of_several_findings_the_newest_counts() -> None:
    """Without consolidated findings, each standard has one of its own."""
    findings = [ControlFinding("1", "i-1", "FAILED", OLD), ControlFinding("1", "i-1", "PASSED", FRESH)]
    assert newest(REGION, findings)["findings"] == newest(REGION, reversed(findings))["findings"]
    assert newest(REGION, findings)["findings"] == {"1/i-1": ["PASSED", FRESH]}


def test_where_security_hub_was_not_asked_nothing_is_said() -> None:
    """No control is no disagreement."""
    assert control_of(checked("managed"), not_joined(REGION, "not enabled"), NOW) is None


def test_replication_servers_are_known_by_their_tags() -> None:
    """AWS Elastic Disaster Recovery tags what it runs."""
    assert is_recovery_server({"AWSElasticDisasterRecoveryManaged": "drs.amazonaws.com"})
    assert not is_recovery_server({"Name": "AWS Elastic Disaster Recovery Replication Server"})
