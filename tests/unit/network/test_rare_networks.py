"""What the emulated EC2 cannot describe: shared VPCs, appliances at gateways, blocked access, several interfaces."""

from __future__ import annotations

from typing import Any

import pytest

from fleetdx.coverage.network import NetworkFacts, judge
from tests.unit.network.example_network import (
    ACL,
    GROUP,
    OTHER_ACL,
    OTHER_SUBNET,
    OTHER_TABLE,
    REGION,
    SUBNET,
    TABLE,
    VPC,
    acl,
    endpoint,
    entry,
    facts,
    instance,
    interface,
    nat,
    nat_facts,
    private_facts,
    public_instance,
    route,
    rule,
    table,
)


def told(one: dict[str, Any], known: NetworkFacts) -> tuple[str, str]:
    verdict = judge(one, known, REGION)
    return verdict.standing, verdict.reason


def test_the_three_ways_are_reachable() -> None:
    """What the other tests change is reachable before."""
    assert told(instance(), private_facts()) == ("reachable", "")
    assert told(instance(), nat_facts()) == ("reachable", "")
    assert told(public_instance(), facts(route(GatewayId="igw-1"))) == ("reachable", "")


def test_a_shared_vpc_is_not_judged() -> None:
    """Endpoints and gateways of the account that shares it are not seen from the other one."""
    known = private_facts()
    known.vpcs_described[0]["OwnerId"] = "999999999999"  # type: ignore[index]  # a plain dictionary here
    assert told(instance(), known) == ("unknown", "shared_endpoint")


def test_an_instance_without_ipv4_is_not_judged() -> None:
    """Ways over IPv6 are others."""
    lone = interface(PrivateIpAddress=None, Ipv6Addresses=[{"Ipv6Address": "2406:da12::1"}])
    assert told(instance(NetworkInterfaces=[lone]), private_facts()) == ("unknown", "ipv6_only")


@pytest.mark.parametrize(
    ("mode", "through_nat", "public"),
    [("off", "reachable", "reachable"), ("block-ingress", "reachable", "blocked"),
     ("block-bidirectional", "blocked", "blocked")],
)  # fmt: skip
def test_blocked_public_access_closes_internet_gateways(mode: str, through_nat: str, public: str) -> None:
    """Both ways for everybody, or inbound alone: then NAT gateways still get out."""
    states = {"BlockPublicAccessStates": {"InternetGatewayBlockMode": mode}}
    subnets = [
        {"SubnetId": name, "VpcId": VPC, "CidrBlock": cidr, **states}
        for name, cidr in ((SUBNET, "10.0.1.0/24"), (OTHER_SUBNET, "10.0.2.0/24"))
    ]
    assert told(instance(), nat_facts(subnets_described=subnets))[0] == through_nat
    known = facts(route(GatewayId="igw-1"), subnets_described=subnets)
    assert told(public_instance(), known)[0] == public


def test_an_appliance_behind_the_internet_gateway_hides_the_answer() -> None:
    """A gateway's own route table can lead what comes back through a firewall's endpoint."""
    edge = {
        "RouteTableId": "rtb-edge",
        "VpcId": VPC,
        "Associations": [{"GatewayId": "igw-1", "Main": False}],
        "Routes": [route("10.0.1.0/24", GatewayId="vpce-firewall")],
    }
    known = facts(route(GatewayId="igw-1"))
    known.route_tables.append(edge)
    assert told(public_instance(), known) == ("unknown", "middlebox")


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ({"GatewayId": "vgw-1"}, "transit_gateway"),
        ({"CoreNetworkArn": "arn:aws:networkmanager::1:core-network/core-1"}, "transit_gateway"),
        ({"VpcPeeringConnectionId": "pcx-1"}, "shared_endpoint"),
        ({"GatewayId": "vpce-firewall"}, "middlebox"),
        ({"InstanceId": "i-9", "NetworkInterfaceId": "eni-9"}, "middlebox"),
        ({"CarrierGatewayId": "cagw-1"}, "facts_missing"),
        ({"SomethingNew": "new-1"}, "facts_missing"),
    ],
)
def test_what_hides_the_way_has_its_code(target: dict[str, Any], reason: str) -> None:
    """Nobody sees through these."""
    assert told(instance(), facts(route(**target))) == ("unknown", reason)


def test_a_dead_route_leads_nowhere() -> None:
    """Whatever it led to."""
    assert told(instance(), facts(route(TransitGatewayId="tgw-1", State="blackhole"))) == ("blocked", "no_path")


def test_a_static_route_goes_before_a_propagated_one() -> None:
    """Of two routes for the same addresses the propagated one does not count."""
    propagated = route(GatewayId="vgw-1", Origin="EnableVgwRoutePropagation")
    known = facts(propagated, route(NatGatewayId="nat-1"), nat_gateways_described=[nat()])
    assert told(instance(), known) == ("reachable", "")


def test_a_private_nat_gateway_does_not_reach_the_internet() -> None:
    """It has no public address; behind a transit gateway nobody sees what it reaches."""
    private = nat(ConnectivityType="private")
    assert told(instance(), nat_facts(private)) == ("blocked", "nat_unavailable")
    tables = [
        table(TABLE, SUBNET, route(NatGatewayId="nat-1")),
        table(OTHER_TABLE, OTHER_SUBNET, route(TransitGatewayId="tgw-1")),
    ]
    assert told(instance(), nat_facts(private, route_tables=tables)) == ("unknown", "transit_gateway")


