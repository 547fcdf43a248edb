"""A sweep is opened with every account-region in scope, or refused with a pointer."""

from __future__ import annotations

from typing import Any

import pytest

from fleetdx import keys
from fleetdx.errors import InvalidRequest, RequesterRefused
from functions.open_sweep import handler
from tests.fakes.organizations import FakeOrganizations, account
from tests.fakes.requesters import JANE, around, prove, rules
from tests.fakes.s3 import bucket, fake

SWEEP = "20261126T190000Z-abc123"
EXECUTION = {"id": f"arn:{SWEEP}", "name": SWEEP, "started_at": "2026-11-26T19:00:00.123Z"}
ORGANIZATION = FakeOrganizations(
    {"r-ab12": []},
    {"r-ab12": [account("111122223333", "trading"), account("444455556666", "closed", "SUSPENDED")]},
    "999999999999",
)


def opened(request: Any, data: Any) -> Any:
    event: Any = {"request": request, "execution": EXECUTION}
    return handler.run(event, data, ["ap-northeast-2", "us-east-1"], around(ORGANIZATION))


def test_every_account_region_is_listed() -> None:
    """Each active account in each region is a target; the request lies in S3 with its defaults."""
    data = bucket()
    output = opened({"scope": {"organization": True}, "mend": True}, data)
    assert (output["sweep"], output["targets"], output["accounts"], output["mend"]) == (SWEEP, 2, 1, True)
    targets = data.get_json(keys.coverage_targets(SWEEP))
    assert [(one["account"], one["region"]) for one in targets] == [
        ("111122223333", "ap-northeast-2"),
        ("111122223333", "us-east-1"),
    ]
    assert data.get_json(keys.coverage_request(SWEEP))["request"]["notify"] is True


def test_a_suspended_account_is_told_and_is_no_gap() -> None:
    """Nothing runs in it."""
    data = bucket()
    opened({"scope": {"organization": True}}, data)
    (part,) = data.get_lines(keys.coverage_part(SWEEP, "444455556666", "us-east-1"))
    assert (part["line"]["reason"], part["line"]["instances"]) == ("account_suspended", 0)


def test_a_management_account_that_was_left_out_is_told_and_is_no_gap() -> None:
    """Where fleetdx is not deployed to it, nobody looks."""
    data = bucket()
    organization = FakeOrganizations(ORGANIZATION.children, ORGANIZATION.members, "111122223333")
    event: Any = {"request": {"scope": {"organization": True}, "regions": ["us-east-1"]}, "execution": EXECUTION}
    output = handler.run(event, data, [], around(organization), with_management=False)
    (part,) = data.get_lines(keys.coverage_part(SWEEP, "111122223333", "us-east-1"))
    assert (part["line"]["reason"], part["line"]["instances"]) == ("management_account_excluded", 0)
    assert output["targets"] == 0


def test_an_account_that_is_no_member_is_a_gap() -> None:
    """Whoever names it ought to learn that nobody looked."""
    data = bucket()
    output = opened({"scope": {"accounts": ["000000000000"]}, "regions": ["us-east-1"]}, data)
    (part,) = data.get_lines(keys.coverage_part(SWEEP, "000000000000", "us-east-1"))
    assert (part["line"]["reason"], part["line"]["instances"]) == ("account_not_in_organization", None)
    assert output["targets"] == 0


def test_a_bad_request_writes_nothing() -> None:
    """It is refused before anything is called."""
    data = bucket()
    with pytest.raises(InvalidRequest, match="/scope"):
        opened({"scope": {"instances": ["i-1"]}}, data)
    assert fake(data).written == []


def test_who_mends_needs_a_rule_that_says_so() -> None:
    """A sweep that looks only is allowed by the same rule; the proven requester stands in its records."""
    data = bucket()
    rules(data, {})
    for mend in (True, False):
        request = {"scope": {"organization": True}, "mend": mend}
        prove(data, EXECUTION, request)
        if mend:
            with pytest.raises(RequesterRefused, match="rule-0 allows sweeps without mending"):
                opened(request, data)
        else:
            assert opened(request, data)["requester"] == JANE
    assert data.get_json(keys.coverage_request(SWEEP))["requester_kind"] == "proven"
    rules(data, {"may_mend": True})
    request = {"scope": {"organization": True}, "mend": True}
    prove(data, EXECUTION, request)
    assert opened(request, data)["mend"] is True
