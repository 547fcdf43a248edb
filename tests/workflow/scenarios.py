"""Scenarios of the state machines: a request, what goes wrong with its run, and the edges that the run takes then."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import cycle
from typing import TYPE_CHECKING, Any

from emulator.faults.rules import INVOCATION_FAULTS, INVOKE, Rule
from fleetdx.cli import runs
from tests.embedded import wait_until
from tests.workflow.edges import STATES, Edge, taken
from tools.sources import snake_case

if TYPE_CHECKING:
    from emulator.faults.rules import CallFacts
    from tests.embedded import Embedded, Ended

TRADING, WALLET, STAGING = "333333333333", "444444444444", "555555555555"
SEOUL, VIRGINIA = "ap-northeast-2", "us-east-1"
ONE, FAILING = "market-data-relay-1", "U-06"
"""An instance, and an item that fails there: each run has a finding to import."""
CLIENTS_GIVE_UP = 5
"""Tries of a client of ours (fleetdx.sessions.CLIENT_CONFIG)."""
SCAN, TARGET, BATCH, STOP = "scan_fleet", "scan_target", "scan_batch", "stop_scan"
MENDING, COVERAGE = "ensure_ssm_ready", "report_coverage"
CALLING = {
    machine: [name for (of, name), state in STATES.items() if of == machine and state.function]
    for machine in (SCAN, TARGET, BATCH, STOP, MENDING, COVERAGE)
}
"""The states of each machine that call a function, which has their name."""
SCANNING = [*CALLING[SCAN], *CALLING[TARGET], *CALLING[BATCH]]


@dataclass(frozen=True)
class Scenario:
    """A request, and what goes wrong with its run.

    Attributes:
        rules: The faults.
        names: Instances to scan.
        request: More of the request, or another scope.
        silent: Instances whose agent answers nothing.
        is_stopped: Whether the run is stopped as soon as its command is out; only then anything goes wrong.
    """

    rules: tuple[Rule, ...] = ()
    names: tuple[str, ...] = (ONE,)
    request: dict[str, Any] = field(default_factory=dict)
    silent: tuple[str, ...] = ()
    is_stopped: bool = False


def function_name(state: str) -> str:
    """The function behind a state."""
    return f"fleetdx-{snake_case(state).replace('_', '-')}"


def role(function: str) -> str:
    """The sessions of a function's own role, as a rule's caller."""
    return f"*/{function_name(function)}/*"


def denied(call: str, **narrowed: str) -> Rule:
    return Rule(call, "denied", times=None, **narrowed)


def lost_once(functions: list[str]) -> tuple[Rule, ...]:
    """Each function is refused, killed or late, once."""
    faults = zip(functions, cycle(INVOCATION_FAULTS), strict=False)
    return tuple(Rule(INVOKE, fault, resource=function_name(name)) for name, fault in faults)


def throttled_once(functions: list[str]) -> tuple[Rule, ...]:
    """Each function is throttled until its client gives up, once."""
    return tuple(Rule("*", "throttled", caller=role(name), times=CLIENTS_GIVE_UP) for name in functions)


def stopped(*rules: Rule) -> Scenario:
    """A run with a command that nobody answers is stopped, and these faults strike the stop."""
    return Scenario(rules, request={"delivery_timeout_seconds": 2400}, silent=(ONE,), is_stopped=True)


MACHINE, OF_TARGET, STOPPING = "*/fleetdx-scan-fleet/*", "*/fleetdx-scan-target/*", "*/fleetdx-stop-scan/*"
SCENARIOS = {
    "nothing": Scenario(),
    "each function is lost once": Scenario(lost_once(SCANNING)),
    "each function is throttled once": Scenario(
        (
            *throttled_once(SCANNING),
            Rule("s3:GetObject", "denied", caller=MACHINE, resource="*/00-0000-targets.json"),
            Rule("s3:GetObject", "denied", caller=MACHINE, resource="*/imports/00/targets.json"),
            Rule("s3:GetObject", "denied", caller=OF_TARGET, resource="*/batches/*"),
            Rule("states:StartExecution", "throttled", caller=MACHINE, times=CLIENTS_GIVE_UP),
            Rule("states:StartExecution", "throttled", caller=OF_TARGET, times=CLIENTS_GIVE_UP),
        )
    ),
    "a refused request": Scenario(request={"scope": {"accounts": ["12"]}}),
    "no bundle can be read": Scenario((denied("s3:GetObject", caller=role("ValidateRequest")),)),
    "an unknown unit": Scenario(request={"scope": {"organizational_units": ["ou-none-00000000"]}}),
    "no organization can be read": Scenario((denied("organizations:*", caller=role("ListTargets")),)),
    "no list of targets can be read": Scenario((denied("s3:GetObject", caller=MACHINE),)),
    "no wave can be decided": Scenario((denied("s3:PutObject", caller=role("SelectWave")),)),
    "no list of batches can be read": Scenario((denied("s3:GetObject", caller=OF_TARGET),)),
    "no report can be written": Scenario((denied("s3:PutObject", caller=role("BuildReport")),)),
    "no file can be exported": Scenario(
        (denied("s3:PutObject", caller=role("ExportResults"), resource="*/results.csv"),),
        request={"exports": ["csv", "xlsx"]},
    ),
    "no finding can be selected": Scenario((denied("s3:PutObject", caller=role("SelectFindings")),)),
    "no list of what is imported can be read": Scenario(
        (denied("s3:GetObject", caller=MACHINE, resource="*/imports/00/targets.json"),)
    ),
    "nobody is let in to import": Scenario((denied("sts:AssumeRole", caller=role("ImportFindings")),)),
    "no import can be summed up": Scenario((denied("s3:PutObject", caller=role("SummarizeImport")),)),
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
    "a role is not seen yet": Scenario((Rule("sts:AssumeRole", "denied", caller=role("AssumeRole")),)),
    "a stop": stopped(),
    "each function of a stop is lost once": stopped(*lost_once(CALLING[STOP])),
    "each function of a stop is throttled once": stopped(
        *throttled_once(CALLING[STOP]),
        Rule("s3:GetObject", "denied", caller=STOPPING, resource="*/stopped-targets.json"),
    ),
    "a stop of no run": stopped(),
    "no execution can be stopped": stopped(denied("states:StopExecution", caller=role("StopExecutions"))),
    "no list of what is outstanding can be read": stopped(denied("s3:GetObject", caller=STOPPING)),
    "no command can be cancelled": stopped(denied("ssm:CancelCommand")),
    "no report of a stop can be written": stopped(denied("s3:PutObject", caller=role("BuildReport"))),
    "no message of a stop can be claimed": stopped(denied("s3:PutObject", caller=role("Notify"))),
}
RUNNING = (SCAN, TARGET, BATCH)
RETRIES = {
    **{Edge(of, name, "Retry", 0): "each function is lost once" for of in RUNNING for name in CALLING[of]},
    **{Edge(of, name, "Retry", 1): "each function is throttled once" for of in RUNNING for name in CALLING[of]},
    Edge(SCAN, "ScanTargets", "Retry", 0): "each function is throttled once",
    Edge(SCAN, "ImportTargets", "Retry", 0): "each function is throttled once",
    Edge(SCAN, "StartScanTarget", "Retry", 0): "each function is throttled once",
    Edge(TARGET, "ScanBatches", "Retry", 0): "each function is throttled once",
    Edge(TARGET, "StartScanBatch", "Retry", 0): "each function is throttled once",
    Edge(TARGET, "AssumeRole", "Retry", 2): "a role is not seen yet",
}
STOP_RETRIES = {
    **{Edge(STOP, name, "Retry", 0): "each function of a stop is lost once" for name in CALLING[STOP]},
    **{Edge(STOP, name, "Retry", 1): "each function of a stop is throttled once" for name in CALLING[STOP]},
    Edge(STOP, "CancelOutstanding", "Retry", 0): "each function of a stop is throttled once",
}
CATCHES = {
    Edge(SCAN, "ValidateRequest", "Catch", 0): "a refused request",
    Edge(SCAN, "ValidateRequest", "Catch", 1): "no bundle can be read",
    Edge(SCAN, "ListTargets", "Catch", 0): "an unknown unit",
    Edge(SCAN, "ListTargets", "Catch", 1): "no organization can be read",
    Edge(SCAN, "SelectWave", "Catch", 0): "no wave can be decided",
    Edge(SCAN, "ScanTargets", "Catch", 0): "no list of targets can be read",
    Edge(SCAN, "StartScanTarget", "Catch", 0): "no target can be closed",
    Edge(SCAN, "BuildReport", "Catch", 0): "no report can be written",
    Edge(SCAN, "ExportResults", "Catch", 0): "no file can be exported",
    Edge(SCAN, "SelectFindings", "Catch", 0): "no finding can be selected",
    Edge(SCAN, "ImportTargets", "Catch", 0): "no list of what is imported can be read",
    Edge(SCAN, "ImportFindings", "Catch", 0): "nobody is let in to import",
    Edge(SCAN, "SummarizeImport", "Catch", 0): "no import can be summed up",
    Edge(SCAN, "Notify", "Catch", 0): "no message can be claimed",
    Edge(TARGET, "SummarizeTarget", "Catch", 0): "no target can be closed",
    Edge(TARGET, "ScanBatches", "Catch", 0): "no list of batches can be read",
    **{
        Edge(TARGET, name, "Catch", 0): "one function fails in each target"
        for name in ("AssumeRole", "DiscoverInstances", "StartScanBatch")
    },
    **{Edge(BATCH, name, "Catch", 0): "one function fails in each target" for name in CALLING[BATCH]},
    Edge(STOP, "StopExecutions", "Catch", 0): "a stop of no run",
    Edge(STOP, "StopExecutions", "Catch", 1): "no execution can be stopped",
    Edge(STOP, "CancelOutstanding", "Catch", 0): "no list of what is outstanding can be read",
    Edge(STOP, "CancelCommands", "Catch", 0): "no command can be cancelled",
    Edge(STOP, "BuildReport", "Catch", 0): "no report of a stop can be written",
    Edge(STOP, "Notify", "Catch", 0): "no message of a stop can be claimed",
}


@dataclass(frozen=True)
class Played:
    """A scenario's run, the edges that it took, and the states that each target's execution and its batch's entered."""

    ended: Ended
    edges: set[Edge]
    states: dict[tuple[str, str], list[str]]
    batches: dict[tuple[str, str], list[str]]


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
        for name in scenario.silent:
            aws.cloud.fleet.change(aws.instance_named(name)[1], agent_state="silent")
        try:
            with faults.overheard() as heard:
                play = self._play_stop if scenario.is_stopped else self._play_scan
                played = play(scenario, heard)
            assert all(count for _, count in faults.struck()), faults.struck()
        finally:
            faults.clear()
            for name in scenario.silent:
                aws.cloud.fleet.change(aws.instance_named(name)[1], agent_state="online")
        return played

    def _request(self, scenario: Scenario) -> dict[str, Any]:
        named = [self.aws.instance_named(name)[0] for name in scenario.names]
        return {"scope": {"instances": named}, "checks": [FAILING], "exports": ["csv"], **scenario.request}

    def _play_scan(self, scenario: Scenario, heard: list[CallFacts]) -> Played:
        aws = self.aws
        aws.cloud.faults.add(*scenario.rules)
        ended = aws.run(self._request(scenario))
        targets, batches = runs.targets(aws.deployment, ended.run), runs.batches(aws.deployment, ended.run)
        edges = taken(SCAN, aws.history(ended.run.execution)).union(
            *(taken(TARGET, aws.history(child["executionArn"])) for child in targets),
            *(taken(BATCH, aws.history(child["executionArn"])) for child in batches),
        )
        starts = [facts.caller for facts in heard if facts.call == "states:StartExecution"]
        edges |= _edges_of_items(SCAN, "StartScanTarget", starts, targets)
        edges |= _edges_of_items(TARGET, "StartScanBatch", starts, batches)
        edges |= _edges_of_importing(scenario, heard, ended)
        return Played(ended, edges, self._states(ended, targets), self._states(ended, batches))

    def _play_stop(self, scenario: Scenario, heard: list[CallFacts]) -> Played:
        """Stop a run whose command is out, or one that there never was; the scan itself goes undisturbed until then."""
        aws = self.aws
        run = aws.start(**self._request(scenario))
        wait_until(lambda: bool(self._commands(run.id)), "no command is sent")
        if scenario is SCENARIOS["a stop of no run"]:
            ended = aws.ended(runs.stop(aws.deployment, runs.new_run_id()))
            aws.ended(runs.stop(aws.deployment, run.id))
        else:
            aws.cloud.faults.add(*scenario.rules)
            ended = aws.ended(runs.stop(aws.deployment, run.id))
        # A scan that could not be stopped goes on, and what it calls is no part of the next scenario.
        aws.ended(run)
        invoked = sum(facts.call == INVOKE and facts.resource == function_name("CancelCommands") for facts in heard)
        edges = taken(STOP, aws.history(ended.run.execution))
        edges |= _edges_of_cancelling(scenario, invoked, self._commands(run.id))
        return Played(ended, edges, {}, {})

    def _states(self, ended: Ended, executions: list[dict[str, Any]]) -> dict[tuple[str, str], list[str]]:
        """The states that executions entered, by account and region; a batch's number is left out: each has one."""
        place = re.compile(rf"{re.escape(ended.run.id)}-(\d{{12}})-(.+?-\d)(-0)?")
        found = [(place.fullmatch(one["name"]), self.aws.states(one["executionArn"])) for one in executions]
        return {(match[1], match[2]): states for match, states in found if match}

    def _commands(self, run: str) -> list[str]:
        """The statuses of a run's commands in the one account-region of the stops."""
        ssm = self.aws.cloud.operator_session(TRADING, VIRGINIA).client("ssm")
        return [command["Status"] for command in ssm.list_commands()["Commands"] if run in command["Comment"]]


