"""The embedded AWS: moto with its seams behind a front door, the organization and its hosts, fleetdx deployed on it."""

from __future__ import annotations

import logging
import os
import warnings
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import emulator.first_imports  # noqa: F401 - what it does has to be done before moto's modules are imported

# isort: split
from moto.backends import get_backend
from moto.core.config import default_user_config

from emulator import deployment, fleet, foundation, functions, world
from emulator.account_state import AccountState
from emulator.agent.leftovers import sweep
from emulator.clock import Clock
from emulator.coverage.preparation import prepare
from emulator.endpoint import session_with
from emulator.events import control_tower
from emulator.events.ways import event_ways
from emulator.faults.calls import interceptor
from emulator.faults.rules import MEANINGS, FaultBook
from emulator.front_door.absences import hides_absences
from emulator.front_door.authenticator import Authenticator
from emulator.front_door.credentials import CredentialStore, IssuedCredentials
from emulator.front_door.judge import Judge
from emulator.front_door.metering import Meter
from emulator.front_door.server import FrontDoor
from emulator.garbage import collect_seldom
from emulator.hosts.organization import load_organization
from emulator.identities import Identities, StateMachineClients
from emulator.installation import install_seams
from emulator.seams import accounts, sts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import boto3

    from emulator.events.ways import EventWays
    from emulator.faults.scenario import Scenario
    from emulator.hosts.organization import Organization
    from emulator.synthetic.fleet import SyntheticFleet

DEFAULT_CLOCK_FACTOR = 0.05
"""A wait of one minute takes 3 seconds."""
SERVICES = (
    "s3",
    "sts",
    "iam",
    "ssm",
    "ec2",
    "lambda",
    "stepfunctions",
    "organizations",
    "cloudformation",
    "cloudwatch",
    "kms",
    "logs",
    "events",
    "sns",
    "sqs",
    "securityhub",
    "autoscaling",
    "cloudtrail",
)


@dataclass
class EmbeddedAws:
    """A running embedded AWS.

    Attributes:
        url: Its address, as AWS_ENDPOINT_URL has it.
        organization: Accounts, regions and instances.
        fleet: The agents.
        central: Outputs of the central stack.
        store: All credentials ever issued here.
        sessions: Issues sessions of roles.
        meter: Counts the calls.
        judge: Decides what roles may do, and knows what of their policies has allowed something.
        runtime: Runs the functions.
        faults: What is to go wrong.
        ways: How events travel.
        state: What AWS has granted the accounts.
        prepared: Which instance was made for which cause and reason, where every cause was asked for: `cause/reason`
            gives `account/region/instance`.
    """

    url: str
    organization: Organization
    fleet: fleet.Fleet
    store: CredentialStore
    sessions: sts.RoleSessions
    meter: Meter
    judge: Judge
    runtime: functions.FunctionRuntime
    central: deployment.CentralOutputs
    faults: FaultBook
    ways: EventWays
    state: AccountState = field(default_factory=AccountState)
    prepared: Mapping[str, str] = field(default_factory=dict)
    _operators: dict[str, IssuedCredentials] = field(default_factory=dict)

    @property
    def home_region(self) -> str:
        """The region of the central stack."""
        return self.organization.regions[0]

    def operator_credentials(self, account: str) -> IssuedCredentials:
        """The keys of an administrator of one account."""
        if account not in self._operators:
            self._operators[account] = self.store.mint_operator(account, deployment.OPERATOR)
        return self._operators[account]

    def operator_session(self, account: str, region: str) -> boto3.session.Session:
        """A session of an administrator of one account."""
        return session_with(self.url, self.operator_credentials(account).for_boto3(), region)

    def hub_session(self) -> boto3.session.Session:
        """A session of the central account's operator in its home region."""
        return self.operator_session(self.organization.hub.id, self.home_region)

    def struck_faults(self) -> list[dict[str, Any]]:
        """Every rule in force, as it was written, with its meaning and how often it has struck."""
        return [
            {**asdict(rule), "meaning": MEANINGS[rule.fault], "struck": count} for rule, count in self.faults.struck()
        ]

    def metrics(self) -> dict[str, Any]:
        """What was counted so far.

        Calls by service and operation, with bytes: control plane and hosts apart; what each function cost.
        """
        return {"aws_calls": dict(self.meter.snapshot()), "functions": dict(self.runtime.usage())}


def _configure_moto() -> None:
    default_user_config["stepfunctions"] = {"execute_state_machine": True}
    default_user_config["iam"] = {"load_aws_managed_policies": False}
    # Named in FIDELITY.md: moto skips bucket policies, and says so on standard error for each.
    warnings.filterwarnings("ignore", message="Tried to parse AWS::S3::BucketPolicy")
    logging.getLogger("moto").setLevel(logging.CRITICAL)
    os.environ["MOTO_EC2_LOAD_DEFAULT_AMIS"] = "false"


