"""Builds networks through the EC2 API, each with its own way from an instance to Systems Manager, or with none.

What is built works until something is changed: DNS, groups, network ACLs and routes are as AWS makes them, where the
kind of network does not say otherwise. It needs the seam `networks`: without it moto describes them wrongly.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Sequence

    from types_boto3_ec2.client import EC2Client
    from types_boto3_ec2.literals import InstanceTypeType

NetworkKind = Literal["endpoints", "nat", "public", "isolated", "transit_gateway"]
"""By what an instance reaches Systems Manager: interface endpoints in a private subnet; a NAT gateway; its own public
address; nothing at all; or a transit gateway, behind which nobody sees from here."""

KINDS: Final[tuple[NetworkKind, ...]] = get_args(NetworkKind)
SERVICES: Final = ("ssm", "ssmmessages", "ec2messages")
VPC_CIDR: Final = "10.20.0.0/16"
SUBNET_CIDR: Final = "10.20.1.0/24"
OTHER_CIDR: Final = "10.20.2.0/24"
ANYWHERE: Final = "0.0.0.0/0"
IMAGE: Final = "ami-0123456789abcdef0"


@dataclass
class Network:
    """A VPC with the subnet for its instances, and another one for endpoints or a NAT gateway.

    Attributes:
        kind: Which of the ways it has.
        vpc: Its id; all the others are ids too, empty where the kind has no such thing.
        subnet: Where instances are.
        other_subnet: Where endpoints have a second interface, and the NAT gateway is.
        security_group: The instances' group; lets everything out and nothing in.
        endpoint_security_group: The endpoints' group; lets HTTPS in from the VPC.
        network_acl: The subnet's own; lets everything through.
        other_network_acl: The other subnet's.
        route_table: The subnet's.
        other_route_table: The other subnet's.
        endpoints: Service (`ssm`) to the interface endpoint's id; `s3` is the gateway endpoint.
        internet_gateway: Attached to the VPC.
        nat_gateway: In the other subnet.
        transit_gateway: Where the default route leads.
    """

    kind: NetworkKind
    vpc: str
    subnet: str
    other_subnet: str
    security_group: str
    endpoint_security_group: str
    network_acl: str
    other_network_acl: str
    route_table: str
    other_route_table: str
    endpoints: dict[str, str] = field(default_factory=dict)
    internet_gateway: str = ""
    nat_gateway: str = ""
    transit_gateway: str = ""


def build_network(ec2: EC2Client, kind: NetworkKind, region: str) -> Network:
    """Build a VPC of a kind in the client's account and region."""
    vpc = ec2.create_vpc(CidrBlock=VPC_CIDR)["Vpc"]["VpcId"]
    # AWS changes one attribute a call, and has DNS support on from the start.
    ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})
    subnet, other = (_subnet(ec2, vpc, cidr, region) for cidr in (SUBNET_CIDR, OTHER_CIDR))
    network = Network(
        kind,
        vpc,
        subnet,
        other,
        ec2.create_security_group(GroupName="instances", Description="Instances", VpcId=vpc)["GroupId"],
        _endpoint_group(ec2, vpc),
        _network_acl(ec2, vpc, subnet),
        _network_acl(ec2, vpc, other),
        _route_table(ec2, vpc, subnet),
        _route_table(ec2, vpc, other),
    )
    _open_way(ec2, network, region)
    return network


def launch_instance(
    ec2: EC2Client,
    network: Network,
    *,
    image: str = IMAGE,
    instance_type: InstanceTypeType = "t3.small",
    with_public_address: bool | None = None,
) -> str:
    """Start an instance in the network's subnet; gives its id.

    Args:
        ec2: A client of the network's account and region.
        network: Where.
        image: From which AMI.
        instance_type: Of which type.
        with_public_address: By default where the kind is `public`.
    """
    interface = {
        "DeviceIndex": 0,
        "SubnetId": network.subnet,
        "Groups": [network.security_group],
        "AssociatePublicIpAddress": network.kind == "public" if with_public_address is None else with_public_address,
    }
    started = ec2.run_instances(
        ImageId=image,
        InstanceType=instance_type,
        MinCount=1,
        MaxCount=1,
        NetworkInterfaces=[interface],  # type: ignore[list-item] # a literal of mixed values
    )
    return started["Instances"][0]["InstanceId"]


