"""What of fleetdx is in an account and region, by the names that everything of ours begins with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import boto3

PREFIX: Final = "fleetdx-"
PATH: Final = "/fleetdx/"
GONE: Final = frozenset({"DELETE_COMPLETE"})
UNUSABLE: Final = frozenset({"OptInRequired", "SubscriptionRequiredException"})


class Leftover(NamedTuple):
    """A resource of ours: its account and region (`global` where it has none), its type and its name."""

    account: str
    region: str
    type: str
    name: str


def leftovers_in(session: boto3.session.Session, account: str, *, with_global: bool) -> list[Leftover]:
    """Everything of ours in the session's account and region.

    Args:
        session: An administrator's.
        account: The account's id, as it is told.
        with_global: Also what belongs to no region: roles, instance profiles and buckets.
    """
    region = str(session.region_name)
    found = [Leftover(account, region, kind, name) for kind, names in REGIONAL.items() for name in names(session)]
    if with_global:
        found += [Leftover(account, "global", kind, name) for kind, names in GLOBAL.items() for name in names(session)]
    return found


def _pages(session: Any, service: str, operation: str, field: str, **given: Any) -> Iterator[Any]:  # noqa: ANN401 - boto3's
    client = session.client(service)
    if client.can_paginate(operation):
        for page in client.get_paginator(operation).paginate(**given):
            yield from page.get(field, [])
        return
    yield from getattr(client, operation)(**given).get(field, [])


def _named(service: str, operation: str, field: str, name: str, **given: Any) -> Callable[[Any], list[str]]:  # noqa: ANN401 - as above
    """Lists resources whose names begin with ours."""

    def names(session: Any) -> list[str]:  # noqa: ANN401 - as above
        return [
            one[name] for one in _pages(session, service, operation, field, **given) if one[name].startswith(PREFIX)
        ]

    return names


def _stacks(session: Any) -> list[str]:  # noqa: ANN401 - as above
    ours = (PREFIX, f"StackSet-{PREFIX}")
    listed = _pages(session, "cloudformation", "list_stacks", "StackSummaries")
    return [one["StackName"] for one in listed if one["StackName"].startswith(ours) and one["StackStatus"] not in GONE]


def _stack_sets(session: Any) -> list[str]:  # noqa: ANN401 - as above
    listed = _pages(session, "cloudformation", "list_stack_sets", "Summaries", Status="ACTIVE")
    return [one["StackSetName"] for one in listed if one["StackSetName"].startswith(PREFIX)]


def _log_groups(session: Any) -> list[str]:  # noqa: ANN401 - as above
    prefixes = ("/aws/lambda/fleetdx-", "/aws/vendedlogs/states/fleetdx")
    return [
        one["logGroupName"]
        for prefix in prefixes
        for one in _pages(session, "logs", "describe_log_groups", "logGroups", logGroupNamePrefix=prefix)
    ]


def _queues(session: Any) -> list[str]:  # noqa: ANN401 - as above
    listed = session.client("sqs").list_queues(QueueNamePrefix=PREFIX).get("QueueUrls", [])
    return [url.rpartition("/")[2] for url in listed]


def _parameters(session: Any) -> list[str]:  # noqa: ANN401 - as above
    below = [{"Key": "Name", "Option": "BeginsWith", "Values": [PATH]}]
    return [one["Name"] for one in _pages(session, "ssm", "describe_parameters", "Parameters", ParameterFilters=below)]


def _documents(session: Any) -> list[str]:  # noqa: ANN401 - as above
    own = [{"Key": "Owner", "Values": ["Self"]}]
    listed = _pages(session, "ssm", "list_documents", "DocumentIdentifiers", Filters=own)
    return [one["Name"] for one in listed if one["Name"].startswith(PREFIX)]


def _buses(session: Any) -> list[str]:  # noqa: ANN401 - as above
    listed = session.client("events").list_event_buses(NamePrefix="fleetdx").get("EventBuses", [])
    return [one["Name"] for one in listed]


def _topics(session: Any) -> list[str]:  # noqa: ANN401 - as above
    names = [one["TopicArn"].rpartition(":")[2] for one in _pages(session, "sns", "list_topics", "Topics")]
    return [name for name in names if name.startswith(PREFIX)]


def _workgroups(session: Any) -> list[str]:  # noqa: ANN401 - as above
    try:
        listed = session.client("athena").list_work_groups().get("WorkGroups", [])
    except ClientError as error:
        if error.response["Error"]["Code"] in UNUSABLE:
            return []
        raise
    return [one["Name"] for one in listed if one["Name"].startswith("fleetdx")]


REGIONAL: Final[dict[str, Callable[[Any], list[str]]]] = {
    "stack": _stacks,
    "StackSet": _stack_sets,
    "Lambda function": _named("lambda", "list_functions", "Functions", "FunctionName"),
    "Lambda layer": _named("lambda", "list_layers", "Layers", "LayerName"),
    "state machine": _named("stepfunctions", "list_state_machines", "stateMachines", "name"),
    "log group": _log_groups,
    "SQS queue": _queues,
    "EventBridge rule": _named("events", "list_rules", "Rules", "Name"),
    "EventBridge bus": _buses,
    "SNS topic": _topics,
    "CloudWatch alarm": _named("cloudwatch", "describe_alarms", "MetricAlarms", "AlarmName", AlarmNamePrefix=PREFIX),
    "CloudWatch dashboard": _named(
        "cloudwatch", "list_dashboards", "DashboardEntries", "DashboardName", DashboardNamePrefix=PREFIX
    ),
    "schedule": _named("scheduler", "list_schedules", "Schedules", "Name", NamePrefix=PREFIX),
    "SSM document": _documents,
    "SSM parameter": _parameters,
    "Athena workgroup": _workgroups,
}
GLOBAL: Final[dict[str, Callable[[Any], list[str]]]] = {
    "IAM role": lambda session: [
        one["RoleName"] for one in _pages(session, "iam", "list_roles", "Roles", PathPrefix=PATH)
    ],
    "IAM policy": lambda session: [
        one["PolicyName"] for one in _pages(session, "iam", "list_policies", "Policies", Scope="Local", PathPrefix=PATH)
    ],
    "IAM instance profile": lambda session: [
        one["InstanceProfileName"]
        for one in _pages(session, "iam", "list_instance_profiles", "InstanceProfiles", PathPrefix=PATH)
    ],
    "S3 bucket": _named("s3", "list_buckets", "Buckets", "Name"),
}