def _edges_of_items(machine: str, state: str, starts: list[str], children: list[dict[str, Any]]) -> set[Edge]:
    """What the state of a Distributed Map's items did: they have no history here (emulator/FIDELITY.md).

    Its Retry shows in tries after a client of AWS has given up, its Catch in a child that failed and did not end the
    run.
    """
    found = set()
    if children and sum(f"fleetdx-{machine.replace('_', '-')}" in caller for caller in starts) > CLIENTS_GIVE_UP:
        found.add(Edge(machine, state, "Retry", 0))
    if any(child["status"] == "FAILED" for child in children):
        found.add(Edge(machine, state, "Catch", 0))
    return found


def _edges_of_importing(scenario: Scenario, heard: list[CallFacts], ended: Ended) -> set[Edge]:
    """What ImportFindings did, also an item of a Distributed Map: tried again, or caught and told by the summary."""
    told = ended.summary.get("security_hub", {"problems": []})
    if any(problem["why"].startswith("MemberRoleDenied") for problem in told["problems"]):
        return {Edge(SCAN, "ImportFindings", "Catch", 0)} if ended.status == "SUCCEEDED" else set()
    tries = sum(facts.call == INVOKE and facts.resource == function_name("ImportFindings") for facts in heard)
    is_lost = any(rule.call == INVOKE for rule in scenario.rules)
    return {Edge(SCAN, "ImportFindings", "Retry", 0 if is_lost else 1)} if tries > 1 else set()


def _edges_of_cancelling(scenario: Scenario, invoked: int, commands: list[str]) -> set[Edge]:
    """What CancelCommands did, also an item of a Distributed Map: tried again and cancelled, or left commands."""
    if "InProgress" in commands or "Pending" in commands:
        return {Edge(STOP, "CancelCommands", "Catch", 0)} if invoked else set()
    is_lost = any(rule.call == INVOKE for rule in scenario.rules)
    return {Edge(STOP, "CancelCommands", "Retry", 0 if is_lost else 1)} if invoked > 1 else set()
