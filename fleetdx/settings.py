"""What a function reads from its environment, as typed values; the templates set it."""

from __future__ import annotations

import os
from dataclasses import dataclass

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


@dataclass(frozen=True)
class MemberAccess:
    """How member accounts are entered: the role's path and name, and the external id of its trust policy."""

    role: str
    external_id: str

    @classmethod
    def from_environment(cls) -> MemberAccess:
        """Read MEMBER_ROLE and EXTERNAL_ID."""
        return cls(role=setting("MEMBER_ROLE"), external_id=setting("EXTERNAL_ID"))
