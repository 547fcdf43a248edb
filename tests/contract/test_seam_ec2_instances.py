"""What EC2 shows of instances and images, as far as a sweep asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from emulator.hosts.organization import image_id_for
from tests.contract.small_cloud import IMAGES, MEMBER, REGION, small_cloud

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.contract.small_cloud import SmallCloud

LINUX, WINDOWS = IMAGES


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallCloud]:
    with small_cloud(tmp_path_factory.mktemp("cloud")) as started:
        yield started


def launched(ec2: Any, image: str = LINUX, **more: Any) -> dict[str, Any]:
    """An instance, as DescribeInstances shows it."""
    made = ec2.run_instances(ImageId=image_id_for(REGION, image), MinCount=1, MaxCount=1, **more)["Instances"][0]
    return shown(ec2, made["InstanceId"])


def shown(ec2: Any, instance: str) -> dict[str, Any]:
    found: dict[str, Any] = ec2.describe_instances(InstanceIds=[instance])["Reservations"][0]["Instances"][0]
    return found


def test_an_instance_tells_its_platform_and_who_operates_it(cloud: SmallCloud) -> None:
    """PlatformDetails comes from the image, Operator from whoever launched it; its own operator is nobody."""
    ec2 = cloud.client("ec2", MEMBER)
    plain = launched(ec2)
    assert (plain["PlatformDetails"], plain["Operator"]) == ("Linux/UNIX", {"Managed": False})
    windows = launched(ec2, WINDOWS, Operator={"Principal": "eks.amazonaws.com"})
    assert (windows["PlatformDetails"], windows["Platform"]) == ("Windows", "windows")
    assert windows["Operator"] == {"Managed": True, "Principal": "eks.amazonaws.com"}


def test_an_instance_without_a_place_of_its_own_is_in_the_default_vpc(cloud: SmallCloud) -> None:
    """It shows subnet, VPC, the default group on itself and its interface, and a public address."""
    ec2 = cloud.client("ec2", MEMBER)
    made = launched(ec2)
    interface = made["NetworkInterfaces"][0]
    assert made["SecurityGroups"] == interface["Groups"]
    assert [group["GroupName"] for group in made["SecurityGroups"]] == ["default"]
    assert (interface["SubnetId"], interface["VpcId"]) == (made["SubnetId"], made["VpcId"])
    assert made["PublicIpAddress"]


def test_metadata_can_be_switched_off(cloud: SmallCloud) -> None:
    """Switching the endpoint off leaves the other options as they were."""
    ec2 = cloud.client("ec2", MEMBER)
    made = launched(ec2, MetadataOptions={"HttpTokens": "required", "HttpPutResponseHopLimit": 2})
    assert made["MetadataOptions"]["HttpEndpoint"] == "enabled"
    ec2.modify_instance_metadata_options(InstanceId=made["InstanceId"], HttpEndpoint="disabled")
    options = shown(ec2, made["InstanceId"])["MetadataOptions"]
    assert (options["HttpEndpoint"], options["HttpTokens"]) == ("disabled", "required")
    assert options["HttpPutResponseHopLimit"] == 2


def test_public_images_have_names_in_every_account(cloud: SmallCloud) -> None:
    """DescribeImages knows the embedded images by id; one unknown id among them refuses the call."""
    ec2 = cloud.client("ec2", MEMBER)
    ids = [image_id_for(REGION, name) for name in IMAGES]
    found = {image["ImageId"]: image for image in ec2.describe_images(ImageIds=ids)["Images"]}
    assert [found[one]["Name"] for one in ids] == list(IMAGES)
    assert all(image["Public"] and image["State"] == "available" for image in found.values())
    with pytest.raises(ClientError) as refusal:
        ec2.describe_images(ImageIds=[ids[0], "ami-00000000000000bad"])
    assert refusal.value.response["Error"]["Code"] == "InvalidAMIID.NotFound"
    asked = [{"Name": "image-id", "Values": [ids[0], "ami-00000000000000bad"]}]
    assert [image["ImageId"] for image in ec2.describe_images(Filters=asked)["Images"]] == [ids[0]]