def _reset_moto() -> None:
    for service in SERVICES:
        get_backend(service).reset()


def _let_go_wrong(cloud: EmbeddedAws, scenario: Scenario | None, synthetic: SyntheticFleet | None) -> None:
    if scenario is not None:
        cloud.faults.add(*scenario.rules)
        for instance_id, fault in scenario.broken(cloud.organization).items():
            cloud.fleet.break_host(instance_id, fault)
    if synthetic:
        cloud.faults.add(*synthetic.plan.rules())


@contextmanager
def embedded_aws(  # noqa: PLR0913 - each says another thing of it
    directory: Path,
    *,
    clock_factor: float = DEFAULT_CLOCK_FACTOR,
    roots: Sequence[Path] = (),
    scenario: Scenario | None = None,
    events_way: deployment.EventsWay = "control_tower",
    every_cause: bool = False,
    synthetic: SyntheticFleet | None = None,
    parameters: Mapping[str, str] | None = None,
    deployed: bool = True,
) -> Iterator[EmbeddedAws]:
    """Start the embedded AWS with fleetdx deployed on it, and stop it at the end.

    Args:
        directory: Where it keeps S3 and its hosts (`.emulator/`).
        clock_factor: Real seconds for a second of Wait, Retry and delivery timeout.
        roots: Unpacked roots of distributions to add as instances.
        scenario: What goes wrong.
        events_way: How events reach the central account; with "none" nothing is told of instances, and agents are where
            the organization's file puts them.
        every_cause: Add an instance for every reason why one is managed or not (emulator/coverage/).
        synthetic: A generated organization in the place of the example one, and what goes wrong in it.
        parameters: Of the central stack, beyond those without which it does not work here.
        deployed: Whether fleetdx is deployed; without it, there is the organization alone, and `central` is empty.

    Raises:
        RootError: One of the roots is none; nothing was started.
        FaultFileError: The scenario names a place that does not exist; nothing was started.
    """
    collect_seldom()
    organization = synthetic.organization if synthetic else load_organization()
    organization = scenario.organization(organization) if scenario else organization
    extra = [fleet.instance_for_root(organization, root) for root in roots]
    clock = Clock(clock_factor)
    _configure_moto()
    store, meter, faults, judge = CredentialStore(), Meter(), FaultBook(), Judge()
    sweep(directory)
    sessions, hosts = sts.RoleSessions(store), fleet.Fleet(directory / "hosts")
    identities, state = Identities(sessions), AccountState()
    with ExitStack() as stack:
        environment = stack.enter_context(functions.separate_environments())
        log = stack.enter_context(functions.kept_log(directory / "functions.log"))
        door = FrontDoor(Authenticator(store, judge), meter, [interceptor(faults), hides_absences(judge)])
        url = door.start()
        stack.callback(_reset_moto)
        stack.callback(door.stop)
        runtime = functions.FunctionRuntime(
            environment, lambda role: identities.of(role, "lambda.amazonaws.com").for_environment(), url, log, faults
        )
        instances = (*organization.instances, *(instance for instance, _ in extra))
        state_machines = StateMachineClients(identities, url, judge)
        images = world.image_names(instances)
        for uninstall in install_seams(
            directory, clock, sessions, hosts, runtime, state_machines, organization, images
        ):
            stack.callback(uninstall)
        stack.callback(accounts.install(state))
        ways = stack.enter_context(
            event_ways(clock, runtime, judge, scenario.disorder if scenario else None, meter.count_delivery)
        )
        world.build_organization(organization)
        world.build_instances(instances)
        if synthetic:
            stack.callback(synthetic.network.close)
            synthetic.populate(hosts)
        else:
            fleet.populate(hosts, organization)
        for instance, host in extra:
            hosts.add(instance, host)
        cloud = EmbeddedAws(url, organization, hosts, store, sessions, meter, judge, runtime, None, faults, ways, state)  # type: ignore[arg-type]
        foundation.build(
            cloud.operator_session, organization.management.id, organization.hub.id, organization.regions[0]
        )
        if events_way == "control_tower":
            control_tower.build(cloud.operator_session, organization, audit=organization.hub.id)
        if deployed:
            cloud.central = deployment.deploy(cloud.operator_session, organization, url, events_way, parameters)
        if every_cause:
            cloud.prepared = prepare(cloud)
        if events_way != "none":
            # What was there before fleetdx was deployed is no event.
            stack.callback(ways.follow_instances(hosts, cloud.prepared.values()))
        _let_go_wrong(cloud, scenario, synthetic)
        # What deploying took is no part of a run.
        meter.reset()
        yield cloud
