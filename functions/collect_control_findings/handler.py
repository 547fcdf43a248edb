"""CollectControlFindings: what Security Hub's SSM.1 says of every instance, asked once for each region.

Where Security Hub is not enabled, or its administrator lets nobody in, the sweep goes on without it and says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from botocore.exceptions import ClientError

from fleetdx import keys
from fleetdx.accounts import enter_member
from fleetdx.coverage.control import ControlFindings, newest, not_joined
from fleetdx.entrypoint import entrypoint, translate
from fleetdx.errors import AccessDenied, DeniedByServiceControlPolicy, MemberRoleDenied
from fleetdx.events import OpenedSweep
from fleetdx.security_hub import SecurityHubOff, control_findings
from fleetdx.sessions import own_s3
from fleetdx.settings import setting
from fleetdx.storage import Bucket

if TYPE_CHECKING:
    from collections.abc import Callable

    from types_boto3_securityhub.client import SecurityHubClient

    from fleetdx.coverage.requests import CoverageRequest

NOT_CONFIGURED = "none"


class Input(OpenedSweep):
    """The opened sweep."""


class Output(TypedDict):
    """How many regions Security Hub was asked for, and how many instances it has findings of."""

    regions: int
    findings: int


def run(event: Input, data: Bucket, security_hub: Callable[[str], SecurityHubClient] | None) -> Output:
    """Write the findings of each region of the request.

    Args:
        event: The sweep.
        data: The data bucket.
        security_hub: Enters a region of the delegated administrator; None where none is configured.
    """
    request: CoverageRequest = data.get_json(keys.coverage_request(event["sweep"]))["request"]
    output: Output = {"regions": 0, "findings": 0}
    for region in request["regions"]:
        if security_hub is None:
            found = not_joined(region, "No delegated administrator of Security Hub is configured")
        else:
            found = _asked(region, security_hub)
        data.put_json(keys.control_findings(event["sweep"], region), dict(found))
        output["regions"] += not found["why_not_joined"]
        output["findings"] += len(found["findings"])
    return output


def _asked(region: str, security_hub: Callable[[str], SecurityHubClient]) -> ControlFindings:
    try:
        return newest(region, control_findings(security_hub(region), region))
    except SecurityHubOff as off:
        return not_joined(region, str(off))
    except MemberRoleDenied as denied:
        return not_joined(region, f"MemberRoleDenied: {denied}")
    except ClientError as error:
        ours = translate(error)
        if not isinstance(ours, AccessDenied | DeniedByServiceControlPolicy):
            raise
        return not_joined(region, f"{type(ours).__name__}: {ours} in {region}")


@entrypoint
def lambda_handler(event: Input, context: object) -> Output:  # noqa: D103 - see the module
    data = Bucket(own_s3(), setting("DATA_BUCKET"))
    administrator = setting("SECURITY_HUB_ACCOUNT")

    def entered(region: str) -> SecurityHubClient:
        member = enter_member(administrator, region, "read", f"collect-control-findings-{event['sweep']}")
        return member.client("securityhub")

    return run(event, data, None if administrator == NOT_CONFIGURED else entered)
