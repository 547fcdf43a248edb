"""Seams in how an account tells its regions: EC2 DescribeRegions by account, and Account Management's ListRegions.

moto 5.2.5 gives every account the same regions, takes some of those for given that have to be opted in to, lists
regions of other partitions, and has no ListRegions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from moto.account import urls
from moto.account.responses import AccountResponse
from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult
from moto.ec2.models.availability_zones_and_regions import RegionsAndZonesBackend
from moto.ec2.responses.availability_zones_and_regions import AvailabilityZonesAndRegions
from moto.organizations.models import organizations_backends

from emulator.seams.patching import Patches

if TYPE_CHECKING:
    from collections.abc import Callable

    from emulator.account_state import AccountState

OPT_IN: Final = frozenset(
    {
        "af-south-1",
        "ap-east-1",
        "ap-east-2",
        "ap-south-2",
        "ap-southeast-3",
        "ap-southeast-4",
        "ap-southeast-5",
        "ap-southeast-6",
        "ap-southeast-7",
        "ca-west-1",
        "eu-central-2",
        "eu-south-1",
        "eu-south-2",
        "il-central-1",
        "me-central-1",
        "me-south-1",
        "mx-central-1",
    }
)
"""Regions that came after March 20, 2019 ("Enable or disable AWS Regions" in Account Management's guide)."""
_OTHER_PARTITIONS: Final = ("cn-", "us-gov-", "us-iso", "eu-isoe")
_WORDS: Final = {"opt-in-not-required": "ENABLED_BY_DEFAULT", "opted-in": "ENABLED", "not-opted-in": "DISABLED"}


class AccessDeniedException(ServiceException):  # type: ignore[misc]  # moto has no types of its own
    """The caller may not ask about that account."""

    code = "AccessDeniedException"


class ValidationException(ServiceException):  # type: ignore[misc]  # as above
    """The management account may not name itself."""

    code = "ValidationException"


def install(state: AccountState) -> Callable[[], None]:
    """Answer by account; the answer undoes it."""

    def describe_regions(self: AvailabilityZonesAndRegions) -> ActionResult:
        every = str(self._get_param("AllRegions", "false")).lower() == "true"
        named = self._get_param("RegionNames", [])
        statuses = statuses_of(state, self.current_account)
        found = [
            {"RegionName": name, "Endpoint": f"ec2.{name}.amazonaws.com", "OptInStatus": status}
            for name, status in statuses.items()
            if (name in named if named else every or status != "not-opted-in")
        ]
        return ActionResult({"Regions": found})

    def list_regions(self: AccountResponse) -> ActionResult:
        account = _account_asked_about(self.current_account, self._get_param("AccountId"))
        wanted = self._get_param("RegionOptStatusContains", [])
        told = {name: _WORDS[status] for name, status in statuses_of(state, account).items()}
        regions = [
            {"RegionName": name, "RegionOptStatus": word} for name, word in told.items() if not wanted or word in wanted
        ]
        return ActionResult({"Regions": regions})

    patches = Patches()
    patches.replace(AvailabilityZonesAndRegions, "describe_regions", describe_regions)
    patches.replace(urls, "url_paths", {**urls.url_paths, "{0}/listRegions$": AccountResponse.dispatch})
    patches.add(AccountResponse, "list_regions", list_regions)
    return patches.undo


def statuses_of(state: AccountState, account: str) -> dict[str, str]:
    """EC2's word for each region of an account."""
    names = [one.name for one in RegionsAndZonesBackend.regions if not one.name.startswith(_OTHER_PARTITIONS)]
    return {
        name: "opt-in-not-required"
        if name not in OPT_IN
        else "opted-in"
        if (account, name) in state.opted_in
        else "not-opted-in"
        for name in names
    }


def _account_asked_about(caller: str, named: Any) -> str:
    """Its own account asks without naming it; the management account names members, under trusted access."""
    if not named:
        return caller
    management = organizations_backends[caller]["aws"]
    if management.org is None:
        raise AccessDeniedException("User is not authorized to access the account.")
    if named == caller:
        raise ValidationException("The management account can only be managed using the standalone context.")
    trusted = management.list_aws_service_access_for_organization()["EnabledServicePrincipals"]
    if "account.amazonaws.com" not in {one["ServicePrincipal"] for one in trusted}:
        raise AccessDeniedException("Trusted access is not enabled for AWS Account Management.")
    return str(named)
