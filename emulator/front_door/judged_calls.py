"""Which calls besides presigned ones are judged by the caller's own policies, and what they are about.

Only those that a sweep of coverage makes, and imports into Security Hub: what is judged here allows nothing under a
Condition, and other calls of fleetdx have some. Source of the resources: the service authorization reference.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

if TYPE_CHECKING:
    from emulator.front_door.messages import Request, RequestFacts

_ON_EVERYTHING = frozenset(
    {
        "ec2:GetManagedPrefixListEntries",
        "iam:GetAccountAuthorizationDetails",
        "ssm:ListResourceComplianceSummaries",
    }
)
"""Most know no resources; the others are never allowed on a single one by fleetdx."""


def judged_resource(facts: RequestFacts, request: Request) -> str | None:
    """The ARN that the caller's policies have to allow the call on, `*` for none; None: the call is not judged."""
    if facts.name in _ON_EVERYTHING or (facts.service == "ec2" and facts.operation.startswith("Describe")):
        return "*"
    if facts.name == "iam:SimulatePrincipalPolicy":
        return dict(parse_qsl(request.body.decode("utf-8", "replace"))).get("PolicySourceArn", "*")
    if facts.name == "securityhub:GetFindings":
        return f"arn:aws:securityhub:{facts.region}:{facts.caller.account}:hub/default"
    if facts.name == "securityhub:BatchImportFindings":
        return _product(request)
    if facts.name == "ssm:GetServiceSetting":
        return f"arn:aws:ssm:{facts.region}:{facts.caller.account}:servicesetting{_setting(request)}"
    return None


def _product(request: Request) -> str:
    """The product of the first finding: all of a call are of one."""
    try:
        return str(json.loads(request.body)["Findings"][0]["ProductArn"])
    except (ValueError, KeyError, TypeError, IndexError):  # malformed: the service itself says so
        return ""


def _setting(request: Request) -> str:
    try:
        name = str(json.loads(request.body)["SettingId"])
    except (ValueError, KeyError, TypeError):  # malformed: the service itself says so
        return ""
    return name.rpartition("servicesetting")[2]
