"""Which group an instance is in: by what the group itself lists, in few calls, and never at the cost of a scan."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from fleetdx.autoscaling import GROUP_TAG, groups_of
from tests.fakes.autoscaling import FakeAutoScaling, group_arn
from tests.fakes.aws_errors import client_error
from tests.fakes.ec2 import instance, instance_id


def tagged(number: int, group: str, state: str = "running") -> dict[str, Any]:
    return instance(instance_id(number), state, **{GROUP_TAG: group})


def refuse() -> Any:
    raise AssertionError("no instance carries the tag of a group, so nobody has to ask")


def test_without_a_tagged_instance_nothing_is_asked() -> None:
    """Nor for one that is gone."""
    assert groups_of(refuse, [instance(instance_id(1), team="web"), tagged(2, "web", "terminated")]).arns == {}


def test_the_list_of_the_group_counts_not_the_tag() -> None:
    """An instance that the group does not list, for it was detached or the name is another's now, is in none."""
    client = FakeAutoScaling({"web": [instance_id(1), instance_id(9)], "api": []})
    found = groups_of(lambda: client, [tagged(1, "web"), tagged(2, "web"), tagged(3, "api"), tagged(4, "deleted")])
    assert (found.arns, found.unknown) == ({instance_id(1): group_arn("web")}, "")


def test_one_call_asks_for_fifty_groups() -> None:
    """However many instances they have."""
    names = {number: f"group-{number:03d}" for number in range(101)}
    groups = {name: [instance_id(number), instance_id(1000 + number)] for number, name in names.items()}
    machines = [tagged(number, name) for number, name in names.items()]
    client = FakeAutoScaling(groups)
    assert len(groups_of(lambda: client, [*machines, *machines]).arns) == 101
    assert [len(names) for names in client.asked] == [50, 50, 1]


@pytest.mark.parametrize(
    ("refusal", "told"),
    [
        (client_error("AccessDenied", "DescribeAutoScalingGroups"), "DescribeAutoScalingGroups: AccessDenied"),
        (client_error("Throttling", "DescribeAutoScalingGroups"), "DescribeAutoScalingGroups: Throttling"),
        (EndpointConnectionError(endpoint_url="https://autoscaling.example"), "no answer: EndpointConnectionError"),
    ],
)
def test_a_failure_leaves_groups_unknown_and_is_told(refusal: Exception, told: str) -> None:
    """It is a sentence of the run, not a failure of the account-region."""
    found = groups_of(lambda: FakeAutoScaling({}, refusal), [tagged(1, "web")])
    assert found.arns == {}
    assert told in found.unknown
