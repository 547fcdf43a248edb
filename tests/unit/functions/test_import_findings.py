"""From a run to Security Hub: what is selected, what is accepted, what is told again, and what the summary says."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from fleetdx import keys
from fleetdx.errors import MemberRoleDenied, ServiceThrottled, ServiceUnavailable
from functions.build_report import handler as build_report
from functions.import_findings import handler as import_findings
from functions.select_findings import handler as select_findings
from functions.summarize_import import handler as summarize_import
from tests.fakes.aws_errors import client_error
from tests.fakes.ec2 import instance_id
from tests.fakes.runs import ACCOUNT, BUNDLE, OPENED, REGION, RUN
from tests.fakes.s3 import fake
from tests.fakes.security_hub import FakeSecurityHub
from tests.unit.functions.test_build_report import NOTHING_WAIVED, scanned_run


def reported(hosts: int = 2, verified: int = 2) -> Any:
    """A run of one account-region whose report is there."""
    data = scanned_run(hosts, verified)
    build_report.run(OPENED, data, lambda: NOTHING_WAIVED)  # type: ignore[arg-type]
    return data


def selected(data: Any) -> list[Any]:
    """The account-regions that are to be told."""
    output = select_findings.run({"run": RUN, "bundle": BUNDLE, "opening": 0}, data, "en")
    targets: list[Any] = data.get_json(output["key"])
    assert (output["targets"], output["findings"]) == (len(targets), sum(one["findings"] for one in targets))
    return targets


def imported(data: Any, hub: FakeSecurityHub) -> Any:
    """What the function returns for the only account-region."""
    (target,) = selected(data)
    return import_findings.run(target, data, lambda: hub)  # type: ignore[arg-type,return-value]


def summarized(data: Any, **more: Any) -> Any:
    """What stands in the summary of the run after the import."""
    event: Any = {**OPENED, **more}
    output = summarize_import.run(event, data)
    told = data.get_json(keys.out(RUN, "summary.json"))["security_hub"]
    assert {name: told[name] for name in ("new", "updated", "resolved", "failed")} == {
        name: output[name]
        for name in ("new", "updated", "resolved", "failed")  # type: ignore[literal-required]
    }
    assert output["is_complete"] == (not told["problems"] and not told["why"])
    return told


def failures(data: Any) -> int:
    """How many results fail."""
    results: list[Any] = data.get_lines(keys.out(RUN, "results.jsonl"))
    return sum(result["verdict"] == "fail" for result in results)


def test_what_fails_is_imported_once() -> None:
    """Each failure and each gap is a finding of its account's own product; the second time nothing is left to tell."""
    data, hub = reported(2, 1), FakeSecurityHub()
    count = failures(data) + 1
    assert imported(data, hub) == {"accepted": count, "failed": 0}
    assert len(hub.active()) == count
    assert f"{ACCOUNT}/{REGION}/{instance_id(2)}/scan/instance_scanned" in hub.active()
    told = summarized(data)
    assert (told["new"], told["failed"], told["account_regions"], told["problems"]) == (count, 0, 1, [])
    assert selected(data) == []


def test_what_is_accepted_already_is_not_sent_again() -> None:
    """A function that is called again sends what is left; its outcome is that of one that was called once."""
    data, hub = reported(), FakeSecurityHub()
    (target,) = selected(data)
    first = import_findings.run(target, data, lambda: hub)  # type: ignore[arg-type,return-value]
    assert import_findings.run(target, data, lambda: hub) == first  # type: ignore[arg-type,return-value]
    assert hub.calls == [first["accepted"]]
    assert summarized(data)["new"] == first["accepted"]


def test_a_finding_that_is_refused_for_good_is_told_and_tried_by_the_next_run() -> None:
    """The others of its batch count as accepted, the state is not tried again, and the next selection has it."""
    data, hub = reported(), FakeSecurityHub()
    (target,) = selected(data)
    lines = data.get_lines(keys.to_import(RUN, 0, ACCOUNT, REGION))
    hub.refusing = {lines[0]["finding"]["Id"]: "InvalidInput"}
    output = import_findings.run(target, data, lambda: hub)  # type: ignore[arg-type,return-value]
    assert output == {"accepted": len(lines) - 1, "failed": 1}
    (problem,) = summarized(data)["problems"]
    assert problem == {
        "account": ACCOUNT,
        "region": REGION,
        "failed": 1,
        "why": "Security Hub refused findings: InvalidInput (1)",
    }
    hub.refusing = {}
    assert imported(data, hub) == {"accepted": 1, "failed": 0}
    assert len(hub.active()) == len(lines)


