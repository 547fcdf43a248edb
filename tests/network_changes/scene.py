"""A network with an instance in it, in which something is about to change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from emulator.networks import Network, NetworkKind, build_network, launch_instance

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

REGION = "us-east-1"
WORKING: tuple[NetworkKind, ...] = ("endpoints", "nat", "public")
EVERYTHING = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}


class Scene(NamedTuple):
    ec2: Any
    network: Network
    instance: str
    random: random.Random

    @property
    def interface(self) -> str:
        filters = [{"Name": "attachment.instance-id", "Values": [self.instance]}]
        found = self.ec2.describe_network_interfaces(Filters=filters)["NetworkInterfaces"]
        return str(found[0]["NetworkInterfaceId"])

    @property
    def service(self) -> str:
        """One of the two that are needed."""
        return self.random.choice(["ssm", "ssmmessages"])

    @property
    def endpoint(self) -> str:
        """That of one of the two services that are needed."""
        return self.network.endpoints[self.service]

    @property
    def acl(self) -> str:
        return self.random.choice([self.network.network_acl, self.network.other_network_acl])

    def prefix_list(self, *cidrs: str) -> str:
        made = self.ec2.create_managed_prefix_list(
            PrefixListName="own", MaxEntries=5, AddressFamily="IPv4", Entries=[{"Cidr": cidr} for cidr in cidrs]
        )
        return str(made["PrefixList"]["PrefixListId"])

    def amazon_prefix_list(self) -> str:
        found = self.ec2.describe_managed_prefix_lists()["PrefixLists"]
        return str(next(one["PrefixListId"] for one in found if one["PrefixListName"].endswith(".s3")))


class Change(NamedTuple):
    """What is changed, in which kinds of network, and how often it is drawn beside the others."""

    name: str
    make: Callable[[Scene], None]
    kinds: tuple[NetworkKind, ...] = WORKING
    weight: int = 1


def new_scene(ec2: Any, kind: NetworkKind, generator: random.Random, *, is_far: bool = False) -> Scene:
    """A network with an instance; where `is_far`, its endpoints have interfaces in the other subnet alone."""
    network = build_network(ec2, kind, REGION)
    for service in ("ssm", "ssmmessages") if is_far and network.endpoints else ():
        ec2.modify_vpc_endpoint(VpcEndpointId=network.endpoints[service], RemoveSubnetIds=[network.subnet])
    instance = launch_instance(ec2, network, with_public_address=False)
    if kind == "public":
        # An Elastic IP can be taken away again; an automatic address cannot.
        ec2.associate_address(AllocationId=ec2.allocate_address(Domain="vpc")["AllocationId"], InstanceId=instance)
    return Scene(ec2, network, instance, generator)


def https(**to: Any) -> dict[str, Any]:
    """A rule for HTTPS."""
    return {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, **to}


def to_cidr(cidr: str) -> dict[str, Any]:
    return {"IpRanges": [{"CidrIp": cidr}]}


def to_group(group: str) -> dict[str, Any]:
    return {"UserIdGroupPairs": [{"GroupId": group}]}


def to_prefix_list(name: str) -> dict[str, Any]:
    return {"PrefixListIds": [{"PrefixListId": name}]}
