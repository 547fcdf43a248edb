"""Every Retry and Catch edge of report_coverage, reached by a fault, and what the sweep comes to."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from emulator.faults.rules import INVOKE, Rule
from fleetdx import keys
from fleetdx.cli.runs import new_run_id
from tests.embedded import embedded, wait_until
from tests.workflow.edges import EDGES, Edge, taken
from tests.workflow.scenarios import (
    CALLING,
    CLIENTS_GIVE_UP,
    COVERAGE,
    SEOUL,
    TRADING,
    denied,
    function_name,
    lost_once,
    role,
    throttled_once,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emulator.faults.rules import CallFacts
    from tests.embedded import Embedded

MACHINE = "*/fleetdx-report-coverage/*"
ITEMS = ("CheckCoverage", "RecordFailure")
"""States of the Distributed Map's items, which have no history here (emulator/FIDELITY.md)."""
CALLED = CALLING[COVERAGE]
LOOKS_AT_SEOUL = {"scope": {"accounts": [TRADING]}, "regions": [SEOUL], "mend": True}


def edges(kind: Any, number: int, *states: str) -> frozenset[Edge]:
    return frozenset(Edge(COVERAGE, state, kind, number) for state in states)


@dataclass(frozen=True)
class Scenario:
    """What goes wrong with a sweep of one account-region, and how it ends.

    Attributes:
        end: The sweep's status, or the error that its execution fails with.
        edges: What it takes, and nothing else.
        rules: The faults.
        request: The request.
    """

    end: str
    edges: frozenset[Edge]
    rules: tuple[Rule, ...] = ()
    request: dict[str, Any] = field(default_factory=lambda: LOOKS_AT_SEOUL)


NO_LOOK = denied("sts:AssumeRole", caller=role("CheckCoverage"))
NO_RECORD = {"call": "s3:PutObject", "caller": MACHINE}
SCENARIOS = {
    "nothing": Scenario("complete", frozenset()),
    "each function is lost once": Scenario("complete", edges("Retry", 0, *CALLED), lost_once(CALLED)),
    "each function is throttled once": Scenario("complete", edges("Retry", 1, *CALLED), throttled_once(CALLED)),
    "a refused request": Scenario(
        "InvalidRequest", edges("Catch", 0, "OpenSweep"), request={**LOOKS_AT_SEOUL, "scope": {"accounts": ["12"]}}
    ),
    "no organization can be read": Scenario(
        "AccessDenied", edges("Catch", 1, "OpenSweep"), (denied("organizations:*", caller=role("OpenSweep")),)
    ),
    "no finding can be kept": Scenario(
        "complete",
        edges("Catch", 0, "CollectControlFindings"),
        (denied("s3:PutObject", caller=role("CollectControlFindings")),),
    ),
    "the list is read at the second try": Scenario(
        "complete",
        edges("Retry", 0, "CheckTargets"),
        (Rule("s3:GetObject", "denied", caller=MACHINE, resource="*/targets.json"),),
    ),
    "no list can be read": Scenario(
        "incomplete",
        edges("Retry", 0, "CheckTargets") | edges("Catch", 0, "CheckTargets"),
        (denied("s3:GetObject", caller=MACHINE, resource="*/targets.json"),),
    ),
    "the account lets nobody in": Scenario("incomplete", edges("Catch", 0, "CheckCoverage"), (NO_LOOK,)),
    "a failure is recorded at the second try": Scenario(
        "incomplete",
        edges("Catch", 0, "CheckCoverage") | edges("Retry", 0, "RecordFailure"),
        (NO_LOOK, Rule(**NO_RECORD, fault="throttled", times=CLIENTS_GIVE_UP)),
    ),
    "no failure can be recorded": Scenario(
        "incomplete",
        edges("Catch", 0, "CheckCoverage") | edges("Retry", 0, "RecordFailure") | edges("Catch", 0, "RecordFailure"),
        (NO_LOOK, denied(**NO_RECORD)),
    ),
    "no report can be written": Scenario(
        "AccessDenied",
        edges("Catch", 0, "BuildCoverageReport"),
        (denied("s3:PutObject", caller=role("BuildCoverageReport")),),
    ),
    "nothing can be handed on": Scenario(
        "AccessDenied",
        edges("Catch", 0, "RequestMending"),
        (denied("sqs:SendMessageBatch", caller=role("RequestMending")),),
    ),
    "nothing can be told": Scenario(
        "complete", edges("Catch", 0, "NotifyCoverage"), (denied("s3:GetObject", caller=role("NotifyCoverage")),)
    ),
}


class Played(NamedTuple):
    """A sweep that has ended: its id, its execution as Step Functions describes it, and the edges that it took."""

    sweep: str
    execution: dict[str, Any]
    edges: frozenset[Edge]

    @property
    def end(self) -> str:
        """The sweep's status, or the error of its execution."""
        if self.execution["status"] != "SUCCEEDED":
            return str(self.execution["error"])
        return str(json.loads(self.execution["output"])["report"]["status"])


