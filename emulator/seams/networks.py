"""Seam in moto's EC2: networks are described as EC2 describes them, so that somebody can tell where a packet gets.

moto 5.2.5 gives an interface endpoint addresses outside of its subnets and the default group; changes of an endpoint
leave its interfaces, private DNS and routes as they were; a route never becomes a blackhole; a new VPC has no DHCP
options, a default VPC no way to the internet, a new network ACL no last word.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from moto.ec2.models.network_acls import NetworkAclBackend
from moto.ec2.models.route_tables import Route
from moto.ec2.models.vpcs import VPCBackend
from moto.ec2.responses.vpcs import VPCs

from emulator.seams.patching import Patches

if TYPE_CHECKING:
    from collections.abc import Callable

AMAZON_DNS: Final = "AmazonProvidedDNS"
ANYWHERE: Final = "0.0.0.0/0"
LAST_RULE: Final = 32767
GONE: Final = frozenset({"shutting-down", "terminated"})


def install() -> Callable[[], None]:
    """Replace what moto's EC2 says of networks; the answer undoes it."""
    patches = Patches()
    patches.replace(VPCBackend, "create_vpc", _creating_vpc(VPCBackend.create_vpc))
    patches.replace(VPCBackend, "create_default_vpc", _creating_default_vpc(VPCBackend.create_default_vpc))
    patches.replace(VPCBackend, "create_vpc_endpoint", _creating_endpoint(VPCBackend.create_vpc_endpoint))
    patches.replace(VPCBackend, "modify_vpc_endpoint", _modifying_endpoint(VPCBackend.modify_vpc_endpoint))
    patches.replace(VPCs, "modify_vpc_endpoint", _asked_to_modify_endpoint(VPCs.modify_vpc_endpoint))
    patches.replace(NetworkAclBackend, "create_network_acl", _creating_acl(NetworkAclBackend.create_network_acl))
    patches.replace(Route, "state", property(_state_of_route))
    return patches.undo


def _creating_vpc(original: Callable[..., Any]) -> Callable[..., Any]:
    def create_vpc(self: Any, *given: Any, **named: Any) -> Any:
        vpc = original(self, *given, **named)
        self.associate_dhcp_options(self.create_dhcp_options(domain_name_servers=[AMAZON_DNS]), vpc)
        group = self.get_default_security_group(vpc.id)
        self.authorize_security_group_ingress(
            group.id, "-1", None, None, [], source_groups=[{"GroupId": group.id}], vpc_id=vpc.id
        )
        return vpc

    return create_vpc


def _creating_default_vpc(original: Callable[..., Any]) -> Callable[..., Any]:
    def create_default_vpc(self: Any) -> Any:
        vpc = original(self)
        gateway = self.create_internet_gateway()
        self.attach_internet_gateway(gateway.id, vpc.id)
        main = self.describe_route_tables(filters={"vpc-id": [vpc.id], "association.main": ["true"]})[0]
        self.create_route(main.id, ANYWHERE, gateway_id=gateway.id)
        return vpc

    return create_default_vpc


def _creating_endpoint(original: Callable[..., Any]) -> Callable[..., Any]:
    def create_vpc_endpoint(self: Any, **named: Any) -> Any:
        document = named.get("policy_document")
        if isinstance(document, dict):
            # A template gives it parsed, and EC2 tells it as text all the same.
            named["policy_document"] = json.dumps(document)
        for name in ("route_table_ids", "subnet_ids", "security_group_ids"):
            named[name] = list(named.get(name) or [])
        endpoint = original(self, **named)
        if not _is_interface(endpoint):
            endpoint.private_dns_enabled = False
            return endpoint
        if not endpoint.security_group_ids:
            endpoint.security_group_ids = [self.get_default_security_group(endpoint.vpc_id).id]
        for name in endpoint.network_interface_ids:
            self.enis.pop(name)
        endpoint.network_interface_ids = []
        _place_interfaces(self, endpoint)
        return endpoint

    return create_vpc_endpoint