@pytest.mark.parametrize(("gateway", "standing"), [("igw-1", "reachable"), ("igw-2", "unknown")])
def test_a_regional_nat_gateway_has_routes_of_its_own(gateway: str, standing: str) -> None:
    """It lies in no subnet; where its table leads anywhere but to the VPC's internet gateway it is not judged."""
    regional = {key: value for key, value in nat(RouteTableId="rtb-nat").items() if key != "SubnetId"}
    known = nat_facts(regional)
    known.route_tables.append(
        {"RouteTableId": "rtb-nat", "VpcId": VPC, "Associations": [], "Routes": [route(GatewayId=gateway)]}
    )
    assert told(instance(), known)[0] == standing


@pytest.mark.parametrize("state", ["pending", "failed", "deleting"])
def test_a_nat_gateway_has_to_be_available(state: str) -> None:
    """In any other state it passes nothing on."""
    assert told(instance(), nat_facts(nat(State=state))) == ("blocked", "nat_unavailable")


@pytest.mark.parametrize(
    ("first", "last", "platform", "expected"),
    [
        (1024, 65535, "", ("reachable", "")),
        (32768, 60999, "", ("reachable", "")),
        (32768, 60999, "windows", ("unknown", "facts_missing")),
        (49152, 65535, "windows", ("reachable", "")),
        (49152, 65535, "", ("unknown", "facts_missing")),
        (1024, 32767, "", ("unknown", "facts_missing")),
        (22, 443, "", ("blocked", "network_acl")),
    ],
)
def test_answers_need_the_ports_of_the_host(first: int, last: int, platform: str, expected: tuple[str, str]) -> None:
    """Closed only where no port is left from which a connection could start; the usual ones depend on the system."""
    answers = entry(100, "allow", egress=False, Protocol="6", PortRange={"From": first, "To": last})
    closed = {"NetworkAclId": ACL, "VpcId": VPC, "Associations": [{"SubnetId": SUBNET}]}
    acls = [{**closed, "Entries": [entry(100, "allow", egress=True), answers]}, acl(OTHER_ACL, OTHER_SUBNET)]
    one = {**public_instance(), "Platform": platform} if platform else public_instance()
    assert told(one, facts(route(GatewayId="igw-1"), network_acls=acls)) == expected


def test_a_single_address_that_an_acl_shuts_out_leaves_it_open() -> None:
    """AWS's addresses are not known: it could be one of them."""
    shut = entry(50, "deny", egress=True, CidrBlock="52.94.8.16/32")
    known = facts(route(GatewayId="igw-1"), network_acls=[acl(ACL, SUBNET, shut), acl(OTHER_ACL, OTHER_SUBNET)])
    assert told(public_instance(), known) == ("unknown", "facts_missing")


def test_a_second_interface_in_the_endpoint_s_subnet_may_be_the_one_that_is_used() -> None:
    """Where it is shut and the primary one is not, nobody can tell; where it lies elsewhere it does not matter."""
    second = interface(1, OTHER_SUBNET, Groups=[{"GroupId": "sg-3"}])
    shut = {"GroupId": "sg-3", "IpPermissions": [], "IpPermissionsEgress": []}
    endpoints = [endpoint("ssm", "eni-ssm-2"), endpoint("ssmmessages", "eni-messages-2")]
    known = private_facts(endpoints=endpoints)
    known.groups_described.append(shut)
    both = instance(NetworkInterfaces=[second, interface()])
    assert told(both, known) == ("unknown", "facts_missing")
    near = private_facts()
    near.groups_described.append(shut)
    assert told(both, near) == ("reachable", "")


def test_an_endpoint_of_another_region_or_service_does_not_count() -> None:
    """Names are those of the instance's own region."""
    for service in ("com.amazonaws.us-east-1.ssm", f"com.amazonaws.{REGION}.ssm-contacts"):
        endpoints = [endpoint("ssm", "eni-ssm-1", ServiceName=service), endpoint("ssmmessages", "eni-messages-1")]
        assert told(instance(), private_facts(endpoints=endpoints)) == ("blocked", "endpoint_missing")


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("Available", ("reachable", "")),
        ("Pending", ("blocked", "endpoint_not_available")),
        ("rejected", ("blocked", "endpoint_not_available")),
        ("Partial", ("unknown", "facts_missing")),
        ("something_new", ("unknown", "facts_missing")),
    ],
)
def test_an_endpoint_is_judged_by_its_state(state: str, expected: tuple[str, str]) -> None:
    """EC2 writes states in one way or the other; what half a state means is not known."""
    endpoints = [endpoint("ssm", "eni-ssm-1", State=state), endpoint("ssmmessages", "eni-messages-1")]
    assert told(instance(), private_facts(endpoints=endpoints)) == expected


def test_a_deleted_endpoint_that_is_still_listed_does_not_hold_its_name() -> None:
    """The name means the internet again, where a NAT gateway leads."""
    endpoints = [endpoint("ssm", "eni-ssm-1", State="deleted"), endpoint("ssmmessages", State="deleting")]
    assert told(instance(), nat_facts(endpoints=endpoints)) == ("reachable", "")


def test_groups_that_let_nothing_out_close_ways_elsewhere_too() -> None:
    """A transit gateway behind a shut group hides nothing."""
    groups = [{"GroupId": GROUP, "IpPermissions": [], "IpPermissionsEgress": [rule("0.0.0.0/0", "icmp")]}]
    known = facts(route("10.0.0.0/8", TransitGatewayId="tgw-1"), groups_described=groups)
    assert told(instance(), known) == ("blocked", "no_path")
