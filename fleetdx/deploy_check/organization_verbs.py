"""Narrow verbs that read callers and their organization."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import (
    ClientError,
    CredentialRetrievalError,
    NoCredentialsError,
    PartialCredentialsError,
    ProfileNotFound,
    SSOError,
)

from fleetdx.deploy_check.organization import Caller, NoCaller, OrganizationFacts
from fleetdx.organizations import UnknownParent, accounts_below, all_accounts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import boto3
    from types_boto3_cloudformation.client import CloudFormationClient
    from types_boto3_organizations.client import OrganizationsClient

BROKEN: Final = frozenset(
    {
        "ExpiredToken",
        "ExpiredTokenException",
        "InvalidAccessKeyId",
        "InvalidClientTokenId",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
        "AuthFailure",
        "RequestExpired",
    }
)
"""Codes of STS's "Common errors" that say the keys are wrong or have expired, or the clock is."""
_UNUSABLE: Final = (
    NoCredentialsError,
    PartialCredentialsError,
    CredentialRetrievalError,
    ProfileNotFound,
    SSOError,
)


def caller(session_of: Callable[[], boto3.session.Session | None]) -> Caller | NoCaller:
    """Who a profile's credentials are; STS asks nobody for a right to know."""
    try:
        session = session_of()
        if session is None:
            return NoCaller("The settings name no profile.")
        told = session.client("sts").get_caller_identity()
    except _UNUSABLE as error:
        return NoCaller(f"{type(error).__name__}: {error}")
    except ClientError as error:
        if error.response["Error"]["Code"] in BROKEN:
            return NoCaller(f"STS: {error.response['Error']['Code']}.")
        raise
    return Caller(told["Account"], told["Arn"])


def organization(client: OrganizationsClient) -> OrganizationFacts | None:
    """The organization of the caller's account; None where it is in none. Every account of it may ask."""
    try:
        told = client.describe_organization()["Organization"]
    except client.exceptions.AWSOrganizationsNotInUseException:
        return None
    return OrganizationFacts(told["Id"], told["MasterAccountId"], told["FeatureSet"])


def trusted_services(client: OrganizationsClient) -> frozenset[str]:
    """Service principals with trusted access; the management account and delegated administrators may ask."""
    pages = client.get_paginator("list_aws_service_access_for_organization").paginate()
    return frozenset(one["ServicePrincipal"] for page in pages for one in page["EnabledServicePrincipals"])


def stack_sets_switch(client: CloudFormationClient, *, as_delegate: bool) -> str:
    """CloudFormation's own word: ENABLED, DISABLED or DISABLED_PERMANENTLY."""
    return client.describe_organizations_access(CallAs="DELEGATED_ADMIN" if as_delegate else "SELF")["Status"]


def administrators(client: OrganizationsClient, service: str | None = None) -> frozenset[str]:
    """Delegated administrators of a service, or of any; the management account and delegated administrators may ask."""
    wanted: Any = {"ServicePrincipal": service} if service else {}
    pages = client.get_paginator("list_delegated_administrators").paginate(**wanted)
    return frozenset(one["Id"] for page in pages for one in page["DelegatedAdministrators"])


def has_delegation_policy(client: OrganizationsClient) -> bool:
    """Whether a policy lets other accounts read the organization."""
    try:
        client.describe_resource_policy()
    except client.exceptions.ResourcePolicyNotFoundException:
        return False
    return True


def count_accounts(client: OrganizationsClient) -> int:
    """How many accounts the organization has, whatever their state."""
    return sum(1 for _ in all_accounts(client))


def active_accounts(client: OrganizationsClient) -> tuple[str, ...]:
    """The ids of all active accounts."""
    return tuple(account.id for account in all_accounts(client) if account.status == "ACTIVE")


def accounts_in(client: OrganizationsClient, units: Iterable[str]) -> dict[str, int | None]:
    """How many active accounts are below each unit; None where there is no such unit."""
    counts: dict[str, int | None] = {}
    for unit in units:
        try:
            counts[unit] = sum(account.status == "ACTIVE" for account in accounts_below(client, unit))
        except UnknownParent:
            counts[unit] = None
    return counts
