"""What Systems Manager reports of patches: one summary for each node that has been scanned for them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from emulator.agent import requests
from emulator.agent.requests import ApiError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from emulator.agent.host import Host

_SEVERITIES = ("Critical", "High", "Medium", "Low", "Informational", "Unspecified")
_PATCHES = 40
_MISSING = 3
_FILTERS = ("ComplianceType", "OverallSeverity", "ResourceId", "ResourceType", "Status")


def resource_compliance_summaries(hosts: Iterable[Host], request: Mapping[str, Any]) -> dict[str, Any]:
    """A page of ListResourceComplianceSummaries; only patches are known.

    Raises:
        ApiError: InvalidFilter, InvalidNextToken, or ValidationException for a page that is too large.
    """
    requests.check_page_size(request, fewest=1)
    views = [_summary(host) for host in sorted(hosts, key=lambda one: one.instance_id) if host.patch_state is not None]
    for condition in request.get("Filters") or ():
        key, wanted, kind = condition["Key"], condition["Values"], condition.get("Type", "EQUAL")
        if key not in _FILTERS or kind not in ("EQUAL", "NOT_EQUAL"):
            raise ApiError("InvalidFilter", f"{key} {kind} is not a filter that is known here")
        views = [view for view in views if (view[key] in wanted) == (kind == "EQUAL")]
    return requests.page(views, "ResourceComplianceSummaryItems", request)


def _summary(host: Host) -> dict[str, Any]:
    missing = _MISSING if host.patch_state == "NON_COMPLIANT" else 0
    return {
        "ComplianceType": "Patch",
        # Systems Manager's own word for every node, whether it is an instance of EC2 or not.
        "ResourceType": "ManagedInstance",
        "ResourceId": host.instance_id,
        "Status": host.patch_state,
        "OverallSeverity": "CRITICAL" if missing else "UNSPECIFIED",
        "ExecutionSummary": {"ExecutionTime": dt.datetime.now(dt.UTC), "ExecutionType": "Command"},
        "CompliantSummary": {"CompliantCount": _PATCHES - missing, "SeveritySummary": _severities()},
        "NonCompliantSummary": {"NonCompliantCount": missing, "SeveritySummary": _severities(critical=missing)},
    }


def _severities(critical: int = 0) -> dict[str, int]:
    return {f"{name}Count": critical if name == "Critical" else 0 for name in _SEVERITIES}
