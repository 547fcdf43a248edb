"""Every Retry and Catch edge of ensure_ssm_ready, reached by a fault, and what the execution comes to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.utils import filter_iam_instance_profiles
from moto.iam.exceptions import NoSuchEntity, NotFoundException

from emulator.faults.rules import Rule
from tests.embedded import embedded
from tests.workflow.edges import EDGES, Edge, taken
from tests.workflow.mending import Mending
from tests.workflow.scenarios import CALLING, CLIENTS_GIVE_UP, MENDING, denied, lost_once, role, throttled_once

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.workflow.mending import Mended

STARTING = {"call": "states:StartExecution", "caller": "*/fleetdx-ensure-ssm-ready/*"}
SCANNING = {"scan_when_ready": {"enabled": True, "profile": "kisa_unix_2026"}}


@dataclass(frozen=True)
class Scenario:
    """What goes wrong with an execution about an instance whose role lacks the policy, and how it ends.

    Attributes:
        end: Outcome and reason; None where the execution fails.
        edges: What it takes, and nothing else.
        rules: The faults.
        configuration: More of the configuration.
        has_profile: Whether the instance has a profile at all.
    """

    end: tuple[str, str] | None
    edges: frozenset[Edge]
    rules: tuple[Rule, ...] = ()
    configuration: dict[str, Any] = field(default_factory=dict)
    has_profile: bool = True


def edges(kind: Any, number: int, *states: str) -> frozenset[Edge]:
    return frozenset(Edge(MENDING, state, kind, number) for state in states)


def is_refused(function: str, call: str = "sts:AssumeRole", reason: str = "role_not_assumable") -> Scenario:
    """One function may not do what it needs, however often it tries."""
    return Scenario(("failed", reason), edges("Catch", 0, function), (denied(call, caller=role(function)),))


MENDED = ("mended", "policy_attached")
SCENARIOS = {
    "nothing": Scenario(MENDED, frozenset()),
    "each function is lost once": Scenario(MENDED, edges("Retry", 0, *CALLING[MENDING]), lost_once(CALLING[MENDING])),
    "each function is throttled once": Scenario(
        MENDED, edges("Retry", 1, *CALLING[MENDING]), throttled_once(CALLING[MENDING])
    ),
    "a role is not seen yet": Scenario(
        MENDED, edges("Retry", 2, "AssumeRole"), (Rule("sts:AssumeRole", "denied", caller=role("AssumeRole")),)
    ),
    "the account lets nobody in": Scenario(
        ("failed", "role_not_assumable"),
        edges("Retry", 2, "AssumeRole") | edges("Catch", 0, "AssumeRole"),
        (denied("sts:AssumeRole", caller=role("AssumeRole")),),
    ),
    "the instance cannot be read": is_refused("ResolveInstanceRole"),
    "the configuration cannot be read": is_refused("CheckExemption", "ssm:GetParameter", "access_denied"),
    "the role cannot be read": is_refused("CheckPolicies"),
    "nothing can be attached": is_refused("AttachPolicies"),
    "nothing can be verified": is_refused("VerifyManaged"),
    "nothing can be told": Scenario(
        None, edges("Catch", 0, "NotifyChange"), (denied("s3:GetObject", caller=role("NotifyChange")),)
    ),
    "the default profile is not there": Scenario(
        ("failed", "instance_profile_not_ready"),
        edges("Retry", 2, "AttachPolicies") | edges("Catch", 0, "AttachPolicies"),
        configuration={"default_instance_profile": "not-there"},
        has_profile=False,
    ),
    "a scan is throttled once": Scenario(
        MENDED, edges("Retry", 0, "StartScan"), (Rule(**STARTING, fault="throttled", times=CLIENTS_GIVE_UP),), SCANNING
    ),
    "no scan may be started": Scenario(
        ("failed", "unexpected"), edges("Catch", 0, "StartScan"), (denied(**STARTING),), SCANNING
    ),
}


class Stage:
    """Plays scenarios, each once."""

    def __init__(self, world: Mending) -> None:
        self.world = world
        self._played: dict[str, tuple[Mended, frozenset[Edge]]] = {}

    def played(self, name: str) -> tuple[Mended, frozenset[Edge]]:
        if name not in self._played:
            self._played[name] = self._play(SCENARIOS[name])
        return self._played[name]

    def _play(self, scenario: Scenario) -> tuple[Mended, frozenset[Edge]]:
        world, faults = self.world, self.world.aws.cloud.faults
        world.configure(**scenario.configuration)
        world.exempt()
        instance = world.instance(world.profile(world.role()) if scenario.has_profile else None)
        faults.add(*scenario.rules)
        try:
            mended = world.ensure(instance)
            assert all(count for _, count in faults.struck()), faults.struck()
        finally:
            faults.clear()
        return mended, frozenset(taken(MENDING, world.aws.history(mended.execution)))


def found_or_told_as_ec2_does(*arguments: Any, **named: Any) -> Any:
    """A profile; where there is none, what EC2 says of it: moto 5.2.5 says NoSuchEntity, which is IAM's word."""
    try:
        return filter_iam_instance_profiles(*arguments, **named)
    except (NoSuchEntity, NotFoundException):
        text = "Value (not-there) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name"
        raise EC2ClientError("InvalidParameterValue", text) from None


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    found = "moto.ec2.models.iam_instance_profile.filter_iam_instance_profiles"
    with (
        embedded(tmp_path_factory.mktemp("emulator"), events_way="none") as aws,
        mock.patch(found, found_or_told_as_ec2_does),
    ):
        yield Stage(Mending(aws))


@pytest.mark.reaches("instance_profile_not_ready")
@pytest.mark.parametrize("name", SCENARIOS)
def test_every_scenario_ends_as_told(stage: Stage, name: str) -> None:
    """What a Retry overcomes leaves no trace; what it does not overcome is a failure with its reason."""
    mended, _ = stage.played(name)
    assert (mended.end if mended.output else None) == SCENARIOS[name].end
    assert (mended.output.get("reason") == "instance_profile_not_ready") is (not SCENARIOS[name].has_profile)
    assert (mended.status == "FAILED") is (SCENARIOS[name].end is None)


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_scenario_takes_its_edges(stage: Stage, name: str) -> None:
    """A fault leads over the edges that are drawn for it, and over no other."""
    assert stage.played(name)[1] == SCENARIOS[name].edges


def test_every_edge_is_reached() -> None:
    """The edges come from the definition: a new one fails here until a scenario takes it."""
    reached = frozenset[Edge]().union(*(scenario.edges for scenario in SCENARIOS.values()))
    assert reached == {edge for edge in EDGES if edge.machine == MENDING}
