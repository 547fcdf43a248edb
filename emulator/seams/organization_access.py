"""Seams in who may work in the organization: CloudFormation's switch, the delegation policy, trails of all accounts.

moto 5.2.5 knows neither of the first two nor who may be delegated for StackSets and Security Hub, and shows an
organization's trail to its management account alone.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from moto.cloudformation.responses import CloudFormationResponse
from moto.cloudtrail.models import CloudTrailBackend, Trail, cloudtrail_backends
from moto.core.exceptions import JsonRESTError, ServiceException
from moto.core.responses import ActionResult
from moto.organizations.models import FakeDelegatedAdministrator, organizations_backends
from moto.organizations.responses import OrganizationsResponse

from emulator.seams.patching import Patches

if TYPE_CHECKING:
    from collections.abc import Callable

    from emulator.account_state import AccountState

DELEGATED_SERVICES: Final = ("member.org.stacksets.cloudformation.amazonaws.com", "securityhub.amazonaws.com")
"""Services with delegated administrators that moto does not know as such."""


class ValidationError(ServiceException):  # type: ignore[misc]  # moto has no types of its own
    """The caller is neither the management account nor a delegated administrator."""

    code = "ValidationError"


def install(state: AccountState) -> Callable[[], None]:
    """Add them; the answer undoes it."""

    def describe_organizations_access(self: CloudFormationResponse) -> ActionResult:
        as_delegate = self._get_param("CallAs") == "DELEGATED_ADMIN"
        if as_delegate != (self.current_account in organizations_backends.master_accounts):
            raise ValidationError("You must be the management account or delegated admin account.")
        return ActionResult({"Status": state.stack_sets})

    def describe_resource_policy(_: OrganizationsResponse) -> str:
        if not state.has_delegation_policy:
            raise JsonRESTError("ResourcePolicyNotFoundException", "The organization has no delegation policy.")
        return json.dumps({"ResourcePolicy": {"ResourcePolicySummary": {}, "Content": "{}"}})

    patches = Patches()
    patches.add(CloudFormationResponse, "describe_organizations_access", describe_organizations_access)
    patches.add(OrganizationsResponse, "describe_resource_policy", describe_resource_policy)
    services = [*FakeDelegatedAdministrator.SUPPORTED_SERVICES, *DELEGATED_SERVICES]
    patches.replace(FakeDelegatedAdministrator, "SUPPORTED_SERVICES", services)
    patches.replace(CloudTrailBackend, "describe_trails", _describe_trails)
    patches.replace(CloudTrailBackend, "get_trail", _get_trail)
    return patches.undo


_own_trails: Any = CloudTrailBackend.describe_trails
_own_trail: Any = CloudTrailBackend.get_trail


def _describe_trails(self: CloudTrailBackend, include_shadow_trails: bool) -> list[Trail]:  # noqa: FBT001 - moto's
    found = list(_own_trails(self, include_shadow_trails))
    member = organizations_backends.master_accounts.get(self.account_id)
    if member is not None and include_shadow_trails:
        of_management = cloudtrail_backends[member[0]][self.region_name]
        found += [trail for trail in _own_trails(of_management, include_shadow_trails) if trail.is_org_trail]
    return found


def _get_trail(self: CloudTrailBackend, name_or_arn: str) -> Trail:
    """A member account knows the organization's trail by its ARN alone."""
    shadows = [trail for trail in _describe_trails(self, include_shadow_trails=True) if trail.arn == name_or_arn]
    return shadows[0] if shadows else _own_trail(self, name_or_arn)
