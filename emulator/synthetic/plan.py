"""What goes wrong in a synthetic organization, drawn once for all from a seed, and what its ledger has to say of it."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from emulator.faults.rules import Rule
from emulator.synthetic.conduct import KINDS, WRONGS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emulator.hosts.organization import Instance, Organization

THROTTLED_SERVICES: Final = ("ssm", "sts", "ec2")
Verdict = tuple[str, str]
"""A ledger state and its reason code."""
SOUND: Final[Verdict] = ("scanned", "verified")
_DENIED: Final[Verdict] = ("scan_failed", "role_not_assumable")
_REGION_OFF: Final[Verdict] = ("scan_failed", "denied_by_service_control_policy")
_ENTERED: Final[Verdict] = ("scanned", "entered")


class FaultMix(NamedTuple):
    """Shares (0 to 1) of what goes wrong.

    Attributes:
        throttled: Of the calls to Systems Manager, STS and EC2.
        terminated: Of the instances: gone between discovery and delivery.
        offline: Of the instances: the agent takes no command, is never heard of again, or has lost its connection.
        closed: Of the instances: they have no path to S3.
        hanging: Of the instances: the scan never ends by itself.
        hostile: Of the instances: they lie, each in another way.
        accounts_denying: How many accounts let nobody in.
        regions_off: How many regions the organization forbids.
        seed: Another seed draws others.
    """

    throttled: float = 0.02
    terminated: float = 0.01
    offline: float = 0.01
    hanging: float = 0.01
    hostile: float = 0.005
    accounts_denying: int = 2
    regions_off: int = 1
    seed: int = 1
    closed: float = 0.0


NOTHING_WRONG: Final = FaultMix(0, 0, 0, 0, 0, 0, 0)


@dataclass(frozen=True)
class FaultPlan:
    """Which instances, accounts and regions go wrong.

    Attributes:
        wrongs: Instance id to a name in WRONGS.
        accounts_denying: Account ids.
        regions_off: Names of regions.
        throttled: Share of the calls.
    """

    wrongs: Mapping[str, str] = field(default_factory=dict)
    accounts_denying: frozenset[str] = frozenset()
    regions_off: frozenset[str] = frozenset()
    throttled: float = 0.0

    def is_reached(self, instance: Instance) -> bool:
        """Whether a scan finds the instance at all."""
        return instance.account_id not in self.accounts_denying and instance.region not in self.regions_off

    def rules(self) -> list[Rule]:
        """The rules for calls that the plan needs."""
        rules = [
            Rule("sts:AssumeRole", "denied", account=account, resource="*:role/fleetdx/fleetdx-member-*", times=None)
            for account in sorted(self.accounts_denying)
        ]
        rules += [
            Rule(f"{service}:*", "denied_by_service_control_policy", "*:assumed-role/*", region=region, times=None)
            for region in sorted(self.regions_off)
            for service in ("ec2", "ssm")
        ]
        if self.throttled:
            every = round(1 / self.throttled)
            rules += [Rule(f"{service}:*", "throttled", times=None, every=every) for service in THROTTLED_SERVICES]
        return rules

    def ledger(self, organization: Organization) -> dict[str, Verdict]:
        """Instance id, or account/region, to the state and reason that the run's ledger must have for it."""
        expected = {}
        for account in organization.accounts:
            for region in organization.regions:
                verdict = _REGION_OFF if region in self.regions_off else _ENTERED
                verdict = _DENIED if account.id in self.accounts_denying else verdict
                expected[f"{account.id}/{region}"] = verdict
        for instance in organization.instances:
            if self.is_reached(instance):
                wrong = WRONGS.get(self.wrongs.get(instance.instance_id, ""))
                expected[instance.instance_id] = (wrong.state, wrong.reason) if wrong else SOUND
        return expected

    def strays(self) -> int:
        """How many objects lie in the intake that are no instance's."""
        return sum(WRONGS[wrong].strays for wrong in self.wrongs.values())


def draw(mix: FaultMix, organization: Organization) -> FaultPlan:
    """Draw a plan; shares are of the instances that a scan reaches, and every kind that has a share has an instance."""
    chance = random.Random(mix.seed)  # noqa: S311 - the same plan each time
    plan = FaultPlan(
        accounts_denying=_accounts_denying(mix, organization, chance),
        regions_off=_regions_off(mix, organization),
        throttled=mix.throttled,
    )
    reached = [one.instance_id for one in organization.instances if plan.is_reached(one)]
    chance.shuffle(reached)
    wrongs: dict[str, str] = {}
    for kind, names in KINDS.items():
        share: float = getattr(mix, kind)
        count = max(1, round(share * len(reached))) if share else 0
        chosen, reached = reached[:count], reached[count:]
        wrongs |= {instance: names[number % len(names)] for number, instance in enumerate(chosen)}
    return FaultPlan(wrongs, plan.accounts_denying, plan.regions_off, mix.throttled)


def _accounts_denying(mix: FaultMix, organization: Organization, chance: random.Random) -> frozenset[str]:
    """Members of at most average size: an account that holds most of the fleet would leave little to measure."""
    sizes = _instances_by(organization, "account_id")
    average = len(organization.instances) / len(organization.accounts)
    small = [account.id for account in organization.members if sizes[account.id] <= average]
    return frozenset(chance.sample(small, min(mix.accounts_denying, len(small))))


def _regions_off(mix: FaultMix, organization: Organization) -> frozenset[str]:
    """The regions that hold least, never the one that the central stack is in."""
    sizes = _instances_by(organization, "region")
    others = sorted(organization.regions[1:], key=lambda region: sizes[region])
    return frozenset(others[: mix.regions_off])


def _instances_by(organization: Organization, attribute: str) -> defaultdict[str, int]:
    sizes: defaultdict[str, int] = defaultdict(int)
    for instance in organization.instances:
        sizes[getattr(instance, attribute)] += 1
    return sizes
