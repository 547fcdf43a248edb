"""For a named change of a network the judge gives the right reason, and names what is at fault."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from moto.ec2.models import ec2_backends

from emulator.networks import attach_transit_gateway, build_network, launch_instance
from fleetdx.coverage.network import Reachability, gather, judge
from tests.contract.small_cloud import REGION
from tests.network_changes import Scene, endpoints, filters, names, new_scene, paths
from tests.network_changes.region import ACCOUNT, emulated_region
from tests.network_changes.scene import https, to_cidr, to_group, to_prefix_list

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

UDP_53 = {"IpProtocol": "udp", "FromPort": 53, "ToPort": 53}


class Example(NamedTuple):
    """A kind of network, a change, what the judge says of it, and which of the network's things it names."""

    name: str
    kind: Any
    change: Callable[[Scene], object]
    reason: str
    named: str = ""


def close_acl(acl: str, *, egress: bool, last: int = 443, first: int = 443) -> Callable[[Scene], object]:
    def change(scene: Scene) -> None:
        scene.ec2.create_network_acl_entry(
            NetworkAclId=getattr(scene.network, acl),
            RuleNumber=50,
            Protocol="6",
            PortRange={"From": first, "To": last},
            RuleAction="deny",
            Egress=egress,
            CidrBlock="0.0.0.0/0",
        )

    return change


def endpoint_state(state: str) -> Callable[[Scene], object]:
    def change(scene: Scene) -> None:
        # No call of EC2's API brings this about.
        ec2_backends[ACCOUNT][REGION].vpc_end_points[scene.network.endpoints["ssm"]].state = state

    return change


def new_endpoint(service: str, group: str, state: str = "available") -> Callable[[Scene], object]:
    def change(scene: Scene) -> None:
        made = scene.ec2.create_vpc_endpoint(
            VpcId=scene.network.vpc,
            VpcEndpointType="Interface",
            ServiceName=f"com.amazonaws.{REGION}.{service}",
            SubnetIds=[scene.network.other_subnet],
            SecurityGroupIds=[getattr(scene.network, group)],
            PrivateDnsEnabled=True,
        )
        ec2_backends[ACCOUNT][REGION].vpc_end_points[made["VpcEndpoint"]["VpcEndpointId"]].state = state

    return change


def policy(name: str) -> Callable[[Scene], object]:
    return lambda scene: endpoints.set_policy(scene, name)


def servers(*addresses: str) -> Callable[[Scene], object]:
    return lambda scene: names.set_servers(scene, list(addresses))


def egress(rule: dict[str, Any]) -> Callable[[Scene], object]:
    return lambda scene: filters.replace_egress(scene, rule)


def lost_prefix_list(scene: Scene) -> None:
    name = scene.prefix_list("0.0.0.0/0")
    filters.replace_egress(scene, https(**to_prefix_list(name)))
    ec2_backends[ACCOUNT][REGION].managed_prefix_lists.pop(name)


def two_subnets_none_near(scene: Scene) -> None:
    scene.ec2.modify_vpc_endpoint(VpcEndpointId=scene.network.endpoints["ssm"], RemoveSubnetIds=[scene.network.subnet])


def far_endpoint(change: Callable[[Scene], object]) -> Callable[[Scene], object]:
    def changed(scene: Scene) -> None:
        two_subnets_none_near(scene)
        change(scene)

    return changed


def route_for(cidr: str) -> Callable[[Scene], object]:
    def change(scene: Scene) -> None:
        gateway = attach_transit_gateway(scene.ec2, scene.network.vpc, [scene.network.other_subnet])
        table = scene.network.route_table
        scene.ec2.create_route(RouteTableId=table, DestinationCidrBlock=cidr, TransitGatewayId=gateway)

    return change


def through_appliance(scene: Scene) -> None:
    made = scene.ec2.create_network_interface(SubnetId=scene.network.other_subnet)["NetworkInterface"]
    scene.ec2.replace_route(
        RouteTableId=scene.network.route_table,
        DestinationCidrBlock="0.0.0.0/0",
        NetworkInterfaceId=made["NetworkInterfaceId"],
    )


def nothing(_: Scene) -> None:
    pass


