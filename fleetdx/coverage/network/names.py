"""What the names of Systems Manager mean in a VPC: who is asked for them, and whether private DNS answers."""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import TYPE_CHECKING, Final, NamedTuple

from fleetdx.coverage.network.endpoints import GONE_STATES, state_of
from fleetdx.coverage.network.facts import serves
from fleetdx.coverage.network.reading import FactMissing, flag, known, rows, text

if TYPE_CHECKING:
    from fleetdx.coverage.network.facts import NetworkFacts
    from fleetdx.coverage.network.reading import Row

AMAZON_SERVERS: Final = frozenset({"AmazonProvidedDNS", "169.254.169.253", "fd00:ec2::253"})


class Resolver(NamedTuple):
    """Who answers an instance's questions.

    Attributes:
        options: Id of the VPC's DHCP options, for a sentence.
        servers: Addresses of other servers than Amazon's; empty where only Amazon's is asked, or none is named.
        is_amazon: Whether Amazon's alone is asked.
        answers: `EnableDnsSupport`: whether Amazon's answers at all.
        knows_private: Whether it knows private hosted zones, as endpoints with private DNS have one: this takes both
            `EnableDnsSupport` and `EnableDnsHostnames` (EC2 API reference, CreateVpcEndpoint).
    """

    options: str
    servers: tuple[str, ...]
    is_amazon: bool
    answers: bool
    knows_private: bool


def resolver_of(facts: NetworkFacts, vpc: str) -> Resolver:
    """Who is asked in a VPC.

    Raises:
        FactMissing: The VPC, its attributes or its DHCP options are not described.
    """
    described = known(facts.vpcs, vpc)
    options = text(described, "DhcpOptionsId")
    servers = _servers(facts, options)
    amazon = AMAZON_SERVERS | {_second_address(described)}
    answers = flag(known(facts.dns_support, vpc), "Value")
    return Resolver(
        options,
        tuple(server for server in servers if server not in amazon),
        bool(servers) and all(server in amazon for server in servers),
        answers,
        answers and flag(known(facts.dns_hostnames, vpc), "Value"),
    )


def endpoints_for(facts: NetworkFacts, vpc: str, service: str, region: str) -> list[Row]:
    """A VPC's interface endpoints for a service, those with private DNS first; of those there can be only one.

    Raises:
        FactMissing: One of the endpoints is not described in full.
    """
    suffix = f".{region}.{service}"
    found = [
        one
        for one in facts.endpoints
        if text(one, "VpcId") == vpc and text(one, "ServiceName").endswith(suffix) and serves(one) == service
    ]
    there = [one for one in found if state_of(one) not in GONE_STATES]
    return sorted(there, key=lambda one: (not flag(one, "PrivateDnsEnabled"), text(one, "VpcEndpointId")))


def _servers(facts: NetworkFacts, options: str) -> list[str]:
    """Servers that DHCP tells; none where a VPC has no options at all, which EC2 calls `default`."""
    if options == "default":
        return []
    for entry in rows(known(facts.dhcp_options, options), "DhcpConfigurations"):
        if text(entry, "Key") == "domain-name-servers":
            return [text(value, "Value") for value in rows(entry, "Values")]
    return []


def _second_address(vpc: Row) -> str:
    """Amazon's server has the VPC's network address plus two (VPC guide, Route 53 Resolver)."""
    try:
        return str(IPv4Network(text(vpc, "CidrBlock")).network_address + 2)
    except ValueError:
        raise FactMissing(f"{text(vpc, 'VpcId')} has an odd CidrBlock") from None
