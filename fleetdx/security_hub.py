"""Narrow verbs over Security Hub CSPM: what its control SSM.1 says, as its administrator sees it; imports of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from botocore.exceptions import ClientError

from fleetdx.errors import ServiceThrottled

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from types_boto3_securityhub.client import SecurityHubClient
    from types_boto3_securityhub.type_defs import AwsSecurityFindingOutputTypeDef

CONTROL = "SSM.1"
"""EC2 instances should be managed by AWS Systems Manager (Security Hub's guide, "Controls for Systems Manager")."""
NOT_ENABLED_CODES = frozenset({"InvalidAccessException", "SubscriptionRequiredException"})

REFUSED_FOR_GOOD = frozenset({"InvalidInput"})
"""Codes of findings that the same call would not import either."""


class SecurityHubOff(LookupError):
    """Security Hub is not enabled in this account and region."""


class ControlFinding(NamedTuple):
    """What SSM.1 says of one instance.

    Attributes:
        account: 12 digits.
        instance: Its id.
        status: Compliance.Status: PASSED, FAILED, WARNING or NOT_AVAILABLE.
        updated_at: When Security Hub last updated it (RFC 3339).
    """

    account: str
    instance: str
    status: str
    updated_at: str


def control_findings(security_hub: SecurityHubClient, region: str) -> Iterator[ControlFinding]:
    """Every active finding of SSM.1 about an instance of a region, in all member accounts, 100 a call.

    Raises:
        SecurityHubOff: It is not enabled here.
    """
    # Where regions are aggregated, an administrator's region also holds the findings of others.
    filters = {
        "ComplianceSecurityControlId": [{"Value": CONTROL, "Comparison": "EQUALS"}],
        "RecordState": [{"Value": "ACTIVE", "Comparison": "EQUALS"}],
        "Region": [{"Value": region, "Comparison": "EQUALS"}],
    }
    pages = security_hub.get_paginator("get_findings").paginate(
        Filters=filters,  # type: ignore[arg-type]
        PaginationConfig={"PageSize": 100},
    )
    try:
        for page in pages:
            for finding in page["Findings"]:
                yield from _about_instances(finding)
    except ClientError as error:
        if error.response["Error"]["Code"] in NOT_ENABLED_CODES:
            raise SecurityHubOff(f"Security Hub is not enabled in {region}") from None
        raise


def _about_instances(finding: AwsSecurityFindingOutputTypeDef) -> Iterator[ControlFinding]:
    compliance = finding.get("Compliance")
    status = compliance.get("Status", "NOT_AVAILABLE") if compliance else "NOT_AVAILABLE"
    for resource in finding.get("Resources", []):
        _, is_instance, identifier = resource["Id"].partition(":instance/")
        if is_instance:
            yield ControlFinding(finding["AwsAccountId"], identifier, status, finding["UpdatedAt"])


def import_findings(security_hub: SecurityHubClient, findings: Sequence[dict[str, Any]]) -> dict[str, str]:
    """Create findings of the caller's own account and region, or update those that have their Ids; 100 at most.

    An update that is not newer than what is there changes nothing ("BatchImportFindings for finding providers" in
    Security Hub's guide), so that a repeated call is harmless.

    Returns:
        The error code of each finding that was not imported, by its Id.

    Raises:
        SecurityHubOff: It is not enabled here.
        ServiceThrottled: Ten calls a second are too many.
    """
    try:
        answer = security_hub.batch_import_findings(Findings=findings)  # type: ignore[arg-type]
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code in NOT_ENABLED_CODES:
            raise SecurityHubOff("Security Hub is not enabled here") from None
        if code == "LimitExceededException":
            raise ServiceThrottled(f"{error.operation_name}: {code}") from None
        raise
    return {failed["Id"]: failed["ErrorCode"] for failed in answer["FailedFindings"]}
