"""A front door, moto and its seams, without anything deployed: for tests of the seams."""

from __future__ import annotations

import io
import json
import os
import time
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

import boto3
from moto import mock_aws
from moto.core.config import default_user_config

from emulator.account_state import AccountState
from emulator.clock import Clock
from emulator.endpoint import session_with
from emulator.faults.calls import interceptor
from emulator.faults.rules import FaultBook
from emulator.front_door.absences import hides_absences
from emulator.front_door.authenticator import Authenticator
from emulator.front_door.credentials import CredentialStore
from emulator.front_door.judge import Judge
from emulator.front_door.metering import Meter
from emulator.front_door.server import FrontDoor
from emulator.garbage import collect_seldom
from emulator.seams import (
    accounts,
    clients,
    cloud_formation,
    ec2_instances,
    histories,
    iam,
    iam_reports,
    network_templates,
    networks,
    organizations,
    readings,
    s3,
    security_hub,
    service_models,
    stacks,
    step_functions,
    sts,
)
from emulator.seams.lambda_functions import check_invocation
from tests.without_sockets import without_sockets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from emulator.front_door.messages import Interceptor

CENTRAL, MEMBER = "111122223333", "444455556666"
REGION = "us-east-1"
FACTOR = 0.001
SECONDS_TO_END = 120
IMAGES = ("al2023-ami-2023.9.20251117.1-kernel-6.1-x86_64", "Windows_Server-2022-English-Full-Base-2026.10.14")
MADE_UP = {"region_name": REGION, "aws_access_key_id": "made-up", "aws_secret_access_key": "made-up"}
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": ["states.amazonaws.com", "lambda.amazonaws.com"]},
            "Action": "sts:AssumeRole",
        }
    ],
}
ANYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


class StateFailed(Exception):
    """Raised by a test's function; its `name` is the error that Step Functions sees."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class SmallCloud:
    """Two accounts behind a front door; functions are callables by name."""

    def __init__(self, url: str, store: CredentialStore, sessions: sts.RoleSessions, judge: Judge) -> None:
        self.url = url
        self.store = store
        self.sessions = sessions
        self.faults = FaultBook()
        self.state = AccountState()
        self.judge = judge
        self.functions: dict[str, Callable[[dict[str, Any]], Any]] = {}
        self._clients: dict[tuple[str, str], Any] = {}

    def client(self, service: str, account: str = CENTRAL) -> Any:
        """A client of an operator of an account."""
        if (service, account) not in self._clients:
            credentials = self.store.mint_operator(account, "operator").for_boto3()
            self._clients[service, account] = session_with(self.url, credentials, REGION).client(service)
        return self._clients[service, account]

    def client_of_role(self, role_arn: str, service: str, region: str) -> Any:
        """A client as a state machine's role gets one."""
        credentials = self.sessions.mint_for_role(role_arn, "states", service="states.amazonaws.com")
        return session_with(self.url, credentials.for_boto3(), region).client(service)

    def invoke(self, role_arn: str, name: str, payload: bytes) -> dict[str, Any]:
        """Answer as boto3's Lambda client does."""
        check_invocation(self.judge, role_arn, f"arn:aws:lambda:{REGION}:{CENTRAL}:function:{name}")
        answer: dict[str, Any] = {"StatusCode": 200, "ExecutedVersion": "$LATEST"}
        try:
            result = self.functions[name](json.loads(payload))
        except StateFailed as error:
            told = {"errorType": error.name, "errorMessage": "as the test wants it"}
            return {**answer, "FunctionError": "Unhandled", "Payload": io.BytesIO(json.dumps(told).encode())}
        return {**answer, "Payload": io.BytesIO(json.dumps(result).encode())}

    def role(self, name: str, account: str = CENTRAL) -> str:
        """A role that states and functions may take and that may do anything."""
        iam = self.client("iam", account)
        arn: str = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
        iam.put_role_policy(RoleName=name, PolicyName="all", PolicyDocument=json.dumps(ANYTHING))
        return arn

    def machine(self, name: str, states: dict[str, Any], account: str = CENTRAL, **more: Any) -> str:
        """A state machine that starts at its first state, with a role of its own; gives its ARN."""
        definition = {"StartAt": next(iter(states)), "States": states, **more}
        made = self.client("stepfunctions", account).create_state_machine(
            name=name, definition=json.dumps(definition), roleArn=self.role(f"{name}-role", account)
        )
        arn: str = made["stateMachineArn"]
        return arn

    def run(self, machine: str, value: Any = None, account: str = CENTRAL, name: str | None = None) -> dict[str, Any]:
        """Run a machine to its end; gives what DescribeExecution says then."""
        states = self.client("stepfunctions", account)
        named = {"name": name} if name else {}
        arn = states.start_execution(stateMachineArn=machine, input=json.dumps(value or {}), **named)["executionArn"]
        return ended(states, arn)

    def close(self) -> None:
        for client in self._clients.values():
            client.close()