def test_a_finding_that_is_refused_for_a_while_is_tried_again_by_the_state() -> None:
    """ServiceUnavailable, with what was accepted kept; the next try sends the rest and nothing else."""
    data, hub = reported(), FakeSecurityHub()
    (target,) = selected(data)
    lines = data.get_lines(keys.to_import(RUN, 0, ACCOUNT, REGION))
    hub.refusing = {lines[-1]["finding"]["Id"]: "InternalFailure"}
    with pytest.raises(ServiceUnavailable, match="InternalFailure"):
        import_findings.run(target, data, lambda: hub)  # type: ignore[arg-type,return-value]
    assert summarized(data)["failed"] == 1
    hub.refusing = {}
    output = import_findings.run(target, data, lambda: hub)  # type: ignore[arg-type,return-value]
    assert output == {"accepted": len(lines), "failed": 0}
    assert hub.calls == [len(lines), 1]
    assert summarized(data)["problems"] == []


@pytest.mark.parametrize("code", ["LimitExceededException", "ThrottlingException"])
def test_a_throttle_is_tried_again_by_the_state(code: str) -> None:
    """What raises is a throttle, and the outcome says so in case it lasts."""
    data, hub = reported(), FakeSecurityHub()
    hub.failing = [client_error(code, "BatchImportFindings", 429)]
    with pytest.raises((ServiceThrottled, ClientError)):
        imported(data, hub)
    (problem,) = summarized(data)["problems"]
    assert problem["why"].startswith("ServiceThrottled: BatchImportFindings")


def test_where_security_hub_is_off_nothing_fails() -> None:
    """The summary says so, with how many findings were not told; they are told when it is on."""
    data, hub = reported(), FakeSecurityHub()
    hub.failing = [client_error("InvalidAccessException", "BatchImportFindings", 401)]
    count = failures(data)
    assert imported(data, hub) == {"accepted": 0, "failed": count}
    (problem,) = summarized(data)["problems"]
    assert (problem["failed"], problem["why"]) == (count, "Security Hub is not enabled here")
    assert imported(data, hub) == {"accepted": count, "failed": 0}


def test_a_role_that_lets_nobody_in_is_told() -> None:
    """The member stack has its own switch: without it there is no role."""
    data = reported()
    (target,) = selected(data)

    def denied() -> Any:
        raise MemberRoleDenied("the role cannot be assumed")

    with pytest.raises(MemberRoleDenied):
        import_findings.run(target, data, denied)
    (problem,) = summarized(data)["problems"]
    assert problem["why"] == "MemberRoleDenied: the role cannot be assumed"


def test_a_function_that_leaves_nothing_is_told() -> None:
    """So is a selection that failed: the summary has the error of the state machine."""
    data = reported()
    (target,) = selected(data)
    (problem,) = summarized(data)["problems"]
    assert problem["failed"] == target["findings"]
    assert "Nothing was recorded" in problem["why"]
    data = reported()
    told = summarized(data, import_failure={"Error": "AccessDenied", "Cause": '{"errorMessage": "GetObject"}'})
    assert (told["why"], told["account_regions"]) == ("AccessDenied: GetObject", 0)


@pytest.mark.parametrize("body", [b"", b"no gzip"])
def test_what_is_held_and_cannot_be_read_is_told_and_not_replaced(body: bytes) -> None:
    """Nobody knows what Security Hub has there, so nothing is sent, and the damage stays to be looked at."""
    data, hub = reported(), FakeSecurityHub()
    data.put(keys.imported(ACCOUNT, REGION), body)
    assert imported(data, hub) == {"accepted": 0, "failed": 0}
    assert hub.calls == []
    (problem,) = summarized(data)["problems"]
    assert "damaged" in problem["why"]
    assert data.get(keys.imported(ACCOUNT, REGION)) == body


def test_another_run_that_writes_meanwhile_loses_nothing() -> None:
    """What was accepted is taken up into what is there then."""
    data, hub = reported(), FakeSecurityHub()
    fake(data).failing["put_object", keys.imported(ACCOUNT, REGION)] = [
        client_error("PreconditionFailed", "PutObject", 412)
    ]
    imported(data, hub)
    assert selected(data) == []
