"""An organization of many accounts, four regions and thousands of instances without hosts, on the embedded AWS."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from emulator.agent.host import Host
from emulator.faults.scenario import Scenario
from emulator.hosts.organization import Account, Instance, image_id_for, instance_id_for

if TYPE_CHECKING:
    from emulator.cloud import EmbeddedAws
    from emulator.hosts.organization import Organization

REGIONS: Final = ("ap-northeast-2", "ap-northeast-1", "us-east-1", "us-west-2")
IMAGE: Final = "al2023-ami-2023.9.20251117.1-kernel-6.1-x86_64"
PROFILE: Final = "fleetdx-default-instance"
"""The one that templates/member.yaml makes."""
TROUBLED_EVERY: Final = 5
"""In every fifth account-region a quarter of the instances has no agent: one in twenty of all."""


class Size(NamedTuple):
    """How many instances, and over how many accounts (each in four regions)."""

    instances: int
    accounts: int

    @property
    def account_regions(self) -> int:
        """Accounts times regions."""
        return self.accounts * len(REGIONS)


class WideOrganization(NamedTuple):
    """An organization of a certain size; the same one each time."""

    size: Size

    def scenario(self) -> Scenario:
        """The scenario by which the embedded AWS takes this organization for its own."""
        wide = self

        class Wide(Scenario):
            """No faults, and another organization."""

            def organization(self, organization: Organization) -> Organization:
                """The wide one."""
                return wide.grown(organization)

        return Wide(Path("wide"), (), ())

    def grown(self, organization: Organization) -> Organization:
        """The organization with so many member accounts and instances in the place of its own."""
        members = [_member(number) for number in range(self.size.accounts)]
        instances = [self._instance(number, members) for number in range(self.size.instances)]
        return dataclasses.replace(
            organization,
            accounts=(organization.management, organization.hub, *members),
            regions=REGIONS,
            instances=tuple(instances),
        )

    def is_managed(self, number: int) -> bool:
        """Whether an instance has an agent."""
        return not (self._place(number) % TROUBLED_EVERY == 0 and number // self.size.account_regions % 4 == 0)

    def _place(self, number: int) -> int:
        return number % self.size.account_regions

    def _instance(self, number: int, members: list[Account]) -> Instance:
        account = members[self._place(number) // len(REGIONS)]
        region = REGIONS[self._place(number) % len(REGIONS)]
        return Instance(
            name=f"host-{number}",
            instance_id=instance_id_for(account.id, region, f"host-{number}"),
            account_id=account.id,
            account_name=account.name,
            region=region,
            state="running",
            platform="Linux",
            platform_name="Amazon Linux",
            platform_version="2023",
            image_id=image_id_for(region, IMAGE),
            image_name=IMAGE,
            host=None,
            tags={"Name": f"host-{number}"},
        )


def settle_agents(cloud: EmbeddedAws, wide: WideOrganization) -> int:
    """Let Systems Manager know an agent on every managed instance; gives the number of the others.

    Of those every second has the default profile: what is wrong with it only its network could tell.
    """
    without = 0
    clients: dict[tuple[str, str], Any] = {}
    for number, instance in enumerate(cloud.organization.instances):
        if wide.is_managed(number):
            cloud.fleet.put(Host(instance.instance_id, instance.account_id, instance.region, Path("nowhere")))
            continue
        without += 1
        place = (instance.account_id, instance.region)
        if place not in clients:
            clients[place] = cloud.operator_session(*place).client("ec2")
        if without % 2:
            clients[place].associate_iam_instance_profile(
                IamInstanceProfile={"Name": PROFILE}, InstanceId=instance.instance_id
            )
    return without


def _member(number: int) -> Account:
    return Account(
        id=f"{700_000_000_000 + number}",
        name=f"service-{number:03}",
        email=f"service-{number:03}@example.com",
        status="ACTIVE",
        organizational_unit="Workloads/Production",
        role="member",
    )
