"""What EC2 describes of the networks that some instances are in, gathered once for all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from fleetdx.coverage.network import verbs
from fleetdx.coverage.network.reading import by_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from types_boto3_ec2.client import EC2Client

    from fleetdx.coverage.network.reading import Row

SERVICES: Final = ("ssm", "ssmmessages")
"""Both are needed: agents from 3.3.40.0 on take their commands from ssmmessages wherever their role allows it."""
AWS_OWNER: Final = "AWS"


@dataclass
class NetworkFacts:
    """Lists as EC2 gives them; things by their id are read from these when they are asked for.

    Attributes:
        dns_support: VPC to its attribute of that name, as EC2 wraps it (`{"Value": True}`).
        dns_hostnames: The same.
        interfaces_described: Of the endpoints of SERVICES only.
        groups_described: Of all the VPCs, and those of instances that belong to another VPC.
        prefix_lists: Those that a rule or a route names, to their entries: none for a list of AWS's, because none of
            those holds an address of Systems Manager; None where the entries cannot be read.
    """

    vpcs_described: list[Row] = field(default_factory=list)
    subnets_described: list[Row] = field(default_factory=list)
    route_tables: list[Row] = field(default_factory=list)
    network_acls: list[Row] = field(default_factory=list)
    endpoints: list[Row] = field(default_factory=list)
    groups_described: list[Row] = field(default_factory=list)
    interfaces_described: list[Row] = field(default_factory=list)
    nat_gateways_described: list[Row] = field(default_factory=list)
    internet_gateways: list[Row] = field(default_factory=list)
    dhcp_options_described: list[Row] = field(default_factory=list)
    dns_support: dict[str, Row] = field(default_factory=dict)
    dns_hostnames: dict[str, Row] = field(default_factory=dict)
    prefix_lists: dict[str, list[Row] | None] = field(default_factory=dict)

    @cached_property
    def are_things(self) -> bool:
        """Whether everything that was described is a thing with keys, as EC2's answers are."""
        listed = (value for value in vars(self).values() if isinstance(value, list))
        wrapped = [*self.dns_support.values(), *self.dns_hostnames.values()]
        entries = (found for found in self.prefix_lists.values() if found is not None)
        return all(isinstance(one, Mapping) for found in (*listed, *entries, wrapped) for one in found)

    @cached_property
    def vpcs(self) -> Mapping[str, Row]:
        """By id."""
        return by_id(self.vpcs_described, "VpcId")

    @cached_property
    def subnets(self) -> Mapping[str, Row]:
        """By id."""
        return by_id(self.subnets_described, "SubnetId")

    @cached_property
    def security_groups(self) -> Mapping[str, Row]:
        """By id."""
        return by_id(self.groups_described, "GroupId")

    @cached_property
    def interfaces(self) -> Mapping[str, Row]:
        """By id."""
        return by_id(self.interfaces_described, "NetworkInterfaceId")

    @cached_property
    def nat_gateways(self) -> Mapping[str, Row]:
        """By id."""
        return by_id(self.nat_gateways_described, "NatGatewayId")

    @cached_property
    def dhcp_options(self) -> Mapping[str, Row]:
        """By id."""
        return by_id(self.dhcp_options_described, "DhcpOptionsId")


