"""What a deployment or a removal works with: the settings, the accounts, and who hears of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from fleetdx.deployment import plan
from fleetdx.deployment.failures import DeploymentFailed
from fleetdx.deployment.stack_sets import StackSets
from fleetdx.deployment.stacks import Tell, outputs_of, stack_named

if TYPE_CHECKING:
    import boto3

    from fleetdx.deployment.plan import Role
    from fleetdx.deployment.settings import DeploymentSettings


class Reach(Protocol):
    """Reaches the accounts of a deployment."""

    @property
    def members(self) -> tuple[str, ...]:
        """Ids of further accounts that can be reached, to look whether anything is left in them."""

    def session(self, account: str, region: str) -> boto3.session.Session:
        """An administrator's session in a region of an account: "hub", "management", "audit", or one of `members`."""


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
