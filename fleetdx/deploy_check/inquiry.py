"""What is asked about, and by whom."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from fleetdx.deploy_check.organization import Caller, NoCaller
from fleetdx.deploy_check.readings import Asker, Kind, Reading, Seen, Unseen

if TYPE_CHECKING:
    from fleetdx.deployment.settings import DeploymentSettings

STACK_NAME: Final = "fleetdx-central"


@dataclass
class Inquiry:
    """What is asked about, by whom, and who the askers turned out to be.

    Attributes:
        asker: The sessions.
        settings: Where fleetdx is to be deployed.
        template: The text of templates/central.yaml.
        stack: The central stack's name.
        callers: Who asks, by kind; filled by `who_asks`.
    """

    asker: Asker
    settings: DeploymentSettings
    template: str
    stack: str = STACK_NAME
    callers: dict[Kind, Reading[Caller | NoCaller]] = field(default_factory=dict)

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The accounts that the settings name a profile of."""
        profiles = self.settings.profiles
        named: list[tuple[Kind, str | None]] = [
            ("hub", profiles.hub),
            ("management", profiles.management),
            ("audit", profiles.audit),
        ]
        return tuple(kind for kind, profile in named if profile)

    @property
    def organizer(self) -> Kind:
        """Who is asked about the organization: its management account, else the central account as a delegate."""
        return "management" if "management" in self.kinds else "hub"

    @property
    def home(self) -> str:
        """The region of the central stack."""
        return self.settings.home_region

    def account(self, kind: Kind) -> Reading[str]:
        """The account of a profile."""
        found = self.callers.get(kind, Unseen(f"the settings name no profile of the {kind} account"))
        if isinstance(found, Unseen):
            return found
        caller = found.value
        return Seen(caller.account) if isinstance(caller, Caller) else Unseen(caller.why)

    def place(self, kind: Kind, region: str = "") -> str:
        """An account as the table names it."""
        account = self.account(kind)
        named = f"{kind} {account.value}" if isinstance(account, Seen) else kind
        return f"{named} {region}".rstrip()
