"""Changes to interface endpoints: their being there, their groups, subnets and policies."""

from __future__ import annotations

import json
from typing import Any

from tests.network_changes.scene import REGION, Change, Scene

ENDPOINTS = ("endpoints",)
WITHOUT = ("nat", "public")


def statement(effect: str, action: Any, **more: Any) -> dict[str, Any]:
    return {"Effect": effect, "Principal": "*", "Action": action, "Resource": "*", **more}


POLICIES = {
    "everything": [statement("Allow", "*")],
    "what_is_needed": [statement("Allow", ["ssm:UpdateInstanceInformation", "ssmmessages:*"])],
    "too_little": [statement("Allow", "ssm:DescribeDocument")],
    "denied": [statement("Allow", "*"), statement("Deny", ["ssm:*", "ssmmessages:*"])],
    "other_denied": [statement("Allow", "*"), statement("Deny", "ssm:GetParameter")],
    "organization": [statement("Allow", "*", Condition={"StringEquals": {"aws:PrincipalOrgID": "o-abcdefghij"}})],
    "somebody": [statement("Allow", "*", Principal={"AWS": "arn:aws:iam::123456789012:role/app"})],
    "everybody": [statement("Allow", "*", Principal={"AWS": "*"})],
}


def delete_endpoint(scene: Scene) -> None:
    scene.ec2.delete_vpc_endpoints(VpcEndpointIds=[scene.endpoint])


def delete_other_endpoint(scene: Scene) -> None:
    """Neither of these is needed to be managed."""
    other = scene.network.endpoints[scene.random.choice(["ec2messages", "s3"])]
    scene.ec2.delete_vpc_endpoints(VpcEndpointIds=[other])


def swap_endpoint_groups(scene: Scene) -> None:
    scene.ec2.modify_vpc_endpoint(
        VpcEndpointId=scene.endpoint,
        AddSecurityGroupIds=[scene.network.security_group],
        RemoveSecurityGroupIds=[scene.network.endpoint_security_group],
    )


def remove_endpoint_subnet(scene: Scene) -> None:
    subnet = scene.random.choice([scene.network.subnet, scene.network.other_subnet])
    scene.ec2.modify_vpc_endpoint(VpcEndpointId=scene.endpoint, RemoveSubnetIds=[subnet])


def set_policy(scene: Scene, name: str) -> None:
    document = json.dumps({"Version": "2012-10-17", "Statement": POLICIES[name]})
    scene.ec2.modify_vpc_endpoint(VpcEndpointId=scene.endpoint, PolicyDocument=document)


def change_policy(scene: Scene) -> None:
    set_policy(scene, scene.random.choice(sorted(POLICIES)))


def add_endpoint(scene: Scene) -> None:
    """One with private DNS takes the name for the whole VPC, whatever else led there and whatever it lets in."""
    group = scene.random.choice([scene.network.endpoint_security_group, scene.network.security_group])
    scene.ec2.create_vpc_endpoint(
        VpcId=scene.network.vpc,
        VpcEndpointType="Interface",
        ServiceName=f"com.amazonaws.{REGION}.{scene.service}",
        SubnetIds=[scene.network.other_subnet],
        SecurityGroupIds=[group],
        PrivateDnsEnabled=scene.random.random() < 0.8,
    )


CHANGES = (
    Change("delete_endpoint", delete_endpoint, ENDPOINTS),
    Change("delete_other_endpoint", delete_other_endpoint, ENDPOINTS),
    Change("swap_endpoint_groups", swap_endpoint_groups, ENDPOINTS),
    Change("remove_endpoint_subnet", remove_endpoint_subnet, ENDPOINTS),
    Change("change_policy", change_policy, ENDPOINTS, weight=4),
    Change("add_endpoint", add_endpoint, WITHOUT, weight=2),
)