def ended(states: Any, arn: str) -> dict[str, Any]:
    """Wait for an execution's end."""
    deadline = time.monotonic() + SECONDS_TO_END
    while (found := states.describe_execution(executionArn=arn))["status"] == "RUNNING":
        assert time.monotonic() < deadline, "the execution does not end"
        time.sleep(0.02)
    answer: dict[str, Any] = found
    return answer


@contextmanager
def small_cloud(
    directory: Path, delegated: frozenset[str] = frozenset(), factor: float = FACTOR, *, over_connections: bool = False
) -> Iterator[SmallCloud]:
    """Start one and stop it; clients of this process ask it without a connection, unless a test is about it."""
    # Whoever needs images has them made; moto's own 1,300 are read anew for each account and region.
    os.environ["MOTO_EC2_LOAD_DEFAULT_AMIS"] = "false"
    collect_seldom()
    with mock_aws():
        pass  # resets every backend
    default_user_config["stepfunctions"] = {"execute_state_machine": True}
    store = CredentialStore()
    sessions = sts.RoleSessions(store)
    with ExitStack() as stack:
        if not over_connections:
            stack.enter_context(without_sockets())
        interceptors: list[Interceptor] = []
        judge = Judge()
        door = FrontDoor(Authenticator(store, judge), Meter(), interceptors)
        url = door.start()
        stack.callback(default_user_config.pop, "stepfunctions", None)
        stack.callback(door.stop)
        cloud = SmallCloud(url, store, sessions, judge)
        stack.callback(cloud.close)
        interceptors += [interceptor(cloud.faults), hides_absences(judge)]
        stack.callback(service_models.install())
        stack.callback(readings.install())
        stack.callback(clients.install(Clock(factor)))
        stack.callback(iam.install())
        stack.callback(iam_reports.install())
        stack.callback(security_hub.install())
        stack.callback(ec2_instances.install(IMAGES))
        stack.callback(sts.install(sessions))
        stack.callback(s3.install(directory / "s3"))
        stack.callback(organizations.install(delegated))
        stack.callback(accounts.install(cloud.state))
        stack.callback(networks.install())
        stack.callback(cloud_formation.install())
        stack.callback(stacks.install())
        stack.callback(network_templates.install())
        stack.callback(histories.install())
        stack.callback(step_functions.install(Clock(factor), cloud.client_of_role, cloud.invoke))
        yield cloud


@contextmanager
def moto_alone() -> Iterator[Any]:
    """Moto with its state machine interpreter and without any seam; gives a client of Step Functions."""
    with mock_aws(config={"stepfunctions": {"execute_state_machine": True}}):
        yield boto3.client("stepfunctions", **MADE_UP)


def run_alone(states: Any, definition: dict[str, Any], name: str = "alone") -> dict[str, Any]:
    """Create and run a machine in moto alone."""
    role = f"arn:aws:iam::123456789012:role/{name}"
    made = states.create_state_machine(name=name, definition=json.dumps(definition), roleArn=role)
    started = states.start_execution(stateMachineArn=made["stateMachineArn"], name=name, input="{}")
    return ended(states, started["executionArn"])
