"""Narrow verbs over Systems Manager: which nodes it manages, send a command, and how it went on each instance."""

from __future__ import annotations

import datetime as dt
import functools
from typing import TYPE_CHECKING, Any, NamedTuple

from botocore.exceptions import ClientError

from fleetdx.errors import DocumentChanged, DocumentMissing, InstancesUnknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from types_boto3_ssm.client import SSMClient
    from types_boto3_ssm.type_defs import CommandTypeDef

DOCUMENT_CODES = frozenset({"InvalidDocument", "InvalidDocumentVersion", "InvalidParameters"})
CLOCK_SKEW = dt.timedelta(minutes=5)
DEFAULT_HOST_MANAGEMENT = "/ssm/managed-instance/default-ec2-instance-management-role"


class ScanDocument(NamedTuple):
    """The document that a command runs: its name, and the SHA-256 of each text that it may have, the newest first.

    None is pinned where there is none. There are two while an upgrade reaches one account after the other.
    """

    name: str
    hashes: tuple[str, ...] = ()


class CommandLimits(NamedTuple):
    """SSM's own limits for one command."""

    max_concurrency: str
    max_errors: str
    delivery_timeout_seconds: int


def managed_nodes(ssm: SSMClient) -> Iterator[Mapping[str, Any]]:
    """Every node that SSM knows in this account and region, hybrid ones included."""
    for page in ssm.get_paginator("describe_instance_information").paginate(PaginationConfig={"PageSize": 50}):
        yield from page["InstanceInformationList"]


def node(ssm: SSMClient, instance: str) -> Mapping[str, Any] | None:
    """What SSM knows of one instance; None where it does not manage it."""
    answer = ssm.describe_instance_information(Filters=[{"Key": "InstanceIds", "Values": [instance]}])
    return next(iter(answer["InstanceInformationList"]), None)


def default_host_management_role(ssm: SSMClient) -> str | None:
    """The role of the Default Host Management Configuration in this account and region; None where it is off.

    Source: "Using Default Host Management Configuration" in Systems Manager's guide; off is the value `$None`.
    """
    value = ssm.get_service_setting(SettingId=DEFAULT_HOST_MANAGEMENT)["ServiceSetting"].get("SettingValue", "")
    return None if value in {"", "$None"} else value


def patch_compliance(ssm: SSMClient) -> dict[str, str]:
    """COMPLIANT or NON_COMPLIANT for every node that has been looked at for missing patches, 50 a call."""
    wanted = [{"Key": "ComplianceType", "Values": ["Patch"], "Type": "EQUAL"}]
    pages = ssm.get_paginator("list_resource_compliance_summaries").paginate(
        Filters=wanted,  # type: ignore[arg-type]
        PaginationConfig={"PageSize": 50},
    )
    return {
        summary["ResourceId"]: summary["Status"]
        for page in pages
        for summary in page["ResourceComplianceSummaryItems"]
        if "Status" in summary
    }


def send(
    ssm: SSMClient,
    document: ScanDocument,
    instances: list[str],
    parameters: Mapping[str, str],
    limits: CommandLimits,
    comment: str,
) -> str:
    """Send one command to at most 50 instances and return its id.

    Raises:
        DocumentMissing: The account and region lack the document, or it refuses the parameters.
        DocumentChanged: The document there has none of the texts that it may have; SSM ran nothing of it.
        InstancesUnknown: SSM does not know one of the instances; the whole command is refused.
    """
    call = functools.partial(
        ssm.send_command,
        DocumentName=document.name,
        DocumentVersion="$DEFAULT",
        InstanceIds=instances,
        Parameters={name: [value] for name, value in parameters.items()},
        TimeoutSeconds=limits.delivery_timeout_seconds,
        MaxConcurrency=limits.max_concurrency,
        MaxErrors=limits.max_errors,
        Comment=comment,
    )
    calls = [functools.partial(call, DocumentHash=known, DocumentHashType="Sha256") for known in document.hashes]
    for attempt in calls or [call]:
        try:
            return attempt()["Command"]["CommandId"]
        except ClientError as error:
            if not _is_another_text(error):
                raise _silent(error, document.name, len(instances)) from None
    raise DocumentChanged(f"SendCommand with {document.name}: its text is not the one that was released")


def _is_another_text(error: ClientError) -> bool:
    """Whether SSM refuses a command for the hash of its document.

    It says so in the text alone ("document hash ... does not match Sha256."): the code is that of a missing document.
    Source: what SSM answered in aws-samples/aws-security-reference-architecture-examples, issue 301.
    """
    told = error.response["Error"]
    return told["Code"] == "InvalidDocument" and "document hash" in told.get("Message", "").lower()


def _silent(error: ClientError, document: str, instances: int) -> Exception:
    """The error without AWS's text, which can quote parameter values: those are signatures here."""
    code = error.response["Error"]["Code"]
    if code in DOCUMENT_CODES:
        return DocumentMissing(f"SendCommand with {document}: {code}")
    if code == "InvalidInstanceId":
        return InstancesUnknown(f"SendCommand with {document} to {instances} instances: {code}")
    silent = {**error.response, "Error": {"Code": code, "Message": "AWS's text is left out: it can quote signatures"}}
    return type(error)(silent, error.operation_name)  # type: ignore[arg-type]


def comment_of(run: str, batch: str) -> str:
    """The comment of a batch's command: unique, and how the command is found again (SSM cannot filter by it)."""
    return f"fleetdx {run} {batch}"


def commands_of_run(ssm: SSMClient, run: str, sent_after: dt.datetime) -> Iterator[CommandTypeDef]:
    """Every command of a run in this account and region that was sent after a moment, the newest first."""
    after = (sent_after - CLOCK_SKEW).strftime("%Y-%m-%dT%H:%M:%SZ")
    pages = ssm.get_paginator("list_commands").paginate(
        Filters=[{"key": "InvokedAfter", "value": after}], PaginationConfig={"PageSize": 50}
    )
    for page in pages:
        for command in page["Commands"]:
            if command.get("Comment", "").startswith(comment_of(run, "")):
                yield command


def find_command(ssm: SSMClient, run: str, batch: str, sent_after: dt.datetime) -> str | None:
    """The id of the command that was sent for a batch after a moment, or None."""
    for command in commands_of_run(ssm, run, sent_after):
        if command.get("Comment") == comment_of(run, batch):
            return command["CommandId"]
    return None


def cancel(ssm: SSMClient, command: str) -> None:
    """Cancel a command on every instance where it has not ended; harmless where it has.

    AWS promises an attempt only: what runs on a host already may end by its own time limit.
    """
    ssm.cancel_command(CommandId=command)


def step_output(ssm: SSMClient, command: str, instance: str, step: str) -> str:
    """What one step of a command printed on one instance: up to 24,000 characters, ten times what lists show.

    Returns:
        Its standard output; empty where SSM knows no such step of the command there, or not yet.
    """
    try:
        answer = ssm.get_command_invocation(CommandId=command, InstanceId=instance, PluginName=step)
    except ClientError as error:
        if error.response["Error"]["Code"] in {"InvocationDoesNotExist", "InvalidPluginName"}:
            return ""
        raise
    return answer["StandardOutputContent"]


def invocations(ssm: SSMClient, command: str, *, details: bool) -> Iterator[Mapping[str, Any]]:
    """The invocations of a command, 50 a call; with details each carries the output of its steps (2,500 characters)."""
    pages = ssm.get_paginator("list_command_invocations").paginate(
        CommandId=command, Details=details, PaginationConfig={"PageSize": 50}
    )
    for page in pages:
        yield from page["CommandInvocations"]
