"""Narrow verbs over EC2's networks. Each asks by ids of networks, so that calls grow with networks and pages alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from types_boto3_ec2.client import EC2Client

    from fleetdx.coverage.network.reading import Row

VALUES_A_FILTER: Final = 200
"""EC2 takes at most 200 values a filter (EC2 API reference, Filter)."""
UNREADABLE_CODES: Final = frozenset({"InvalidPrefixListID.NotFound", "InvalidPrefixListId.NotFound"})


class Listing(NamedTuple):
    """A call that lists things: the paginator's name, what an answer has them in, the filter, and the largest page."""

    operation: str
    member: str
    filter_name: str
    page_size: int = 1000
    filter_member: str = "Filters"


VPCS: Final = Listing("describe_vpcs", "Vpcs", "vpc-id")
SUBNETS: Final = Listing("describe_subnets", "Subnets", "vpc-id")
ROUTE_TABLES: Final = Listing("describe_route_tables", "RouteTables", "vpc-id", 100)
SECURITY_GROUPS: Final = Listing("describe_security_groups", "SecurityGroups", "vpc-id")
SECURITY_GROUPS_BY_ID: Final = Listing("describe_security_groups", "SecurityGroups", "group-id")
NETWORK_ACLS: Final = Listing("describe_network_acls", "NetworkAcls", "vpc-id")
ENDPOINTS: Final = Listing("describe_vpc_endpoints", "VpcEndpoints", "vpc-id")
DHCP_OPTIONS: Final = Listing("describe_dhcp_options", "DhcpOptions", "dhcp-options-id")
NAT_GATEWAYS: Final = Listing("describe_nat_gateways", "NatGateways", "vpc-id", filter_member="Filter")
INTERNET_GATEWAYS: Final = Listing("describe_internet_gateways", "InternetGateways", "attachment.vpc-id")
INTERFACES: Final = Listing("describe_network_interfaces", "NetworkInterfaces", "network-interface-id")
PREFIX_LISTS: Final = Listing("describe_managed_prefix_lists", "PrefixLists", "prefix-list-id", 100)


def listed(ec2: EC2Client, listing: Listing, values: Sequence[str]) -> Iterator[Row]:
    """Everything whose filter has one of these values; no call where there are none."""
    for start in range(0, len(values), VALUES_A_FILTER):
        wanted = [{"Name": listing.filter_name, "Values": list(values[start : start + VALUES_A_FILTER])}]
        paginator: Any = ec2.get_paginator(listing.operation)  # type: ignore[call-overload]  # names of paginators
        pages = paginator.paginate(**{listing.filter_member: wanted}, PaginationConfig={"PageSize": listing.page_size})
        for page in pages:
            yield from page[listing.member]


def dns_support(ec2: EC2Client, vpc: str) -> Row:
    """The VPC's `EnableDnsSupport`: whether Amazon's DNS server answers there."""
    return ec2.describe_vpc_attribute(VpcId=vpc, Attribute="enableDnsSupport")["EnableDnsSupport"]


def dns_hostnames(ec2: EC2Client, vpc: str) -> Row:
    """The VPC's `EnableDnsHostnames`; private hosted zones, and so private DNS of endpoints, need both attributes."""
    return ec2.describe_vpc_attribute(VpcId=vpc, Attribute="enableDnsHostnames")["EnableDnsHostnames"]


def prefix_list_entries(ec2: EC2Client, prefix_list: str) -> list[Row] | None:
    """The entries of a customer-managed prefix list; None where it is not, or no longer, shared with this account."""
    paginator = ec2.get_paginator("get_managed_prefix_list_entries")
    try:
        pages = list(paginator.paginate(PrefixListId=prefix_list, PaginationConfig={"PageSize": 100}))
    except ClientError as error:
        if error.response["Error"]["Code"] in UNREADABLE_CODES:
            return None
        raise
    return [entry for page in pages for entry in page["Entries"]]