def gather(ec2: EC2Client, instances: Sequence[Mapping[str, Any]]) -> NetworkFacts:
    """Ask EC2 for the networks that these instances are in; how many calls follows from the VPCs, not the instances.

    Args:
        ec2: A client of the instances' account and region.
        instances: As DescribeInstances gives them; none at all asks nothing.

    Raises:
        ClientError: EC2 refuses or fails; no fact is left out silently.
    """
    vpcs = sorted({one["VpcId"] for one in instances if isinstance(one.get("VpcId"), str)})

    def of_vpcs(listing: verbs.Listing) -> list[Row]:
        return list(verbs.listed(ec2, listing, vpcs))

    facts = NetworkFacts(
        vpcs_described=of_vpcs(verbs.VPCS),
        subnets_described=of_vpcs(verbs.SUBNETS),
        route_tables=of_vpcs(verbs.ROUTE_TABLES),
        network_acls=of_vpcs(verbs.NETWORK_ACLS),
        endpoints=of_vpcs(verbs.ENDPOINTS),
        groups_described=of_vpcs(verbs.SECURITY_GROUPS),
        nat_gateways_described=of_vpcs(verbs.NAT_GATEWAYS),
        internet_gateways=of_vpcs(verbs.INTERNET_GATEWAYS),
        dns_support={vpc: verbs.dns_support(ec2, vpc) for vpc in vpcs},
        dns_hostnames={vpc: verbs.dns_hostnames(ec2, vpc) for vpc in vpcs},
    )
    _gather_what_they_name(ec2, facts, instances)
    return facts


def _gather_what_they_name(ec2: EC2Client, facts: NetworkFacts, instances: Iterable[Mapping[str, Any]]) -> None:
    """DHCP options, the endpoints' interfaces, groups of other VPCs, and prefix lists."""
    options = {str(vpc.get("DhcpOptionsId", "")) for vpc in facts.vpcs_described}
    # "default" stands for none at all and is no id.
    named = sorted(one for one in options if one.startswith("dopt-"))
    facts.dhcp_options_described = list(verbs.listed(ec2, verbs.DHCP_OPTIONS, named))
    interfaces = [name for one in facts.endpoints if serves(one) for name in one.get("NetworkInterfaceIds") or []]
    facts.interfaces_described = list(verbs.listed(ec2, verbs.INTERFACES, sorted(set(interfaces))))
    described = {str(group.get("GroupId")) for group in facts.groups_described}
    foreign = sorted(_groups_in_use(facts, instances) - described)
    facts.groups_described += verbs.listed(ec2, verbs.SECURITY_GROUPS_BY_ID, foreign)
    _gather_prefix_lists(ec2, facts, _groups_in_use(facts, instances))


def serves(endpoint: Row) -> str:
    """Which of SERVICES an interface endpoint is for, by the end of its service's name; empty where for none."""
    if endpoint.get("VpcEndpointType") != "Interface":
        return ""
    service = str(endpoint.get("ServiceName", "")).rpartition(".")[2]
    return service if service in SERVICES else ""


def _groups_in_use(facts: NetworkFacts, instances: Iterable[Mapping[str, Any]]) -> set[str]:
    interfaces = [*facts.interfaces_described]
    for instance in instances:
        interfaces += instance.get("NetworkInterfaces") or []
    return _ids([group for one in interfaces for group in one.get("Groups") or []], "GroupId")


def _gather_prefix_lists(ec2: EC2Client, facts: NetworkFacts, groups: set[str]) -> None:
    rules = [
        rule
        for group in facts.groups_described
        if group.get("GroupId") in groups
        for rule in [*(group.get("IpPermissions") or []), *(group.get("IpPermissionsEgress") or [])]
    ]
    named = _ids([one for rule in rules for one in rule.get("PrefixListIds") or []], "PrefixListId")
    routes = [route for table in facts.route_tables for route in table.get("Routes") or []]
    named |= _ids(routes, "DestinationPrefixListId")
    described = verbs.listed(ec2, verbs.PREFIX_LISTS, sorted(named))
    owners = {one.get("PrefixListId"): one.get("OwnerId") for one in described}
    for name in sorted(named):
        if owners.get(name) == AWS_OWNER:
            facts.prefix_lists[name] = []
        else:
            facts.prefix_lists[name] = verbs.prefix_list_entries(ec2, name) if name in owners else None


def _ids(found: Iterable[Row], key: str) -> set[str]:
    """The ids below a key; what has none is the judge's matter, who cannot do without it."""
    return {one[key] for one in found if isinstance(one.get(key), str)}
