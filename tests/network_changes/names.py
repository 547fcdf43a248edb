"""Changes to what names mean: DNS attributes, private DNS, DHCP options."""

from __future__ import annotations

from tests.network_changes.scene import Change, Scene

ENDPOINTS = ("endpoints",)
SERVERS = (["10.20.0.2"], ["169.254.169.253"], ["10.20.1.250"], ["10.20.2.250"], ["8.8.8.8"], ["192.168.7.7"])


def turn_off_private_dns(scene: Scene) -> None:
    scene.ec2.modify_vpc_endpoint(VpcEndpointId=scene.endpoint, PrivateDnsEnabled=False)


def turn_off_dns_support(scene: Scene) -> None:
    scene.ec2.modify_vpc_attribute(VpcId=scene.network.vpc, EnableDnsSupport={"Value": False})


def turn_off_dns_hostnames(scene: Scene) -> None:
    scene.ec2.modify_vpc_attribute(VpcId=scene.network.vpc, EnableDnsHostnames={"Value": False})


def set_servers(scene: Scene, servers: list[str]) -> None:
    configuration = [{"Key": "domain-name-servers", "Values": servers}]
    made = scene.ec2.create_dhcp_options(DhcpConfigurations=configuration)["DhcpOptions"]["DhcpOptionsId"]
    scene.ec2.associate_dhcp_options(DhcpOptionsId=made, VpcId=scene.network.vpc)


def change_servers(scene: Scene) -> None:
    set_servers(scene, scene.random.choice(SERVERS))


def drop_dhcp_options(scene: Scene) -> None:
    scene.ec2.associate_dhcp_options(DhcpOptionsId="default", VpcId=scene.network.vpc)


CHANGES = (
    Change("turn_off_private_dns", turn_off_private_dns, ENDPOINTS),
    Change("turn_off_dns_support", turn_off_dns_support),
    Change("turn_off_dns_hostnames", turn_off_dns_hostnames),
    Change("change_servers", change_servers, weight=2),
    Change("drop_dhcp_options", drop_dhcp_options),
)