BLOCKED = (
    Example("isolated", "isolated", nothing, "no_path", "route_table"),
    Example("no_default_route", "nat", paths.delete_default_route, "no_path", "route_table"),
    Example("gateway_detached", "public", paths.detach_internet_gateway, "no_path", "internet_gateway"),
    Example("one_endpoint_missing", "endpoints", endpoints.delete_endpoint, "endpoint_missing", "vpc"),
    Example("endpoint_failed", "endpoints", endpoint_state("failed"), "endpoint_not_available"),
    Example("private_dns_off", "endpoints", names.turn_off_private_dns, "private_dns_off"),
    Example("dns_support_off", "endpoints", names.turn_off_dns_support, "dns_off", "vpc"),
    Example("dns_support_off_with_nat", "nat", names.turn_off_dns_support, "dns_off", "vpc"),
    Example("dns_hostnames_off", "endpoints", names.turn_off_dns_hostnames, "dns_off", "vpc"),
    Example("no_egress", "endpoints", filters.revoke_egress, "security_group_egress", "security_group"),
    Example("no_egress_nat", "nat", filters.revoke_egress, "security_group_egress", "security_group"),
    Example(
        "http_alone",
        "public",
        egress({**https(**to_cidr("0.0.0.0/0")), "FromPort": 80, "ToPort": 80}),
        "security_group_egress",
        "security_group",
    ),
    Example("udp_alone", "nat", egress({**UDP_53, **to_cidr("0.0.0.0/0")}), "security_group_egress"),
    Example("s3_alone", "nat", filters.egress_to_amazon_prefix_list, "security_group_egress", "security_group"),
    Example("no_ingress", "endpoints", filters.revoke_ingress, "endpoint_security_group", "endpoint_security_group"),
    Example(
        "closed_new_endpoint",
        "nat",
        new_endpoint("ssmmessages", "security_group"),
        "endpoint_security_group",
        "security_group",
    ),
    Example("acl_out", "public", close_acl("network_acl", egress=True), "network_acl", "network_acl"),
    Example(
        "acl_back",
        "public",
        close_acl("network_acl", egress=False, first=1024, last=65535),
        "network_acl",
        "network_acl",
    ),
    Example("acl_of_nat", "nat", close_acl("other_network_acl", egress=True), "network_acl", "other_network_acl"),
    Example("acl_of_nat_in", "nat", close_acl("other_network_acl", egress=False), "network_acl", "other_network_acl"),
    Example(
        "acl_of_far_endpoint",
        "endpoints",
        far_endpoint(close_acl("other_network_acl", egress=False)),
        "network_acl",
        "other_network_acl",
    ),
    Example("policy_too_little", "endpoints", policy("too_little"), "endpoint_policy"),
    Example("policy_denies", "endpoints", policy("denied"), "endpoint_policy"),
    Example("no_public_address", "public", paths.no_public_address, "public_address_missing", "internet_gateway"),
    Example("straight_out", "nat", paths.default_to_internet_gateway, "public_address_missing", "internet_gateway"),
    Example("nat_deleted", "nat", paths.delete_nat_gateway, "nat_unavailable", "nat_gateway"),
    Example("nat_without_route", "nat", paths.delete_nat_gateways_route, "nat_unavailable", "other_route_table"),
    Example("nat_without_gateway", "nat", paths.detach_internet_gateway, "nat_unavailable", "nat_gateway"),
)
UNKNOWN = (
    Example("transit_gateway", "transit_gateway", nothing, "transit_gateway", "transit_gateway"),
    Example("private_route", "isolated", route_for("10.99.0.0/16"), "shared_endpoint", "route_table"),
    Example("peering", "isolated", paths.add_peering_route, "shared_endpoint", "route_table"),
    Example("other_server", "endpoints", servers("10.20.1.250"), "custom_dns", "vpc"),
    Example("unheard_server", "nat", servers("192.168.7.7"), "custom_dns", "vpc"),
    Example("no_options", "nat", names.drop_dhcp_options, "custom_dns", "vpc"),
    Example("appliance", "nat", through_appliance, "middlebox", "route_table"),
    Example(
        "appliance_behind_endpoint",
        "endpoints",
        far_endpoint(paths.add_appliance_on_the_way_back),
        "middlebox",
        "other_route_table",
    ),
    Example("appliance_behind_nat", "nat", paths.add_appliance_on_the_way_back, "middlebox", "other_route_table"),
    Example("policy_of_organization", "endpoints", policy("organization"), "endpoint_policy_conditional"),
    Example("policy_for_somebody", "endpoints", policy("somebody"), "endpoint_policy_conditional"),
    Example("lost_prefix_list", "nat", lost_prefix_list, "prefix_list", "security_group"),
    Example("part_of_the_internet", "nat", egress(https(**to_cidr("52.0.0.0/8"))), "facts_missing", "security_group"),
    Example("pending_beside_nat", "nat", new_endpoint("ssm", "endpoint_security_group", "pending"), "facts_missing"),
)
REACHABLE = (
    Example(
        "groups_by_name",
        "endpoints",
        lambda scene: filters.replace_egress(scene, https(**to_group(scene.network.endpoint_security_group))),
        "",
        "",
    ),
    Example("appliance_that_the_path_avoids", "endpoints", paths.add_appliance_on_the_way_back, ""),
    Example("far_endpoint_alone", "endpoints", two_subnets_none_near, ""),
    Example("acl_within_subnet", "endpoints", close_acl("network_acl", egress=True), ""),
    Example("acl_that_the_path_avoids", "public", close_acl("other_network_acl", egress=True), ""),
    Example("unneeded_endpoint", "endpoints", endpoints.delete_other_endpoint, ""),
    Example("everybody_as_aws", "endpoints", policy("everybody"), ""),
    Example("enough_rights", "endpoints", policy("what_is_needed"), ""),
    Example("amazon_s_server_by_address", "endpoints", servers("10.20.0.2"), ""),
    Example("other_server_both_ways", "nat", servers("8.8.8.8"), ""),
    Example("hostnames_off_with_nat", "nat", names.turn_off_dns_hostnames, ""),
    Example("halves", "nat", filters.split_egress, ""),
    Example("private_route_beside_nat", "nat", route_for("10.99.0.0/16"), ""),
)


