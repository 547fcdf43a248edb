"""Whether an instance reaches Systems Manager over the network, without touching it.

`gather` asks EC2 once for the networks of many instances; `judge` is pure and says for each of them what is known.
"""

from fleetdx.coverage.network.facts import NetworkFacts, gather
from fleetdx.coverage.network.judge import judge
from fleetdx.coverage.network.verdicts import Reachability

__all__ = ["NetworkFacts", "Reachability", "gather", "judge"]
