"""Security Hub as its administrator asks it: filtered findings of all accounts of a region, in pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError
from moto.organizations.models import organizations_backends

from emulator.seams.organizations import create_account
from emulator.seams.security_hub import record_findings
from tests.contract.small_cloud import CENTRAL, MEMBER, REGION, small_cloud

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.contract.small_cloud import SmallCloud

MANAGEMENT = "999988887777"


def finding(number: int, account: str = MEMBER, control: str = "SSM.1", **more: Any) -> dict[str, Any]:
    return {
        "SchemaVersion": "2018-10-08",
        "Id": f"arn:aws:securityhub:{REGION}:{account}:security-control/{control}/finding/{number}",
        "AwsAccountId": account,
        "Region": REGION,
        "Compliance": {"Status": "FAILED", "SecurityControlId": control},
        "Workflow": {"Status": "NEW"},
        "RecordState": "ACTIVE",
        "Resources": [{"Type": "AwsEc2Instance", "Id": f"arn:aws:ec2:{REGION}:{account}:instance/i-{number}"}],
        **more,
    }


def equals(*values: str) -> list[dict[str, str]]:
    return [{"Value": value, "Comparison": "EQUALS"} for value in values]


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallCloud]:
    with small_cloud(tmp_path_factory.mktemp("cloud")) as started:
        started.client("organizations", MANAGEMENT).create_organization(FeatureSet="ALL")
        management = organizations_backends[MANAGEMENT]["aws"]
        create_account(management, CENTRAL, "Security", "security@example.com")
        create_account(management, MEMBER, "Payments", "payments@example.com")
        started.client("securityhub", MANAGEMENT).enable_organization_admin_account(AdminAccountId=CENTRAL)
        for account in (CENTRAL, MEMBER):
            started.client("securityhub", account).enable_security_hub()
        record_findings(MEMBER, REGION, [finding(number) for number in range(130)])
        record_findings(MEMBER, REGION, [finding(900, RecordState="ARCHIVED"), finding(901, control="EC2.8")])
        record_findings(CENTRAL, REGION, [finding(902, CENTRAL)])
        yield started


def test_the_administrator_gets_what_it_asks_for(cloud: SmallCloud) -> None:
    """Active findings of one control, of its own account and its members', a hundred a page."""
    hub = cloud.client("securityhub", CENTRAL)
    wanted = {"ComplianceSecurityControlId": equals("SSM.1"), "RecordState": equals("ACTIVE")}
    first = hub.get_findings(Filters=wanted, MaxResults=100)
    assert len(first["Findings"]) == 100
    rest = hub.get_findings(Filters=wanted, MaxResults=100, NextToken=first["NextToken"])
    assert len(rest["Findings"]) == 31
    assert "NextToken" not in rest
    assert {one["AwsAccountId"] for one in [*first["Findings"], *rest["Findings"]]} == {CENTRAL, MEMBER}


def test_values_of_a_filter_are_alternatives(cloud: SmallCloud) -> None:
    """One filter's values are joined by or, different filters by and; a negative one has to hold for all."""
    hub = cloud.client("securityhub", CENTRAL)
    both = {"ComplianceSecurityControlId": equals("EC2.8", "SSM.1"), "AwsAccountId": equals(CENTRAL)}
    assert len(hub.get_findings(Filters=both)["Findings"]) == 1
    one = f"arn:aws:ec2:{REGION}:{MEMBER}:instance/i-77"
    assert len(hub.get_findings(Filters={"ResourceId": equals(one)})["Findings"]) == 1
    others = {"AwsAccountId": [{"Value": MEMBER, "Comparison": "NOT_EQUALS"}], "WorkflowStatus": equals("NEW")}
    assert {found["AwsAccountId"] for found in hub.get_findings(Filters=others)["Findings"]} == {CENTRAL}


def test_a_member_sees_its_own_findings(cloud: SmallCloud) -> None:
    """A member account gets no finding of another account."""
    found = cloud.client("securityhub", MEMBER).get_findings(MaxResults=100)["Findings"]
    assert {one["AwsAccountId"] for one in found} == {MEMBER}


