"""Which stacks and StackSets there are, and with which parameters each is deployed. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fleetdx.deployment.settings import DeploymentSettings

CENTRAL: Final = "fleetdx-central"
MEMBER: Final = "fleetdx-member"
MEMBER_REGION: Final = "fleetdx-member-region"
AUDIT_REGION: Final = "fleetdx-audit-region"
SHARED: Final = ("MemberRolePrefix", "DocumentName")
"""Parameters that member stacks have from the central one, so that they cannot differ."""


Role = Literal["hub", "management", "audit"]
"""For which work an account is reached."""


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


def plain_stacks(settings: DeploymentSettings, regions: tuple[str, ...]) -> list[tuple[Role, str, str]]:
    """The stacks beside StackSets that there can be in the accounts that the settings reach: account, region and name.

    Args:
        settings: Whose profiles count.
        regions: All regions that were ever deployed to, as far as that is known.
    """
    found: list[tuple[Role, str, str]] = []
    if settings.profiles.audit is not None:
        found += [("audit", region, AUDIT_REGION) for region in regions]
    if settings.profiles.management is not None:
        found += [("management", region, MEMBER_REGION) for region in regions]
        found.append(("management", settings.home_region, MEMBER))
    return found


def unwanted_stacks(settings: DeploymentSettings, regions: tuple[str, ...]) -> list[tuple[Role, str, str]]:
    """Those of them that the settings leave out: an account or way of events that is not wanted, or a region."""
    by_name = {
        AUDIT_REGION: settings.events == "control_tower",
        MEMBER_REGION: settings.management_account == "included",
        MEMBER: settings.management_account == "included",
    }
    return [
        (role, region, name)
        for role, region, name in plain_stacks(settings, regions)
        if not by_name[name] or (name != MEMBER and region not in settings.regions)
    ]


def _bus(settings: DeploymentSettings, outputs: Mapping[str, str]) -> str:
    return outputs["EventBusArn"] if settings.events == "bus" else "none"


def _shared(settings: DeploymentSettings, names: tuple[str, ...]) -> dict[str, str]:
    return {name: value for name, value in settings.options["central"].items() if name in names}
