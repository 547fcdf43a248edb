"""Scenarios of the state machines: a request, what goes wrong with its run, and the edges that the run takes then."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import cycle
from typing import TYPE_CHECKING, Any

from emulator.faults.rules import INVOCATION_FAULTS, INVOKE, Rule
from fleetdx.cli import runs
from tests.workflow.edges import STATES, Edge, taken
from tools.sources import snake_case

if TYPE_CHECKING:
    from tests.embedded import Embedded, Ended

TRADING, WALLET, STAGING = "333333333333", "444444444444", "555555555555"
SEOUL, VIRGINIA = "ap-northeast-2", "us-east-1"
ONE = "market-data-relay-1"
CLIENTS_GIVE_UP = 5
"""Tries of a client of ours (fleetdx.sessions.CLIENT_CONFIG)."""
FUNCTIONS = {name: f"fleetdx-{snake_case(name).replace('_', '-')}" for name, state in STATES.items() if state.function}
NOT_REACHED = {
    Edge("ScanBatches", "Catch", 0): "each state of an item that can fail has a Catch of its own; what is left is "
    "States.Runtime, which no Catch sees on AWS",
}


@dataclass(frozen=True)
class Scenario:
    """A request, and what goes wrong with its run.

    Attributes:
        rules: The faults.
        names: Instances to scan.
        request: More of the request, or another scope.
        silent: Instances whose agent answers nothing.
    """

    rules: tuple[Rule, ...] = ()
    names: tuple[str, ...] = (ONE,)
    request: dict[str, Any] = field(default_factory=dict)
    silent: tuple[str, ...] = ()


def role(function: str) -> str:
    """The sessions of a function's own role, as a rule's caller."""
    return f"*/{FUNCTIONS[function]}/*"


def denied(call: str, **narrowed: str) -> Rule:
    return Rule(call, "denied", times=None, **narrowed)


MACHINE = "*/fleetdx-scan-fleet/*"
SCENARIOS = {
    "nothing": Scenario(),
    "each function is lost once": Scenario(
        tuple(
            Rule(INVOKE, fault, resource=name)
            for name, fault in zip(FUNCTIONS.values(), cycle(INVOCATION_FAULTS), strict=False)
        )
    ),
    "each function is throttled once": Scenario(
        (
            *(Rule("*", "throttled", caller=role(name), times=CLIENTS_GIVE_UP) for name in FUNCTIONS),
            Rule("s3:GetObject", "denied", caller=MACHINE, resource="*/targets.json"),
            Rule("states:StartExecution", "throttled", caller=MACHINE, times=CLIENTS_GIVE_UP),
        )
    ),
    "a refused request": Scenario(request={"scope": {"accounts": ["12"]}}),
    "no bundle can be read": Scenario((denied("s3:GetObject", caller=role("ValidateRequest")),)),
    "an unknown unit": Scenario(request={"scope": {"organizational_units": ["ou-none-00000000"]}}),
    "no organization can be read": Scenario((denied("organizations:*"),)),
    "no list of targets can be read": Scenario((denied("s3:GetObject", caller=MACHINE),)),
    "no report can be written": Scenario((denied("s3:PutObject", caller=role("BuildReport")),)),
    "no message can be claimed": Scenario((denied("s3:PutObject", caller=role("Notify")),)),
    "no target can be closed": Scenario((denied("s3:PutObject", caller=role("SummarizeTarget")),)),
    "one function fails in each target": Scenario(
        (
            denied("sts:AssumeRole", caller=role("AssumeRole"), account=WALLET),
            denied("ec2:DescribeInstances", account=TRADING, region=SEOUL),
            denied("ssm:SendCommand", account=TRADING, region=VIRGINIA),
            denied("ssm:ListCommandInvocations", caller="*/check-command-*", account=STAGING, region=SEOUL),
            denied("ssm:ListCommandInvocations", caller="*/upload-results-*", account=STAGING, region=VIRGINIA),
        ),
        ("hot-wallet-signer-1", "matching-engine-1", ONE, "staging-web-1", "load-test-1"),
        {"delivery_timeout_seconds": 2400},
        ("staging-web-1",),
    ),
}
RETRIES = {
    **{Edge(name, "Retry", 0): "each function is lost once" for name in FUNCTIONS},
    **{Edge(name, "Retry", 1): "each function is throttled once" for name in FUNCTIONS},
    Edge("ScanTargets", "Retry", 0): "each function is throttled once",
    Edge("StartScanTarget", "Retry", 0): "each function is throttled once",
}
CATCHES = {
    Edge("ValidateRequest", "Catch", 0): "a refused request",
    Edge("ValidateRequest", "Catch", 1): "no bundle can be read",
    Edge("ListTargets", "Catch", 0): "an unknown unit",
    Edge("ListTargets", "Catch", 1): "no organization can be read",
    Edge("ScanTargets", "Catch", 0): "no list of targets can be read",
    Edge("StartScanTarget", "Catch", 0): "no target can be closed",
    Edge("BuildReport", "Catch", 0): "no report can be written",
    Edge("Notify", "Catch", 0): "no message can be claimed",
    Edge("SummarizeTarget", "Catch", 0): "no target can be closed",
    **{
        Edge(name, "Catch", 0): "one function fails in each target"
        for name in ("AssumeRole", "DiscoverInstances", "SendCommand", "CheckCommand", "UploadResults")
    },
}


@dataclass(frozen=True)
class Played:
    """A scenario's run, the edges that it took, and the states that each target's execution entered."""

    ended: Ended
    edges: set[Edge]
    states: dict[tuple[str, str], list[str]]


class Stage:
    """Plays scenarios, each once."""

    def __init__(self, aws: Embedded) -> None:
        self.aws = aws
        self._played: dict[str, Played] = {}

    def played(self, name: str) -> Played:
        if name not in self._played:
            self._played[name] = self._play(SCENARIOS[name])
        return self._played[name]

    def _play(self, scenario: Scenario) -> Played:
        aws, faults = self.aws, self.aws.cloud.faults
        named = [aws.instance_named(name)[0] for name in scenario.names]
        request = {"scope": {"instances": named}, "checks": ["U-01"], **scenario.request}
        for name in scenario.silent:
            aws.cloud.fleet.change(aws.instance_named(name)[1], agent_state="silent")
        faults.add(*scenario.rules)
        try:
            with faults.overheard() as heard:
                ended = aws.run(request)
            assert all(count for _, count in faults.struck()), faults.struck()
        finally:
            faults.clear()
            for name in scenario.silent:
                aws.cloud.fleet.change(aws.instance_named(name)[1], agent_state="online")
        children = runs.children(aws.deployment, ended.run)
        edges = taken(aws.history(ended.run.execution)).union(
            *(taken(aws.history(child["executionArn"])) for child in children)
        )
        starts = sum(facts.call == "states:StartExecution" and "fleetdx-scan-fleet" in facts.caller for facts in heard)
        edges |= _edges_of_items(starts, children)
        states = {
            tuple(child["name"].removeprefix(f"{ended.run.id}-").split("-", 1)): aws.states(child["executionArn"])
            for child in children
        }
        return Played(ended, edges, states)


def _edges_of_items(starts: int, children: list[dict[str, Any]]) -> set[Edge]:
    """What StartScanTarget did: items of a Distributed Map have no history here (emulator/FIDELITY.md).

    Its Retry shows in tries after a client of AWS has given up, its Catch in a child that failed and did not end the
    run.
    """
    found = set()
    if children and starts > CLIENTS_GIVE_UP:
        found.add(Edge("StartScanTarget", "Retry", 0))
    if any(child["status"] == "FAILED" for child in children):
        found.add(Edge("StartScanTarget", "Catch", 0))
    return found
