"""Deploys fleetdx to an organization: the package, the central stack, the members' StackSets, the accounts they miss.

Every step finds by itself what is there already, so that the same command upgrades, and goes on where one was stopped.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from fleetdx.deployment import plan
from fleetdx.deployment.failures import DeploymentFailed
from fleetdx.deployment.release_bucket import release_bucket_of, settle_release_bucket, upload
from fleetdx.deployment.stack_sets import StackSets, WantedStackSet
from fleetdx.deployment.stacks import Outcome, Tell, WantedStack, delete_stack, outputs_of, settle_stack, stack_named

if TYPE_CHECKING:
    from collections.abc import Mapping

    import boto3

    from fleetdx.deployment.plan import Role
    from fleetdx.deployment.settings import DeploymentSettings, TemplateName


class Reach(Protocol):
    """Reaches the accounts of a deployment."""

    @property
    def members(self) -> tuple[str, ...]:
        """Ids of further accounts that can be reached, to look whether anything is left in them."""

    def session(self, account: str, region: str) -> boto3.session.Session:
        """An administrator's session in a region of an account: "hub", "management", "audit", or one of `members`."""


class Uploaded(Protocol):
    """A package as it is uploaded: what is below its prefix, by name, and the layer by its key, where there is one."""

    @property
    def release(self) -> Mapping[str, bytes]:
        """What lies below the prefix."""

    @property
    def layer(self) -> bytes | None:
        """The layer."""

    @property
    def prefix(self) -> str:
        """Where it lies, with its slash."""

    @property
    def layer_key(self) -> str:
        """Where the layer lies; empty without one."""


@dataclass
class Deployed:
    """What came of a deployment: of each stack and StackSet, by name and place, and the central stack's outputs."""

    outcomes: dict[str, Outcome] = field(default_factory=dict)
    outputs: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_unchanged(self) -> bool:
        """Whether there was nothing to do."""
        return set(self.outcomes.values()) <= {"unchanged"}


@dataclass(frozen=True)
class Work:
    """What a deployment or removal works with.

    Attributes:
        settings: What is wanted.
        reach: Reaches the accounts.
        facts: Which accounts they are.
        tell: Hears what is going on.
    """

    settings: DeploymentSettings
    reach: Reach
    facts: plan.Facts
    tell: Tell

    def client(self, role: Role, service: str, region: str | None = None) -> Any:  # noqa: ANN401 - boto3's
        """A client of a service in an account, in the home region where none is named."""
        # The types know today's services by name.
        session: Any = self.reach.session(role, region or self.settings.home_region)
        return session.client(service)

    def stack_sets(self) -> StackSets:
        """The StackSets, of whichever account they belong to."""
        is_hub = self.settings.stack_sets_from == "hub"
        client = self.client("hub" if is_hub else "management", "cloudformation")
        return StackSets(client, "DELEGATED_ADMIN" if is_hub else "SELF", self.tell)

    def regions(self) -> tuple[str, ...]:
        """The regions of the settings, and those that the central stack was deployed for, which may have been more."""
        stack = stack_named(self.client("hub", "cloudformation"), plan.CENTRAL)
        deployed = outputs_of(stack or {}).get("Regions", "").split(",")
        return tuple(dict.fromkeys((*self.settings.regions, *filter(None, deployed))))


def work_on(settings: DeploymentSettings, reach: Reach, tell: Tell) -> Work:
    """Find out which accounts the settings mean.

    Raises:
        DeploymentFailed: A profile reaches another account than it is named for.
    """
    organization = reach.session("hub", settings.home_region).client("organizations")
    told: Any = organization.describe_organization()["Organization"]
    hub = _account(reach, "hub", settings.home_region)
    if settings.profiles.management is not None:
        reached = _account(reach, "management", settings.home_region)
        if reached != told["MasterAccountId"]:
            raise DeploymentFailed(
                f"/profiles/management reaches account {reached}, but the organization's management account is "
                f"{told['MasterAccountId']}; name another profile in the settings."
            )
    audit = _account(reach, "audit", settings.home_region) if settings.profiles.audit is not None else None
    return Work(settings, reach, plan.Facts(hub, told["MasterAccountId"], audit, told["Id"]), tell)


