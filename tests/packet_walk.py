"""An independent oracle: walks packets through moto's own network objects, one packet at a time.

It shares no code and no idea with fleetdx.coverage.network: that reasons about sets of packets from what EC2 describes;
this tries single packets, from single ports to single addresses, against the objects that the emulated EC2 keeps. Where
a packet's fate depends on what nobody here can see, both fates are told.
"""

from __future__ import annotations

import ipaddress
import json
from fnmatch import fnmatch
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

# Where on the internet the services could be: nobody here knows, so every one of them is tried.
PUBLIC = ("3.38.20.9", "52.94.8.16", "54.239.31.91", "99.78.196.5", "150.222.11.4", "176.32.100.2", "18.60.7.7")
HOST_PORTS = (32768, 41000, 60999)
NAT_PORTS = (1024, 20000, 65535)
NEEDED = {
    "ssm": ("ssm:UpdateInstanceInformation",),
    "ssmmessages": ("ssmmessages:CreateControlChannel", "ssmmessages:OpenControlChannel"),
}
YES: Final = frozenset({True})
NO: Final = frozenset({False})
EITHER: Final = frozenset({True, False})

Fates = frozenset[bool]
"""Whether packets arrive: always, never, or both, as it happens."""


class Packet(NamedTuple):
    """From one address and port to another, of one protocol."""

    source: str
    source_port: int
    target: str
    target_port: int
    protocol: str = "tcp"

    @property
    def answer(self) -> Packet:
        return Packet(self.target, self.target_port, self.source, self.source_port, self.protocol)


