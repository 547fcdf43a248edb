"""Deploys the templates, as they are, into the embedded organization: through CloudFormation, with parameters only."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import boto3

    from emulator.hosts.organization import Organization

PROJECT = Path(__file__).parent.parent
TEMPLATES = PROJECT / "templates"
EXTERNAL_ID = "fleetdx-embedded"
RELEASE_BUCKET = "fleetdx-release-embedded"
RELEASE_PREFIX = "current/"
ZIP_TIME = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class CentralOutputs:
    """What the central stack says of itself."""

    data_bucket: str
    intake_bucket: str
    scan_fleet: str
    scan_target: str
    stop_scan: str


class StackFailed(RuntimeError):
    """CloudFormation did not create a stack; the text names it and its status."""


def functions_zip() -> bytes:
    """The one zip of functions/ and fleetdx/, without the command line."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for folder in ("fleetdx", "functions"):
            for path in sorted((PROJECT / folder).rglob("*")):
                name = path.relative_to(PROJECT)
                if path.is_file() and "__pycache__" not in name.parts and name.parts[:2] != ("fleetdx", "cli"):
                    archive.writestr(zipfile.ZipInfo(str(name), ZIP_TIME), path.read_bytes())
    return buffer.getvalue()


def deploy_central(session: boto3.session.Session, organization: Organization, url: str) -> CentralOutputs:
    """Upload the release and create the central stack."""
    s3 = session.client("s3")
    # The types know today's regions by name; ours are read from a file.
    home: Any = organization.regions[0]
    s3.create_bucket(Bucket=RELEASE_BUCKET, CreateBucketConfiguration={"LocationConstraint": home})
    s3.put_object(Bucket=RELEASE_BUCKET, Key=f"{RELEASE_PREFIX}functions.zip", Body=functions_zip())
    for machine in sorted((PROJECT / "statemachines").glob("*.asl.json")):
        s3.put_object(Bucket=RELEASE_BUCKET, Key=f"{RELEASE_PREFIX}{machine.name}", Body=machine.read_bytes())
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
        },
    )
    return CentralOutputs(
        outputs["DataBucket"],
        outputs["IntakeBucket"],
        outputs["ScanFleetStateMachine"],
        outputs["ScanTargetStateMachine"],
        outputs["StopScanStateMachine"],
    )


def deploy_members(
    session_for: Callable[[str, str], boto3.session.Session],
    organization: Organization,
    central: CentralOutputs,
    url: str,
) -> None:
    """Create the role in every active account and the document in each of its regions.

    On AWS a service-managed StackSet does this for members, and a plain stack for the management account.
    """
    for account in organization.accounts:
        if account.status != "ACTIVE":
            continue
        create_stack(
            session_for(account.id, organization.regions[0]),
            "member.yaml",
            {"CentralAccountId": organization.hub.id, "ExternalId": EXTERNAL_ID},
        )
        for region in organization.regions:
            create_stack(
                session_for(account.id, region),
                "member_region.yaml",
                {
                    "ScriptsUrl": f"{url}/{central.data_bucket}/scripts/",
                    "IntakeUrl": f"{url}/{central.intake_bucket}",
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
