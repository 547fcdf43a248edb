"""The one thing we ask EC2: which instances exist."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from types_boto3_ec2.client import EC2Client


def instances(ec2: EC2Client) -> Iterator[Mapping[str, Any]]:
    """Every instance of this account and region, whatever its state."""
    for page in ec2.get_paginator("describe_instances").paginate(PaginationConfig={"PageSize": 1000}):
        for reservation in page["Reservations"]:
            yield from reservation["Instances"]
