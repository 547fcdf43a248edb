"""Which stacks and StackSets there are, and with which parameters each is deployed. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fleetdx.deployment.settings import DeploymentSettings

CENTRAL: Final = "fleetdx-central"
MEMBER: Final = "fleetdx-member"
MEMBER_REGION: Final = "fleetdx-member-region"
AUDIT_REGION: Final = "fleetdx-audit-region"
SHARED: Final = ("MemberRolePrefix", "DocumentName")
"""Parameters that member stacks have from the central one, so that they cannot differ."""


class Facts(NamedTuple):
    """What AWS says before anything is deployed: ids of the accounts (12 digits) and of the organization."""

    hub: str
    management: str
    audit: str | None
    organization: str


class Release(NamedTuple):
    """Where the package lies: bucket, prefix with its slash, and the layer's key, empty where there is none."""

    bucket: str
    prefix: str
    layer_key: str


def central_parameters(settings: DeploymentSettings, facts: Facts, release: Release) -> dict[str, str]:
    """The central stack's parameters; options of the settings go before what is only usual."""
    usual = {
        "OrganizationId": facts.organization if settings.events == "bus" else "",
        "AuditAccountId": facts.audit or "" if settings.events == "control_tower" else "",
    }
    decided = {
        "ReleaseBucket": release.bucket,
        "ReleasePrefix": release.prefix,
        "LibraryLayerKey": release.layer_key,
        "Regions": ",".join(settings.regions),
        "ExternalId": settings.external_id,
        "ManagementAccount": settings.management_account,
    }
    return {**usual, **settings.options["central"], **decided}


def member_parameters(settings: DeploymentSettings, facts: Facts, outputs: Mapping[str, str]) -> dict[str, str]:
    """The parameters of the roles in each account; `outputs` are those of the central stack."""
    decided = {
        "CentralAccountId": facts.hub,
        "ExternalId": settings.external_id,
        "EventBusArn": _bus(settings, outputs),
    }
    return {**settings.options["member"], **_shared(settings, SHARED), **decided}


def member_region_parameters(settings: DeploymentSettings, outputs: Mapping[str, str]) -> dict[str, str]:
    """The parameters of document and rules in each account and region."""
    decided = {
        "ScriptsUrl": outputs["ScriptsUrl"],
        "EventsWay": settings.events,
        "EventBusArn": _bus(settings, outputs),
    }
    usual = {"IntakeUrl": outputs["IntakeUrl"]}
    return {**usual, **settings.options["member_region"], **_shared(settings, ("DocumentName",)), **decided}


def audit_region_parameters(settings: DeploymentSettings, outputs: Mapping[str, str]) -> dict[str, str]:
    """The parameters of the subscription in each region of the audit account."""
    return {**settings.options["audit_region"], "EventsQueueArn": outputs["EventsQueueArn"]}


def _bus(settings: DeploymentSettings, outputs: Mapping[str, str]) -> str:
    return outputs["EventBusArn"] if settings.events == "bus" else "none"


def _shared(settings: DeploymentSettings, names: tuple[str, ...]) -> dict[str, str]:
    return {name: value for name, value in settings.options["central"].items() if name in names}
