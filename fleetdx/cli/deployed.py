"""The deployed stack: a deployment made from what its central stack says of itself, with the caller's credentials."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import botocore.exceptions

from fleetdx.cli.aws_refusals import refusal_of
from fleetdx.cli.deployments import Deployment, EventPlaces
from fleetdx.cli.pace import AWS_PACE
from fleetdx.cli.problems import UsageProblem
from fleetdx.sessions import PATIENT_CONFIG, KeepingSession

if TYPE_CHECKING:
    from collections.abc import Mapping

    import boto3

    from fleetdx.cli.stacks import AwsOptions

ABSENT_CODE: Final = "ValidationError"
"""What CloudFormation's DescribeStacks answers where there is no stack of that name."""
USABLE: Final = frozenset(
    {
        "CREATE_COMPLETE",
        "UPDATE_COMPLETE",
        "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
        "UPDATE_IN_PROGRESS",
        "UPDATE_ROLLBACK_COMPLETE",
        "IMPORT_COMPLETE",
        "IMPORT_ROLLBACK_COMPLETE",
    }
)
"""Statuses of a stack whose outputs are of resources that exist ("Stack status codes" in CloudFormation's guide)."""


def deployed(wanted: AwsOptions) -> Deployment:
    """The deployment that a caller's credentials reach.

    Raises:
        UsageProblem: The profile, the region, the credentials or the stack are not there, or AWS lets nobody look.
    """
    session = _session(wanted)
    found = deployment_of(session, outputs_of(session, wanted.stack_name))
    return replace(found, pace=AWS_PACE, asked_as=str(wanted))


def _session(wanted: AwsOptions) -> boto3.session.Session:
    # botocore reads AWS_DEFAULT_REGION alone; AWS's other tools, and so people, AWS_REGION before it.
    named = wanted.region or os.environ.get("AWS_REGION")
    try:
        session = KeepingSession(config=PATIENT_CONFIG, profile_name=wanted.profile, region_name=named)
        region = session.region_name
    except botocore.exceptions.ProfileNotFound as error:
        raise UsageProblem("--aws-profile", f"{error}") from None
    if not region:
        raise UsageProblem("--aws-region", "give the region of the central stack; no profile or environment names one")
    try:
        has_credentials = session.get_credentials() is not None
    except botocore.exceptions.BotoCoreError as error:
        raise UsageProblem("--aws", f"the credentials cannot be had: {error}") from None
    if not has_credentials:
        raise UsageProblem("--aws", "there are no AWS credentials; name a profile with --aws-profile, or sign in first")
    return session


def outputs_of(session: boto3.session.Session, stack: str) -> dict[str, str]:
    """The outputs of a stack.

    Raises:
        UsageProblem: There is none of that name in the session's account and region, or it was not created whole.
    """
    place = f"in {session.region_name} of this account"
    try:
        found = session.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
    except botocore.exceptions.ClientError as error:
        if error.response["Error"]["Code"] == ABSENT_CODE:
            raise UsageProblem("--stack-name", f"there is no stack {stack} {place}") from None
        raise UsageProblem("--aws", str(refusal_of(error))) from None
    except botocore.exceptions.BotoCoreError as error:
        raise UsageProblem("--aws", str(refusal_of(error))) from None
    if found["StackStatus"] not in USABLE:
        raise UsageProblem("--stack-name", f"stack {stack} is {found['StackStatus']}; deploy it again first")
    return {output["OutputKey"]: output["OutputValue"] for output in found.get("Outputs", [])}


def deployment_of(session: boto3.session.Session, outputs: Mapping[str, str]) -> Deployment:
    """The deployment that a central stack's outputs describe.

    Raises:
        UsageProblem: One is absent: the stack is another one, or of an older version.
    """
    try:
        return Deployment(
            session=session,
            data_bucket=outputs["DataBucket"],
            scan_fleet=outputs["ScanFleetStateMachine"],
            scan_target=outputs["ScanTargetStateMachine"],
            scan_batch=outputs["ScanBatchStateMachine"],
            stop_scan=outputs["StopScanStateMachine"],
            report_coverage=outputs["ReportCoverageStateMachine"],
            events=EventPlaces(
                outputs["EventsQueueUrl"],
                outputs["EventsDeadLetterQueueUrl"],
                outputs["EnsureSsmReadyStateMachine"],
                outputs["ConfigurationParameter"],
            ),
            regions=tuple(outputs["Regions"].split(",")),
            member_roles=outputs["MemberRoles"],
        )
    except KeyError as missing:
        raise UsageProblem(
            "--stack-name", f"the stack has no output {missing}: it is no central stack of fleetdx, or an older one"
        ) from None
