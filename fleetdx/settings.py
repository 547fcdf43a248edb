"""What a function reads from its environment, the templates set it."""

from __future__ import annotations

import os

from fleetdx.errors import Misconfigured


def setting(name: str) -> str:
    """One environment variable that must be there.

    Raises:
        Misconfigured: It is absent or empty.
    """
    value = os.environ.get(name, "")
    if not value:
        raise Misconfigured(f"the environment variable {name} is not set; the template of the stack sets it")
    return value
