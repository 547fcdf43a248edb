"""Whether an instance could reach an endpoint in another network, which a private hosted zone can name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fleetdx.coverage.network.boxes import Box
from fleetdx.coverage.network.internet import HTTPS
from fleetdx.coverage.network.network_acls import Border, crossed
from fleetdx.coverage.network.routes import LEADING_ELSEWHERE, routes_of
from fleetdx.coverage.network.security_groups import let_out
from fleetdx.coverage.network.verdicts import unknown

if TYPE_CHECKING:
    from fleetdx.coverage.network.facts import NetworkFacts
    from fleetdx.coverage.network.routes import Route
    from fleetdx.coverage.network.sources import Source
    from fleetdx.coverage.network.verdicts import Reachability


def way_elsewhere(facts: NetworkFacts, source: Source) -> Reachability | None:
    """Unknown, where a route leads HTTPS out of the VPC by other ways than to the internet; None where none does.

    Private hosted zones and the Resolver's rules are not seen from EC2; without such a route they change nothing.

    Raises:
        FactMissing: Something that decides is not described.
        UnreadablePrefixList: A route's destination is one.
    """
    for route in routes_of(facts, source.subnet):
        if route.target in LEADING_ELSEWHERE and not route.is_dead and _may_pass(facts, source, route):
            sentence = f"{route.table} of {source.subnet} leads to {route.name}, behind which there may be endpoints."
            return unknown("shared_endpoint", sentence)
    return None


def _may_pass(facts: NetworkFacts, source: Source, route: Route) -> bool:
    packets = [Box(route.destination, (HTTPS, HTTPS))]
    if let_out(facts, source.groups, packets).share == "none":
        return False
    border = Border(source.subnet, leaving=True, requests=packets, ports=source.ports)
    return crossed(facts, border).standing != "blocked"
