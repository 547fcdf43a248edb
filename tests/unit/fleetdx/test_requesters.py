"""Who asks is what AWS says, or nobody: no word of an input, a name or an old record counts."""

from __future__ import annotations

from typing import Any, Final

import pytest

from fleetdx.errors import ServiceUnavailable
from fleetdx.requesters import Requester, Start, requester_of
from tests.fakes.requesters import JANE, around, prove
from tests.fakes.s3 import bucket

PREFIX: Final = "arn:aws:states:ap-northeast-2:999988887777"
REQUEST: Final = {"scope": {"accounts": ["111122223333"]}}


def execution(name: str = "20261123T021500Z-3fa9c1", started_at: str = "2026-11-23T02:15:00.123Z") -> Any:
    return {"id": f"{PREFIX}:execution:fleetdx-scan-fleet:{name}", "name": name, "started_at": started_at}


def known(data: Any, of: Any, request: Any = REQUEST, started: Any = None) -> Requester:
    return requester_of(data, of, request, around(started=started).starts_of)


def test_a_record_names_its_requester() -> None:
    """Of this execution, with this input, made just before."""
    data = bucket()
    prove(data, execution(), REQUEST)
    assert known(data, execution()) == Requester("proven", JANE)


@pytest.mark.parametrize(
    "other",
    [
        {"execution": f"{PREFIX}:execution:fleetdx-stop-scan:20261123T021500Z-3fa9c1"},
        {"request_sha256": "0" * 64},
        {"at": "2026-11-23T01:59:59Z"},
        {"at": "2026-08-01T00:00:00Z"},
    ],
)
def test_a_record_of_something_else_names_nobody(other: dict[str, str]) -> None:
    """Another machine's execution of the same name, another input, or a name that is used again much later."""
    data = bucket()
    prove(data, execution(), REQUEST, **other)
    assert known(data, execution()) == Requester("unproven", execution()["id"])


@pytest.mark.parametrize(
    ("suffix", "machine", "kind"),
    [("-scan", "fleetdx-ensure-ssm-ready", "event"), ("-scheduled", "fleetdx-start-scheduled", "schedule")],
)
def test_the_history_of_an_execution_of_ours_proves_what_it_started(suffix: str, machine: str, kind: Any) -> None:
    """With the same machine, name and input; where it tells of none such, another look is taken."""
    parent, child = f"{PREFIX}:execution:{machine}:x", execution(f"x{suffix}")
    start = Start(f"{PREFIX}:stateMachine:fleetdx-scan-fleet", child["name"], REQUEST)
    assert known(bucket(), child, started={parent: [start]}) == Requester(kind, parent)
    for wrong in (
        start._replace(given={"scope": {"organization": True}}),
        start._replace(name="y"),
        start._replace(machine=f"{PREFIX}:stateMachine:fleetdx-report-coverage"),
    ):
        with pytest.raises(ServiceUnavailable):
            known(bucket(), child, started={parent: [wrong]})


def test_a_name_alone_proves_nothing() -> None:
    """Anybody can name an execution as an event's scan is named."""
    child = execution("x-scan")
    assert known(bucket(), child) == Requester("unproven", child["id"])
    assert known(bucket(), child, {**REQUEST, "AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID": "arn"}).kind == "unproven"