def _open_way(ec2: EC2Client, network: Network, region: str) -> None:
    if network.kind == "endpoints":
        _add_endpoints(ec2, network, region)
    elif network.kind == "nat":
        _attach_internet(ec2, network, network.other_route_table)
        _add_nat_gateway(ec2, network)
    elif network.kind == "public":
        _attach_internet(ec2, network, network.route_table)
    elif network.kind == "transit_gateway":
        network.transit_gateway = attach_transit_gateway(ec2, network.vpc, [network.other_subnet])
        ec2.create_route(
            RouteTableId=network.route_table,
            DestinationCidrBlock=ANYWHERE,
            TransitGatewayId=network.transit_gateway,
        )


def _subnet(ec2: EC2Client, vpc: str, cidr: str, region: str) -> str:
    made = ec2.create_subnet(VpcId=vpc, CidrBlock=cidr, AvailabilityZone=f"{region}a")["Subnet"]
    name = made["SubnetId"]
    ec2.modify_subnet_attribute(SubnetId=name, MapPublicIpOnLaunch={"Value": False})
    return name


def _endpoint_group(ec2: EC2Client, vpc: str) -> str:
    group = ec2.create_security_group(GroupName="endpoints", Description="Endpoints", VpcId=vpc)["GroupId"]
    https = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": VPC_CIDR}]}
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[https])  # type: ignore[list-item] # mixed values
    return group


def _network_acl(ec2: EC2Client, vpc: str, subnet: str) -> str:
    acl = ec2.create_network_acl(VpcId=vpc)["NetworkAcl"]["NetworkAclId"]
    for egress in (True, False):
        ec2.create_network_acl_entry(
            NetworkAclId=acl, RuleNumber=100, Protocol="-1", RuleAction="allow", Egress=egress, CidrBlock=ANYWHERE
        )
    found = ec2.describe_network_acls(Filters=[{"Name": "association.subnet-id", "Values": [subnet]}])["NetworkAcls"]
    associations = found[0]["Associations"]
    now = next(one["NetworkAclAssociationId"] for one in associations if one["SubnetId"] == subnet)
    ec2.replace_network_acl_association(AssociationId=now, NetworkAclId=acl)
    return acl


def _route_table(ec2: EC2Client, vpc: str, subnet: str) -> str:
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
    return table


def _add_endpoints(ec2: EC2Client, network: Network, region: str) -> None:
    for service in SERVICES:
        network.endpoints[service] = ec2.create_vpc_endpoint(
            VpcId=network.vpc,
            VpcEndpointType="Interface",
            ServiceName=f"com.amazonaws.{region}.{service}",
            SubnetIds=[network.subnet, network.other_subnet],
            SecurityGroupIds=[network.endpoint_security_group],
            PrivateDnsEnabled=True,
        )["VpcEndpoint"]["VpcEndpointId"]
    network.endpoints["s3"] = ec2.create_vpc_endpoint(
        VpcId=network.vpc,
        VpcEndpointType="Gateway",
        ServiceName=f"com.amazonaws.{region}.s3",
        RouteTableIds=[network.route_table],
    )["VpcEndpoint"]["VpcEndpointId"]


def _attach_internet(ec2: EC2Client, network: Network, route_table: str) -> None:
    network.internet_gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=network.internet_gateway, VpcId=network.vpc)
    ec2.create_route(RouteTableId=route_table, DestinationCidrBlock=ANYWHERE, GatewayId=network.internet_gateway)


def _add_nat_gateway(ec2: EC2Client, network: Network) -> None:
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    made = ec2.create_nat_gateway(SubnetId=network.other_subnet, AllocationId=address)["NatGateway"]
    network.nat_gateway = made["NatGatewayId"]
    ec2.create_route(RouteTableId=network.route_table, DestinationCidrBlock=ANYWHERE, NatGatewayId=network.nat_gateway)


def attach_transit_gateway(ec2: EC2Client, vpc: str, subnets: Sequence[str]) -> str:
    """Make a transit gateway and attach a VPC to it; no route leads there yet. Gives its id."""
    gateway = ec2.create_transit_gateway()["TransitGateway"]["TransitGatewayId"]
    ec2.create_transit_gateway_vpc_attachment(TransitGatewayId=gateway, VpcId=vpc, SubnetIds=subnets)
    return gateway
