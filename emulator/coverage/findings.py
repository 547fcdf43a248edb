"""What Security Hub's control SSM.1 says of the prepared organization, disagreements included."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any, Final

from emulator.hosts.organization import instance_id_for
from emulator.seams.security_hub import record_findings

if TYPE_CHECKING:
    from emulator.cloud import EmbeddedAws
    from emulator.coverage.specimens import Finding
    from emulator.events.shapes import Place

CONTROL: Final = "SSM.1"
OUTDATED: Final = dt.timedelta(days=3)
GONE_NAME: Final = "decommissioned-last-month"
_NAMESPACE: Final = uuid.UUID("6d6f6e69-746f-7265-6400-000000000001")


def enable_security_hub(cloud: EmbeddedAws) -> None:
    """Enable it in every active account and region, with the hub account as the organization's administrator."""
    organization = cloud.organization
    for region in organization.regions:
        management: Any = cloud.operator_session(organization.management.id, region)
        management.client("securityhub").enable_organization_admin_account(AdminAccountId=organization.hub.id)
        for account in organization.accounts:
            if account.status == "ACTIVE":
                there: Any = cloud.operator_session(account.id, region)
                there.client("securityhub").enable_security_hub(EnableDefaultStandards=False)


def record(place: Place, instance: str, word: Finding) -> None:
    """Put in what SSM.1 says of an instance."""
    if word == "none":
        return
    age = OUTDATED if word == "outdated" else dt.timedelta(hours=2)
    status = "PASSED" if word == "PASSED" else "FAILED"
    record_findings(place.account, place.region, [_finding(place, instance, CONTROL, status, age)])


def record_others(place: Place, instance: str) -> None:
    """Put in what a sweep has to leave out: another control's finding, an archived one, and one of an instance gone."""
    gone = instance_id_for(place.account, place.region, GONE_NAME)
    lately, long_ago = dt.timedelta(hours=2), dt.timedelta(days=30)
    archived = _finding(place, gone, CONTROL, "PASSED", long_ago, record_state="ARCHIVED")
    findings = [
        _finding(place, instance, "EC2.8", "FAILED", lately),
        {**archived, "Id": f"{archived['Id']}-archived"},
        _finding(place, gone, CONTROL, "FAILED", long_ago),
    ]
    record_findings(place.account, place.region, findings)


def _finding(
    place: Place, instance: str, control: str, status: str, age: dt.timedelta, record_state: str = "ACTIVE"
) -> dict[str, Any]:
    """In AWS's Security Finding Format, with consolidated control findings ("Consolidation and ASFF")."""
    prefix = f"arn:aws:securityhub:{place.region}"
    number = uuid.uuid5(_NAMESPACE, f"{place.account}/{place.region}/{instance}/{control}")
    moment = (dt.datetime.now(dt.UTC) - age).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    return {
        "SchemaVersion": "2018-10-08",
        "Id": f"{prefix}:{place.account}:security-control/{control}/finding/{number}",
        "ProductArn": f"{prefix}::product/aws/securityhub",
        "ProductName": "Security Hub",
        "CompanyName": "AWS",
        "Region": place.region,
        "GeneratorId": f"security-control/{control}",
        "AwsAccountId": place.account,
        "Types": ["Software and Configuration Checks/Industry and Regulatory Standards"],
        "FirstObservedAt": moment,
        "LastObservedAt": moment,
        "CreatedAt": moment,
        "UpdatedAt": moment,
        "Severity": {"Label": "INFORMATIONAL" if status == "PASSED" else "MEDIUM"},
        "Title": "EC2 instances should be managed by AWS Systems Manager",
        "Description": "This control checks whether the instances of an account are managed by Systems Manager.",
        "Resources": [
            {
                "Type": "AwsEc2Instance",
                "Id": f"arn:aws:ec2:{place.region}:{place.account}:instance/{instance}",
                "Partition": "aws",
                "Region": place.region,
            }
        ],
        "Compliance": {"Status": status, "SecurityControlId": control},
        "WorkflowState": "NEW",
        "Workflow": {"Status": "RESOLVED" if status == "PASSED" else "NEW"},
        "RecordState": record_state,
    }
