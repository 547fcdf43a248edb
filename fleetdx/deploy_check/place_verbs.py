"""Narrow verbs that read regions, quotas and names of an account."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

from fleetdx.deploy_check.places import BucketOwner, Concurrency, Room, StackFacts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from types_boto3_cloudformation.client import CloudFormationClient
    from types_boto3_ec2.client import EC2Client
    from types_boto3_lambda.client import LambdaClient
    from types_boto3_s3.client import S3Client

NO_STACK: Final = "ValidationError"
"""What DescribeStacks answers where there is no stack of that name."""
OPEN_EXECUTIONS: Final = "open executions"
"""Part of the quota's name; AWS's pages name no code for it."""
ELSEWHERE: Final = frozenset({"301", "PermanentRedirect"})
HIDDEN, NOT_THERE = "403", "404"


def region_statuses(client: EC2Client) -> dict[str, str]:
    """Every region with EC2's word for whether the account has it."""
    regions = client.describe_regions(AllRegions=True)["Regions"]
    return {region["RegionName"]: region["OptInStatus"] for region in regions}


# types-boto3 has no package of Account Management, Service Quotas and IAM here.
def enabled_regions(client: Any, account: str | None) -> frozenset[str]:  # noqa: ANN401 - see above
    """The regions that an account has; None is the caller's own, which the management account may not name."""
    wanted = {"AccountId": account} if account else {}
    states = ["ENABLED", "ENABLED_BY_DEFAULT"]
    pages = client.get_paginator("list_regions").paginate(RegionOptStatusContains=states, **wanted)
    return frozenset(region["RegionName"] for page in pages for region in page["Regions"])


def concurrency(client: LambdaClient) -> Concurrency:
    """What Lambda lets run at a time in the region."""
    limit = client.get_account_settings()["AccountLimit"]
    return Concurrency(limit["ConcurrentExecutions"], limit["UnreservedConcurrentExecutions"])


def open_executions(client: Any) -> float | None:  # noqa: ANN401 - see above
    """The quota of open executions in the region; None where Service Quotas lists none."""
    for page in client.get_paginator("list_service_quotas").paginate(ServiceCode="states"):
        for quota in page["Quotas"]:
            if OPEN_EXECUTIONS in quota["QuotaName"].lower():
                return float(quota["Value"])
    return None


def room_for_roles(client: Any) -> Room:  # noqa: ANN401 - see above
    """How many roles the account has and may have."""
    summary = client.get_account_summary()["SummaryMap"]
    return Room(summary["Roles"], summary["RolesQuota"])


def stack(client: CloudFormationClient, name: str) -> StackFacts | None:
    """A stack with what it made; None where there is none of that name."""
    try:
        found = client.describe_stacks(StackName=name)["Stacks"][0]
    except ClientError as error:
        if error.response["Error"]["Code"] == NO_STACK:
            return None
        raise
    pages = client.get_paginator("list_stack_resources").paginate(StackName=name)
    return StackFacts(
        found["StackStatus"],
        frozenset(output["OutputKey"] for output in found.get("Outputs", [])),
        frozenset(one.get("PhysicalResourceId", "") for page in pages for one in page["StackResourceSummaries"]),
    )


def own_buckets(client: S3Client) -> frozenset[str]:
    """The names of the account's buckets, in all regions."""
    return frozenset(bucket["Name"] for bucket in client.list_buckets()["Buckets"])


def owners_of_buckets(
    client: S3Client, names: Iterable[str], own: frozenset[str], of_stack: frozenset[str]
) -> dict[str, BucketOwner]:
    """Whose each bucket is."""
    return {name: _owner(client, name, own, of_stack) for name in names}


def _owner(client: S3Client, name: str, own: frozenset[str], of_stack: frozenset[str]) -> BucketOwner:
    if name in own and name in of_stack:
        return "stack"
    if name in own:
        region = client.head_bucket(Bucket=name)["BucketRegion"]
        return "account" if region == client.meta.region_name else "elsewhere"
    answer = _head(client, name)
    if answer is None or answer.response["Error"]["Code"] in ELSEWHERE:
        return "others"
    if answer.response["Error"]["Code"] == NOT_THERE:
        return "nobody"
    # 403 is somebody else's bucket, or a caller who may look for none: that one is refused a name that nobody has, too.
    if answer.response["Error"]["Code"] == HIDDEN:
        control = _head(client, f"fleetdx-nobody-{uuid.uuid4()}")
        if control is not None and control.response["Error"]["Code"] == NOT_THERE:
            return "others"
    raise answer


def _head(client: S3Client, name: str) -> ClientError | None:
    try:
        client.head_bucket(Bucket=name)
    except ClientError as error:
        return error
    return None


def role_names(client: Any) -> frozenset[str]:  # noqa: ANN401 - see above
    """The names of all roles."""
    return frozenset(
        role["RoleName"] for page in client.get_paginator("list_roles").paginate() for role in page["Roles"]
    )