def _account(reach: Reach, role: Role, region: str) -> str:
    return str(reach.session(role, region).client("sts").get_caller_identity()["Account"])


def deploy(work: Work, package: Uploaded, templates: Mapping[TemplateName, str]) -> Deployed:
    """Bring everything to the package, the templates and the settings.

    Raises:
        DeploymentFailed: A stack failed, which is named; what was done until then stays.
    """
    done, regions = Deployed(), work.regions()
    release, central = _release(work, package, templates["central"])
    parameters = plan.central_parameters(work.settings, work.facts, release)
    _stack(work, done, "hub", work.settings.home_region, WantedStack(plan.CENTRAL, central, parameters))
    stack = stack_named(work.client("hub", "cloudformation"), plan.CENTRAL)
    done.outputs = outputs_of(stack or {})
    member = plan.member_parameters(work.settings, work.facts, done.outputs)
    member_region = plan.member_region_parameters(work.settings, done.outputs)
    _members(work, done, templates, member, member_region)
    for role, region, name in plan.unwanted_stacks(work.settings, regions):
        place = f"{region} of the {role} account"
        if delete_stack(work.client(role, "cloudformation", region), name, place, work.tell):
            done.outcomes[f"{name} in {place}"] = "removed"
    if work.settings.management_account == "included":
        home = work.settings.home_region
        _stack(work, done, "management", home, WantedStack(plan.MEMBER, templates["member"], member))
        for region in work.settings.regions:
            wanted = WantedStack(plan.MEMBER_REGION, templates["member_region"], member_region)
            _stack(work, done, "management", region, wanted)
    if work.settings.events == "control_tower":
        audit = plan.audit_region_parameters(work.settings, done.outputs)
        for region in work.settings.regions:
            _stack(work, done, "audit", region, WantedStack(plan.AUDIT_REGION, templates["audit_region"], audit))
    return done


def _release(work: Work, package: Uploaded, central: str) -> tuple[plan.Release, str]:
    """Upload the package and the central template, which is too long for a call; returns both places."""
    s3, region = work.client("hub", "s3"), work.settings.home_region
    bucket = release_bucket_of(work.facts.hub, region)
    settle_release_bucket(s3, bucket, region)
    template_key = f"templates/{hashlib.sha256(central.encode()).hexdigest()}.yaml"
    files = {f"{package.prefix}{name}": content for name, content in package.release.items()}
    files |= {package.layer_key: package.layer} if package.layer is not None else {}
    upload(s3, bucket, {**files, template_key: central.encode()}, work.tell)
    return plan.Release(bucket, package.prefix, package.layer_key), f"{s3.meta.endpoint_url}/{bucket}/{template_key}"


def _stack(work: Work, done: Deployed, role: Role, region: str, wanted: WantedStack) -> None:
    place = f"{region} of the {role} account"
    outcome = settle_stack(work.client(role, "cloudformation", region), wanted, place, work.tell)
    done.outcomes[f"{wanted.name} in {place}"] = outcome
    work.tell(f"{wanted.name} in {place}: {outcome}")


def _members(
    work: Work,
    done: Deployed,
    templates: Mapping[TemplateName, str],
    member: Mapping[str, str],
    member_region: Mapping[str, str],
) -> None:
    """The roles once an account, and what each region needs, in every account below the units."""
    settings, sets = work.settings, work.stack_sets()
    for wanted in (
        WantedStackSet(
            plan.MEMBER, templates["member"], member, settings.organizational_units, (settings.home_region,)
        ),
        WantedStackSet(
            plan.MEMBER_REGION,
            templates["member_region"],
            member_region,
            settings.organizational_units,
            settings.regions,
        ),
    ):
        outcome = sets.settle(wanted)
        done.outcomes[f"StackSet {wanted.name}"] = outcome
        work.tell(f"StackSet {wanted.name}: {outcome}")
