"""Partitions of regions are those that botocore knows."""

from __future__ import annotations

from botocore.session import Session

from fleetdx.feeds.arns import PARTITIONS, partition_of


def test_every_region_is_in_the_partition_that_botocore_says() -> None:
    """Of each region of each partition that botocore knows, we name the same partition."""
    session = Session()
    partitions = session.get_available_partitions()
    known = {
        region: partition
        for partition in partitions
        for region in session.get_available_regions("ec2", partition_name=partition)
    }
    assert {region: partition_of(region) for region in known} == known
    assert {partition for _, partition in PARTITIONS} <= set(partitions)
