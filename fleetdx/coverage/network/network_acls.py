"""Network ACLs: ordered, stateless, and only at the border of a subnet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from fleetdx.coverage.network.boxes import EVERY_PORT, Box, Rule, share_let_through, with_ports
from fleetdx.coverage.network.reading import FactMissing, flag, number, part, rows, span, text
from fleetdx.coverage.network.verdicts import blocked, reachable, unknown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fleetdx.coverage.network.boxes import Share, Span
    from fleetdx.coverage.network.facts import NetworkFacts
    from fleetdx.coverage.network.reading import Row
    from fleetdx.coverage.network.verdicts import Reachability

Protocol = Literal["tcp", "udp"]
PROTOCOLS: Final[Mapping[Protocol, frozenset[str]]] = {"tcp": frozenset({"-1", "6"}), "udp": frozenset({"-1", "17"})}
UNPRIVILEGED: Final[Span] = (1024, 65535)
"""From no other ports do connections start; a NAT gateway uses all of these (VPC guide, ephemeral ports)."""


class Border(NamedTuple):
    """What crosses the border of a subnet, and comes back.

    Attributes:
        subnet: Its id.
        leaving: Whether requests leave the subnet here; else they enter it.
        requests: By the address on the other side and the port that they go to.
        ports: From which they usually come.
        protocol: Theirs; sentences speak of HTTPS.
    """

    subnet: str
    leaving: bool
    requests: Sequence[Box]
    ports: Span
    protocol: Protocol = "tcp"


def crossed(facts: NetworkFacts, border: Border) -> Reachability:
    """Whether requests and their answers cross a border.

    Raises:
        FactMissing: The subnet's network ACL, or something of it, is not described.
    """
    acl = _acl_of(facts, border.subnet)
    name = text(acl, "NetworkAclId")
    way = "out of" if border.leaving else "into"
    there = _share(acl, border.requests, border.protocol, egress=border.leaving)
    if there == "none":
        return blocked("network_acl", f"{name} lets no HTTPS {way} {border.subnet}.")
    back = _share_of_answers(acl, border)
    if back == "none":
        other = "into" if border.leaving else "out of"
        return blocked("network_acl", f"{name} lets no answers to HTTPS (TCP 1024-65535) {other} {border.subnet}.")
    if "some" in (there, back):
        sentence = f"{name} lets only a part of the HTTPS traffic of {border.subnet} through."
        return unknown("facts_missing", sentence)
    return reachable(name)


def _share_of_answers(acl: Row, border: Border) -> Share:
    """By the ports from which connections usually start; closed only where it is so for all from which they could."""
    usual = _share(acl, with_ports(border.requests, border.ports), border.protocol, egress=not border.leaving)
    if usual == "all":
        return usual
    any_port = _share(acl, with_ports(border.requests, UNPRIVILEGED), border.protocol, egress=not border.leaving)
    return "none" if any_port == "none" else "some"


def _acl_of(facts: NetworkFacts, subnet: str) -> Row:
    for acl in facts.network_acls:
        if any(one.get("SubnetId") == subnet for one in rows(acl, "Associations")):
            return acl
    raise FactMissing(f"the network ACL of {subnet} was not described")


def _share(acl: Row, packets: Sequence[Box], protocol: Protocol, *, egress: bool) -> Share:
    ours = [entry for entry in rows(acl, "Entries") if flag(entry, "Egress") == egress]
    ordered = sorted(ours, key=lambda entry: number(entry, "RuleNumber"))
    relevant = [one for one in ordered if text(one, "Protocol") in PROTOCOLS[protocol]]
    return share_let_through(packets, [_rule(entry) for entry in relevant if not entry.get("Ipv6CidrBlock")])


def _rule(entry: Row) -> Rule:
    action = text(entry, "RuleAction")
    if action not in ("allow", "deny"):
        raise FactMissing(f"a network ACL has the action {action}")
    if text(entry, "Protocol") == "-1":
        ports = EVERY_PORT
    else:
        asked = part(entry, "PortRange")
        ports = (number(asked, "From"), number(asked, "To"))
    return Rule(allows=action == "allow", box=Box(span(entry, "CidrBlock"), ports))
