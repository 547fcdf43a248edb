"""What an endpoint's policy leaves of the rights that an agent needs to be managed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fleetdx.coverage.network.reading import text
from fleetdx.coverage.network.verdicts import blocked, reachable, unknown
from fleetdx.role_rights import rights_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fleetdx.coverage.network.reading import Row
    from fleetdx.coverage.network.verdicts import Reachability

NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    "ssm": ("ssm:UpdateInstanceInformation",),
    "ssmmessages": ("ssmmessages:CreateControlChannel", "ssmmessages:OpenControlChannel"),
}
"""Without the first an instance never registers, without the others it hears of no command; the rest of what agents
ask for they can do without."""


def passes(endpoint: Row, service: str) -> Reachability:
    """Whether the endpoint's policy allows, to everybody and without a condition, what has to go through it.

    Raises:
        FactMissing: Its policy is not described.
    """
    name = text(endpoint, "VpcEndpointId")
    rights = rights_of([(f"of {name}", text(endpoint, "PolicyDocument"))], NEEDED[service])
    if rights.standing == "held":
        return reachable(f"by {name}")
    if rights.standing == "unclear":
        return unknown("endpoint_policy_conditional", f"The {rights.sentence}.")
    if rights.standing == "denied":
        return blocked("endpoint_policy", f"The {rights.sentence}.")
    return blocked("endpoint_policy", f"The policy of {name} {rights.sentence}.")
