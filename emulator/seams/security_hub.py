"""Seam in moto's Security Hub: GetFindings filters, and a delegated administrator sees its members' findings; imports.

moto 5.2.5 answers every finding of the account itself, whatever the filters say, and also where Security Hub is not
enabled. There it imports findings too, of any account, as many as come, and lets them overwrite what analysts wrote.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from moto.core.responses import ActionResult
from moto.securityhub.exceptions import SecurityHubClientError
from moto.securityhub.models import Finding, SecurityHubBackend, securityhub_backends
from moto.securityhub.responses import SecurityHubResponse

from emulator.seams.patching import Patches
from emulator.seams.security_hub_imports import batch_import_findings, require_enabled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

MOST_A_PAGE: Final = 100
_PLACES: Final[Mapping[str, tuple[str, ...]]] = {
    "AwsAccountId": ("AwsAccountId",),
    "ComplianceSecurityControlId": ("Compliance", "SecurityControlId"),
    "ComplianceStatus": ("Compliance", "Status"),
    "GeneratorId": ("GeneratorId",),
    "Id": ("Id",),
    "RecordState": ("RecordState",),
    "Region": ("Region",),
    "ResourceId": ("Resources", "Id"),
    "ResourceType": ("Resources", "Type"),
    "WorkflowStatus": ("Workflow", "Status"),
}
"""Where a finding holds what a filter is about (Security Hub's API reference, AwsSecurityFindingFilters)."""
_COMPARISONS: Final[Mapping[str, Callable[[str, str], bool]]] = {
    "EQUALS": lambda actual, wanted: actual == wanted,
    "PREFIX": lambda actual, wanted: actual.startswith(wanted),
    "NOT_EQUALS": lambda actual, wanted: actual != wanted,
    "PREFIX_NOT_EQUALS": lambda actual, wanted: not actual.startswith(wanted),
}


def install() -> Callable[[], None]:
    """Replace moto's GetFindings; the answer undoes it."""
    patches = Patches()
    patches.replace(SecurityHubResponse, "get_findings", _get_findings)
    patches.replace(SecurityHubResponse, "batch_import_findings", batch_import_findings)

    def uninstall() -> None:
        patches.undo()
        # moto's own reset keeps who administers which organization.
        SecurityHubBackend._org_configs.clear()

    return uninstall


def record_findings(account: str, region: str, findings: Iterable[Mapping[str, Any]]) -> None:
    """Put findings in as a control of Security Hub's own does: nobody can import those."""
    backend = securityhub_backends[account][region]
    backend.findings += [Finding(str(finding["Id"]), dict(finding)) for finding in findings]


def _get_findings(self: SecurityHubResponse) -> ActionResult:
    account, region = self.current_account, self.region
    require_enabled(account, region)
    request = json.loads(self.body or "{}")
    found = [one for one in _visible(account, region) if _meets(one, request.get("Filters") or {})]
    begin = _begin(request.get("NextToken"))
    end = begin + _size(request.get("MaxResults"))
    answer: dict[str, Any] = {"Findings": found[begin:end]}
    if end < len(found):
        answer["NextToken"] = str(end)
    return ActionResult(answer)


def _size(asked: object) -> int:
    size = int(str(asked or MOST_A_PAGE))
    if not 1 <= size <= MOST_A_PAGE:
        raise _invalid("MaxResults must be a number between 1 and 100")
    return size


def _begin(token: object) -> int:
    if token is not None and not str(token).isdecimal():
        raise _invalid("NextToken is not one that was given out")
    return int(str(token or 0))


def _visible(account: str, region: str) -> list[dict[str, Any]]:
    """An account's own findings and, for an organization's administrator, those of its members, in one region."""
    accounts = [account]
    if any(known["admin_account_id"] == account for known in SecurityHubBackend._org_configs.values()):
        accounts += [other for other in list(securityhub_backends) if other != account]
    return [finding.data for one in accounts for finding in list(securityhub_backends[one][region].findings)]


def _meets(finding: Mapping[str, Any], filters: Mapping[str, Sequence[Mapping[str, str]]]) -> bool:
    return all(_meets_filter(finding, name, conditions) for name, conditions in filters.items())


def _meets_filter(finding: Mapping[str, Any], name: str, conditions: Sequence[Mapping[str, str]]) -> bool:
    """Positive conditions of a filter are alternatives, negative ones all have to hold (StringFilter's reference)."""
    if name not in _PLACES:
        raise _invalid(f"{name} is not a filter that is known here")
    actual = _values(finding, _PLACES[name])
    positive, negative = [], []
    for condition in conditions:
        comparison = condition["Comparison"]
        if comparison not in _COMPARISONS:
            raise _invalid(f"{comparison} is not a comparison that is known here")
        holds = _COMPARISONS[comparison]
        if "NOT" in comparison:
            negative.append(all(holds(value, condition["Value"]) for value in actual))
        else:
            positive.append(any(holds(value, condition["Value"]) for value in actual))
    return all(negative) and (any(positive) or not positive)


def _values(value: Any, path: Sequence[str]) -> list[str]:
    if isinstance(value, list):
        return [found for one in value for found in _values(one, path)]
    if not path:
        return [str(value)]
    return _values(value[path[0]], path[1:]) if path[0] in value else []


def _invalid(message: str) -> SecurityHubClientError:
    return SecurityHubClientError("InvalidInputException", message)
