"""What a schedule starts is known as the schedule's, and every Retry and Catch edge of what starts it is taken."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from emulator.faults.rules import Rule
from fleetdx import keys
from tests.embedded import Embedded, embedded, wait_until
from tests.people import start_scheduled, write_rules
from tests.workflow.edges import EDGES, SCHEDULED, Edge, taken
from tests.workflow.scenarios import CLIENTS_GIVE_UP, denied

if TYPE_CHECKING:
    from collections.abc import Iterator

HOST = "hot-wallet-signer-1"
STARTING = {"call": "states:StartExecution", "caller": "*/fleetdx-start-scheduled/*"}
STARTS = {
    "scan": ("StartScheduledScan", "fleetdx-scan-fleet"),
    "sweep": ("StartScheduledSweep", "fleetdx-report-coverage"),
}


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    with embedded(tmp_path_factory.mktemp("emulator")) as started:
        yield started


@pytest.fixture(autouse=True)
def _undisturbed(aws: Embedded) -> Iterator[None]:
    """Every test begins without rules of operators, and without faults."""
    yield
    aws.cloud.faults.clear()
    aws.deployment.data.delete(keys.OPERATORS)


def ended(aws: Embedded, execution: str) -> dict[str, Any]:
    states = aws.deployment.session.client("stepfunctions")
    wait_until(lambda: states.describe_execution(executionArn=execution)["status"] != "RUNNING", "it does not end")
    return dict(states.describe_execution(executionArn=execution))


def scheduled(aws: Embedded, start: str) -> dict[str, Any]:
    """An execution as a schedule starts it, of one host or its account, when it has ended."""
    host = aws.instance_named(HOST)[0]
    request: dict[str, Any] = {"scope": {"accounts": [host.split("/")[0]]}}
    if start == "scan":
        request = {"scope": {"instances": [host]}, "checks": ["U-01"]}
    states = aws.deployment.session.client("stepfunctions")
    given = json.dumps({"start": start, "request": request})
    return ended(aws, states.start_execution(stateMachineArn=start_scheduled(aws), input=given)["executionArn"])


@pytest.mark.parametrize("start", STARTS)
def test_what_a_schedule_starts_is_the_schedules(aws: Embedded, start: str) -> None:
    """Known by the history of the execution that started it; a rule of schedules lets it in, and nobody else."""
    write_rules(aws, {"requesters": ["schedule"]})
    starter = scheduled(aws, start)
    child = json.loads(starter["output"])["started"]["execution"]
    assert f":{STARTS[start][1]}:" in child
    told = ended(aws, child)
    assert told["status"] == "SUCCEEDED", told.get("cause")
    opened = json.loads(told["output"])
    assert (opened["requester"], opened["requester_kind"]) == (starter["executionArn"], "schedule")


@pytest.mark.parametrize("start", STARTS)
def test_a_schedule_that_no_rule_names_is_refused(aws: Embedded, start: str) -> None:
    """Rules of people say nothing of schedules."""
    write_rules(aws, {})
    told = ended(aws, json.loads(scheduled(aws, start)["output"])["started"]["execution"])
    assert (told["status"], told["error"]) == ("FAILED", "RequesterRefused")
    assert "(schedule) may not ask for this" in told["cause"]


FAULTS = {
    "Retry": (Rule(**STARTING, fault="throttled", times=CLIENTS_GIVE_UP), "SUCCEEDED"),
    "Catch": (denied(**STARTING), "FAILED"),
}


@pytest.mark.parametrize("edge", [pytest.param(edge, id=str(edge)) for edge in EDGES if edge.machine == SCHEDULED])
def test_every_edge_is_taken_as_drawn(aws: Embedded, edge: Edge) -> None:
    """A throttled start is repeated; one that is denied ends the execution, and nothing is started."""
    rule, status = FAULTS[edge.kind]
    aws.cloud.faults.add(rule)
    told = scheduled(aws, next(start for start, (state, _) in STARTS.items() if state == edge.state))
    assert told["status"] == status
    assert taken(SCHEDULED, aws.history(told["executionArn"])) == {edge}
    if status == "SUCCEEDED":
        ended(aws, json.loads(told["output"])["started"]["execution"])
