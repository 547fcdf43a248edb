"""Answers of AWS that are none: what a client of botocore lets through although the part that matters is missing.

Of a body that is no JSON, botocore makes an empty answer; what reads it would fail far from the cause.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fleetdx.errors import ServiceUnavailable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from botocore.awsrequest import AWSResponse
    from botocore.model import OperationModel

NEEDED: Final[Mapping[str, str]] = {
    "AssumeRole": "Credentials",
    "DescribeAccount": "Account",
    "DescribeAutoScalingGroups": "AutoScalingGroups",
    "DescribeExecution": "status",
    "DescribeIamInstanceProfileAssociations": "IamInstanceProfileAssociations",
    "DescribeInstanceInformation": "InstanceInformationList",
    "DescribeInstances": "Reservations",
    "DescribeOrganization": "Organization",
    "DescribeRegions": "Regions",
    "DescribeResourcePolicy": "ResourcePolicy",
    "DescribeStateMachine": "status",
    "DescribeTrails": "trailList",
    "GetAccountSettings": "AccountLimit",
    "GetCallerIdentity": "Account",
    "GetCommandInvocation": "StandardOutputContent",
    "GetEventSelectors": "TrailARN",
    "GetExecutionHistory": "events",
    "GetInstanceProfile": "InstanceProfile",
    "GetParameter": "Parameter",
    "GetTrailStatus": "IsLogging",
    "ListAWSServiceAccessForOrganization": "EnabledServicePrincipals",
    "ListAccounts": "Accounts",
    "ListAccountsForParent": "Accounts",
    "ListAttachedRolePolicies": "AttachedPolicies",
    "ListCommandInvocations": "CommandInvocations",
    "ListCommands": "Commands",
    "ListDelegatedAdministrators": "DelegatedAdministrators",
    "ListExecutions": "executions",
    "ListOrganizationalUnitsForParent": "OrganizationalUnits",
    "ListParents": "Parents",
    "ListRegions": "Regions",
    "ListServiceQuotas": "Quotas",
    "SendCommand": "Command",
    "StartExecution": "executionArn",
}
"""The member of each operation's output without which the answer says nothing (botocore's service models)."""
SUCCESSFUL: Final = range(200, 300)


def refuse_malformed(**event: Any) -> None:  # noqa: ANN401 - what an event carries is as its sender decides
    """Handler of botocore's event `after-call`: an answer without what it is asked for counts as no answer.

    Raises:
        ServiceUnavailable: The member is missing; whether the call took effect is unknown.
    """
    http_response: AWSResponse = event["http_response"]
    parsed: Mapping[str, Any] = event["parsed"]
    model: OperationModel = event["model"]
    needed = NEEDED.get(model.name)
    if needed and http_response.status_code in SUCCESSFUL and needed not in parsed:
        raise ServiceUnavailable(f"{model.name}: AWS's answer lacks {needed}")