class Walk:
    """Walks from one instance of one emulated account and region."""

    def __init__(self, backend: Any, instance: str) -> None:
        self.backend = backend
        self.interface = backend.get_instance(instance).nics[0]
        self.subnet = self.interface.subnet
        self.vpc = backend.get_vpc(self.subnet.vpc_id)

    def fates(self) -> Fates:
        """Whether the instance reaches both services."""
        return both(self.to_service("ssm"), self.to_service("ssmmessages"))

    def to_service(self, service: str) -> Fates:
        found: set[bool] = set()
        for answer in self.answers_for(service):
            found |= self.to_answer(answer, service)
        return frozenset(found)

    def answers_for(self, service: str) -> Iterator[str]:
        """What a question for a service's name may be answered with: `vpce-...`, `public`, or `nothing`."""
        private = self.private_zone(service)
        servers = self.servers()
        if servers == ["AmazonProvidedDNS"]:
            if not self.vpc.enable_dns_support:
                yield "nothing"
            elif private and self.vpc.enable_dns_hostnames:
                yield private
            else:
                yield "public"
            return
        for server in servers:
            if True in self.asks(server):
                yield "public"
                if private:
                    yield private
                return
        yield "nothing"

    def servers(self) -> list[str]:
        options = self.vpc.dhcp_options
        servers = (options._options["domain-name-servers"] or []) if options else []
        amazon = {"169.254.169.253", str(ipaddress.ip_network(self.vpc.cidr_block).network_address + 2)}
        return ["AmazonProvidedDNS" if one in amazon else one for one in servers]

    def private_zone(self, service: str) -> str:
        for endpoint in self.backend.vpc_end_points.values():
            is_ours = endpoint.vpc_id == self.vpc.id and endpoint.service_name.split(".")[-1] == service
            if is_ours and endpoint.state != "deleted" and endpoint.private_dns_enabled:
                return str(endpoint.id)
        return ""

    def asks(self, server: str) -> Fates:
        return every(self.to_address(server, 53, "udp", port, None) for port in HOST_PORTS)

    def to_answer(self, answer: str, service: str) -> Fates:
        if answer == "nothing":
            return NO
        if answer == "public":
            return every(self.to_address(there, 443, "tcp", port, None) for there in PUBLIC for port in HOST_PORTS)
        endpoint = self.backend.vpc_end_points[answer]
        if endpoint.state != "available":
            return NO
        interfaces = [self.backend.enis[name] for name in endpoint.network_interface_ids]
        # The dialer tries every address until one answers.
        reached = [
            every(self.to_address(one.private_ip_address, 443, "tcp", port, one) for port in HOST_PORTS)
            for one in interfaces
        ]
        return both(any_of(reached), allowed(endpoint.policy_document, NEEDED[service]))

    def to_address(self, there: str, port: int, protocol: str, own_port: int, peer: Any) -> Fates:
        """One packet to an address and its answer; `peer` is the interface that has the address, where it is ours."""
        packet = Packet(self.interface.private_ip_address, own_port, there, port, protocol)
        if not self.group_lets(self.interface, "egress_rules", packet.target, packet, peer):
            return NO
        if ipaddress.ip_address(there) in self.subnet.cidr:
            return self.received(peer, packet)
        if not self.acls_let(self.subnet, packet, leaves=True):
            return NO
        return self.routed(self.subnet, packet, self.interface.public_ip, peer)

    def received(self, peer: Any, packet: Packet) -> Fates:
        if peer is None:
            return YES
        lets = self.group_lets(peer, "ingress_rules", packet.source, packet, self.interface)
        return YES if lets else NO

    def routed(self, subnet: Any, packet: Packet, public: Any, peer: Any) -> Fates:
        route = self.best_route(subnet, packet.target)
        if route is None:
            return NO
        if route.local:
            return self.delivered(packet, peer)
        if route.nat_gateway is not None:
            return self.translated(subnet, packet, route.nat_gateway)
        gateway = route.gateway
        if gateway is not None and gateway.id.startswith("igw-"):
            attached = gateway.vpc is not None and gateway.vpc.id == self.vpc.id
            return YES if attached and public and ipaddress.ip_address(packet.target).is_global else NO
        if route.interface is not None and route.interface.id not in self.backend.enis:
            return NO
        # A transit gateway, a peering, an appliance: nobody here sees what they do.
        return EITHER

    def delivered(self, packet: Packet, peer: Any) -> Fates:
        """Into another subnet of the VPC, and back out of it."""
        for subnet in self.backend.describe_subnets(filters={"vpc-id": [self.vpc.id]}):
            if ipaddress.ip_address(packet.target) in subnet.cidr:
                if not self.acls_let(subnet, packet, leaves=False):
                    return NO
                back = self.best_route(subnet, packet.source)
                received = self.received(peer, packet)
                return received if back is not None and back.local else both(received, EITHER)
        return NO

    def translated(self, subnet: Any, packet: Packet, nat: Any) -> Fates:
        if nat.state != "available":
            return NO
        home = self.backend.get_subnet(nat.subnet_id)
        # What reaches the gateway keeps its target; at this border it comes in, its answer goes out.
        if home.id != subnet.id and not self.acls_let(home, packet, leaves=False):
            return NO
        found: set[bool] = set()
        for port in NAT_PORTS:
            onward = packet._replace(source="0.0.0.0", source_port=port)  # noqa: S104 - no socket is bound
            lets = self.acls_let(home, onward, leaves=True)
            found |= self.routed(home, onward, nat.address_set, None) if lets else NO
        return frozenset(found)

    def best_route(self, subnet: Any, there: str) -> Any:
        """The live route with the longest prefix; a dead one swallows its packets."""
        best, length = None, -1
        for route in self.table_of(subnet)._routes.values():
            for block in blocks_of(route):
                network = ipaddress.ip_network(block)
                if network.version == 4 and ipaddress.ip_address(there) in network and network.prefixlen > length:
                    best, length = route, network.prefixlen
        return best

    def table_of(self, subnet: Any) -> Any:
        tables = [one for one in self.backend.route_tables.values() if one.vpc_id == self.vpc.id]
        own = [one for one in tables if subnet.id in one._associations.values()]
        return (own or [one for one in tables if one.main_association_id])[0]

    def acls_let(self, subnet: Any, packet: Packet, *, leaves: bool) -> bool:
        """A packet and its answer at a subnet's border."""
        (acl,) = [
            one
            for one in self.backend.network_acls.values()
            if any(tie.subnet_id == subnet.id for tie in one._associations.values())
        ]
        there = acl_lets(acl, packet.target if leaves else packet.source, packet.target_port, packet.protocol, leaves)
        answer = packet.answer
        far = answer.source if leaves else answer.target
        return there and acl_lets(acl, far, answer.target_port, packet.protocol, not leaves)

    def group_lets(self, interface: Any, rules: str, far: str, packet: Packet, peer: Any) -> bool:
        peers = {group.id for group in peer.group_set} if peer is not None else set()
        for group in interface.group_set:
            for rule in getattr(group, rules):
                if rule.ip_protocol not in ("-1", packet.protocol):
                    continue
                if rule.ip_protocol != "-1" and not int(rule.from_port) <= packet.target_port <= int(rule.to_port):
                    continue
                if rule.source_group.get("GroupId") in peers or self.rule_holds(rule, far):
                    return True
        return False

    def rule_holds(self, rule: Any, far: str) -> bool:
        blocks = [rule.ip_range["CidrIp"]] if rule.ip_range.get("CidrIp") else []
        if rule.prefix_list_id:
            prefix_list = self.backend.managed_prefix_lists[rule.prefix_list_id]
            blocks += [entry["Cidr"] for entry in entries_of(prefix_list)]
        return any(ipaddress.ip_address(far) in ipaddress.ip_network(block) for block in blocks)


