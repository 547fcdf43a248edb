"""Whether questions reach a DNS server that is not Amazon's; Amazon's own is beyond groups and ACLs (VPC guide)."""

from __future__ import annotations

from ipaddress import AddressValueError, IPv4Address
from typing import TYPE_CHECKING, Final

from fleetdx.coverage.network.boxes import internet, single, split
from fleetdx.coverage.network.internet import back_to, blocks_of
from fleetdx.coverage.network.network_acls import Border, crossed
from fleetdx.coverage.network.reading import span, text
from fleetdx.coverage.network.routes import LEADING_ELSEWHERE, parts_by_route, routes_of
from fleetdx.coverage.network.security_groups import let_out

if TYPE_CHECKING:
    from fleetdx.coverage.network.facts import NetworkFacts
    from fleetdx.coverage.network.sources import Source

DNS: Final = 53


def hears_questions(facts: NetworkFacts, source: Source, server: str) -> bool:
    """Whether nothing that is described keeps questions from a server, or its answers from whoever asks.

    What lies beyond a transit gateway, and the server's own groups, are not known; nor is what it answers.

    Raises:
        FactMissing: Something that decides is not described.
        UnreadablePrefixList: A route's destination is one.
    """
    try:
        number = int(IPv4Address(server))
    except AddressValueError:
        return False
    if let_out(facts, source.groups, single(number, DNS), protocol="udp").share != "all":
        return False
    subnet = _subnet_of(facts, source.vpc, number)
    if subnet == source.subnet:
        return True
    border = Border(source.subnet, leaving=True, requests=single(number, DNS), ports=source.ports, protocol="udp")
    return crossed(facts, border).standing == "reachable" and _leads_there(facts, source, number, subnet)


def _leads_there(facts: NetworkFacts, source: Source, number: int, subnet: str) -> bool:
    _, route = parts_by_route(single(number, DNS), routes_of(facts, source.subnet))[0]
    if route is None or route.is_dead:
        return False
    if route.target in LEADING_ELSEWHERE:
        return True
    if route.target != "local":
        on_internet, _ = split(internet(DNS, but=blocks_of(facts, source.vpc)), single(number, DNS)[0])
        return bool(on_internet)
    if not subnet:
        return False
    asked = single(source.address, DNS)
    border = Border(subnet, leaving=False, requests=asked, ports=source.ports, protocol="udp")
    if crossed(facts, border).standing != "reachable":
        return False
    return back_to(facts, subnet, source.address, source.ports[0]).standing == "reachable"


def _subnet_of(facts: NetworkFacts, vpc: str, number: int) -> str:
    """The id of the VPC's subnet that an address is in; empty where it is in none."""
    for name, subnet in facts.subnets.items():
        # A subnet for IPv6 alone has no such block.
        if text(subnet, "VpcId") == vpc and subnet.get("CidrBlock"):
            first, last = span(subnet, "CidrBlock")
            if first <= number <= last:
                return name
    return ""
