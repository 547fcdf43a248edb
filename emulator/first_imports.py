"""Imported before all else of the embedded AWS: it imports the modules of moto that read botocore models at once.

By itself `moto.ec2` asks three sessions of its own for EC2's regions, and each would parse EC2's model: 10 MB of JSON.
"""

from __future__ import annotations

import importlib
from typing import Final
from unittest import mock

import botocore.session

from fleetdx.sessions import shared_loader

SLOW: Final = ("moto.ec2.models.availability_zones_and_regions",)


def import_slow_modules() -> None:
    """Import them with the loader that this process has anyway, so that a model is parsed once."""
    with mock.patch.object(botocore.session, "create_loader", return_value=shared_loader()):
        for name in SLOW:
            importlib.import_module(name)


import_slow_modules()
