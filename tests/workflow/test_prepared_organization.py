"""The prepared organization is what it says: each instance lacks the one thing it stands for, and nothing else."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING, Any, get_args

import pytest

from emulator.agent.settings import DEFAULT_HOST_MANAGEMENT
from emulator.coverage.preparation import EXPECTED, EXPECTED_DISAGREEMENT
from emulator.world import FREEBSD_IMAGE, UBUNTU_22_IMAGE
from fleetdx import keys
from fleetdx.coverage.models import CAUSES, Disagreement
from fleetdx.coverage.network import gather, judge
from fleetdx.exemptions import Rules, Subject, read_exemptions, verdict_on
from tests.embedded import embedded, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.embedded import Embedded

CORE = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
NETWORK_REASONS = {
    "no_route": "no_path endpoint_missing endpoint_not_available private_dns_off dns_off security_group_egress "
    "endpoint_security_group network_acl endpoint_policy public_address_missing nat_unavailable",
    "unknown": "transit_gateway shared_endpoint custom_dns middlebox endpoint_policy_conditional prefix_list ipv6_only "
    "rights_unclear just_started",
}
OTHER_REASONS = {"rights_unclear", "just_started"}
"""Unknown, although the network is as it should be."""


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    with embedded(tmp_path_factory.mktemp("emulator"), every_cause=True) as started:
        yield started


def client(aws: Embedded, key: str, service: str) -> Any:
    account, region, _ = aws.cloud.prepared[key].split("/")
    session: Any = aws.cloud.operator_session(account, region)
    return session.client(service)


def shown(aws: Embedded, key: str) -> dict[str, Any]:
    """A prepared instance, as EC2 shows it."""
    instance = aws.cloud.prepared[key].rpartition("/")[2]
    answer = client(aws, key, "ec2").describe_instances(InstanceIds=[instance])
    found: dict[str, Any] = answer["Reservations"][0]["Instances"][0]
    return found


def every_instance(aws: Embedded) -> dict[str, dict[str, Any]]:
    """Every instance of every place, by account/region/id."""
    found = {}
    for account in aws.cloud.organization.accounts:
        for region in aws.cloud.organization.regions:
            session: Any = aws.cloud.operator_session(account.id, region)
            for page in session.client("ec2").get_paginator("describe_instances").paginate():
                for one in (one for reservation in page["Reservations"] for one in reservation["Instances"]):
                    found[f"{account.id}/{region}/{one['InstanceId']}"] = one
    return found


def tag(instance: dict[str, Any], key: str) -> str | None:
    return next((one["Value"] for one in instance.get("Tags", []) if one["Key"] == key), None)


def ping_statuses(aws: Embedded) -> dict[str, str]:
    """What Systems Manager says of every node, by account/region/id."""
    found = {}
    for account in aws.cloud.organization.accounts:
        for region in aws.cloud.organization.regions:
            session: Any = aws.cloud.operator_session(account.id, region)
            for page in session.client("ssm").get_paginator("describe_instance_information").paginate():
                for one in page["InstanceInformationList"]:
                    found[f"{account.id}/{region}/{one['InstanceId']}"] = one["PingStatus"]
    return found


def test_every_cause_has_an_instance(aws: Embedded) -> None:
    """All causes occur, every reason of a network among them, in several accounts and regions, told by tags too."""
    prepared = aws.cloud.prepared
    assert {key.partition("/")[0] for key in prepared} == set(CAUSES)
    for cause, reasons in NETWORK_REASONS.items():
        assert {key.partition("/")[2] for key in prepared if key.startswith(f"{cause}/")} == set(reasons.split())
    assert len(set(prepared.values())) == len(prepared)
    assert len({name.rpartition("/")[0] for name in prepared.values()}) >= 5
    instances = every_instance(aws)
    assert {key: tag(instances[name], EXPECTED) for key, name in prepared.items()} == {key: key for key in prepared}


def test_agents_are_where_they_can_be(aws: Embedded) -> None:
    """Online is who has rights and a way, or had; nobody else is known to Systems Manager."""
    expected = {name: tag(one, EXPECTED) for name, one in every_instance(aws).items()}
    nodes = ping_statuses(aws)
    by_key = Counter((expected[name], status) for name, status in nodes.items() if expected[name])
    assert by_key == {
        ("managed/online", "Online"): 4,
        ("default_host_management/online", "Online"): 2,
        ("agent_silent/agent_not_reporting", "ConnectionLost"): 1,
    }
    silent = aws.cloud.prepared["agent_silent/agent_not_reporting"].rpartition("/")[2]
    asked = [{"Key": "InstanceIds", "Values": [silent]}]
    ssm = client(aws, "agent_silent/agent_not_reporting", "ssm")
    (node,) = ssm.describe_instance_information(Filters=asked)["InstanceInformationList"]
    assert dt.datetime.now(dt.UTC) - node["LastPingDateTime"] > dt.timedelta(days=2)


def test_known_instances_have_what_their_agents_need(aws: Embedded) -> None:
    """An agent that was there before has a profile here, as it must have on AWS."""
    nodes = ping_statuses(aws)
    for name, one in every_instance(aws).items():
        if tag(one, EXPECTED) is None and name in nodes:
            assert "IamInstanceProfile" in one, name


def test_default_host_management_is_on_in_one_place(aws: Embedded) -> None:
    """Exactly the account and region of its instance has it on."""
    found = []
    for account in aws.cloud.organization.accounts:
        for region in aws.cloud.organization.regions:
            session: Any = aws.cloud.operator_session(account.id, region)
            setting = session.client("ssm").get_service_setting(SettingId=DEFAULT_HOST_MANAGEMENT)["ServiceSetting"]
            found += [f"{account.id}/{region}"] if setting["SettingValue"] != "$None" else []
    assert found == [aws.cloud.prepared["default_host_management/online"].rpartition("/")[0]]


@pytest.mark.parametrize(
    ("key", "decision", "by_organization", "by_boundary"),
    [
        ("managed/online", "allowed", True, None),
        ("missing_policy/policies_missing", "implicitDeny", True, None),
        ("blocked_by_policy/denied_by_role", "explicitDeny", True, None),
        ("blocked_by_policy/denied_by_boundary", "implicitDeny", True, False),
        ("blocked_by_policy/denied_by_organization", "explicitDeny", False, None),
        ("no_route/endpoint_missing", "allowed", True, None),
    ],
)
def test_rights_are_what_they_stand_for(
    aws: Embedded,
    key: str,
    decision: str,
    by_organization: bool,  # noqa: FBT001 - a table of verdicts
    by_boundary: bool | None,  # noqa: FBT001 - as above
) -> None:
    """The role behind each profile is refused registration by just what its reason names."""
    iam = client(aws, key, "iam")
    profile = shown(aws, key)["IamInstanceProfile"]["Arn"].rpartition("/")[2]
    (role,) = iam.get_instance_profile(InstanceProfileName=profile)["InstanceProfile"]["Roles"]
    asked = {"PolicySourceArn": role["Arn"], "ActionNames": ["ssm:UpdateInstanceInformation"]}
    (result,) = iam.simulate_principal_policy(**asked)["EvaluationResults"]
    assert result["EvalDecision"] == decision
    assert result["OrganizationsDecisionDetail"]["AllowedByOrganizations"] is by_organization
    boundary = result.get("PermissionsBoundaryDecisionDetail", {}).get("AllowedByPermissionsBoundary")
    assert boundary is by_boundary


def test_other_instances_are_what_they_stand_for(aws: Embedded) -> None:
    """States, profiles, metadata, operators, images and the exemption are as EC2 and the data bucket show them."""
    assert shown(aws, "stopped/instance_stopped")["State"]["Name"] == "stopped"
    assert "IamInstanceProfile" not in shown(aws, "no_profile/no_instance_profile")
    empty = shown(aws, "profile_without_role/profile_without_role")["IamInstanceProfile"]["Arn"].rpartition("/")[2]
    iam = client(aws, "profile_without_role/profile_without_role", "iam")
    assert iam.get_instance_profile(InstanceProfileName=empty)["InstanceProfile"]["Roles"] == []
    assert shown(aws, "imds_off/metadata_disabled")["MetadataOptions"]["HttpEndpoint"] == "disabled"
    assert shown(aws, "unsupported/managed_by_service")["Operator"]["Principal"] == "eks.amazonaws.com"
    image = shown(aws, "unsupported/image_not_supported")["ImageId"]
    described = client(aws, "unsupported/image_not_supported", "ec2").describe_images(ImageIds=[image])["Images"]
    assert [one["Name"] for one in described] == [FREEBSD_IMAGE]
    account, _, instance = aws.cloud.prepared["exempt/exempted"].split("/")
    entries = read_exemptions(aws.deployment.data.get(keys.EXEMPTIONS))
    subject = Subject(account, instance, "", (), frozenset)
    assert verdict_on(subject, entries, Rules(None, 90), dt.datetime.now(dt.UTC)).standing == "exempt"


def test_silent_agents_have_several_images(aws: Embedded) -> None:
    """Two images are silent, one of them on two instances."""
    places = [one for one in every_instance(aws).values() if tag(one, EXPECTED) == "agent_silent/not_registered"]
    images = Counter(one["ImageId"] for one in places)
    ec2 = client(aws, "agent_silent/not_registered", "ec2")
    names = {one["ImageId"]: one["Name"] for one in ec2.describe_images(ImageIds=list(images))["Images"]}
    assert sorted(images.values()) == [1, 2]
    assert UBUNTU_22_IMAGE in names.values()


def test_every_network_differs_in_one_thing(aws: Embedded) -> None:
    """What each fault changed is there to be seen in EC2's own descriptions."""

    def asked(key: str, operation: str, member: str, **request: Any) -> list[dict[str, Any]]:
        here = {"Filters": [{"Name": "vpc-id", "Values": [shown(aws, key)["VpcId"]]}]}
        found: list[dict[str, Any]] = getattr(client(aws, key, "ec2"), operation)(**(request or here))[member]
        return found

    def endpoints(key: str) -> dict[str, dict[str, Any]]:
        found = asked(key, "describe_vpc_endpoints", "VpcEndpoints")
        return {one["ServiceName"].rpartition(".")[2]: one for one in found if one["State"] != "deleted"}

    def targets(key: str) -> set[str]:
        tables = asked(key, "describe_route_tables", "RouteTables")
        return {name for table in tables for route in table["Routes"] for name in route if name.endswith("Id")}

    assert set(endpoints("managed/online")) == {"ssm", "ssmmessages", "ec2messages", "s3"}
    assert set(endpoints("no_route/endpoint_missing")) == {"ssm", "ec2messages", "s3"}
    assert endpoints("no_route/endpoint_not_available")["ssmmessages"]["State"] == "pendingAcceptance"
    assert endpoints("no_route/private_dns_off")["ssm"]["PrivateDnsEnabled"] is False
    assert '"Deny"' in endpoints("no_route/endpoint_policy")["ssm"]["PolicyDocument"]
    assert "Condition" in endpoints("unknown/endpoint_policy_conditional")["ssm"]["PolicyDocument"]
    assert endpoints("no_route/no_path") == {}
    vpc = shown(aws, "no_route/dns_off")["VpcId"]
    dns = client(aws, "no_route/dns_off", "ec2").describe_vpc_attribute(VpcId=vpc, Attribute="enableDnsSupport")
    assert dns["EnableDnsSupport"]["Value"] is False
    groups = {
        key: {one["GroupName"]: one for one in asked(key, "describe_security_groups", "SecurityGroups")}
        for key in ("no_route/security_group_egress", "no_route/endpoint_security_group", "unknown/prefix_list")
    }
    assert groups["no_route/security_group_egress"]["instances"]["IpPermissionsEgress"] == []
    assert groups["no_route/endpoint_security_group"]["endpoints"]["IpPermissions"] == []
    (rule,) = groups["unknown/prefix_list"]["instances"]["IpPermissionsEgress"]
    assert [list(rule["PrefixListIds"][0]), rule["IpRanges"]] == [["PrefixListId"], []]
    entries = [
        entry
        for acl in asked("no_route/network_acl", "describe_network_acls", "NetworkAcls")
        for entry in acl["Entries"]
        if entry["RuleAction"] == "deny" and entry.get("PortRange")
    ]
    assert [(one["Egress"], one["PortRange"]["To"]) for one in entries] == [(True, 443)]
    assert "PublicIpAddress" in shown(aws, "profile_without_role/profile_without_role")
    assert "PublicIpAddress" not in shown(aws, "no_route/public_address_missing")
    states = [one["State"] for one in asked("no_route/nat_unavailable", "describe_nat_gateways", "NatGateways")]
    assert states in ([], ["deleted"])
    assert "TransitGatewayId" in targets("unknown/transit_gateway")
    assert "VpcPeeringConnectionId" in targets("unknown/shared_endpoint")
    assert "NetworkInterfaceId" in targets("unknown/middlebox")
    interface = shown(aws, "unknown/ipv6_only")["NetworkInterfaces"][0]
    assert interface["Ipv6Addresses"]
    assert interface["PrivateIpAddresses"] == []


