"""The way to Systems Manager by an interface endpoint in the same VPC."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fleetdx.coverage.network.boxes import single
from fleetdx.coverage.network.internet import HTTPS, back_to
from fleetdx.coverage.network.network_acls import Border, crossed
from fleetdx.coverage.network.policies import passes
from fleetdx.coverage.network.reading import address, known, rows, text, texts
from fleetdx.coverage.network.security_groups import let_in, let_out
from fleetdx.coverage.network.verdicts import agreed, all_needed, blocked, one_suffices, reachable, unknown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fleetdx.coverage.network.facts import NetworkFacts
    from fleetdx.coverage.network.reading import Row
    from fleetdx.coverage.network.sources import Source
    from fleetdx.coverage.network.verdicts import Reachability

GONE_STATES: Final = frozenset({"deleting", "deleted"})
"""EC2 still lists such endpoints for a while; their names are withdrawn."""


SHUT_STATES: Final = frozenset({"pendingacceptance", "pending", "rejected", "failed", "expired"})


def state_of(endpoint: Row) -> str:
    """In lower case: EC2 answers `available` where its model says `Available`."""
    return text(endpoint, "State").lower()


def way_by_endpoint(facts: NetworkFacts, sources: Sequence[Source], endpoint: Row, service: str) -> Reachability:
    """Whether HTTPS from an instance passes an endpoint. The agent tries every address that a name has: one suffices.

    Args:
        facts: What is known.
        sources: The instance's interfaces, the primary one first.
        endpoint: As EC2 describes it.
        service: `ssm` or `ssmmessages`.

    Raises:
        FactMissing: Something that decides is not described.
        UnreadablePrefixList: A route's destination is one.
    """
    name = text(endpoint, "VpcEndpointId")
    state = state_of(endpoint)
    if state in SHUT_STATES:
        return blocked("endpoint_not_available", f"{name} is {state}.")
    if state != "available":
        return unknown("facts_missing", f"{name} is {state}, which is not judged.")
    interfaces = [known(facts.interfaces, one) for one in texts(endpoint, "NetworkInterfaceIds")]
    if not interfaces:
        return blocked("endpoint_not_available", f"{name} lies in no subnet.")
    ways = [_from_any(facts, sources, name, interface) for interface in interfaces]
    return all_needed([one_suffices(ways), passes(endpoint, service)])


def _from_any(facts: NetworkFacts, sources: Sequence[Source], endpoint: str, interface: Row) -> Reachability:
    """From the primary interface and each in the endpoint's subnet: which of them a host takes is its own matter."""
    subnet = text(interface, "SubnetId")
    likely = [sources[0], *(source for source in sources[1:] if source.subnet == subnet)]
    return agreed([_from(facts, source, endpoint, interface) for source in likely])


def _from(facts: NetworkFacts, source: Source, endpoint: str, interface: Row) -> Reachability:
    groups = frozenset(text(group, "GroupId") for group in rows(interface, "Groups"))
    return all_needed(
        [
            _out(facts, source, endpoint, interface, groups),
            *_across_subnets(facts, source, interface),
            _in(facts, source, endpoint, groups),
            reachable(f"by {endpoint}"),
        ]
    )


def _out(facts: NetworkFacts, source: Source, endpoint: str, interface: Row, groups: frozenset[str]) -> Reachability:
    packets = single(address(interface, "PrivateIpAddress"), HTTPS)
    passage = let_out(facts, source.groups, packets, groups)
    there = f"{endpoint} ({text(interface, 'PrivateIpAddress')})"
    if passage.share == "unclear":
        return unknown("prefix_list", f"{passage.groups} has a rule for {passage.prefix_list}, which cannot be read.")
    if passage.share == "all":
        return reachable(passage.groups)
    return blocked("security_group_egress", f"{passage.groups} lets no HTTPS out to {there}.")


def _in(facts: NetworkFacts, source: Source, endpoint: str, groups: frozenset[str]) -> Reachability:
    passage = let_in(facts, groups, single(source.address, HTTPS), source.groups)
    if passage.share == "unclear":
        return unknown("prefix_list", f"{passage.groups} has a rule for {passage.prefix_list}, which cannot be read.")
    if passage.share == "all":
        return reachable(passage.groups)
    sentence = f"{passage.groups} of {endpoint} lets no HTTPS in from {source.subnet}."
    return blocked("endpoint_security_group", sentence)


def _across_subnets(facts: NetworkFacts, source: Source, interface: Row) -> list[Reachability]:
    """Within one subnet no network ACL and no route counts."""
    subnet, there = text(interface, "SubnetId"), address(interface, "PrivateIpAddress")
    if subnet == source.subnet:
        return []
    return [
        crossed(facts, Border(source.subnet, leaving=True, requests=single(there, HTTPS), ports=source.ports)),
        crossed(facts, Border(subnet, leaving=False, requests=single(source.address, HTTPS), ports=source.ports)),
        back_to(facts, source.subnet, there, HTTPS),
        back_to(facts, subnet, source.address, source.ports[0]),
    ]
