"""templates/network.yaml mends: a network without a way to Systems Manager has one after its deployment."""

from __future__ import annotations

import json
import random
import re
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto import mock_aws
from moto.ec2.models import ec2_backends

from emulator.networks import VPC_CIDR
from emulator.seams import network_templates, networks
from fleetdx.coverage.network import Reachability, gather, judge
from fleetdx.role_rights import NEEDED_ACTIONS
from tests.contract.small_cloud import MADE_UP, REGION
from tests.network_changes import Scene, filters, new_scene
from tests.packet_walk import NO, YES, Walk
from tools.sources import TEMPLATES, template

if TYPE_CHECKING:
    from collections.abc import Iterator

NETWORK = template("network.yaml")
ACCOUNT = "123456789012"
BUCKETS = {"DataBucket": "fleetdx-data", "IntakeBucket": "fleetdx-intake"}


@pytest.fixture
def ec2() -> Iterator[Any]:
    undo = [networks.install(), network_templates.install()]
    with mock_aws():
        yield boto3.client("ec2", **MADE_UP)
    for one in undo:
        one()


def isolated(ec2: Any) -> Scene:
    return new_scene(ec2, "isolated", random.Random(1))  # noqa: S311 - not about secrets


def deploy(scene: Scene, **parameters: str) -> dict[str, str]:
    """Deploy the template into a scene's VPC, with both of its subnets."""
    network = scene.network
    given = {
        "VpcId": network.vpc,
        "SubnetIds": f"{network.subnet},{network.other_subnet}",
        "ClientCidr": VPC_CIDR,
        "S3RouteTableIds": network.route_table,
        **BUCKETS,
        **parameters,
    }
    for name, value in given.items():
        for one in value.split(","):
            assert re.fullmatch(NETWORK["Parameters"][name].get("AllowedPattern", ".*"), one), name
    stacks = boto3.client("cloudformation", **MADE_UP)
    stacks.create_stack(
        StackName="network",
        TemplateBody=(TEMPLATES / "network.yaml").read_text(encoding="utf-8"),
        Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in given.items()],
    )
    (stack,) = stacks.describe_stacks(StackName="network")["Stacks"]
    assert stack["StackStatus"] == "CREATE_COMPLETE"
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}


def verdict_on(scene: Scene) -> Reachability:
    (reservation,) = scene.ec2.describe_instances(InstanceIds=[scene.instance])["Reservations"]
    return judge(reservation["Instances"][0], gather(scene.ec2, reservation["Instances"]), REGION)


def walk(scene: Scene) -> frozenset[bool]:
    return Walk(ec2_backends[ACCOUNT][REGION], scene.instance).fates()


def endpoints_of(scene: Scene) -> dict[str, dict[str, Any]]:
    """By the service."""
    filters_by_vpc = [{"Name": "vpc-id", "Values": [scene.network.vpc]}]
    found = scene.ec2.describe_vpc_endpoints(Filters=filters_by_vpc)["VpcEndpoints"]
    return {one["ServiceName"].rpartition(".")[2]: one for one in found}


def actions_of(endpoint: dict[str, Any]) -> set[str]:
    statements = json.loads(endpoint["PolicyDocument"])["Statement"]
    return {action for one in statements for action in one["Action"]}


@pytest.mark.parametrize("policies", ["needed", "open"])
def test_an_isolated_network_reaches_systems_manager_after_it(ec2: Any, policies: str) -> None:
    """Before there was no path; after it the judge and the packets find one, whatever its policies say."""
    scene = isolated(ec2)
    assert (verdict_on(scene).reason, walk(scene)) == ("no_path", NO)
    deploy(scene, EndpointPolicies=policies)
    assert (verdict_on(scene).standing, walk(scene)) == ("reachable", YES)


def test_instances_that_may_send_nothing_out_get_a_rule(ec2: Any) -> None:
    """Their group lets HTTPS out to the endpoints' group, and to S3, and to nothing else."""
    scene = isolated(ec2)
    filters.revoke_egress(scene)
    s3 = scene.amazon_prefix_list()
    group = deploy(scene, InstanceSecurityGroupId=scene.network.security_group, S3PrefixListId=s3)
    assert (verdict_on(scene).standing, walk(scene)) == ("reachable", YES)
    described = ec2.describe_security_groups(GroupIds=[scene.network.security_group])["SecurityGroups"][0]
    (rule,) = described["IpPermissionsEgress"]
    assert (rule["FromPort"], rule["ToPort"], rule["IpRanges"]) == (443, 443, [])
    assert [pair["GroupId"] for pair in rule["UserIdGroupPairs"]] == [group["EndpointSecurityGroupId"]]
    assert [one["PrefixListId"] for one in rule["PrefixListIds"]] == [s3]


def test_without_the_rule_they_stay_shut_in(ec2: Any) -> None:
    """The endpoints alone do not help a group that lets nothing out: the judge says so."""
    scene = isolated(ec2)
    filters.revoke_egress(scene)
    deploy(scene)
    assert (verdict_on(scene).reason, walk(scene)) == ("security_group_egress", NO)


def test_what_is_there_already_is_left_out(ec2: Any) -> None:
    """Each endpoint can be left out; ec2messages is, because new regions do not have it."""
    scene = isolated(ec2)
    deploy(scene, SsmEndpoint="no", S3RouteTableIds="")
    assert set(endpoints_of(scene)) == {"ssmmessages"}
    assert verdict_on(scene).reason == "endpoint_missing"


def test_policies_let_through_what_agents_ask_for(ec2: Any) -> None:
    """Each needed action is allowed by its own service's endpoint, and no other service's."""
    scene = isolated(ec2)
    deploy(scene, Ec2MessagesEndpoint="yes")
    found = endpoints_of(scene)
    for service in ("ssm", "ssmmessages", "ec2messages"):
        needed = {action for action in NEEDED_ACTIONS if action.startswith(f"{service}:")}
        more = {"ssm:GetParameter", "ssm:GetParameters", "ssm:RequestManagedInstanceRoleToken"}
        assert actions_of(found[service]) == needed | (more if service == "ssm" else set())


def test_s3_lets_through_aws_s_buckets_and_the_central_ones(ec2: Any) -> None:
    """Reading packages and bundles, and writing results; the route is in the table that was named."""
    scene = isolated(ec2)
    deploy(scene)
    endpoint = endpoints_of(scene)["s3"]
    statements = json.loads(endpoint["PolicyDocument"])["Statement"]
    assert [one["Action"] for one in statements] == ["s3:GetObject", "s3:GetObject", "s3:PutObject"]
    assert f"arn:aws:s3:::amazon-ssm-{REGION}/*" in statements[0]["Resource"]
    assert all(REGION in one for one in statements[0]["Resource"])
    assert statements[1]["Resource"] == "arn:aws:s3:::fleetdx-data/scripts/*"
    assert statements[2]["Resource"] == "arn:aws:s3:::fleetdx-intake/runs/*"
    assert endpoint["RouteTableIds"] == [scene.network.route_table]


def test_every_parameter_is_described() -> None:
    """Whoever deploys it is told what each is, and what it may be."""
    for name, parameter in NETWORK["Parameters"].items():
        assert parameter["Description"], name
        assert "AllowedPattern" in parameter or "AllowedValues" in parameter, name