def _is_interface(endpoint: Any) -> bool:
    return str(endpoint.vpc_endpoint_type).lower() == "interface"


def _place_interfaces(backend: Any, endpoint: Any) -> None:
    """One interface in each subnet of the endpoint, with an address of the subnet and the endpoint's groups."""
    interfaces = [backend.enis[name] for name in endpoint.network_interface_ids]
    for interface in interfaces:
        if interface.subnet.id not in endpoint.subnet_ids:
            backend.enis.pop(interface.id)
    kept = {one.subnet.id: one for one in interfaces if one.subnet.id in endpoint.subnet_ids}
    for name in endpoint.subnet_ids:
        if name not in kept:
            kept[name] = _new_interface(backend, endpoint, backend.get_subnet(name))
    groups = [backend.get_security_group_from_id(name) for name in endpoint.security_group_ids]
    for interface in kept.values():
        interface._group_set = groups
    endpoint.network_interface_ids = [interface.id for interface in kept.values()]


def _new_interface(backend: Any, endpoint: Any, subnet: Any) -> Any:
    address = subnet.get_available_subnet_ip(endpoint)
    made = backend.create_network_interface(subnet, address, description=f"VPC Endpoint Interface {endpoint.id}")
    made.interface_type, made.requester_managed, made.status = "vpc_endpoint", True, "in-use"
    return made


def _modifying_endpoint(original: Callable[..., Any]) -> Callable[..., Any]:
    def modify_vpc_endpoint(self: Any, vpc_id: str, *given: Any, **named: Any) -> None:
        # moto calls the endpoint's id so.
        endpoint = self.get_vpc_end_point(vpc_id)
        before = set(endpoint.route_table_ids)
        original(self, vpc_id, *given, **named)
        if _is_interface(endpoint):
            _place_interfaces(self, endpoint)
            return
        prefix_list = endpoint.destination_prefix_list_id
        for table in before - set(endpoint.route_table_ids):
            self.delete_route(table, prefix_list)
        for table in set(endpoint.route_table_ids) - before:
            self.create_route(table, None, gateway_id=endpoint.id, destination_prefix_list_id=prefix_list)

    return modify_vpc_endpoint


def _asked_to_modify_endpoint(original: Callable[..., Any]) -> Callable[..., Any]:
    def modify_vpc_endpoint(self: Any) -> Any:
        answer = original(self)
        wanted = self._get_param("PrivateDnsEnabled")
        if wanted is not None:
            endpoint = self.ec2_backend.get_vpc_end_point(self._get_param("VpcEndpointId"))
            endpoint.private_dns_enabled = str(wanted).lower() == "true"
        return answer

    return modify_vpc_endpoint


def _creating_acl(original: Callable[..., Any]) -> Callable[..., Any]:
    def create_network_acl(self: Any, vpc_id: str, tags: Any = None, default: bool = False) -> Any:  # noqa: FBT001, FBT002 - moto's
        made = original(self, vpc_id, tags, default)
        for egress in (True, False):
            if not default:
                self.create_network_acl_entry(
                    made.id, LAST_RULE, "-1", "deny", egress, ANYWHERE, None, None, None, None, None
                )
        return made

    return create_network_acl


def _state_of_route(route: Any) -> str:
    """`blackhole` where what the route leads to is gone: a gateway that is not attached, or a deleted one."""
    gateway, backend = route.gateway, route.route_table.ec2_backend
    is_internet = getattr(gateway, "id", "").startswith("igw-")
    is_gone = (
        (is_internet and (gateway.vpc is None or gateway.vpc.id != route.route_table.vpc_id))
        or (route.nat_gateway is not None and route.nat_gateway.state != "available")
        or (route.interface is not None and route.interface.id not in backend.enis)
        or (route.instance is not None and route.instance._state.name in GONE)
    )
    return "blackhole" if is_gone else "active"
