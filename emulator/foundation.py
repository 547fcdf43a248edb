"""Builds what an organization has before anybody deploys to it: trusted access, a delegated administrator, a trail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    import boto3

DELEGATED: Final = ("member.org.stacksets.cloudformation.amazonaws.com", "securityhub.amazonaws.com")
TRUSTED: Final = (*DELEGATED, "account.amazonaws.com")
TRAIL: Final = "organization-trail"


def build(session_for: Callable[[str, str], boto3.session.Session], management: str, hub: str, home: str) -> None:
    """Make them as the management account does.

    Args:
        session_for: Gives a session of an account in a region.
        management: The management account.
        hub: The central account.
        home: The region of the trail.
    """
    session = session_for(management, home)
    organizations: Any = session.client("organizations")
    for service in TRUSTED:
        organizations.enable_aws_service_access(ServicePrincipal=service)
    for service in DELEGATED:
        organizations.register_delegated_administrator(AccountId=hub, ServicePrincipal=service)
    _trail(session)


def _trail(session: Any) -> None:
    account = session.client("sts").get_caller_identity()["Account"]
    bucket = f"organization-trail-{account}"
    place = {"LocationConstraint": session.region_name}
    where = {} if session.region_name == "us-east-1" else {"CreateBucketConfiguration": place}
    session.client("s3").create_bucket(Bucket=bucket, **where)
    trails = session.client("cloudtrail")
    trails.create_trail(Name=TRAIL, S3BucketName=bucket, IsMultiRegionTrail=True, IsOrganizationTrail=True)
    trails.put_event_selectors(
        TrailName=TRAIL, EventSelectors=[{"ReadWriteType": "All", "IncludeManagementEvents": True}]
    )
    trails.start_logging(Name=TRAIL)
