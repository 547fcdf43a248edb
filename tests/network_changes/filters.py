"""Changes to security groups and network ACLs."""

from __future__ import annotations

from typing import Any

from tests.network_changes.scene import EVERYTHING, Change, Scene, https, to_cidr, to_group, to_prefix_list

CIDRS = (
    "0.0.0.0/0",
    "10.0.0.0/8",
    "10.20.0.0/16",
    "10.20.1.0/24",
    "10.20.2.0/24",
    "0.0.0.0/1",
    "128.0.0.0/1",
    "52.0.0.0/8",
)
PORTS = ((443, 443), (0, 65535), (80, 80), (400, 500), (444, 65535), (1024, 65535), (32768, 65535), (1, 1023))
ENDPOINTS = ("endpoints",)


def some_rule(scene: Scene) -> dict[str, Any]:
    """Any protocol, any of the ports, any of the blocks."""
    protocol = scene.random.choice(["tcp", "tcp", "tcp", "udp", "-1"])
    first, last = scene.random.choice(PORTS)
    ports = {} if protocol == "-1" else {"FromPort": first, "ToPort": last}
    return {"IpProtocol": protocol, **ports, **to_cidr(scene.random.choice(CIDRS))}


def replace_egress(scene: Scene, *rules: dict[str, Any]) -> None:
    group = scene.network.security_group
    scene.ec2.revoke_security_group_egress(GroupId=group, IpPermissions=[EVERYTHING])
    if rules:
        scene.ec2.authorize_security_group_egress(GroupId=group, IpPermissions=list(rules))


def replace_ingress(scene: Scene, *rules: dict[str, Any]) -> None:
    group = scene.network.endpoint_security_group
    scene.ec2.revoke_security_group_ingress(GroupId=group, IpPermissions=[https(**to_cidr("10.20.0.0/16"))])
    if rules:
        scene.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=list(rules))


def revoke_egress(scene: Scene) -> None:
    replace_egress(scene)


def narrow_egress(scene: Scene) -> None:
    replace_egress(scene, some_rule(scene))


def split_egress(scene: Scene) -> None:
    replace_egress(scene, https(**to_cidr("0.0.0.0/1")), https(**to_cidr("128.0.0.0/1")))


def egress_to_group(scene: Scene) -> None:
    groups = [scene.network.endpoint_security_group, scene.network.security_group]
    replace_egress(scene, https(**to_group(scene.random.choice(groups))))


def egress_to_prefix_list(scene: Scene) -> None:
    replace_egress(scene, https(**to_prefix_list(scene.prefix_list(scene.random.choice(CIDRS)))))


def egress_to_amazon_prefix_list(scene: Scene) -> None:
    replace_egress(scene, https(**to_prefix_list(scene.amazon_prefix_list())))


def add_egress(scene: Scene) -> None:
    rule = https(**to_cidr(scene.random.choice(CIDRS)))
    scene.ec2.authorize_security_group_egress(GroupId=scene.network.security_group, IpPermissions=[rule])


def revoke_ingress(scene: Scene) -> None:
    replace_ingress(scene)


def narrow_ingress(scene: Scene) -> None:
    replace_ingress(scene, some_rule(scene))


def ingress_from_group(scene: Scene) -> None:
    groups = [scene.network.endpoint_security_group, scene.network.security_group]
    replace_ingress(scene, https(**to_group(scene.random.choice(groups))))


def ingress_from_prefix_list(scene: Scene) -> None:
    replace_ingress(scene, https(**to_prefix_list(scene.prefix_list(scene.random.choice(CIDRS)))))


def swap_instance_groups(scene: Scene) -> None:
    groups = [scene.network.endpoint_security_group]
    scene.ec2.modify_network_interface_attribute(NetworkInterfaceId=scene.interface, Groups=groups)


def some_entry(scene: Scene, action: str) -> dict[str, Any]:
    protocol = scene.random.choice(["6", "6", "17", "-1"])
    first, last = scene.random.choice(PORTS)
    ports = {} if protocol == "-1" else {"PortRange": {"From": first, "To": last}}
    return {
        "Protocol": protocol,
        **ports,
        "RuleAction": action,
        "Egress": scene.random.random() < 0.5,
        "CidrBlock": scene.random.choice(CIDRS),
    }


def add_acl_entry(scene: Scene) -> None:
    number = scene.random.choice([50, 50, 50, 200])
    entry = some_entry(scene, scene.random.choice(["deny", "deny", "deny", "allow"]))
    scene.ec2.create_network_acl_entry(NetworkAclId=scene.acl, RuleNumber=number, **entry)


def replace_acl_entry(scene: Scene) -> None:
    entry = some_entry(scene, "allow")
    scene.ec2.replace_network_acl_entry(NetworkAclId=scene.acl, RuleNumber=100, **entry)


def delete_acl_entry(scene: Scene) -> None:
    egress = scene.random.random() < 0.5
    scene.ec2.delete_network_acl_entry(NetworkAclId=scene.acl, RuleNumber=100, Egress=egress)


def swap_acl(scene: Scene) -> None:
    """To one that denies everything."""
    made = scene.ec2.create_network_acl(VpcId=scene.network.vpc)["NetworkAcl"]["NetworkAclId"]
    subnet = scene.random.choice([scene.network.subnet, scene.network.other_subnet])
    filters = [{"Name": "association.subnet-id", "Values": [subnet]}]
    ties = scene.ec2.describe_network_acls(Filters=filters)["NetworkAcls"][0]["Associations"]
    now = next(tie["NetworkAclAssociationId"] for tie in ties if tie["SubnetId"] == subnet)
    scene.ec2.replace_network_acl_association(AssociationId=now, NetworkAclId=made)


CHANGES = (
    Change("revoke_egress", revoke_egress),
    Change("narrow_egress", narrow_egress, weight=6),
    Change("split_egress", split_egress),
    Change("egress_to_group", egress_to_group),
    Change("egress_to_prefix_list", egress_to_prefix_list, weight=6),
    Change("egress_to_amazon_prefix_list", egress_to_amazon_prefix_list),
    Change("add_egress", add_egress),
    Change("revoke_ingress", revoke_ingress, ENDPOINTS),
    Change("narrow_ingress", narrow_ingress, ENDPOINTS, weight=6),
    Change("ingress_from_group", ingress_from_group, ENDPOINTS),
    Change("ingress_from_prefix_list", ingress_from_prefix_list, ENDPOINTS, weight=6),
    Change("swap_instance_groups", swap_instance_groups),
    Change("add_acl_entry", add_acl_entry, weight=6),
    Change("replace_acl_entry", replace_acl_entry, weight=6),
    Change("delete_acl_entry", delete_acl_entry),
    Change("swap_acl", swap_acl),
)
