"""Every AWS call of the scan chain goes wrong in every way, and each function ends as documented, no effect twice.

The calls are those that the functions make, not those of a list.
"""

from __future__ import annotations

import logging
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from emulator.functions import KeptLog
from fleetdx import keys
from fleetdx.log import FUNCTION_LOGGERS
from tests.embedded import embedded
from tests.fakes.slack import loopback_slack
from tests.workflow.fault_cells import SUCCESS, cells_of
from tests.workflow.fault_plays import play, problems
from tests.workflow.other_ways import other_ways
from tests.workflow.recorded_chain import Chain, Step
from tools.sources import machines, states_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from emulator.faults.rules import CallFacts
    from tests.fakes.slack import Slack

TRADING, VIRGINIA = "333333333333", "us-east-1"
WEBHOOK = "fleetdx-slack"
ROUTE = {"id": "trading", "webhook_parameter": "/fleetdx/slack/trading", "accounts": [TRADING]}
NO_WAIT = 0.0001
FUNCTIONS = [
    state.function
    for name in ("scan_fleet", "scan_target", "scan_batch")
    for state in states_of(machines()[name])
    if state.function
]


class Matrix:
    """The recorded steps, and what has been tried."""

    def __init__(self, chain: Chain, slacks: tuple[Slack, ...], steps: list[Step]) -> None:
        self.chain = chain
        self.slacks = slacks
        self.steps = steps
        self.tried: Counter[str] = Counter()
        self.survived: Counter[str] = Counter()
        self._ssm = chain.cloud.operator_session(TRADING, VIRGINIA).client("ssm")

    def effects_of(self, function: str) -> Callable[[str], int]:
        """Counts what a function's run has caused outside of S3; of channels that which was told most often."""
        if function == "SendCommand":
            return self._commands
        return lambda run: max(sum(run.encode() in post for post in slack.posts) for slack in self.slacks)

    def _commands(self, run: str) -> int:
        # The newest come first, and no cell sends ten.
        return sum(run in command["Comment"] for command in self._ssm.list_commands(MaxResults=10)["Commands"])

    def count(self, function: str, fault: str, *, survived: bool) -> None:
        """Count a cell under its function and its fault."""
        for name in (function, fault):
            self.tried[name] += 1
            self.survived[name] += survived

    def lines(self) -> Iterator[str]:
        """The figures: by function, then by fault."""
        for title, functions in (("by function", True), ("by fault", False)):
            names = [name for name in self.tried if (name in FUNCTIONS) is functions]
            figures = ", ".join(f"{name} {self.survived[name]}/{self.tried[name]}" for name in names)
            total = f"{sum(self.survived[name] for name in names)} of {sum(self.tried[name] for name in names)}"
            yield f"fault matrix: {total} cells survived; {title}: {figures}"


@pytest.fixture(scope="module")
def matrix(tmp_path_factory: pytest.TempPathFactory, last_lines: list[str]) -> Iterator[Matrix]:
    directory = tmp_path_factory.mktemp("emulator")
    parameters = {"SlackWebhookParameter": WEBHOOK, "SecurityHubFindings": "on"}
    with (
        embedded(directory, clock_factor=NO_WAIT, parameters=parameters) as aws,
        loopback_slack() as slack,
        loopback_slack() as owner,
    ):
        hub = aws.deployment.session
        hub.client("ssm").put_parameter(Name=WEBHOOK, Value=slack.url, Type="SecureString")
        hub.client("ssm").put_parameter(Name=ROUTE["webhook_parameter"], Value=owner.url, Type="SecureString")
        aws.deployment.data.put_json(keys.NOTIFICATION_ROUTES, {"schema": 1, "routes": [ROUTE]})
        aws.cloud.operator_session(TRADING, VIRGINIA).client("securityhub").enable_security_hub()
        chain = Chain(aws.cloud)
        request = {
            "scope": {"accounts": [TRADING]},
            "regions": [VIRGINIA],
            "checks": ["U-06"],
            "exports": ["csv", "ocsf"],
        }
        started = Matrix(chain, (slack, owner), chain.record(request))
        for instance in aws.cloud.organization.instances:
            if (instance.account_id, instance.region) == (TRADING, VIRGINIA):
                # Commands of cells are counted, not carried out.
                aws.cloud.fleet.change(instance.instance_id, agent_state="silent")
        yield started
        last_lines += started.lines()


@contextmanager
def unseen_by_pytest() -> Iterator[None]:
    """Keep pytest from recording what functions log: tracebacks hold every client that they lead through."""
    logger = logging.getLogger(FUNCTION_LOGGERS)
    before = logger.handlers
    logger.handlers = [handler for handler in before if isinstance(handler, KeptLog)]
    try:
        yield
    finally:
        logger.handlers = before


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_call_of_a_function_may_fail_in_every_way(matrix: Matrix, function: str) -> None:
    """Whatever happens to one call: a documented error or the undisturbed end, and no effect a second time."""
    chain, effects = matrix.chain, matrix.effects_of(function)
    failed: list[str] = []
    known: set[CallFacts] = set()
    steps = [step for step in matrix.steps if step.function == function]
    for way in [*steps, *other_ways(chain, steps[-1])]:
        undisturbed = play(chain, way, effects)
        assert undisturbed.outcomes[-1] == SUCCESS
        for cell in cells_of(function, undisturbed.run, undisturbed.first_calls, known):
            with unseen_by_pytest():
                played = play(chain, way, effects, cell)
            found = problems(way, cell, played, undisturbed)
            failed += found
            matrix.count(function, cell.fault, survived=not found)
            chain.forget(played.run)
    assert matrix.tried[function]
    assert not failed, "\n".join(failed)
