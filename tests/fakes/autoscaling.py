"""EC2 Auto Scaling in memory: groups by name, with their instances."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.fakes.pages import Pages, split

if TYPE_CHECKING:
    from collections.abc import Iterator


def group_arn(name: str, identifier: str = "6d1c") -> str:
    """The ARN of a group."""
    group = f"autoScalingGroup:{identifier}:autoScalingGroupName/{name}"
    return f"arn:aws:autoscaling:ap-northeast-2:111122223333:{group}"


class FakeAutoScaling:
    """An Auto Scaling client.

    Attributes:
        groups: Instances by the group's name.
        refusal: What every call raises, if anything.
        asked: The names of each call.
    """

    def __init__(self, groups: dict[str, list[str]], refusal: Exception | None = None) -> None:
        self.groups = groups
        self.refusal = refusal
        self.asked: list[list[str]] = []

    def get_paginator(self, operation: str) -> Pages:
        """The paginator of describe_auto_scaling_groups."""
        assert operation == "describe_auto_scaling_groups"
        return Pages(self._pages)

    def _pages(self, *, AutoScalingGroupNames: list[str]) -> Iterator[dict[str, Any]]:  # noqa: N803
        assert 0 < len(AutoScalingGroupNames) <= 50
        self.asked.append(AutoScalingGroupNames)
        if self.refusal:
            raise self.refusal
        known = [name for name in AutoScalingGroupNames if name in self.groups]
        for page in split(known, 2):
            yield {"AutoScalingGroups": [self._group(name) for name in page]}

    def _group(self, name: str) -> dict[str, Any]:
        members = [{"InstanceId": identifier} for identifier in self.groups[name]]
        return {"AutoScalingGroupName": name, "AutoScalingGroupARN": group_arn(name), "Instances": members}
