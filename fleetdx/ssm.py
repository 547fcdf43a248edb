"""Narrow verbs over Systems Manager: which nodes it manages, send a command, and how it went on each instance."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, NamedTuple

from botocore.exceptions import ClientError

from fleetdx.errors import DocumentMissing, InstancesUnknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from types_boto3_ssm.client import SSMClient

DOCUMENT_CODES = frozenset({"InvalidDocument", "InvalidDocumentVersion", "InvalidParameters"})
CLOCK_SKEW = dt.timedelta(minutes=5)


class CommandLimits(NamedTuple):
    """SSM's own limits for one command."""

    max_concurrency: str
    max_errors: str
    delivery_timeout_seconds: int


def managed_nodes(ssm: SSMClient) -> Iterator[Mapping[str, Any]]:
    """Every node that SSM knows in this account and region, hybrid ones included."""
    for page in ssm.get_paginator("describe_instance_information").paginate(PaginationConfig={"PageSize": 50}):
        yield from page["InstanceInformationList"]


def send(
    ssm: SSMClient,
    document: str,
    instances: list[str],
    parameters: Mapping[str, str],
    limits: CommandLimits,
    comment: str,
) -> str:
    """Send one command to at most 50 instances and return its id.

    Raises:
        DocumentMissing: The account and region lack the document, or it refuses the parameters.
        InstancesUnknown: SSM does not know one of the instances; the whole command is refused.
    """
    try:
        answer = ssm.send_command(
            DocumentName=document,
            InstanceIds=instances,
            Parameters={name: [value] for name, value in parameters.items()},
            TimeoutSeconds=limits.delivery_timeout_seconds,
            MaxConcurrency=limits.max_concurrency,
            MaxErrors=limits.max_errors,
            Comment=comment,
        )
    except ClientError as error:
        # AWS's text can quote parameter values, which are signatures here: it goes no further.
        code = error.response["Error"]["Code"]
        if code in DOCUMENT_CODES:
            raise DocumentMissing(f"SendCommand with {document}: {code}") from None
        if code == "InvalidInstanceId":
            raise InstancesUnknown(f"SendCommand with {document} to {len(instances)} instances: {code}") from None
        silent = {
            **error.response,
            "Error": {"Code": code, "Message": "AWS's text is left out: it can quote signatures"},
        }
        raise type(error)(silent, error.operation_name) from None  # type: ignore[arg-type]
    return answer["Command"]["CommandId"]


def find_command(ssm: SSMClient, comment: str, sent_after: dt.datetime) -> str | None:
    """The id of a command sent earlier with this comment, or None.

    A comment names run and batch, so it is unique; SSM cannot filter by it.
    """
    after = (sent_after - CLOCK_SKEW).strftime("%Y-%m-%dT%H:%M:%SZ")
    pages = ssm.get_paginator("list_commands").paginate(
        Filters=[{"key": "InvokedAfter", "value": after}], PaginationConfig={"PageSize": 50}
    )
    for page in pages:
        for command in page["Commands"]:
            if command.get("Comment") == comment:
                return command["CommandId"]
    return None


def invocations(ssm: SSMClient, command: str, *, details: bool) -> Iterator[Mapping[str, Any]]:
    """The invocations of a command, 50 a call; with details each carries the output of its steps (2,500 characters)."""
    pages = ssm.get_paginator("list_command_invocations").paginate(
        CommandId=command, Details=details, PaginationConfig={"PageSize": 50}
    )
    for page in pages:
        yield from page["CommandInvocations"]