def test_networks_are_judged_as_what_they_stand_for(aws: Embedded) -> None:
    """The judge of networks finds each prepared fault, and a way from every other instance."""
    for key in aws.cloud.prepared:
        cause, _, reason = key.partition("/")
        about_network = cause == "no_route" or (cause == "unknown" and reason not in OTHER_REASONS)
        instance, region = shown(aws, key), aws.cloud.prepared[key].split("/")[1]
        judged = judge(instance, gather(client(aws, key, "ec2"), [instance]), region)
        assert judged.reason == (reason if about_network else ""), (key, judged)


def test_security_hub_disagrees_where_it_should(aws: Embedded) -> None:
    """The administrator finds SSM.1 about all instances but one, about one that is gone, and known disagreements."""
    found: dict[str, dict[str, Any]] = {}
    for region in aws.cloud.organization.regions:
        session: Any = aws.cloud.operator_session(aws.cloud.organization.hub.id, region)
        wanted = {
            name: [{"Value": value, "Comparison": "EQUALS"}]
            for name, value in {"ComplianceSecurityControlId": "SSM.1", "RecordState": "ACTIVE"}.items()
        }
        for page in session.client("securityhub").get_paginator("get_findings").paginate(Filters=wanted):
            for one in page["Findings"]:
                instance = one["Resources"][0]["Id"].rpartition("/")[2]
                found[f"{one['AwsAccountId']}/{one['Region']}/{instance}"] = one
    instances, nodes = every_instance(aws), ping_statuses(aws)
    assert len(found.keys() - instances.keys()) == 1
    silent_about = instances.keys() - found.keys()
    assert [tag(instances[name], EXPECTED_DISAGREEMENT) for name in silent_about] == ["not_evaluated"]
    for name in found.keys() & instances.keys():
        says_managed, is_managed = found[name]["Compliance"]["Status"] == "PASSED", nodes.get(name) == "Online"
        assert (says_managed == is_managed) == (
            tag(instances[name], EXPECTED_DISAGREEMENT) in (None, "stopped_instance")
        )
    told = {tag(one, EXPECTED_DISAGREEMENT) for one in instances.values()} - {None}
    assert told == set(get_args(Disagreement)) - {"unexplained"}


def test_an_agent_that_was_refused_registers_once_it_may(aws: Embedded) -> None:
    """What only lacked a right is managed after somebody has granted it; what lacks a way is not."""
    key = "missing_policy/policies_missing"
    client(aws, key, "iam").attach_role_policy(RoleName="other-policy-instances", PolicyArn=CORE)
    name = aws.cloud.prepared[key]
    wait_until(lambda: name in aws.cloud.fleet.names(), "the agent does not register")
    assert aws.cloud.prepared["no_route/no_path"] not in aws.cloud.fleet.names()
