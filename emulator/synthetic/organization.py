"""A generated organization: as many accounts, regions and instances as asked for, the same ones for the same seed."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from emulator.hosts.organization import Account, Instance, Organization, image_id_for, instance_id_for

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from emulator.hosts.materialize import MaterializedHost

REGIONS: Final = ("ap-northeast-2", "us-east-1", "eu-west-1", "ap-southeast-1")
HUB_UNIT, MEMBERS_UNIT = "Security", "Workloads"
UNEVENNESS: Final = 1.1
"""The account-region of rank k holds k^-1.1 of what the first one holds: of 200, ten hold more than half."""
_FIRST_ACCOUNT: Final = 100_000_000_001
_FEWEST_ACCOUNTS: Final = 2


@dataclass(frozen=True)
class Size:
    """How large an organization is to be.

    Attributes:
        instances: Running instances, all with an agent.
        accounts: Management account and central account included.
        regions: Of REGIONS, the first so many.
        seed: Another seed spreads the instances otherwise.
    """

    instances: int
    accounts: int
    regions: int = len(REGIONS)
    seed: int = 1


def generate(size: Size, hosts: Sequence[MaterializedHost]) -> Organization:
    """An organization of that size, whose instances take turns with the hosts behind them.

    Raises:
        ValueError: There are fewer than two accounts, no region, or more than there are.
    """
    if size.accounts < _FEWEST_ACCOUNTS or not 1 <= size.regions <= len(REGIONS):
        raise ValueError(f"an organization has at least {_FEWEST_ACCOUNTS} accounts, and 1 to {len(REGIONS)} regions")
    accounts = tuple(_accounts(size.accounts))
    regions = REGIONS[: size.regions]
    places = [(account, region) for account in accounts for region in regions]
    random.Random(size.seed).shuffle(places)  # noqa: S311 - the same spread each time
    spread = zip(places, shares(size.instances, len(places)), strict=True)
    instances = [
        _instance(account, region, number, hosts[number % len(hosts)])
        for (account, region), count in spread
        for number in range(count)
    ]
    return Organization(
        management=accounts[0],
        hub=accounts[1],
        accounts=accounts,
        organizational_units=(HUB_UNIT, MEMBERS_UNIT),
        regions=regions,
        instances=tuple(instances),
    )


def shares(total: int, places: int) -> list[int]:
    """A number spread unevenly over places, the largest share first; nothing is lost in rounding."""
    weights = [rank**-UNEVENNESS for rank in range(1, places + 1)]
    exact = [total * weight / sum(weights) for weight in weights]
    counts = [int(one) for one in exact]
    by_remainder = sorted(range(places), key=lambda place: counts[place] - exact[place])
    for place in by_remainder[: total - sum(counts)]:
        counts[place] += 1
    return counts


def _accounts(count: int) -> Iterator[Account]:
    for number in range(count):
        name, role, unit = f"team-{number:03d}", "member", MEMBERS_UNIT
        if number < _FEWEST_ACCOUNTS:
            name, role, unit = (("management", "management", ""), ("security-tooling", "hub", HUB_UNIT))[number]
        identifier = str(_FIRST_ACCOUNT + number)
        yield Account(identifier, name, f"aws-{name}@example.com", "ACTIVE", unit, role)  # type: ignore[arg-type]


def _instance(account: Account, region: str, number: int, host: MaterializedHost) -> Instance:
    name = f"node-{number:05d}"
    return Instance(
        name=name,
        instance_id=instance_id_for(account.id, region, name),
        account_id=account.id,
        account_name=account.name,
        region=region,
        state="running",
        platform="Linux",
        platform_name=host.platform_name,
        platform_version=host.platform_version,
        image_id=image_id_for(region, host.image_name),
        image_name=host.image_name,
        host=host.name,
        tags={"Name": name},
    )
