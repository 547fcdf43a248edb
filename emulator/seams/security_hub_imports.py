"""Seam in moto's Security Hub: BatchImportFindings as its API reference and its guide describe it.

Where no page says it, the whole batch is refused: if a finding is of another account, region or product.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from moto.core.responses import ActionResult
from moto.securityhub.exceptions import SecurityHubClientError
from moto.securityhub.models import Finding, securityhub_backends

if TYPE_CHECKING:
    from moto.securityhub.responses import SecurityHubResponse

MOST_FINDINGS: Final = 100
MOST_BYTES: Final = 240_000
REQUIRED: Final = (
    "AwsAccountId", "CreatedAt", "Description", "GeneratorId", "Id", "ProductArn", "Resources", "SchemaVersion",
    "Title", "UpdatedAt",
)  # fmt: skip
OF_ANALYSTS: Final = frozenset({"Note", "UserDefinedFields", "VerificationState", "Workflow"})
"""What an import cannot change once a finding is there ("BatchImportFindings for finding providers")."""


def batch_import_findings(self: SecurityHubResponse) -> ActionResult:
    """Create findings of the caller's account and region under its default product, or update those that are older."""
    account, region = self.current_account, self.region
    require_enabled(account, region)
    findings: list[dict[str, Any]] = json.loads(self.body or "{}").get("Findings", [])
    if not 1 <= len(findings) <= MOST_FINDINGS:
        raise SecurityHubClientError("InvalidInputException", "Findings must have 1 to 100 members")
    product = f":securityhub:{region}:{account}:product/{account}/default"
    if any(one.get("AwsAccountId") != account or not one.get("ProductArn", "").endswith(product) for one in findings):
        raise SecurityHubClientError("AccessDeniedException", "Findings are of another account, region or product")
    failed = [told for one in findings if (told := _refusal(one))]
    for finding in findings:
        if not _refusal(finding):
            _take(account, region, finding)
    return ActionResult(
        {"FailedCount": len(failed), "SuccessCount": len(findings) - len(failed), "FailedFindings": failed}
    )


def require_enabled(account: str, region: str) -> None:
    """Refuse a call in Security Hub's own words where it is not enabled.

    Raises:
        SecurityHubClientError: It is not.
    """
    if not securityhub_backends[account][region].enabled:
        raise SecurityHubClientError(
            "InvalidAccessException", f"Account {account} is not subscribed to AWS Security Hub"
        )


def _refusal(finding: dict[str, Any]) -> dict[str, str] | None:
    missing = [name for name in REQUIRED if not finding.get(name)]
    if missing:
        return {"Id": finding.get("Id", ""), "ErrorCode": "InvalidInput", "ErrorMessage": f"{missing[0]} is missing"}
    if len(json.dumps(finding)) > MOST_BYTES:
        return {"Id": finding["Id"], "ErrorCode": "InvalidInput", "ErrorMessage": "The finding is larger than 240 KB"}
    return None


def _take(account: str, region: str, finding: dict[str, Any]) -> None:
    backend = securityhub_backends[account][region]
    known = next((one for one in backend.findings if one.id == finding["Id"]), None)
    if known is None:
        made = {"RecordState": "ACTIVE", "Region": region, **finding, "Workflow": {"Status": "NEW"}}
        backend.findings.append(Finding(finding["Id"], _with_severity(made)))
    elif finding["UpdatedAt"] > known.data["UpdatedAt"]:
        changed = {name: value for name, value in finding.items() if name not in OF_ANALYSTS}
        known.data.update(_with_severity(changed))


def _with_severity(finding: dict[str, Any]) -> dict[str, Any]:
    """Severity and Types are taken from what the provider says ("Using FindingProviderFields")."""
    provided = finding.get("FindingProviderFields", {})
    return {**finding, **{name: provided[name] for name in ("Severity", "Types") if name in provided}}