@pytest.fixture(scope="module")
def ec2() -> Iterator[Any]:
    with emulated_region() as client:
        yield client


def judged(ec2: Any, example: Example) -> tuple[Reachability, Scene]:
    scene = new_scene(ec2, example.kind, random.Random(1))  # noqa: S311 - not about secrets
    example.change(scene)
    return verdict_on(ec2, scene.instance), scene


def verdict_on(ec2: Any, name: str) -> Reachability:
    (reservation,) = ec2.describe_instances(InstanceIds=[name])["Reservations"]
    (instance,) = reservation["Instances"]
    return judge(instance, gather(ec2, [instance]), REGION)


def check(ec2: Any, example: Example, standing: str) -> None:
    verdict, scene = judged(ec2, example)
    assert (verdict.standing, verdict.reason) == (standing, example.reason), verdict.detail
    if example.named:
        assert getattr(scene.network, example.named) in verdict.detail
    assert verdict.detail.endswith(".") or standing == "reachable"


@pytest.mark.parametrize("example", BLOCKED, ids=lambda one: one.name)
def test_what_is_blocked_has_its_reason(ec2: Any, example: Example) -> None:
    """One fault, its code, and the id of what is at fault."""
    check(ec2, example, "blocked")


@pytest.mark.parametrize("example", UNKNOWN, ids=lambda one: one.name)
def test_what_cannot_be_told_has_its_reason(ec2: Any, example: Example) -> None:
    """No guess: unknown, with what hides the answer."""
    check(ec2, example, "unknown")


@pytest.mark.parametrize("example", REACHABLE, ids=lambda one: one.name)
def test_what_looks_closed_and_is_not(ec2: Any, example: Example) -> None:
    """These changes keep nobody from Systems Manager."""
    check(ec2, example, "reachable")


def test_an_automatic_public_address_counts(ec2: Any) -> None:
    """It need not be an Elastic IP."""
    network = build_network(ec2, "public", REGION)
    assert verdict_on(ec2, launch_instance(ec2, network)).standing == "reachable"
