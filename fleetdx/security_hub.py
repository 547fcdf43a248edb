"""Narrow verbs over Security Hub CSPM: the findings of its control SSM.1, as its delegated administrator sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from types_boto3_securityhub.client import SecurityHubClient
    from types_boto3_securityhub.type_defs import AwsSecurityFindingOutputTypeDef

CONTROL = "SSM.1"
"""EC2 instances should be managed by AWS Systems Manager (Security Hub's guide, "Controls for Systems Manager")."""
NOT_ENABLED_CODES = frozenset({"InvalidAccessException", "SubscriptionRequiredException"})


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
