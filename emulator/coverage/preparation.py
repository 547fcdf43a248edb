"""Adds one instance for every cause and reason to a running embedded AWS."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emulator.cloud import EmbeddedAws


def prepare(cloud: EmbeddedAws) -> Mapping[str, str]:
    """Add them; `cause/reason` gives `account/region/instance`."""
    del cloud
    return {}
