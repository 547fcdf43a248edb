"""Security Hub is asked once a region, and where it cannot be asked the sweep knows why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from fleetdx import keys
from fleetdx.errors import MemberRoleDenied
from functions.collect_control_findings import handler
from tests.fakes.aws_errors import client_error
from tests.fakes.coverage import SEOUL, SWEEP, TOKYO
from tests.fakes.pages import Pages, split
from tests.fakes.s3 import bucket
from tests.fakes.sweeps import opened

if TYPE_CHECKING:
    from collections.abc import Iterator


def finding(instance: str, status: str = "FAILED", **changes: Any) -> dict[str, Any]:
    """A finding as GetFindings tells it."""
    return {
        "AwsAccountId": "111122223333",
        "UpdatedAt": "2026-11-26T12:00:00.000Z",
        "Compliance": {"Status": status, "SecurityControlId": "SSM.1"},
        "Resources": [{"Type": "AwsEc2Instance", "Id": f"arn:aws:ec2:{SEOUL}:111122223333:instance/{instance}"}],
        **changes,
    }


class FakeSecurityHub:
    """Security Hub of one region."""

    def __init__(self, findings: list[dict[str, Any]], refusal: Exception | None = None) -> None:
        self.findings = findings
        self.refusal = refusal
        self.calls = 0

    def get_paginator(self, operation: str) -> Pages:
        assert operation == "get_findings"
        return Pages(self._pages)

    def _pages(self, *, Filters: dict[str, Any], PaginationConfig: Any) -> Iterator[dict[str, Any]]:  # noqa: N803
        assert Filters["ComplianceSecurityControlId"] == [{"Value": "SSM.1", "Comparison": "EQUALS"}]
        assert set(Filters) == {"ComplianceSecurityControlId", "RecordState", "Region"}
        for page in split(self.findings, PaginationConfig["PageSize"]):
            self.calls += 1
            if self.refusal is not None:
                raise self.refusal
            yield {"Findings": page}


def collected(hub: Any) -> tuple[Any, Any]:
    data = bucket()
    event: Any = opened(data)
    return handler.run(event, data, hub), data


def test_findings_are_kept_by_instance() -> None:
    """A hundred findings are one call; what is not about an instance is left out."""
    other = finding("i-9", Resources=[{"Type": "AwsAccount", "Id": "AWS::::Account:111122223333"}])
    hubs = {
        SEOUL: FakeSecurityHub([*(finding(f"i-{number}") for number in range(150)), other]),
        TOKYO: FakeSecurityHub([]),
    }
    output, data = collected(lambda region: hubs[region])
    assert output == {"regions": 2, "findings": 150}
    assert hubs[SEOUL].calls == 2
    kept = data.get_json(keys.control_findings(SWEEP, SEOUL))
    assert kept["findings"]["111122223333/i-7"] == ["FAILED", "2026-11-26T12:00:00.000Z"]
    assert kept["why_not_joined"] == ""


def test_without_an_administrator_nothing_is_asked() -> None:
    """The template names none: each region says so."""
    output, data = collected(None)
    assert output == {"regions": 0, "findings": 0}
    assert "is configured" in data.get_json(keys.control_findings(SWEEP, TOKYO))["why_not_joined"]


@pytest.mark.parametrize(
    ("refusal", "told"),
    [
        (client_error("InvalidAccessException", "GetFindings", 401), "not enabled"),
        (client_error("AccessDeniedException", "GetFindings", 403), "AccessDenied"),
        (MemberRoleDenied("the role is absent"), "MemberRoleDenied"),
    ],
)
def test_a_region_that_lets_nobody_ask_says_so(refusal: Exception, told: str) -> None:
    """The other regions are asked all the same."""
    hubs = {SEOUL: FakeSecurityHub([], refusal), TOKYO: FakeSecurityHub([finding("i-1", "PASSED")])}
    output, data = collected(lambda region: hubs[region])
    assert output == {"regions": 1, "findings": 1}
    assert told in data.get_json(keys.control_findings(SWEEP, SEOUL))["why_not_joined"]


def test_what_may_pass_later_is_raised() -> None:
    """A throttled call is for the state's Retry."""
    with pytest.raises(ClientError):
        collected(lambda _: FakeSecurityHub([], client_error("TooManyRequestsException", "GetFindings", 429)))


def test_a_finding_without_compliance_counts_as_not_available() -> None:
    """What Security Hub leaves out is no verdict."""
    hub = FakeSecurityHub([{name: value for name, value in finding("i-1").items() if name != "Compliance"}])
    _, data = collected(lambda _: hub)
    assert data.get_json(keys.control_findings(SWEEP, SEOUL))["findings"]["111122223333/i-1"][0] == "NOT_AVAILABLE"
