"""EC2 in memory: the instances of one account and region."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.fakes.aws_errors import client_error
from tests.fakes.pages import Pages, split

if TYPE_CHECKING:
    from collections.abc import Iterator


def instance(identifier: str, state: str = "running", *, platform: str = "", **tags: str) -> dict[str, Any]:
    """An instance as DescribeInstances tells it."""
    windows = {"Platform": platform} if platform else {}
    return {
        "InstanceId": identifier,
        "ImageId": "ami-0123456789abcdef0",
        "State": {"Name": state},
        "Tags": [{"Key": key, "Value": value} for key, value in tags.items()],
        **windows,
    }


def node(identifier: str, ping: str = "Online", platform: str | None = "Linux") -> dict[str, Any]:
    """A node as DescribeInstanceInformation tells it."""
    told = {} if platform is None else {"PlatformType": platform}
    return {"InstanceId": identifier, "PingStatus": ping, **told}


def instance_id(number: int) -> str:
    """The id of the made-up instance of this number."""
    return f"i-{number:017x}"


class FakeEc2:
    """An EC2 client with fixed instances, two a reservation and two reservations a page.

    Attributes:
        associations: Instance to the ARN of the profile that it has, or is about to have.
        refusals: Errors that the next AssociateIamInstanceProfile calls raise.
        associated: Every association that was taken, as (instance, profile).
    """

    def __init__(self, instances: list[dict[str, Any]]) -> None:
        self.instances = instances
        self.associations: dict[str, str] = {}
        self.refusals: list[Exception] = []
        self.associated: list[tuple[str, str]] = []

    def describe_instances(self, *, InstanceIds: list[str]) -> dict[str, Any]:  # noqa: N803
        """One instance, or EC2's refusal."""
        found = [one for one in self.instances if one["InstanceId"] in InstanceIds]
        if not found:
            raise client_error("InvalidInstanceID.NotFound", "DescribeInstances")
        return {"Reservations": [{"Instances": found}]}

    def describe_iam_instance_profile_associations(self, *, Filters: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
        """The association of the instance that a filter names."""
        filters = {one["Name"]: one["Values"] for one in Filters}
        assert filters["state"] == ["associating", "associated"]
        found = [self.associations[name] for name in filters["instance-id"] if name in self.associations]
        return {"IamInstanceProfileAssociations": [{"IamInstanceProfile": {"Arn": arn}} for arn in found]}

    def associate_iam_instance_profile(self, *, IamInstanceProfile: dict[str, str], InstanceId: str) -> dict[str, Any]:  # noqa: N803
        """Associate, or refuse as asked."""
        if self.refusals:
            raise self.refusals.pop(0)
        self.associated.append((InstanceId, IamInstanceProfile["Name"]))
        return {}

    def get_paginator(self, operation: str) -> Pages:
        """The paginator of describe_instances."""
        assert operation == "describe_instances"
        return Pages(self._pages)

    def _pages(self, *, PaginationConfig: Any) -> Iterator[dict[str, Any]]:  # noqa: N803
        assert PaginationConfig["PageSize"] <= 1000
        for page in split(self.instances, 4):
            yield {"Reservations": [{"Instances": part} for part in split(page, 2)]}
