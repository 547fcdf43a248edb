"""The seams in EC2's networks: what is described is what AWS would describe, before and after a change."""

from __future__ import annotations

import ipaddress
import json
from typing import TYPE_CHECKING, Any

import pytest

from emulator.networks import OTHER_CIDR, SUBNET_CIDR, Network, build_network
from tests.contract.small_cloud import REGION, SmallCloud, small_cloud

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallCloud]:
    with small_cloud(tmp_path_factory.mktemp("cloud")) as started:
        yield started


@pytest.fixture
def private(cloud: SmallCloud) -> Network:
    return build_network(cloud.client("ec2"), "endpoints", REGION)


def interfaces_of(ec2: Any, endpoint: str) -> list[dict[str, Any]]:
    names = ec2.describe_vpc_endpoints(VpcEndpointIds=[endpoint])["VpcEndpoints"][0]["NetworkInterfaceIds"]
    filters = [{"Name": "network-interface-id", "Values": names}]
    found: list[dict[str, Any]] = ec2.describe_network_interfaces(Filters=filters)["NetworkInterfaces"]
    return found


def routes_of(ec2: Any, table: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Routes"]
    return found


def test_an_endpoint_has_an_address_in_each_of_its_subnets(cloud: SmallCloud, private: Network) -> None:
    """Each interface lies in its subnet and has the endpoint's groups, not the default one."""
    found = interfaces_of(cloud.client("ec2"), private.endpoints["ssm"])
    cidrs = {private.subnet: SUBNET_CIDR, private.other_subnet: OTHER_CIDR}
    assert {one["SubnetId"] for one in found} == set(cidrs)
    for one in found:
        assert ipaddress.ip_address(one["PrivateIpAddress"]) in ipaddress.ip_network(cidrs[one["SubnetId"]])
        assert [group["GroupId"] for group in one["Groups"]] == [private.endpoint_security_group]
        assert one["InterfaceType"] == "vpc_endpoint"


def test_a_changed_endpoint_is_another_one(cloud: SmallCloud, private: Network) -> None:
    """Groups and subnets reach its interfaces, and private DNS can be turned off."""
    ec2, endpoint = cloud.client("ec2"), private.endpoints["ssm"]
    ec2.modify_vpc_endpoint(
        VpcEndpointId=endpoint,
        AddSecurityGroupIds=[private.security_group],
        RemoveSecurityGroupIds=[private.endpoint_security_group],
        RemoveSubnetIds=[private.subnet],
        PrivateDnsEnabled=False,
    )
    (left,) = interfaces_of(ec2, endpoint)
    assert left["SubnetId"] == private.other_subnet
    assert [group["GroupId"] for group in left["Groups"]] == [private.security_group]
    assert ec2.describe_vpc_endpoints(VpcEndpointIds=[endpoint])["VpcEndpoints"][0]["PrivateDnsEnabled"] is False
    ec2.modify_vpc_endpoint(VpcEndpointId=endpoint, AddSubnetIds=[private.subnet])
    assert {one["SubnetId"] for one in interfaces_of(ec2, endpoint)} == {private.subnet, private.other_subnet}
    assert ec2.describe_vpc_endpoints(VpcEndpointIds=[endpoint])["VpcEndpoints"][0]["PrivateDnsEnabled"] is False


def test_a_gateway_endpoint_s_routes_follow_its_route_tables(cloud: SmallCloud, private: Network) -> None:
    """A route by prefix list is where the endpoint names the table, and goes with it; it has no private DNS."""
    ec2, endpoint = cloud.client("ec2"), private.endpoints["s3"]
    ec2.modify_vpc_endpoint(
        VpcEndpointId=endpoint,
        AddRouteTableIds=[private.other_route_table],
        RemoveRouteTableIds=[private.route_table],
    )
    assert all("DestinationPrefixListId" not in route for route in routes_of(ec2, private.route_table))
    assert [route["GatewayId"] for route in routes_of(ec2, private.other_route_table)] == ["local", endpoint]
    assert ec2.describe_vpc_endpoints(VpcEndpointIds=[endpoint])["VpcEndpoints"][0]["PrivateDnsEnabled"] is False


def test_an_endpoint_without_a_group_gets_the_vpc_s_default_one(cloud: SmallCloud, private: Network) -> None:
    """As AWS does; and the default group lets in only itself."""
    ec2 = cloud.client("ec2")
    made = ec2.create_vpc_endpoint(
        VpcId=private.vpc,
        VpcEndpointType="Interface",
        ServiceName=f"com.amazonaws.{REGION}.kms",
        SubnetIds=[private.subnet],
    )["VpcEndpoint"]
    (group,) = made["Groups"]
    assert group["GroupName"] == "default"
    (rule,) = ec2.describe_security_groups(GroupIds=[group["GroupId"]])["SecurityGroups"][0]["IpPermissions"]
    assert [pair["GroupId"] for pair in rule["UserIdGroupPairs"]] == [group["GroupId"]]


@pytest.mark.parametrize("kind", ["nat", "public"])
def test_a_route_to_what_is_gone_is_a_blackhole(cloud: SmallCloud, kind: Any) -> None:
    """It is active while the gateway is there, and a blackhole once that is deleted or detached."""
    ec2 = cloud.client("ec2")
    network = build_network(ec2, kind, REGION)
    states = [[route["State"] for route in routes_of(ec2, network.route_table)]]
    if kind == "nat":
        ec2.delete_nat_gateway(NatGatewayId=network.nat_gateway)
    else:
        ec2.detach_internet_gateway(InternetGatewayId=network.internet_gateway, VpcId=network.vpc)
    states.append([route["State"] for route in routes_of(ec2, network.route_table)])
    assert states == [["active", "active"], ["active", "blackhole"]]


def test_a_new_vpc_asks_amazon_s_dns(cloud: SmallCloud, private: Network) -> None:
    """Its DHCP options name AmazonProvidedDNS, until others are associated."""
    ec2 = cloud.client("ec2")
    options = ec2.describe_vpcs(VpcIds=[private.vpc])["Vpcs"][0]["DhcpOptionsId"]
    (found,) = ec2.describe_dhcp_options(DhcpOptionsIds=[options])["DhcpOptions"]
    assert found["DhcpConfigurations"] == [{"Key": "domain-name-servers", "Values": [{"Value": "AmazonProvidedDNS"}]}]


def test_a_new_network_acl_denies_what_no_rule_allows(cloud: SmallCloud, private: Network) -> None:
    """Its last rule, 32767, denies everything, both ways."""
    made = cloud.client("ec2").create_network_acl(VpcId=private.vpc)["NetworkAcl"]
    last = [(entry["RuleNumber"], entry["RuleAction"], entry["Egress"]) for entry in made["Entries"]]
    assert sorted(last) == [(32767, "deny", False), (32767, "deny", True)]


def test_the_default_vpc_reaches_the_internet(cloud: SmallCloud) -> None:
    """Its main route table leads to an internet gateway that is attached to it."""
    ec2 = cloud.client("ec2")
    (vpc,) = ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"]
    (table,) = ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [vpc["VpcId"]]}])["RouteTables"]
    (default,) = [route for route in table["Routes"] if route["DestinationCidrBlock"] == "0.0.0.0/0"]
    assert default["State"] == "active"
    assert default["GatewayId"].startswith("igw-")


