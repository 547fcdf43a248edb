"""The one change to a working network that each reason without a way, or without an answer, stands for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from moto.ec2.models import ec2_backends

from emulator.networks import ANYWHERE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from types_boto3_ec2.client import EC2Client

    from emulator.events.shapes import Place
    from emulator.networks import Network

SHARED_CIDR: Final = "10.30.0.0/16"
OWN_DNS: Final = "10.20.2.53"
_FIRST_RULE: Final = 50
"""Before the rule that lets everything through."""


def change(ec2: EC2Client, network: Network, fault: str, place: Place) -> None:
    """Make a change by its name; nothing where a reason needs none, because the kind of network is the reason."""
    if fault in _AT_ONCE:
        _AT_ONCE[fault](ec2, network)
    elif fault == "endpoint_not_available":
        # Nobody can ask EC2 for a state: an endpoint waits for somebody's acceptance, or was refused it.
        backend: Any = ec2_backends[place.account][place.region]
        backend.vpc_end_points[network.endpoints["ssmmessages"]].state = "pendingAcceptance"


def change_interface(instance: str, place: Place) -> None:
    """Leave an instance with an IPv6 address alone, as in a subnet that has nothing else."""
    backend: Any = ec2_backends[place.account][place.region]
    launched = backend.get_instance(instance)
    interface = launched.nics[0]
    interface.subnet.ipv6_native = True
    interface.private_ip_address, interface.private_ip_addresses = None, []
    interface.ipv6_addresses = ["2600:1f14:0:1::5"]


def _drop_endpoint(ec2: EC2Client, network: Network) -> None:
    ec2.delete_vpc_endpoints(VpcEndpointIds=[network.endpoints["ssmmessages"]])


def _private_dns_off(ec2: EC2Client, network: Network) -> None:
    ec2.modify_vpc_endpoint(VpcEndpointId=network.endpoints["ssm"], PrivateDnsEnabled=False)


def _dns_off(ec2: EC2Client, network: Network) -> None:
    ec2.modify_vpc_attribute(VpcId=network.vpc, EnableDnsSupport={"Value": False})


def _close_group(ec2: EC2Client, network: Network) -> None:
    everything: Any = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": ANYWHERE}]}]
    ec2.revoke_security_group_egress(GroupId=network.security_group, IpPermissions=everything)


def _close_endpoint_group(ec2: EC2Client, network: Network) -> None:
    group = network.endpoint_security_group
    rules = ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]["IpPermissions"]
    ec2.revoke_security_group_ingress(GroupId=group, IpPermissions=rules)


def _deny_https(ec2: EC2Client, network: Network) -> None:
    ec2.create_network_acl_entry(
        NetworkAclId=network.network_acl,
        RuleNumber=_FIRST_RULE,
        Protocol="6",
        RuleAction="deny",
        Egress=True,
        CidrBlock=ANYWHERE,
        PortRange={"From": 443, "To": 443},
    )


def _endpoint_policy(statement: Mapping[str, Any]) -> Callable[[EC2Client, Network], None]:
    def apply(ec2: EC2Client, network: Network) -> None:
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        ec2.modify_vpc_endpoint(VpcEndpointId=network.endpoints["ssm"], PolicyDocument=document)

    return apply


def _end_nat_gateway(ec2: EC2Client, network: Network) -> None:
    ec2.delete_nat_gateway(NatGatewayId=network.nat_gateway)


def _peer(ec2: EC2Client, network: Network) -> None:
    """Endpoints for all may lie in a VPC that this one is peered with."""
    shared = ec2.create_vpc(CidrBlock=SHARED_CIDR)["Vpc"]["VpcId"]
    peering = ec2.create_vpc_peering_connection(VpcId=network.vpc, PeerVpcId=shared)["VpcPeeringConnection"]
    name = peering["VpcPeeringConnectionId"]
    ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=name)
    ec2.create_route(RouteTableId=network.route_table, DestinationCidrBlock=SHARED_CIDR, VpcPeeringConnectionId=name)


def _own_dns(ec2: EC2Client, network: Network) -> None:
    servers: Any = [{"Key": "domain-name-servers", "Values": [OWN_DNS]}]
    options = ec2.create_dhcp_options(DhcpConfigurations=servers)["DhcpOptions"]["DhcpOptionsId"]
    ec2.associate_dhcp_options(DhcpOptionsId=options, VpcId=network.vpc)


def _route_to_appliance(ec2: EC2Client, network: Network) -> None:
    appliance = ec2.create_network_interface(SubnetId=network.other_subnet)["NetworkInterface"]["NetworkInterfaceId"]
    ec2.create_route(RouteTableId=network.route_table, DestinationCidrBlock=ANYWHERE, NetworkInterfaceId=appliance)


def _only_prefix_list(ec2: EC2Client, network: Network) -> None:
    """What leaves the group is a list of somebody else, which EC2 does not show."""
    _close_group(ec2, network)
    foreign: Any = [
        {
            "IpProtocol": "tcp",
            "FromPort": 443,
            "ToPort": 443,
            "PrefixListIds": [{"PrefixListId": "pl-0123456789abcdef0"}],
        }
    ]
    ec2.authorize_security_group_egress(GroupId=network.security_group, IpPermissions=foreign)


_ALL: Final = {"Principal": "*", "Action": "*", "Resource": "*"}
_AT_ONCE: Final[Mapping[str, Callable[[EC2Client, Network], None]]] = {
    "endpoint_missing": _drop_endpoint,
    "private_dns_off": _private_dns_off,
    "dns_off": _dns_off,
    "security_group_egress": _close_group,
    "endpoint_security_group": _close_endpoint_group,
    "network_acl": _deny_https,
    "endpoint_policy": _endpoint_policy({"Effect": "Deny", **_ALL}),
    "endpoint_policy_conditional": _endpoint_policy(
        {"Effect": "Allow", **_ALL, "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-another0000"}}}
    ),
    "nat_unavailable": _end_nat_gateway,
    "shared_endpoint": _peer,
    "custom_dns": _own_dns,
    "middlebox": _route_to_appliance,
    "prefix_list": _only_prefix_list,
}
"""`no_path`, `public_address_missing`, `transit_gateway` and `ipv6_only` are what the network or the instance is."""