def acl_lets(acl: Any, far: str, port: int, protocol: str, egress: bool) -> bool:  # noqa: FBT001 - a direction
    number = {"tcp": "6", "udp": "17"}[protocol]
    for entry in sorted(acl.network_acl_entries, key=lambda one: int(one.rule_number)):
        if entry.egress != egress or str(entry.protocol) not in ("-1", number):
            continue
        if ipaddress.ip_address(far) not in ipaddress.ip_network(entry.cidr_block):
            continue
        if str(entry.protocol) == "-1" or int(entry.port_range_from) <= port <= int(entry.port_range_to):
            return bool(entry.rule_action == "allow")
    return False


def blocks_of(route: Any) -> list[str]:
    if route.destination_prefix_list is not None:
        return [entry["Cidr"] for entry in entries_of(route.destination_prefix_list)]
    return [route.destination_cidr_block] if route.destination_cidr_block else []


def entries_of(prefix_list: Any) -> list[dict[str, str]]:
    """AWS's own lists hold none of the addresses that are walked to, whatever moto puts into them."""
    if prefix_list.owner_id == "AWS":
        return []
    versions = list(prefix_list.entries.values())
    return versions[-1] if versions else []


def allowed(document: str, needed: tuple[str, ...]) -> Fates:
    """An endpoint's policy; what has a condition, or is for somebody in particular, may hold or not."""
    statements = json.loads(document)["Statement"]
    fates = YES
    for action in needed:
        found: dict[str, Fates] = {"Allow": NO, "Deny": NO}
        for statement in statements if isinstance(statements, list) else [statements]:
            named = statement.get("Action", [])
            patterns = [named] if isinstance(named, str) else named
            if not any(fnmatch(action.lower(), one.lower()) for one in patterns):
                continue
            certain = (
                "Condition" not in statement
                and statement.get("Principal") in ("*", {"AWS": "*"})
                and statement.get("Resource") == "*"
            )
            before = found[statement["Effect"]]
            found[statement["Effect"]] = any_of([before, YES if certain else EITHER])
        fates = both(fates, both(found["Allow"], frozenset(not one for one in found["Deny"])))
    return fates


def both(one: Fates, other: Fates) -> Fates:
    return frozenset(first and second for first in one for second in other)


def any_of(fates: list[Fates]) -> Fates:
    found = NO
    for one in fates:
        found = frozenset(first or second for first in found for second in one)
    return found


def every(fates: Iterator[Fates]) -> Fates:
    """All that happens to several packets of which nobody knows which will be sent."""
    return frozenset().union(*fates)
