"""Networks as EC2 describes them, written by hand: what the emulated EC2 cannot describe can be put into these."""

from __future__ import annotations

import json
from typing import Any

from fleetdx.coverage.network import NetworkFacts

REGION = "ap-northeast-2"
VPC, SUBNET, OTHER_SUBNET = "vpc-1", "subnet-1", "subnet-2"
GROUP, ENDPOINT_GROUP = "sg-1", "sg-2"
TABLE, OTHER_TABLE = "rtb-1", "rtb-2"
ACL, OTHER_ACL = "acl-1", "acl-2"
ACCOUNT = "111122223333"
EVERYBODY = json.dumps({"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]})
LOCAL = {"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local", "State": "active", "Origin": "CreateRouteTable"}


def instance(**more: Any) -> dict[str, Any]:
    return {"InstanceId": "i-1", "VpcId": VPC, "SubnetId": SUBNET, "NetworkInterfaces": [interface()], **more}


def interface(number: int = 0, subnet: str = SUBNET, **more: Any) -> dict[str, Any]:
    """One of an instance's; the number is its device index."""
    return {
        "NetworkInterfaceId": f"eni-{number}",
        "Attachment": {"DeviceIndex": number},
        "VpcId": VPC,
        "SubnetId": subnet,
        "OwnerId": ACCOUNT,
        "PrivateIpAddress": f"10.0.{1 if subnet == SUBNET else 2}.{10 + number}",
        "Groups": [{"GroupId": GROUP}],
        **more,
    }


def rule(cidr: str = "0.0.0.0/0", protocol: str = "-1", **more: Any) -> dict[str, Any]:
    return {
        "IpProtocol": protocol,
        "IpRanges": [{"CidrIp": cidr}] if cidr else [],
        "UserIdGroupPairs": [],
        "PrefixListIds": [],
        **more,
    }


def route(destination: str = "0.0.0.0/0", **target: Any) -> dict[str, Any]:
    return {"DestinationCidrBlock": destination, "State": "active", "Origin": "CreateRoute", **target}


def entry(number: int, action: str, *, egress: bool, **more: Any) -> dict[str, Any]:
    return {
        "RuleNumber": number,
        "RuleAction": action,
        "Egress": egress,
        "Protocol": "-1",
        "CidrBlock": "0.0.0.0/0",
        **more,
    }


def acl(name: str, subnet: str, *before: dict[str, Any]) -> dict[str, Any]:
    """Lets everything through, after the entries given."""
    open_both_ways = [entry(100, "allow", egress=egress) for egress in (True, False)]
    return {
        "NetworkAclId": name,
        "VpcId": VPC,
        "Associations": [{"SubnetId": subnet}],
        "Entries": [*open_both_ways, *before],
    }


def table(name: str, subnet: str, *routes: dict[str, Any]) -> dict[str, Any]:
    tie = {"SubnetId": subnet, "Main": False}
    return {"RouteTableId": name, "VpcId": VPC, "Associations": [tie], "Routes": [LOCAL, *routes]}


def endpoint(service: str, *interfaces: str, **more: Any) -> dict[str, Any]:
    return {
        "VpcEndpointId": f"vpce-{service}",
        "VpcEndpointType": "Interface",
        "VpcId": VPC,
        "ServiceName": f"com.amazonaws.{REGION}.{service}",
        "State": "available",
        "PolicyDocument": EVERYBODY,
        "PrivateDnsEnabled": True,
        "NetworkInterfaceIds": list(interfaces),
        **more,
    }


def endpoint_interface(name: str, subnet: str, address: str) -> dict[str, Any]:
    return {
        "NetworkInterfaceId": name,
        "SubnetId": subnet,
        "PrivateIpAddress": address,
        "Groups": [{"GroupId": ENDPOINT_GROUP}],
    }


def facts(*routes: dict[str, Any], **more: Any) -> NetworkFacts:
    """A VPC without endpoints, whose subnets have these routes beside the local one."""
    vpc = {
        "VpcId": VPC,
        "OwnerId": ACCOUNT,
        "CidrBlock": "10.0.0.0/16",
        "CidrBlockAssociationSet": [{"CidrBlock": "10.0.0.0/16"}],
        "DhcpOptionsId": "dopt-1",
    }
    options = {"Key": "domain-name-servers", "Values": [{"Value": "AmazonProvidedDNS"}]}
    subnets = [
        {"SubnetId": SUBNET, "VpcId": VPC, "CidrBlock": "10.0.1.0/24"},
        {"SubnetId": OTHER_SUBNET, "VpcId": VPC, "CidrBlock": "10.0.2.0/24"},
    ]
    groups = [
        {"GroupId": GROUP, "IpPermissions": [], "IpPermissionsEgress": [rule()]},
        {"GroupId": ENDPOINT_GROUP, "IpPermissions": [rule("10.0.0.0/16")], "IpPermissionsEgress": []},
    ]
    gateway = {"InternetGatewayId": "igw-1", "Attachments": [{"VpcId": VPC, "State": "available"}]}
    described: dict[str, Any] = {
        "vpcs_described": [vpc],
        "subnets_described": subnets,
        "route_tables": [table(TABLE, SUBNET, *routes), table(OTHER_TABLE, OTHER_SUBNET, route(GatewayId="igw-1"))],
        "network_acls": [acl(ACL, SUBNET), acl(OTHER_ACL, OTHER_SUBNET)],
        "groups_described": groups,
        "internet_gateways": [gateway],
        "dhcp_options_described": [{"DhcpOptionsId": "dopt-1", "DhcpConfigurations": [options]}],
        "dns_support": {VPC: {"Value": True}},
        "dns_hostnames": {VPC: {"Value": True}},
    }
    return NetworkFacts(**{**described, **more})


def private_facts(**more: Any) -> NetworkFacts:
    """With an endpoint for each service, in both subnets."""
    names = ("eni-ssm-1", "eni-ssm-2", "eni-messages-1", "eni-messages-2")
    places = ((SUBNET, "10.0.1.50"), (OTHER_SUBNET, "10.0.2.50"), (SUBNET, "10.0.1.60"), (OTHER_SUBNET, "10.0.2.60"))
    described: dict[str, Any] = {
        "endpoints": [endpoint("ssm", *names[:2]), endpoint("ssmmessages", *names[2:])],
        "interfaces_described": [
            endpoint_interface(name, subnet, address) for name, (subnet, address) in zip(names, places, strict=True)
        ],
    }
    return facts(**{**described, **more})


def nat(**more: Any) -> dict[str, Any]:
    return {
        "NatGatewayId": "nat-1",
        "VpcId": VPC,
        "SubnetId": OTHER_SUBNET,
        "State": "available",
        "ConnectivityType": "public",
        **more,
    }


def nat_facts(gateway: dict[str, Any] | None = None, **more: Any) -> NetworkFacts:
    """With a NAT gateway in the other subnet."""
    return facts(route(NatGatewayId="nat-1"), nat_gateways_described=[gateway or nat()], **more)


def public_instance() -> dict[str, Any]:
    return instance(NetworkInterfaces=[interface(Association={"PublicIp": "3.35.1.1"})])
