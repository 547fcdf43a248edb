"""The way to Systems Manager's public addresses: by an internet gateway, by a NAT gateway, or through what hides it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from fleetdx.coverage.network.boxes import Box, internet, single
from fleetdx.coverage.network.network_acls import UNPRIVILEGED, Border, crossed
from fleetdx.coverage.network.reading import known, optional_text, part, rows, span, text
from fleetdx.coverage.network.routes import parts_by_route, routes_of, routes_of_table, table_name
from fleetdx.coverage.network.security_groups import let_out
from fleetdx.coverage.network.verdicts import agreed, all_needed, blocked, reachable, unknown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fleetdx.coverage.network.boxes import Span
    from fleetdx.coverage.network.facts import NetworkFacts
    from fleetdx.coverage.network.reading import Row
    from fleetdx.coverage.network.routes import Route, Target
    from fleetdx.coverage.network.sources import Source
    from fleetdx.coverage.network.verdicts import Reachability

HTTPS: Final = 443
MOST_HOPS: Final = 3
"""A private NAT gateway may lead to a public one; more of them in a row is nobody's design."""
_BEHIND: Final = "behind which nothing can be seen from here"
_HIDING: Final[Mapping[Target, tuple[str, str]]] = {
    "transit_gateway": ("transit_gateway", _BEHIND),
    "private_network": ("transit_gateway", _BEHIND),
    "peering": ("shared_endpoint", _BEHIND),
    "middlebox": ("middlebox", "and what that lets through cannot be seen from here"),
}


class _Hop(NamedTuple):
    """Where packets are on their way: in which subnet, from which address and ports, public or not."""

    name: str
    vpc: str
    subnet: str
    address: int
    is_public: bool
    ports: Span
    hops_left: int


def way_to_internet(facts: NetworkFacts, source: Source) -> Reachability:
    """Whether HTTPS from an interface reaches anything on the internet, as all of AWS's public addresses are.

    Raises:
        FactMissing: Something that decides is not described.
        UnreadablePrefixList: A route's destination is one.
    """
    packets = internet(HTTPS, but=blocks_of(facts, source.vpc))
    hop = _Hop(
        source.name, source.vpc, source.subnet, source.address, bool(source.public_address), source.ports, MOST_HOPS
    )
    route = _onward(facts, hop, packets)
    if route.reason == "no_path":
        return route
    return all_needed([_out_of_groups(facts, source, packets), route])


def blocks_of(facts: NetworkFacts, vpc: str) -> list[Span]:
    """The IPv4 blocks of a VPC; nothing there is on the internet, whatever its addresses."""
    return [span(one, "CidrBlock") for one in rows(known(facts.vpcs, vpc), "CidrBlockAssociationSet")]


def _out_of_groups(facts: NetworkFacts, source: Source, packets: Sequence[Box]) -> Reachability:
    passage = let_out(facts, source.groups, packets)
    if passage.share == "all":
        return reachable(passage.groups)
    if passage.share == "none":
        return blocked("security_group_egress", f"{passage.groups} lets no HTTPS out to the internet.")
    if passage.share == "unclear":
        sentence = f"{passage.groups} has a rule for {passage.prefix_list}, whose entries cannot be read."
        return unknown("prefix_list", sentence)
    sentence = f"{passage.groups} lets HTTPS out to a part of the internet, which may or may not hold the endpoints."
    return unknown("facts_missing", sentence)


def _onward(facts: NetworkFacts, hop: _Hop, packets: Sequence[Box]) -> Reachability:
    parts = parts_by_route(packets, routes_of(facts, hop.subnet))
    return agreed([_by_route(facts, hop, some, route) for some, route in parts])


def _by_route(facts: NetworkFacts, hop: _Hop, packets: Sequence[Box], route: Route | None) -> Reachability:
    if route is None:
        table = table_name(facts, hop.subnet)
        return blocked("no_path", f"{table} of {hop.subnet} has no route to the internet.")
    sentence = f"{route.table} of {hop.subnet} leads to {route.name}"
    if route.target == "nat_gateway":
        return _by_nat_gateway(facts, hop, packets, route)
    if route.is_dead:
        return blocked("no_path", f"{sentence}, which is gone.")
    if route.target == "internet_gateway":
        return _by_internet_gateway(facts, hop, packets, route)
    reason, why = _HIDING.get(route.target, ("facts_missing", "which is not judged"))
    return unknown(reason, f"{sentence}, {why}.")


def _by_internet_gateway(facts: NetworkFacts, hop: _Hop, packets: Sequence[Box], route: Route) -> Reachability:
    if not _is_attached(facts, route.name, hop.vpc):
        return blocked("no_path", f"{route.name} is not attached to {hop.vpc}.")
    mode = _block_mode(facts, hop)
    is_nat = hop.name.startswith("nat-")
    if mode == "block-bidirectional" or (mode == "block-ingress" and not is_nat):
        return blocked("no_path", f"VPC Block Public Access ({mode}) closes {route.name} for {hop.subnet}.")
    if not hop.is_public:
        return blocked("public_address_missing", f"{hop.name} goes out by {route.name} and has no public IPv4 address.")
    return all_needed(
        [
            _back_from_gateway(facts, hop, route.name),
            crossed(facts, Border(hop.subnet, leaving=True, requests=packets, ports=hop.ports)),
            reachable(f"by {route.name}"),
        ]
    )


