"""Changes to routes, gateways, and what an instance has of them."""

from __future__ import annotations

from emulator.networks import attach_transit_gateway
from tests.network_changes.scene import Change, Scene

ANYWHERE = "0.0.0.0/0"
TO_INTERNET = ("nat", "public")
NAT = ("nat",)
PUBLIC = ("public",)
SOME_OF_IT = ("52.0.0.0/8", "3.0.0.0/8", "0.0.0.0/1", "128.0.0.0/1", "10.99.0.0/16", "192.168.0.0/16")


def delete_default_route(scene: Scene) -> None:
    scene.ec2.delete_route(RouteTableId=scene.network.route_table, DestinationCidrBlock=ANYWHERE)


def default_to_transit_gateway(scene: Scene) -> None:
    gateway = attach_transit_gateway(scene.ec2, scene.network.vpc, [scene.network.other_subnet])
    table = scene.network.route_table
    scene.ec2.replace_route(RouteTableId=table, DestinationCidrBlock=ANYWHERE, TransitGatewayId=gateway)


def default_to_internet_gateway(scene: Scene) -> None:
    table, gateway = scene.network.route_table, scene.network.internet_gateway
    scene.ec2.replace_route(RouteTableId=table, DestinationCidrBlock=ANYWHERE, GatewayId=gateway)


def add_transit_gateway_route(scene: Scene) -> None:
    gateway = attach_transit_gateway(scene.ec2, scene.network.vpc, [scene.network.other_subnet])
    cidr = scene.random.choice(SOME_OF_IT)
    table = scene.random.choice([scene.network.route_table, scene.network.other_route_table])
    scene.ec2.create_route(RouteTableId=table, DestinationCidrBlock=cidr, TransitGatewayId=gateway)


def add_route_by_prefix_list(scene: Scene) -> None:
    gateway = attach_transit_gateway(scene.ec2, scene.network.vpc, [scene.network.other_subnet])
    listed = scene.prefix_list(scene.random.choice(SOME_OF_IT))
    table = scene.network.route_table
    scene.ec2.create_route(RouteTableId=table, DestinationPrefixListId=listed, TransitGatewayId=gateway)


def add_peering_route(scene: Scene) -> None:
    peer = scene.ec2.create_vpc(CidrBlock="10.99.0.0/16")["Vpc"]["VpcId"]
    asked = scene.ec2.create_vpc_peering_connection(VpcId=scene.network.vpc, PeerVpcId=peer)
    name = asked["VpcPeeringConnection"]["VpcPeeringConnectionId"]
    scene.ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=name)
    table = scene.network.route_table
    scene.ec2.create_route(RouteTableId=table, DestinationCidrBlock="10.99.0.0/16", VpcPeeringConnectionId=name)


def add_appliance(scene: Scene) -> None:
    """On the way to the other subnet, or to a part of the internet."""
    lead_through_appliance(scene, scene.network.route_table, scene.random.choice(["10.20.2.0/24", "52.0.0.0/8"]))


def add_appliance_on_the_way_back(scene: Scene) -> None:
    """From the other subnet to that of the instances."""
    lead_through_appliance(scene, scene.network.other_route_table, "10.20.1.0/24")


def lead_through_appliance(scene: Scene, table: str, cidr: str) -> None:
    made = scene.ec2.create_network_interface(SubnetId=scene.network.other_subnet)["NetworkInterface"]
    name = made["NetworkInterfaceId"]
    scene.ec2.create_route(RouteTableId=table, DestinationCidrBlock=cidr, NetworkInterfaceId=name)


def swap_route_table(scene: Scene) -> None:
    """To a table of its own that knows the VPC alone, or to the main one."""
    filters = [{"Name": "association.subnet-id", "Values": [scene.network.subnet]}]
    table = scene.ec2.describe_route_tables(Filters=filters)["RouteTables"][0]
    (tie,) = [one["RouteTableAssociationId"] for one in table["Associations"]]
    if scene.random.random() < 0.5:
        scene.ec2.disassociate_route_table(AssociationId=tie)
        return
    made = scene.ec2.create_route_table(VpcId=scene.network.vpc)["RouteTable"]["RouteTableId"]
    scene.ec2.replace_route_table_association(AssociationId=tie, RouteTableId=made)


def detach_internet_gateway(scene: Scene) -> None:
    network = scene.network
    scene.ec2.detach_internet_gateway(InternetGatewayId=network.internet_gateway, VpcId=network.vpc)


def delete_nat_gateway(scene: Scene) -> None:
    scene.ec2.delete_nat_gateway(NatGatewayId=scene.network.nat_gateway)


def delete_nat_gateways_route(scene: Scene) -> None:
    scene.ec2.delete_route(RouteTableId=scene.network.other_route_table, DestinationCidrBlock=ANYWHERE)


def no_public_address(scene: Scene) -> None:
    filters = [{"Name": "instance-id", "Values": [scene.instance]}]
    (address,) = scene.ec2.describe_addresses(Filters=filters)["Addresses"]
    scene.ec2.disassociate_address(AssociationId=address["AssociationId"])


def other_public_address(scene: Scene) -> None:
    made = scene.ec2.allocate_address(Domain="vpc")["AllocationId"]
    scene.ec2.associate_address(AllocationId=made, InstanceId=scene.instance)


CHANGES = (
    Change("delete_default_route", delete_default_route, TO_INTERNET),
    Change("default_to_transit_gateway", default_to_transit_gateway, TO_INTERNET),
    Change("default_to_internet_gateway", default_to_internet_gateway, NAT),
    Change("add_transit_gateway_route", add_transit_gateway_route, weight=2),
    Change("add_route_by_prefix_list", add_route_by_prefix_list, weight=2),
    Change("add_peering_route", add_peering_route),
    Change("add_appliance", add_appliance, weight=2),
    Change("add_appliance_on_the_way_back", add_appliance_on_the_way_back, weight=2),
    Change("swap_route_table", swap_route_table),
    Change("detach_internet_gateway", detach_internet_gateway, TO_INTERNET),
    Change("delete_nat_gateway", delete_nat_gateway, NAT),
    Change("delete_nat_gateways_route", delete_nat_gateways_route, NAT),
    Change("no_public_address", no_public_address, PUBLIC),
    Change("other_public_address", other_public_address, PUBLIC),
)
