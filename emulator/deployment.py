"""Deploys the templates, as they are, into the embedded organization: through CloudFormation, with parameters only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import boto3

from emulator.events import control_tower
from tools.package import release_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emulator.hosts.organization import Organization

PROJECT = Path(__file__).parent.parent
TEMPLATES = PROJECT / "templates"
EXTERNAL_ID = "fleetdx-embedded"
OPERATOR = "operator"
"""Name of the user who works in each account."""
RELEASE_BUCKET = "fleetdx-release-embedded"
RELEASE_PREFIX = "current/"

EventsWay = Literal["control_tower", "bus", "none"]
SessionFor = Callable[[str, str], boto3.session.Session]
"""Account and region give an operator's session there."""


@dataclass(frozen=True)
class CentralOutputs:
    """What the central stack says of itself."""

    data_bucket: str
    intake_bucket: str
    scan_fleet: str
    scan_target: str
    scan_batch: str
    stop_scan: str
    ensure_ssm_ready: str
    report_coverage: str
    event_bus_arn: str
    events_queue_arn: str
    events_queue_url: str
    events_dead_letter_queue_url: str


class StackFailed(RuntimeError):
    """CloudFormation did not create a stack; the text names it and its status."""


def deploy(
    session_for: SessionFor,
    organization: Organization,
    url: str,
    events_way: EventsWay,
    parameters: Mapping[str, str] | None = None,
) -> CentralOutputs:
    """Deploy everything: what Control Tower has in a governed organization, the central stack, and the members' stacks.

    The central account is the audit account too, as it is in many organizations; `parameters` are more of its stack's.
    """
    hub, home = organization.hub.id, organization.regions[0]
    if events_way == "control_tower":
        control_tower.build(session_for, organization, audit=hub)
    central = deploy_central(session_for(hub, home), organization, url, parameters or {})
    deploy_members(session_for, organization, central, url, events_way)
    if events_way == "control_tower":
        for region in organization.regions:
            create_stack(session_for(hub, region), "audit_region.yaml", {"EventsQueueArn": central.events_queue_arn})
    return central


def deploy_central(
    session: boto3.session.Session, organization: Organization, url: str, parameters: Mapping[str, str]
) -> CentralOutputs:
    """Upload the release and create the central stack."""
    s3 = session.client("s3")
    # The types know today's regions by name; ours are read from a file.
    home: Any = organization.regions[0]
    s3.create_bucket(Bucket=RELEASE_BUCKET, CreateBucketConfiguration={"LocationConstraint": home})
    for name, content in release_of().items():
        s3.put_object(Bucket=RELEASE_BUCKET, Key=f"{RELEASE_PREFIX}{name}", Body=content)
    data_bucket = f"fleetdx-data-{organization.hub.id}-{organization.regions[0]}"
    outputs = create_stack(
        session,
        "central.yaml",
        {
            "ReleaseBucket": RELEASE_BUCKET,
            "ReleasePrefix": RELEASE_PREFIX,
            "Regions": ",".join(organization.regions),
            "ExternalId": EXTERNAL_ID,
            # Hosts reach the embedded S3 on loopback, by path: no name of a bucket resolves there.
            "ScriptsUrl": f"{url}/{data_bucket}/scripts/",
            "OrganizationId": session.client("organizations").describe_organization()["Organization"]["Id"],
            "AuditAccountId": organization.hub.id,
            "SecurityHubAccountId": organization.hub.id,
            # Nobody waits a day here; a sweep begins when somebody asks for it.
            "CoverageScheduleExpression": "none",
            **parameters,
        },
    )
    return CentralOutputs(
        outputs["DataBucket"],
        outputs["IntakeBucket"],
        outputs["ScanFleetStateMachine"],
        outputs["ScanTargetStateMachine"],
        outputs["ScanBatchStateMachine"],
        outputs["StopScanStateMachine"],
        outputs["EnsureSsmReadyStateMachine"],
        outputs["ReportCoverageStateMachine"],
        outputs["EventBusArn"],
        outputs["EventsQueueArn"],
        outputs["EventsQueueUrl"],
        outputs["EventsDeadLetterQueueUrl"],
    )


def deploy_members(
    session_for: SessionFor,
    organization: Organization,
    central: CentralOutputs,
    url: str,
    events_way: EventsWay,
) -> None:
    """Create the roles in every active account, and the document and rules in each of its regions.

    On AWS a service-managed StackSet does this for members, and a plain stack for the management account.
    """
    bus = central.event_bus_arn if events_way == "bus" else "none"
    for account in organization.accounts:
        if account.status != "ACTIVE":
            continue
        create_stack(
            session_for(account.id, organization.regions[0]),
            "member.yaml",
            {
                "CentralAccountId": organization.hub.id,
                "ExternalId": EXTERNAL_ID,
                "EventBusArn": bus,
                "OperatorArnPattern": f"arn:aws:iam::{organization.hub.id}:user/{OPERATOR}",
                # The central stack's own switch is off, as it is shipped.
                "SecurityHubFindings": "on",
            },
        )
        for region in organization.regions:
            create_stack(
                session_for(account.id, region),
                "member_region.yaml",
                {
                    "ScriptsUrl": f"{url}/{central.data_bucket}/scripts/",
                    "IntakeUrl": f"{url}/{central.intake_bucket}",
                    "EventsWay": events_way,
                    "EventBusArn": bus,
                },
            )


def create_stack(session: boto3.session.Session, template: str, parameters: Mapping[str, str]) -> dict[str, str]:
    """Create a stack and return its outputs.

    Raises:
        StackFailed: It did not reach CREATE_COMPLETE.
    """
    client = session.client("cloudformation")
    name = f"fleetdx-{template.removesuffix('.yaml').replace('_', '-')}"
    client.create_stack(
        StackName=name,
        TemplateBody=(TEMPLATES / template).read_text(encoding="utf-8"),
        Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
        Capabilities=["CAPABILITY_NAMED_IAM"],
    )
    stack = client.describe_stacks(StackName=name)["Stacks"][0]
    if stack["StackStatus"] != "CREATE_COMPLETE":
        raise StackFailed(f"stack {name} is {stack['StackStatus']}: {stack.get('StackStatusReason', '')}")
    return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}