def _is_attached(facts: NetworkFacts, gateway: str, vpc: str) -> bool:
    """An attachment's state is `available`; EC2 has `attached` in its model too."""
    attachments = [
        one
        for found in facts.internet_gateways
        if found.get("InternetGatewayId") == gateway
        for one in rows(found, "Attachments")
    ]
    return any(one.get("VpcId") == vpc and one.get("State") in ("available", "attached") for one in attachments)


def _block_mode(facts: NetworkFacts, hop: _Hop) -> str:
    """VPC Block Public Access as the subnet has it, exclusions included; else as the VPC has it."""
    for row in (known(facts.subnets, hop.subnet), known(facts.vpcs, hop.vpc)):
        mode = optional_text(part(row, "BlockPublicAccessStates"), "InternetGatewayBlockMode")
        if mode:
            return mode
    return "off"


def _back_from_gateway(facts: NetworkFacts, hop: _Hop, gateway: str) -> Reachability:
    """A gateway can have a route table of its own, which leads what comes in through an appliance."""
    for table in facts.route_tables:
        if any(one.get("GatewayId") == gateway for one in rows(table, "Associations")):
            answers = [Box(span(known(facts.subnets, hop.subnet), "CidrBlock"), hop.ports)]
            return _leads_back(parts_by_route(answers, routes_of_table(facts, table)))
    return reachable(gateway)


def _leads_back(parts: Sequence[tuple[Sequence[Box], Route | None]]) -> Reachability:
    for _, route in parts:
        if route is not None and route.target != "local":
            return unknown("middlebox", f"{route.table} leads answers to {route.name}, which cannot be seen into.")
    return reachable("local")


def back_to(facts: NetworkFacts, subnet: str, address: int, port: int) -> Reachability:
    """Whether a subnet's routes lead straight to an address in the same VPC.

    Raises:
        FactMissing: The subnet's route table, or something of it, is not described.
    """
    return _leads_back(parts_by_route(single(address, port), routes_of(facts, subnet)))


def _by_nat_gateway(facts: NetworkFacts, hop: _Hop, packets: Sequence[Box], route: Route) -> Reachability:
    nat = facts.nat_gateways.get(route.name)
    if route.is_dead or nat is None:
        return blocked("nat_unavailable", f"{route.table} of {hop.subnet} leads to {route.name}, which is gone.")
    if text(nat, "State") != "available":
        return blocked("nat_unavailable", f"{route.name} is {text(nat, 'State')}.")
    if not hop.hops_left:
        return unknown("facts_missing", f"{route.name} comes after too many others.")
    if not optional_text(nat, "SubnetId"):
        return _by_regional_nat_gateway(facts, hop, packets, nat)
    subnet = text(nat, "SubnetId")
    is_public = optional_text(nat, "ConnectivityType") != "private"
    beyond = _Hop(route.name, hop.vpc, subnet, hop.address, is_public, UNPRIVILEGED, hop.hops_left - 1)
    return all_needed(
        [
            *_between(facts, hop, subnet, packets),
            _as_nat_gateway(route.name, _onward(facts, beyond, packets)),
        ]
    )


def _between(facts: NetworkFacts, hop: _Hop, subnet: str, packets: Sequence[Box]) -> list[Reachability]:
    """From an interface to a NAT gateway. Within one subnet no network ACL and no route counts."""
    if subnet == hop.subnet:
        return []
    return [
        crossed(facts, Border(hop.subnet, leaving=True, requests=packets, ports=hop.ports)),
        crossed(facts, Border(subnet, leaving=False, requests=single(hop.address, HTTPS), ports=hop.ports)),
        back_to(facts, subnet, hop.address, hop.ports[0]),
    ]


def _as_nat_gateway(name: str, onward: Reachability) -> Reachability:
    """What closes the way behind a NAT gateway makes the gateway useless, which is what somebody has to mend."""
    if onward.reason in ("no_path", "public_address_missing"):
        return blocked("nat_unavailable", f"{name} does not reach the internet: {onward.detail}")
    return reachable(f"by {name}") if onward.standing == "reachable" else onward


def _by_regional_nat_gateway(facts: NetworkFacts, hop: _Hop, packets: Sequence[Box], nat: Row) -> Reachability:
    """One for all zones lies in no subnet: of network ACLs the sender's alone counts. It has its own routes."""
    name, table = text(nat, "NatGatewayId"), text(nat, "RouteTableId")
    tables = [one for one in facts.route_tables if one.get("RouteTableId") == table]
    if not tables:
        return unknown("facts_missing", f"The route table {table} of {name} was not described.")
    parts = parts_by_route(packets, routes_of_table(facts, tables[0]))
    leads_out = all(
        route is not None
        and route.target == "internet_gateway"
        and not route.is_dead
        and _is_attached(facts, route.name, hop.vpc)
        for _, route in parts
    )
    if not leads_out:
        return unknown("facts_missing", f"{table} of {name} leads elsewhere than to an internet gateway.")
    border = Border(hop.subnet, leaving=True, requests=packets, ports=hop.ports)
    return all_needed([crossed(facts, border), reachable(f"by {name}")])
