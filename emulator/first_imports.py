"""The modules of moto that read botocore's models as they are imported."""

from __future__ import annotations

import importlib
from unittest import mock

import botocore.session

from fleetdx.sessions import shared_loader

SLOW = ("moto.ec2.models.availability_zones_and_regions",)
"""It asks three sessions of its own for EC2's regions, and each would parse EC2's model: 10 MB of JSON."""


def import_slow_modules() -> None:
    """Import them with the loader that this process has anyway, so that a model is parsed once."""
    loader = shared_loader()
    with mock.patch.object(botocore.session, "create_loader", return_value=loader):
        for name in SLOW:
            importlib.import_module(name)
