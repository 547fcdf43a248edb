"""ARNs of what findings are about."""

from __future__ import annotations

import functools
from typing import Final

PARTITIONS: Final = (
    ("cn-", "aws-cn"),
    ("us-gov-", "aws-us-gov"),
    ("us-isob-", "aws-iso-b"),
    ("us-isof-", "aws-iso-f"),
    ("eu-isoe-", "aws-iso-e"),
    ("us-iso-", "aws-iso"),
    ("eusc-", "aws-eusc"),
)
"""How the regions of a partition begin (botocore's partitions.json, regionRegex); all others are of `aws`."""


@functools.lru_cache(maxsize=256)
def partition_of(region: str) -> str:
    """The partition that a region belongs to."""
    return next((partition for start, partition in PARTITIONS if region.startswith(start)), "aws")


def instance_arn(account: str, region: str, instance: str) -> str:
    """The ARN of an instance."""
    return f"arn:{partition_of(region)}:ec2:{region}:{account}:instance/{instance}"


def image_arn(region: str, image: str) -> str:
    """The ARN of an AMI, which names no account."""
    return f"arn:{partition_of(region)}:ec2:{region}::image/{image}"


def account_arn(account: str, region: str) -> str:
    """The ARN of an account, as its root principal."""
    return f"arn:{partition_of(region)}:iam::{account}:root"