def test_a_template_s_rules_for_egress_are_there(cloud: SmallCloud, private: Network) -> None:
    """A group's own rules take the place of the one that lets everything out; a resource of its own adds one."""
    ec2 = cloud.client("ec2")
    https = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}
    group = {
        "GroupDescription": "Instances",
        "VpcId": private.vpc,
        "SecurityGroupEgress": [{**https, "CidrIp": "10.0.0.0/8"}],
    }
    more = {
        **https,
        "GroupId": {"Fn::GetAtt": ["Group", "GroupId"]},
        "DestinationSecurityGroupId": private.endpoint_security_group,
    }
    resources = {
        "Group": {"Type": "AWS::EC2::SecurityGroup", "Properties": group},
        "More": {"Type": "AWS::EC2::SecurityGroupEgress", "Properties": more},
    }
    outputs = {"Group": {"Value": {"Fn::GetAtt": ["Group", "GroupId"]}}}
    stacks = cloud.client("cloudformation")
    stacks.create_stack(StackName="egress", TemplateBody=json.dumps({"Resources": resources, "Outputs": outputs}))
    (made,) = stacks.describe_stacks(StackName="egress")["Stacks"][0]["Outputs"]
    (rule,) = ec2.describe_security_groups(GroupIds=[made["OutputValue"]])["SecurityGroups"][0]["IpPermissionsEgress"]
    assert [one["CidrIp"] for one in rule["IpRanges"]] == ["10.0.0.0/8"]
    assert [pair["GroupId"] for pair in rule["UserIdGroupPairs"]] == [private.endpoint_security_group]
