"""Deploys fleetdx into the embedded organization: as on AWS, with settings that fit it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import boto3

from fleetdx.deployment.deploy import deploy as deploy_release
from fleetdx.deployment.release_bucket import release_bucket_of
from fleetdx.deployment.settings import TEMPLATE_NAMES, DeploymentSettings, Profiles
from fleetdx.deployment.work import work_on
from tools import document_hash
from tools.package import Package, release_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emulator.hosts.organization import Organization
    from fleetdx.deployment.settings import TemplateName

PROJECT = Path(__file__).parent.parent
TEMPLATES = PROJECT / "templates"
EXTERNAL_ID = "fleetdx-embedded"
OPERATOR = "operator"
"""Name of the user who works in each account."""

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


@dataclass(frozen=True)
class EmbeddedReach:
    """Reaches every account as its operator; the central account is the audit account too, as in many organizations."""

    organization: Organization
    session_for: SessionFor

    @property
    def members(self) -> tuple[str, ...]:
        """Every active account."""
        return tuple(account.id for account in self.organization.accounts if account.status == "ACTIVE")

    def session(self, account: str, region: str) -> boto3.session.Session:
        """A session of an account's operator."""
        hub, management = self.organization.hub.id, self.organization.management.id
        return self.session_for({"hub": hub, "audit": hub, "management": management}.get(account, account), region)


def templates() -> dict[TemplateName, str]:
    """The text of each template."""
    return {name: (TEMPLATES / f"{name}.yaml").read_text(encoding="utf-8") for name in TEMPLATE_NAMES}


def embedded_package() -> Package:
    """The package without a layer: the runtime is this process, and has the libraries."""
    return Package(release_of(), None)


def settings_of(
    organization: Organization, reach: EmbeddedReach, url: str, events_way: EventsWay = "control_tower"
) -> DeploymentSettings:
    """The settings of the embedded organization: everything, everywhere."""
    session = reach.session("management", organization.regions[0])
    root = session.client("organizations").list_roots()["Roots"][0]["Id"]
    settings = DeploymentSettings(
        home_region=organization.regions[0],
        regions=organization.regions,
        organizational_units=(root,),
        management_account="included",
        stack_sets_from="management",
        events=events_way,
        external_id=EXTERNAL_ID,
        profiles=Profiles("hub", "management", "audit"),
        options={name: {} for name in TEMPLATE_NAMES},
    )
    return fitted(settings, organization, reach, url)


def fitted(
    settings: DeploymentSettings, organization: Organization, reach: EmbeddedReach, url: str
) -> DeploymentSettings:
    """Settings with the options without which nothing works here; those that are given go before."""
    hub, home = organization.hub.id, settings.home_region
    # The central stack names its buckets so.
    data_bucket, intake_bucket = (f"fleetdx-{kind}-{hub}-{home}" for kind in ("data", "intake"))
    addresses = document_parameters(url, data_bucket, intake_bucket)
    told = reach.session("hub", home).client("organizations").describe_organization()["Organization"]
    needed: dict[TemplateName, dict[str, str]] = {
        "central": {
            # Hosts reach the embedded S3 on loopback, by path: no name of a bucket resolves there.
            "ScriptsUrl": addresses["ScriptsUrl"],
            "OrganizationId": told["Id"],
            "AuditAccountId": hub,
            "SecurityHubAccountId": hub,
            # Nobody waits a day here; a sweep begins when somebody asks for it.
            "CoverageScheduleExpression": "none",
            "OperatorArnPattern": f"arn:aws:iam::{hub}:user/{OPERATOR}",
            "ViewerArnPattern": f"arn:aws:iam::{hub}:user/{OPERATOR}",
        },
        "member": {
            "OperatorArnPattern": f"arn:aws:iam::{hub}:user/{OPERATOR}",
            # The central stack's own switch is off, as it is shipped.
            "SecurityHubFindings": "on",
        },
        "member_region": {"IntakeUrl": addresses["IntakeUrl"]},
    }
    options = {name: {**needed.get(name, {}), **settings.options[name]} for name in TEMPLATE_NAMES}
    return replace(settings, options=options)


def document_parameters(url: str, data_bucket: str, intake_bucket: str) -> dict[str, str]:
    """What the SSM document is made from, the same in every account and region."""
    return {"ScriptsUrl": f"{url}/{data_bucket}/scripts/", "IntakeUrl": f"{url}/{intake_bucket}"}


def deploy(
    session_for: SessionFor,
    organization: Organization,
    url: str,
    events_way: EventsWay,
    parameters: Mapping[str, str] | None = None,
) -> CentralOutputs:
    """Deploy everything, as `fleetdx deploy` does; `parameters` are more of the central stack's."""
    reach = EmbeddedReach(organization, session_for)
    settings = settings_of(organization, reach, url, events_way)
    # `fleetdx deploy` pins the document once AWS has made it, and updates the stack for that; here it is known before.
    scripts = {"ScriptsUrl": settings.options["central"]["ScriptsUrl"]}
    pins = {"DocumentHashes": document_hash.expected_hash({**scripts, **settings.options["member_region"]})}
    central = {**pins, **settings.options["central"], **(parameters or {})}
    settings = replace(settings, options={**settings.options, "central": central})
    work = work_on(settings, reach, lambda _: None)
    package = embedded_package()
    forget_other_releases(session_for, organization, package)
    return outputs_from(deploy_release(work, package, templates(), document_hash).outputs)


def forget_other_releases(session_for: SessionFor, organization: Organization, package: Package) -> None:
    """Forget releases of earlier code, which would pile up on disk; where no stack uses them yet."""
    hub, home = organization.hub.id, organization.regions[0]
    s3 = session_for(hub, home).client("s3")
    bucket = release_bucket_of(hub, home)
    # The types know today's regions by name; ours are read from a file.
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": home})  # type: ignore[typeddict-item]
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix="releases/"):
        for stored in page.get("Contents", []):
            if not stored["Key"].startswith(package.prefix):
                s3.delete_object(Bucket=bucket, Key=stored["Key"])


def outputs_from(outputs: Mapping[str, str]) -> CentralOutputs:
    """The central stack's outputs as they are used here."""
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
