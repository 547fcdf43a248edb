"""An emulated EC2 region for single networks, without hosts and without a front door."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import boto3
from moto import mock_aws
from moto.ec2.models import ec2_backends

from emulator.garbage import collect_seldom
from emulator.seams import networks, readings
from tests.contract.small_cloud import MADE_UP, REGION

if TYPE_CHECKING:
    from collections.abc import Iterator

ACCOUNT = "123456789012"
NEIGHBOURS = 10
"""Networks that are in a region together, so that one that is taken for another shows."""


@contextmanager
def emulated_region() -> Iterator[Any]:
    """A client of EC2 in a region of its own."""
    os.environ["MOTO_EC2_LOAD_DEFAULT_AMIS"] = "false"  # 1,300, for which no network asks
    collect_seldom()
    undo = [networks.install(), readings.install()]
    try:
        with mock_aws():
            yield boto3.client("ec2", **MADE_UP)
    finally:
        for one in reversed(undo):
            one()


def in_fresh_regions(ec2: Any, count: int) -> Iterator[Any]:
    """The client as often as networks are wanted; EC2's region is emptied now and then.

    Each description walks through everything that the region has: 200 networks one beside the other would take most of
    the time for looking at each other.
    """
    for number in range(count):
        if number % NEIGHBOURS == 0:
            ec2_backends[ACCOUNT][REGION].reset()
        yield ec2