class Stage:
    """Plays scenarios, each once, over one account-region in which one instance has no profile."""

    def __init__(self, aws: Embedded) -> None:
        self.aws = aws
        self._played: dict[str, Played] = {}
        ec2 = aws.cloud.operator_session(TRADING, SEOUL).client("ec2")
        ec2.run_instances(ImageId="ami-0123456789abcdef0", MinCount=1, MaxCount=1)

    def played(self, name: str) -> Played:
        if name not in self._played:
            self._played[name] = self._play(SCENARIOS[name])
        return self._played[name]

    def _play(self, scenario: Scenario) -> Played:
        faults, states = self.aws.cloud.faults, self.aws.deployment.session.client("stepfunctions")
        sweep = new_run_id()
        faults.add(*scenario.rules)
        try:
            with faults.overheard() as heard:
                execution = states.start_execution(
                    stateMachineArn=self.aws.deployment.report_coverage,
                    name=sweep,
                    input=json.dumps(scenario.request),
                )["executionArn"]
                wait_until(
                    lambda: states.describe_execution(executionArn=execution)["status"] != "RUNNING",
                    "the sweep does not end",
                )
            assert all(count for _, count in faults.struck()), faults.struck()
        finally:
            faults.clear()
        found = taken(COVERAGE, self.aws.history(execution)) | self._edges_of_the_item(sweep, scenario, heard)
        return Played(sweep, dict(states.describe_execution(executionArn=execution)), frozenset(found))

    def _edges_of_the_item(self, sweep: str, scenario: Scenario, heard: list[CallFacts]) -> set[Edge]:
        """What CheckCoverage and RecordFailure did, from what was called and what it left."""
        invoked = sum(one.call == INVOKE and one.resource == function_name("CheckCoverage") for one in heard)
        puts = sum(one.call == "s3:PutObject" and "fleetdx-report-coverage" in one.caller for one in heard)
        is_recorded = any(self.aws.deployment.data.keys(keys.coverage_failure(sweep, TRADING, SEOUL)))
        is_lost = any(rule.call == INVOKE for rule in scenario.rules)
        found: set[Edge] = set()
        if invoked > 1:
            found |= edges("Retry", 0 if is_lost else 1, "CheckCoverage")
        if puts:
            found |= edges("Catch", 0, "CheckCoverage")
        if puts > CLIENTS_GIVE_UP or (puts > 1 and not is_recorded):
            found |= edges("Retry", 0, "RecordFailure")
        if puts and not is_recorded:
            found |= edges("Catch", 0, "RecordFailure")
        return found


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with embedded(tmp_path_factory.mktemp("emulator"), events_way="none") as aws:
        yield Stage(aws)


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_scenario_ends_as_told(stage: Stage, name: str) -> None:
    """What a Retry overcomes leaves no trace; the rest is an incomplete sweep, or an execution that fails by name."""
    assert stage.played(name).end == SCENARIOS[name].end


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_scenario_takes_its_edges(stage: Stage, name: str) -> None:
    """A fault leads over the edges that are drawn for it, and over no other."""
    assert stage.played(name).edges == SCENARIOS[name].edges


def test_every_edge_is_reached() -> None:
    """The edges come from the definition: a new one fails here until a scenario takes it."""
    reached = frozenset[Edge]().union(*(scenario.edges for scenario in SCENARIOS.values()))
    assert reached == {edge for edge in EDGES if edge.machine == COVERAGE}


def lines(stage: Stage, name: str) -> list[dict[str, Any]]:
    """The lines of a played sweep without what no two sweeps have in common."""
    found = stage.aws.deployment.data.get_lines(keys.coverage_out(stage.played(name).sweep, "coverage.jsonl"))
    apart = {"sweep", "at", "unmanaged_since", "last_ping_at"}
    return [{name: value for name, value in line.items() if name not in apart} for line in found]


@pytest.mark.parametrize("name", ["each function is lost once", "each function is throttled once"])
def test_what_is_repeated_leaves_the_same_lines(stage: Stage, name: str) -> None:
    """Whatever a Retry overcomes, the sweep says what an undisturbed one says."""
    assert lines(stage, name) == lines(stage, "nothing")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("the account lets nobody in", "role_not_assumable"),
        ("no list can be read", "unexpected"),
        ("no failure can be recorded", "unexpected"),
    ],
)
def test_what_nobody_could_look_at_is_told_with_its_reason(stage: Stage, name: str, reason: str) -> None:
    """The account-region has its own line, and nothing is said of its instances."""
    (line,) = lines(stage, name)
    assert (line["kind"], line["reason"], line["instances"]) == ("account_region", reason, None)


def test_without_security_hub_the_sweep_says_so(stage: Stage) -> None:
    """The findings could not be kept: every other word of the sweep stands."""
    sweep = stage.played("no finding can be kept").sweep
    summary = stage.aws.deployment.data.get_json(keys.coverage_out(sweep, "summary.json"))
    assert summary["control"]["joined"] is False
    assert "AccessDenied" in summary["control"]["detail"]
    assert summary["totals"]["causes"]["no_profile"] == 1
