"""Which permissions a call needs, by AWS's name of the permission and on the resource that AWS judges it on.

Source: the service authorization reference, for each service "Actions defined by ..." with its resource types; resource
types that are optional there are named all the same, since a policy may name them. A call that stands in no table here
is known to nobody: no role may make it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from emulator.front_door import named_resources as named
from emulator.front_door.asked import Asked, Need
from emulator.front_door.needs_of_s3 import needs_of_s3

if TYPE_CHECKING:
    from collections.abc import Iterable

    from emulator.front_door.messages import Request, RequestFacts

WITHOUT: Final = frozenset({"sts:GetCallerIdentity"})
"""Calls that need no permission (API reference of STS)."""
ON_EVERYTHING: Final = frozenset(
    {
        "account:ListRegions",
        "cloudformation:DescribeOrganizationsAccess",
        "cloudtrail:DescribeTrails",
        "iam:ListRoles",
        "lambda:GetAccountSettings",
        "organizations:DescribeResourcePolicy",
        "organizations:ListAWSServiceAccessForOrganization",
        "organizations:ListDelegatedAdministrators",
        "servicequotas:ListServiceQuotas",
        "autoscaling:DescribeAutoScalingGroups",
        "autoscaling:DescribeAutoScalingInstances",
        "iam:GetAccountAuthorizationDetails",
        "iam:GetAccountSummary",
        "organizations:DescribeOrganization",
        "organizations:ListAccounts",
        "ssm:CancelCommand",
        "ssm:DescribeInstanceInformation",
        "ssm:GetCommandInvocation",
        "ssm:ListCommandInvocations",
        "ssm:ListCommands",
        "ssm:ListResourceComplianceSummaries",
        "xray:GetSamplingRules",
        "xray:GetSamplingTargets",
        "xray:PutTelemetryRecords",
        "xray:PutTraceSegments",
    }
)
"""Actions that know no resources; so do those that begin with ec2:Describe and are not in the table below."""
_Namer = Callable[[Asked], "Iterable[str]"]


def _member(name: str) -> _Namer:
    return lambda asked: [asked.text(name)]


def _role(asked: Asked) -> list[str]:
    return [named.role_arn(asked.account, asked.partition, asked.text("RoleName"))]


def _profile(asked: Asked) -> list[str]:
    return [named.profile_arn(asked.account, asked.partition, asked.text("InstanceProfileName"))]


def _queue(asked: Asked) -> list[str]:
    account, _, name = asked.text("QueueUrl").rpartition("://")[2].partition("/")[2].partition("/")
    return [f"arn:{asked.partition}:sqs:{asked.facts.region}:{account}:{name}"]


def _parameter(asked: Asked) -> list[str]:
    return [asked.arn("ssm", f"parameter/{asked.text('Name').removeprefix('/')}")]


def _instance(asked: Asked) -> list[str]:
    return [asked.arn("ec2", f"instance/{asked.text('InstanceId')}")]


def _document_and_instances(asked: Asked) -> list[str]:
    name = asked.text("DocumentName")
    if not name.startswith("arn:"):
        # What AWS owns is in no account.
        owner = "" if name.startswith("AWS-") else asked.account
        name = f"arn:{asked.partition}:ssm:{asked.facts.region}:{owner}:document/{name}"
    # Targets by tag are judged on whatever they may mean.
    instances = asked.texts("InstanceIds") or ["*"]
    return [name, *(asked.arn("ec2", f"instance/{instance}") for instance in instances)]


def _prefix_list(asked: Asked) -> list[str]:
    # Whose list it is, AWS or an account, cannot be told from its id; the caller's own is the narrower reading.
    return [asked.arn("ec2", f"prefix-list/{asked.text('PrefixListId')}")]


def _products(asked: Asked) -> list[str]:
    found = asked.members.get("Findings")
    findings = found if isinstance(found, list) else []
    # No product at all is the service's to complain of; a role must not get there for it.
    return sorted({str(one.get("ProductArn", "")) for one in findings if isinstance(one, dict)}) or [""]


def _part_of_organization(member: str) -> _Namer:
    kinds = {"r-": "root", "ou": "ou"}

    def arns(asked: Asked) -> list[str]:
        part = asked.text(member)
        kind = kinds.get(part[:2], "account")
        start = named.organization_arn(asked.account, asked.partition)
        return [f"{start}:{kind}/{named.organization_id(asked.account)}/{part}"]

    return arns


def _stack(asked: Asked) -> list[str]:
    return [asked.arn("cloudformation", f"stack/{asked.text('StackName')}/*")]


_RESOURCES: Final[Mapping[str, _Namer]] = {
    "cloudformation:DescribeStacks": _stack,
    "cloudformation:ListStackResources": _stack,
    "cloudtrail:GetEventSelectors": _member("TrailName"),
    "cloudtrail:GetTrailStatus": _member("Name"),
    "ec2:DescribeVpcAttribute": lambda asked: [asked.arn("ec2", f"vpc/{asked.text('VpcId')}")],
    "ec2:GetManagedPrefixListEntries": _prefix_list,
    "events:PutEvents": lambda asked: [
        asked.arn("events", f"event-bus/{entry.get('EventBusName', 'default')}")
        for entry in asked.members.get("Entries", [])
    ],
    "iam:GetInstanceProfile": _profile,
    "iam:GetPolicy": _member("PolicyArn"),
    "iam:GetPolicyVersion": _member("PolicyArn"),
    "iam:GetRole": _role,
    "iam:GetRolePolicy": _role,
    "iam:ListAttachedRolePolicies": _role,
    "iam:ListRolePolicies": _role,
    "iam:SimulatePrincipalPolicy": _member("PolicySourceArn"),
    "organizations:DescribeAccount": _part_of_organization("AccountId"),
    "organizations:ListAccountsForParent": _part_of_organization("ParentId"),
    "organizations:ListOrganizationalUnitsForParent": _part_of_organization("ParentId"),
    "organizations:ListParents": _part_of_organization("ChildId"),
    "securityhub:BatchImportFindings": _products,
    "securityhub:GetFindings": lambda asked: [asked.arn("securityhub", "hub/default")],
    "sns:GetTopicAttributes": _member("TopicArn"),
    "sns:ListSubscriptionsByTopic": _member("TopicArn"),
    "sns:Publish": _member("TopicArn"),
    "sqs:DeleteMessage": _queue,
    "sqs:GetQueueAttributes": _queue,
    "sqs:ReceiveMessage": _queue,
    "sqs:SendMessage": _queue,
    "ssm:GetParameter": _parameter,
    "ssm:PutParameter": _parameter,
    "ssm:GetServiceSetting": lambda asked: [
        asked.arn("ssm", f"servicesetting{asked.text('SettingId').rpartition('servicesetting')[2]}")
    ],
    "ssm:SendCommand": _document_and_instances,
    "states:DescribeExecution": _member("executionArn"),
    "states:DescribeStateMachine": _member("stateMachineArn"),
    "states:DescribeMapRun": _member("mapRunArn"),
    "states:DescribeStateMachineForExecution": _member("executionArn"),
    "states:GetExecutionHistory": _member("executionArn"),
    "states:ListExecutions": _member("stateMachineArn"),
    "states:ListMapRuns": _member("executionArn"),
    "states:StartExecution": _member("stateMachineArn"),
    "states:StopExecution": _member("executionArn"),
}
_ALSO_ON_RESOURCES: Final = frozenset(
    {
        "ec2:AssociateIamInstanceProfile",
        "iam:AttachRolePolicy",
        "iam:PassRole",
        "lambda:InvokeFunction",
        "sts:AssumeRole",
    }
)
"""What the functions below name the resources of."""
_ACTIONS: Final = {
    "sqs:DeleteMessageBatch": "sqs:DeleteMessage",
    "sqs:SendMessageBatch": "sqs:SendMessage",
}
"""What has the permission of another operation."""


def needs_of(facts: RequestFacts, request: Request) -> tuple[Need, ...] | None:
    """Everything that a call needs; None where nobody knows what that is."""
    if facts.service == "s3":
        return needs_of_s3(facts.operation, request)
    if facts.name in WITHOUT:
        return ()
    asked = Asked(facts, request)
    special = _SPECIAL.get(facts.name)
    if special is not None:
        return special(asked)
    action = _ACTIONS.get(facts.name, facts.name)
    namer = _RESOURCES.get(action)
    if namer is not None:
        return tuple(Need(action, resource) for resource in namer(asked))
    if action in ON_EVERYTHING or action.startswith("ec2:Describe"):
        return (Need(action, "*"),)
    return None


def knows_resources(action: str) -> bool | None:
    """Whether AWS judges an action on single resources, so that a policy can name them; None where nobody knows."""
    if action in ON_EVERYTHING:
        return False
    if action in _RESOURCES or action in _ALSO_ON_RESOURCES or action.startswith("s3:"):
        return True
    return False if action.startswith("ec2:Describe") else None


def _assume_role(asked: Asked) -> tuple[Need, ...]:
    """In one account a trust policy that names the caller is enough; emulator/seams/sts.py asks it."""
    arn = asked.text("RoleArn")
    return (Need("sts:AssumeRole", arn, is_required=arn.split(":")[4:5] != [asked.account]),)


def _attach_role_policy(asked: Asked) -> tuple[Need, ...]:
    context = {"iam:policyarn": asked.text("PolicyArn")}
    return tuple(Need("iam:AttachRolePolicy", role, context) for role in _role(asked))


def _associate_profile(asked: Asked) -> tuple[Need, ...]:
    """Who gives an instance a profile passes the profile's role to EC2."""
    wanted = asked.text("IamInstanceProfile.Arn") or asked.text("IamInstanceProfile.Name")
    passed = named.roles_of_profile(asked.account, asked.partition, wanted)
    to_ec2 = {"iam:passedtoservice": "ec2.amazonaws.com"}
    return (
        *(Need("ec2:AssociateIamInstanceProfile", instance) for instance in _instance(asked)),
        *(Need("iam:PassRole", role, to_ec2) for role in passed),
    )


def _invoke(asked: Asked) -> tuple[Need, ...]:
    function = asked.path_part(3)
    arn = function if function.startswith("arn:") else asked.arn("lambda", f"function:{function}")
    return (Need("lambda:InvokeFunction", arn),)


_SPECIAL: Final[Mapping[str, Callable[[Asked], tuple[Need, ...]]]] = {
    "ec2:AssociateIamInstanceProfile": _associate_profile,
    "iam:AttachRolePolicy": _attach_role_policy,
    "lambda:Invoke": _invoke,
    "sts:AssumeRole": _assume_role,
}
