"""Facts are asked for by network, page after page; how many instances there are changes nothing."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from fleetdx.coverage.network import gather
from tests.fakes.aws_errors import client_error
from tests.fakes.pages import Pages, split
from tests.unit.network.example_network import (
    GROUP,
    VPC,
    endpoint,
    endpoint_interface,
    instance,
    interface,
    route,
    rule,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_VALUES = 200
MEMBERS = {
    "describe_vpcs": "Vpcs",
    "describe_subnets": "Subnets",
    "describe_route_tables": "RouteTables",
    "describe_security_groups": "SecurityGroups",
    "describe_network_acls": "NetworkAcls",
    "describe_vpc_endpoints": "VpcEndpoints",
    "describe_dhcp_options": "DhcpOptions",
    "describe_nat_gateways": "NatGateways",
    "describe_internet_gateways": "InternetGateways",
    "describe_network_interfaces": "NetworkInterfaces",
    "describe_managed_prefix_lists": "PrefixLists",
    "get_managed_prefix_list_entries": "Entries",
}
IDS = {"vpc-id": "VpcId", "group-id": "GroupId", "network-interface-id": "NetworkInterfaceId"}


class FakeNetworks:
    """EC2 with networks in it: two things a page. Filters by id are obeyed, others are taken for granted."""

    def __init__(self, **described: list[dict[str, Any]]) -> None:
        self.described = described
        self.entries: dict[str, list[dict[str, Any]] | Exception] = {}
        self.calls: Counter[str] = Counter()
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def get_paginator(self, operation: str) -> Pages:
        return Pages(lambda **arguments: self._pages(operation, arguments))

    def describe_vpc_attribute(self, *, VpcId: str, Attribute: str) -> dict[str, Any]:  # noqa: N803
        self.calls[f"describe_vpc_attribute {VpcId}"] += 1
        return {Attribute[0].upper() + Attribute[1:]: {"Value": True}}

    def _pages(self, operation: str, arguments: dict[str, Any]) -> Iterator[dict[str, Any]]:
        self.asked.append((operation, arguments))
        found = self._found(operation, arguments)
        for page in split(found, 2):
            self.calls[operation] += 1
            yield {MEMBERS[operation]: page}

    def _found(self, operation: str, arguments: dict[str, Any]) -> list[dict[str, Any]]:
        if operation == "get_managed_prefix_list_entries":
            entries = self.entries[arguments["PrefixListId"]]
            if isinstance(entries, Exception):
                raise entries
            return entries
        (wanted,) = arguments.get("Filters") or arguments["Filter"]
        assert 0 < len(wanted["Values"]) <= MOST_VALUES
        key = IDS.get(wanted["Name"], "")
        return [one for one in self.described.get(operation, []) if key not in one or one[key] in wanted["Values"]]


def vpc(name: str = VPC) -> dict[str, Any]:
    return {"VpcId": name, "DhcpOptionsId": "dopt-1"}


def test_calls_do_not_grow_with_instances() -> None:
    """A thousand instances of one VPC cost what one costs."""
    counts = []
    for instances in ([instance()], [instance(InstanceId=f"i-{number}") for number in range(1000)]):
        ec2 = FakeNetworks(describe_vpcs=[vpc()])
        gather(ec2, instances)
        counts.append(ec2.calls)
    assert counts[0] == counts[1]
    assert sum(counts[0].values()) <= 14


def test_a_further_vpc_costs_its_two_attributes() -> None:
    """EC2 tells DNS attributes one VPC a call; everything else is asked for all VPCs together."""
    ec2 = FakeNetworks(describe_vpcs=[vpc(), vpc("vpc-2")])
    gather(ec2, [instance(), instance(VpcId="vpc-2")])
    alone = FakeNetworks(describe_vpcs=[vpc()])
    gather(alone, [instance()])
    assert sum(ec2.calls.values()) == sum(alone.calls.values()) + 2


def test_every_page_is_read() -> None:
    """What lies on a later page is a fact too."""
    tables = [{"RouteTableId": f"rtb-{number}", "VpcId": VPC, "Routes": []} for number in range(5)]
    ec2 = FakeNetworks(describe_vpcs=[vpc()], describe_route_tables=tables)
    assert gather(ec2, [instance()]).route_tables == tables
    assert ec2.calls["describe_route_tables"] == 3


def test_more_vpcs_than_a_filter_takes_are_asked_in_parts() -> None:
    """At most 200 values a filter, and each VPC is asked for once."""
    names = [f"vpc-{number}" for number in range(450)]
    ec2 = FakeNetworks(describe_vpcs=[vpc(name) for name in names])
    facts = gather(ec2, [instance(VpcId=name) for name in names])
    assert sorted(facts.vpcs) == sorted(names)
    assert sum(operation == "describe_subnets" for operation, _ in ec2.asked) == 3


def test_nothing_is_asked_for_no_instances() -> None:
    """Where nobody is unmanaged, EC2 is left alone."""
    ec2 = FakeNetworks()
    gather(ec2, [])
    gather(ec2, [{"InstanceId": "i-1"}])
    assert not ec2.calls


def test_only_needed_endpoints_cost_a_look_at_their_interfaces() -> None:
    """Those of other services are not asked for."""
    ec2 = FakeNetworks(
        describe_vpcs=[vpc()],
        describe_vpc_endpoints=[endpoint("ssm", "eni-a"), endpoint("kms", "eni-b")],
        describe_network_interfaces=[endpoint_interface(name, "subnet-1", "10.0.1.9") for name in ("eni-a", "eni-b")],
    )
    assert list(gather(ec2, [instance()]).interfaces) == ["eni-a"]


def test_a_group_of_another_vpc_is_asked_for_by_its_id() -> None:
    """Groups can be associated with several VPCs; the filter by VPC leaves those of another one out."""
    groups = [{"GroupId": GROUP, "VpcId": VPC}, {"GroupId": "sg-far", "VpcId": "vpc-9"}, {"GroupId": "sg-x"}]
    ec2 = FakeNetworks(describe_vpcs=[vpc()], describe_security_groups=groups)
    far = interface(Groups=[{"GroupId": GROUP}, {"GroupId": "sg-far"}])
    facts = gather(ec2, [instance(NetworkInterfaces=[far])])
    assert {GROUP, "sg-far"} <= set(facts.security_groups)


def test_prefix_lists_are_read_where_a_rule_or_a_route_names_them() -> None:
    """AWS's own hold no address of Systems Manager; customers' have their entries; one that is gone has none."""
    named = [{"PrefixListId": name} for name in ("pl-own", "pl-aws", "pl-gone", "pl-lost")]
    group = {"GroupId": GROUP, "IpPermissions": [], "IpPermissionsEgress": [rule("", PrefixListIds=named)]}
    by_list = {**route(TransitGatewayId="tgw-1"), "DestinationPrefixListId": "pl-route"}
    owners = {"pl-own": "111122223333", "pl-aws": "AWS", "pl-lost": "1", "pl-route": "1"}
    ec2 = FakeNetworks(
        describe_vpcs=[vpc()],
        describe_security_groups=[group],
        describe_route_tables=[{"RouteTableId": "rtb-1", "Routes": [by_list]}],
        describe_managed_prefix_lists=[{"PrefixListId": name, "OwnerId": owner} for name, owner in owners.items()],
    )
    entries = [{"Cidr": f"10.{number}.0.0/16"} for number in range(3)]
    lost = client_error("InvalidPrefixListID.NotFound", "GetManagedPrefixListEntries")
    ec2.entries = {"pl-own": entries, "pl-route": [], "pl-lost": lost}
    found = gather(ec2, [instance()]).prefix_lists
    assert found == {"pl-own": entries, "pl-aws": [], "pl-gone": None, "pl-lost": None, "pl-route": []}


def test_a_refusal_is_no_fact() -> None:
    """What EC2 refuses is told to whoever asked, and not taken for an empty list."""
    group = {"GroupId": GROUP, "IpPermissionsEgress": [rule("", PrefixListIds=[{"PrefixListId": "pl-1"}])]}
    ec2 = FakeNetworks(
        describe_vpcs=[vpc()],
        describe_security_groups=[group],
        describe_managed_prefix_lists=[{"PrefixListId": "pl-1", "OwnerId": "1"}],
    )
    ec2.entries = {"pl-1": client_error("UnauthorizedOperation", "GetManagedPrefixListEntries")}
    with pytest.raises(ClientError, match="UnauthorizedOperation"):
        gather(ec2, [instance()])
