"""What accounts are told of themselves: regions, limits, access to the organization, its trail, others' buckets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from emulator.seams.organizations import create_account
from tests.contract.small_cloud import CENTRAL, MEMBER, small_cloud
from tests.deploy_check_scene import AUDIT, HOME, MANAGEMENT, OPTIONAL, STRANGER, Scene, scene_in

if TYPE_CHECKING:
    from collections.abc import Iterator

STACK_SETS = "member.org.stacksets.cloudformation.amazonaws.com"


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with small_cloud(tmp_path_factory.mktemp("cloud"), frozenset({CENTRAL})) as cloud:
        yield scene_in(cloud)


def code_of(caught: pytest.ExceptionInfo[ClientError]) -> str:
    return caught.value.response["Error"]["Code"]


def statuses(client: Any, **arguments: Any) -> dict[str, str]:
    return {one["RegionName"]: one["OptInStatus"] for one in client.describe_regions(**arguments)["Regions"]}


def test_each_account_has_its_own_regions(scene: Scene) -> None:
    """A region that has to be opted in to is opted in by account; without AllRegions only enabled ones are listed."""
    known = statuses(scene.client("ec2", AUDIT), AllRegions=True)
    assert (known[HOME], known[OPTIONAL], known["me-south-1"]) == ("opt-in-not-required", "opted-in", "not-opted-in")
    assert statuses(scene.client("ec2", STRANGER), AllRegions=True)[OPTIONAL] == "not-opted-in"
    assert OPTIONAL not in statuses(scene.client("ec2", STRANGER))
    assert statuses(scene.client("ec2", STRANGER), RegionNames=[OPTIONAL]) == {OPTIONAL: "not-opted-in"}
    assert not any(name.startswith(("cn-", "us-gov-")) for name in known)


def test_the_management_account_asks_about_members(scene: Scene) -> None:
    """It names a member, never itself; a member names nobody; and without trusted access nobody is told."""
    asking = scene.client("account", MANAGEMENT)
    words = {one["RegionName"]: one["RegionOptStatus"] for one in asking.list_regions(AccountId=AUDIT)["Regions"]}
    assert (words[HOME], words[OPTIONAL], words["me-south-1"]) == ("ENABLED_BY_DEFAULT", "ENABLED", "DISABLED")
    only = asking.list_regions(RegionOptStatusContains=["ENABLED"])["Regions"]
    assert [one["RegionName"] for one in only] == [OPTIONAL]
    with pytest.raises(ClientError) as caught:
        asking.list_regions(AccountId=MANAGEMENT)
    assert code_of(caught) == "ValidationException"
    with pytest.raises(ClientError) as caught:
        scene.client("account", AUDIT).list_regions(AccountId=CENTRAL)
    assert code_of(caught) == "AccessDeniedException"
    organizations = scene.client("organizations", MANAGEMENT)
    organizations.disable_aws_service_access(ServicePrincipal="account.amazonaws.com")
    with pytest.raises(ClientError) as caught:
        asking.list_regions(AccountId=AUDIT)
    organizations.enable_aws_service_access(ServicePrincipal="account.amazonaws.com")
    assert code_of(caught) == "AccessDeniedException"


def test_limits_are_told(scene: Scene) -> None:
    """Lambda tells what is reserved; Service Quotas lists Step Functions' quotas and knows no other service's."""
    scene.cloud.state.reserved[AUDIT] = 100
    limit = scene.client("lambda", AUDIT).get_account_settings()["AccountLimit"]
    assert (limit["ConcurrentExecutions"], limit["UnreservedConcurrentExecutions"]) == (1000, 900)
    quotas = scene.client("service-quotas")
    listed = {one["QuotaName"]: one["Value"] for one in quotas.list_service_quotas(ServiceCode="states")["Quotas"]}
    assert listed["Open executions"] == 1_000_000
    with pytest.raises(ClientError) as caught:
        quotas.list_service_quotas(ServiceCode="nothing")
    assert code_of(caught) == "NoSuchResourceException"


def test_access_to_the_organization_is_told_to_whom_it_concerns(scene: Scene) -> None:
    """The management account asks as itself, a member as delegate; an organization can be without a policy."""
    assert scene.client("cloudformation", MANAGEMENT).describe_organizations_access()["Status"] == "ENABLED"
    delegate = scene.client("cloudformation")
    assert delegate.describe_organizations_access(CallAs="DELEGATED_ADMIN")["Status"] == "ENABLED"
    with pytest.raises(ClientError) as caught:
        delegate.describe_organizations_access()
    assert code_of(caught) == "ValidationError"
    organizations = scene.client("organizations", MANAGEMENT)
    with pytest.raises(organizations.exceptions.ResourcePolicyNotFoundException):
        organizations.describe_resource_policy()
    found = organizations.list_delegated_administrators(ServicePrincipal=STACK_SETS)["DelegatedAdministrators"]
    assert [one["Id"] for one in found] == [CENTRAL]


def test_a_member_sees_the_organizations_trail(scene: Scene) -> None:
    """By its ARN, in every region, with its status and selectors; an account outside sees nothing."""
    for region in (HOME, OPTIONAL):
        (trail,) = scene.client("cloudtrail", AUDIT, region).describe_trails()["trailList"]
        assert (trail["IsOrganizationTrail"], trail["HomeRegion"]) == (True, HOME)
    client = scene.client("cloudtrail", AUDIT)
    assert client.get_trail_status(Name=trail["TrailARN"])["IsLogging"]
    assert client.get_event_selectors(TrailName=trail["TrailARN"])["EventSelectors"][0]["ReadWriteType"] == "All"
    with pytest.raises(ClientError) as caught:
        client.get_event_selectors(TrailName="organization-trail")
    assert code_of(caught) == "TrailNotFoundException"
    assert scene.client("cloudtrail", STRANGER).describe_trails()["trailList"] == []


def test_a_bucket_of_another_account(scene: Scene) -> None:
    """It is told of by 403, one's own by 200, and none by 404."""
    scene.client("s3", MEMBER).create_bucket(Bucket="members")
    scene.client("s3", MEMBER).head_bucket(Bucket="members")
    for bucket, status in (("members", "403"), ("nobodys", "404")):
        with pytest.raises(ClientError) as caught:
            scene.client("s3").head_bucket(Bucket=bucket)
        assert code_of(caught) == status


def test_accounts_that_join_have_not_opted_in(scene: Scene) -> None:
    """A new account has the regions that everybody has."""
    from moto.organizations.models import organizations_backends  # noqa: PLC0415 - one test

    create_account(organizations_backends[MANAGEMENT]["aws"], MEMBER, "shops", "shops@example.com")
    told = scene.client("account", MANAGEMENT).list_regions(
        AccountId=MEMBER, RegionOptStatusContains=["ENABLED", "ENABLED_BY_DEFAULT"]
    )
    names = {one["RegionName"] for one in told["Regions"]}
    assert (HOME in names, OPTIONAL in names) == (True, False)
