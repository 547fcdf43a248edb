"""Routes: the longest prefix decides; a part of the packets may go one way and the rest another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from fleetdx.coverage.network.boxes import EVERY_PORT, Box, split
from fleetdx.coverage.network.reading import FactMissing, flag, optional_text, rows, span, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fleetdx.coverage.network.boxes import Span
    from fleetdx.coverage.network.facts import NetworkFacts
    from fleetdx.coverage.network.reading import Row

Target = Literal[
    "local", "internet_gateway", "nat_gateway", "transit_gateway", "peering", "private_network", "middlebox", "other"
]

# Which key of a route names its target (EC2 API reference, Route).
_KEYS: Final[tuple[tuple[str, Target], ...]] = (
    ("NatGatewayId", "nat_gateway"),
    ("TransitGatewayId", "transit_gateway"),
    ("CoreNetworkArn", "transit_gateway"),
    ("VpcPeeringConnectionId", "peering"),
    ("LocalGatewayId", "private_network"),
    ("OdbNetworkArn", "private_network"),
    ("InstanceId", "middlebox"),
    ("NetworkInterfaceId", "middlebox"),
    ("CarrierGatewayId", "other"),
)
# What GatewayId begins with. A firewall's or an appliance's endpoint is a Gateway Load Balancer endpoint.
_PREFIXES: Final[tuple[tuple[str, Target], ...]] = (
    ("local", "local"),
    ("igw-", "internet_gateway"),
    ("vgw-", "private_network"),
    ("vpce-", "middlebox"),
)
LEADING_ELSEWHERE: Final[frozenset[Target]] = frozenset(
    {"transit_gateway", "peering", "private_network", "middlebox", "other"}
)


class Route(NamedTuple):
    """One route of a table.

    Attributes:
        table: The table's id.
        destination: First and last address.
        rank: Of two routes for the same addresses the lower one counts.
        target: What kind of thing it leads to.
        name: That thing's id.
        is_dead: What it leads to is gone.
    """

    table: str
    destination: Span
    rank: int
    target: Target
    name: str
    is_dead: bool


class UnreadablePrefixList(Exception):
    """A route names a prefix list that cannot be read; the text is a sentence."""


def routes_of(facts: NetworkFacts, subnet: str) -> list[Route]:
    """The IPv4 routes of a subnet, in the order in which they are looked at.

    Raises:
        FactMissing: The subnet's route table, or something of it, is not described.
        UnreadablePrefixList: A route's destination is one.
    """
    return routes_of_table(facts, _table_of(facts, subnet))


def routes_of_table(facts: NetworkFacts, table: Row) -> list[Route]:
    """The same of one route table."""
    found = [one for route in rows(table, "Routes") for one in _read(facts, text(table, "RouteTableId"), route)]
    return sorted(found, key=lambda one: (one.destination[1] - one.destination[0], one.rank))


def table_name(facts: NetworkFacts, subnet: str) -> str:
    """The id of a subnet's route table."""
    return text(_table_of(facts, subnet), "RouteTableId")


def parts_by_route(packets: Sequence[Box], routes: Sequence[Route]) -> list[tuple[list[Box], Route | None]]:
    """The packets by the route that they take; None stands for no route."""
    left = list(packets)
    parts: list[tuple[list[Box], Route | None]] = []
    for route in routes:
        inside, left = split(left, Box(route.destination, EVERY_PORT))
        if inside:
            parts.append((inside, route))
    if left:
        parts.append((left, None))
    return parts


def _table_of(facts: NetworkFacts, subnet: str) -> Row:
    """The table associated with a subnet, or else its VPC's main one."""
    vpc = text(facts.subnets[subnet], "VpcId") if subnet in facts.subnets else ""
    main: Row | None = None
    for table in facts.route_tables:
        for association in rows(table, "Associations"):
            if association.get("SubnetId") == subnet:
                return table
            if vpc and table.get("VpcId") == vpc and flag(association, "Main"):
                main = table
    if main is None:
        raise FactMissing(f"the route table of {subnet} was not described")
    return main


def _read(facts: NetworkFacts, table: str, route: Row) -> Iterator[Route]:
    target, name = _target(route)
    is_dead = text(route, "State") != "active"
    if target == "local":
        rank = 0
    elif optional_text(route, "DestinationPrefixListId"):
        rank = 2
    else:
        # Propagated routes give way to others for the same addresses (VPC guide, route priority).
        rank = 3 if route.get("Origin") == "EnableVgwRoutePropagation" else 1
    for destination in _destinations(facts, table, route):
        yield Route(table, destination, rank, target, name, is_dead)


def _destinations(facts: NetworkFacts, table: str, route: Row) -> list[Span]:
    prefix_list = optional_text(route, "DestinationPrefixListId")
    if prefix_list:
        entries = facts.prefix_lists.get(prefix_list)
        if entries is None:
            raise UnreadablePrefixList(f"{table} has a route for {prefix_list}, whose entries cannot be read.")
        return [span(entry, "Cidr") for entry in entries if ":" not in text(entry, "Cidr")]
    if optional_text(route, "DestinationIpv6CidrBlock"):
        return []
    return [span(route, "DestinationCidrBlock")]


def _target(route: Row) -> tuple[Target, str]:
    for key, target in _KEYS:
        name = optional_text(route, key)
        if name:
            return target, name
    gateway = optional_text(route, "GatewayId")
    for prefix, target in _PREFIXES:
        if gateway.startswith(prefix):
            return target, gateway
    return "other", gateway or optional_text(route, "EgressOnlyInternetGatewayId") or "a target that is not known"
