"""A synthetic fleet: a generated organization, what goes wrong in it, and the agents that answer for its instances."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from emulator.agent.host import Host
from emulator.synthetic.conduct import WRONGS, Wrong
from emulator.synthetic.network import HostNetwork
from emulator.synthetic.organization import generate
from emulator.synthetic.plan import FaultPlan, draw
from emulator.synthetic.replay import RecordedHost

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from emulator.fleet import Fleet
    from emulator.hosts.organization import Instance, Organization
    from emulator.synthetic.organization import Size
    from emulator.synthetic.plan import FaultMix
    from emulator.synthetic.recording import Recording

MEDIAN_SECONDS: Final = 20.0
SPREAD: Final = 0.45
"""Of the logarithm of a scan's time: one in forty takes more than twice the median, one in a thousand four times."""
_NOBODY: Final = "i-00000000000000000"
_WELL: Final = Wrong("scanned", "verified")


@dataclass(frozen=True)
class SyntheticFleet:
    """What is to stand on the embedded AWS in the place of the example organization.

    Attributes:
        organization: Its accounts, regions and instances.
        recordings: Name of an example host to the scan that its instances replay.
        plan: What goes wrong.
        seed: Draws how long each host works.
        network: The hosts' way to S3.
    """

    organization: Organization
    recordings: Mapping[str, Recording]
    plan: FaultPlan
    seed: int = 1
    network: HostNetwork = field(default_factory=HostNetwork)

    def populate(self, fleet: Fleet) -> None:
        """Put an agent on every instance; none has a directory or a process of its own."""
        neighbors: dict[tuple[str, str], str] = {}
        for instance in self.organization.instances:
            place = (instance.account_id, instance.region)
            fleet.put(self._agent(instance, neighbors.get(place, _NOBODY), fleet))
            neighbors[place] = instance.instance_id

    def _agent(self, instance: Instance, neighbor: str, fleet: Fleet) -> Host:
        wrong = WRONGS.get(self.plan.wrongs.get(instance.instance_id, ""), _WELL)
        recording = self.recordings[str(instance.host)]
        pace = pace_seconds(self.seed, instance.instance_id)
        return Host(
            instance_id=instance.instance_id,
            account=instance.account_id,
            region=instance.region,
            run_directory=fleet.directory / "synthetic",
            platform_name=instance.platform_name,
            platform_version=instance.platform_version,
            agent_state=wrong.agent_state,
            replay=RecordedHost(recording, self.network, pace, wrong.conduct, neighbor),
        )


def pace_seconds(seed: int, instance: str) -> float:
    """How long a scan takes on an instance: log-normal, the same each time."""
    chance = random.Random(f"{seed}/{instance}")  # noqa: S311 - the same pace each time
    return MEDIAN_SECONDS * math.exp(chance.gauss(0, SPREAD))


def synthetic_fleet(size: Size, mix: FaultMix, recordings: Sequence[Recording]) -> SyntheticFleet:
    """A fleet of that size, in which that goes wrong."""
    organization = generate(size, [recording.host for recording in recordings])
    by_host = {recording.host.name: recording for recording in recordings}
    return SyntheticFleet(organization, by_host, draw(mix, organization), size.seed)