@pytest.mark.parametrize(
    ("account", "asked", "code"),
    [
        (MANAGEMENT, {}, "InvalidAccessException"),
        (CENTRAL, {"Filters": {"Keyword": [{"Value": "x"}]}}, "InvalidInputException"),
        (CENTRAL, {"NextToken": "nonsense"}, "InvalidInputException"),
    ],
)
def test_what_cannot_be_answered_is_refused(cloud: SmallCloud, account: str, asked: Any, code: str) -> None:
    """An account without Security Hub, an unknown filter and a made-up token are refused in its words."""
    with pytest.raises(ClientError) as refusal:
        cloud.client("securityhub", account).get_findings(**asked)
    assert refusal.value.response["Error"]["Code"] == code


OURS = f"arn:aws:securityhub:{REGION}:{CENTRAL}:product/{CENTRAL}/default"


def ours(updated_at: str = "2026-11-23T02:15:00Z", **more: Any) -> dict[str, Any]:
    return {
        "SchemaVersion": "2018-10-08",
        "Id": "ours",
        "ProductArn": OURS,
        "GeneratorId": "fleetdx",
        "AwsAccountId": CENTRAL,
        "CreatedAt": "2026-11-01T00:00:00Z",
        "UpdatedAt": updated_at,
        "Title": "Root cannot log in",
        "Description": "PermitRootLogin is yes.",
        "Resources": [{"Type": "AwsEc2Instance", "Id": "i-1"}],
        "FindingProviderFields": {"Severity": {"Label": "HIGH"}},
        **more,
    }


def test_findings_are_imported_and_updated_by_newer_ones(cloud: SmallCloud) -> None:
    """One Id is one finding; what is older changes nothing, and nothing changes what an analyst wrote."""
    hub = cloud.client("securityhub", CENTRAL)
    for finding in (
        ours(),
        ours("2026-11-25T02:15:00Z", RecordState="ARCHIVED", Workflow={"Status": "SUPPRESSED"}),
        ours("2026-11-24T02:15:00Z", RecordState="ACTIVE"),
    ):
        told = hub.batch_import_findings(Findings=[finding])
        assert (told["SuccessCount"], told["FailedFindings"]) == (1, [])
    (found,) = hub.get_findings(Filters={"Id": equals("ours")})["Findings"]
    assert (found["RecordState"], found["UpdatedAt"]) == ("ARCHIVED", "2026-11-25T02:15:00Z")
    assert (found["Severity"]["Label"], found["Workflow"]["Status"]) == ("HIGH", "NEW")


def test_a_finding_that_lacks_something_is_refused_alone(cloud: SmallCloud) -> None:
    """The others of its batch are imported."""
    broken = ours(Id="broken", Title="")
    told = cloud.client("securityhub", CENTRAL).batch_import_findings(Findings=[ours(Id="whole"), broken])
    assert (told["SuccessCount"], told["FailedCount"]) == (1, 1)
    assert [(one["Id"], one["ErrorCode"]) for one in told["FailedFindings"]] == [("broken", "InvalidInput")]


@pytest.mark.parametrize(
    ("account", "findings", "code"),
    [
        (MANAGEMENT, [ours()], "InvalidAccessException"),
        (MEMBER, [ours()], "AccessDeniedException"),
        (CENTRAL, [ours(ProductArn=f"arn:aws:securityhub:{REGION}::product/aws/securityhub")], "AccessDeniedException"),
        (CENTRAL, [ours(Id=str(number)) for number in range(101)], "InvalidInputException"),
    ],
)
def test_a_batch_that_cannot_be_imported_is_refused(
    cloud: SmallCloud, account: str, findings: list[Any], code: str
) -> None:
    """Without Security Hub, for another account or product, or with too many findings."""
    with pytest.raises(ClientError) as refusal:
        cloud.client("securityhub", account).batch_import_findings(Findings=findings)
    assert refusal.value.response["Error"]["Code"] == code
