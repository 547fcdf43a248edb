"""Seam in moto's IAM: the policy simulator answers for roles, and the account's authorization details come whole.

moto 5.2.5 has no SimulatePrincipalPolicy; its GetAccountAuthorizationDetails leaves out names and ids of policies,
knows no pages, and lists policies of AWS that nobody uses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult
from moto.iam.responses import IamResponse

from emulator.front_door.limits import simulate_role
from emulator.front_door.roles import role_of
from emulator.seams.patching import Patches

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

USUAL_PAGE: Final = 100
"""MaxItems where nothing else is asked for (IAM's API reference, both operations)."""
_MEMBERS: Final = {
    "User": "UserDetailList",
    "Group": "GroupDetailList",
    "Role": "RoleDetailList",
    "LocalManagedPolicy": "Policies",
    "AWSManagedPolicy": "Policies",
}


class InvalidInput(ServiceException):  # type: ignore[misc]  # moto has no types of its own
    """What was asked for cannot be answered."""

    code = "InvalidInput"


class NoSuchEntity(ServiceException):  # type: ignore[misc]  # as above
    """The role does not exist."""

    code = "NoSuchEntity"


def install() -> Callable[[], None]:
    """Replace and add both answers; the answer undoes it."""
    patches = Patches()
    patches.add(IamResponse, "simulate_principal_policy", _simulate_principal_policy)
    patches.replace(IamResponse, "get_account_authorization_details", _authorization_details)
    return patches.undo


def _simulate_principal_policy(self: IamResponse) -> ActionResult:
    source = str(self._get_param("PolicySourceArn"))
    if role_of(source) is None:
        raise NoSuchEntity(f"The role with ARN {source} cannot be found.")
    actions = [str(action) for action in self._get_param("ActionNames", [])]
    if any(action.count(":") != 1 or "*" in action for action in actions):
        raise InvalidInput("Every action name is a service and an operation, without wildcards.")
    resources = self._get_param("ResourceArns", []) or ["*"]
    results = [_result(source, action, str(resource)) for resource in resources for action in actions]
    page, following = _page(self, results)
    return ActionResult({"EvaluationResults": page, **following})


def _result(source: str, action: str, resource: str) -> dict[str, Any]:
    simulated = simulate_role(source, action, resource)
    result: dict[str, Any] = {
        "EvalActionName": action,
        "EvalResourceName": resource,
        "EvalDecision": simulated.decision,
        "MatchedStatements": [],
        "MissingContextValues": [],
    }
    if simulated.by_organization is not None:
        result["OrganizationsDecisionDetail"] = {"AllowedByOrganizations": simulated.by_organization}
    if simulated.by_boundary is not None:
        result["PermissionsBoundaryDecisionDetail"] = {"AllowedByPermissionsBoundary": simulated.by_boundary}
    return result


def _authorization_details(self: IamResponse) -> ActionResult:
    kinds = self._get_param("Filter", []) or list(_MEMBERS)
    page, following = _page(self, [entry for kind in kinds for entry in _entries(self.backend, kind)])
    answer: dict[str, list[Any]] = {member: [] for member in _MEMBERS.values()}
    for member, entry in page:
        answer[member].append(entry)
    return ActionResult({**answer, **following})


def _entries(backend: Any, kind: str) -> Iterable[tuple[str, Any]]:
    details = backend.get_account_authorization_details([kind])
    member = _MEMBERS[kind]
    if member != "Policies":
        source = {"User": "users", "Group": "groups", "Role": "roles"}[kind]
        return [(member, entry) for entry in details[source]]
    boundaries = [entity.permissions_boundary_arn for entity in backend.roles.values()]
    described = [_described(policy, boundaries.count(policy.arn)) for policy in details["managed_policies"]]
    if kind == "AWSManagedPolicy":
        # IAM's reference does not say so; tools that read this answer find only policies in use (aws-recon, issue 21).
        described = [one for one in described if one["AttachmentCount"] or one["PermissionsBoundaryUsageCount"]]
    return [(member, one) for one in described]


def _described(policy: Any, used_as_boundary: int) -> dict[str, Any]:
    return {
        "PolicyName": policy.name,
        "PolicyId": policy.id,
        "Arn": policy.arn,
        "Path": policy.path,
        "DefaultVersionId": policy.default_version_id,
        "AttachmentCount": policy.attachment_count,
        "PermissionsBoundaryUsageCount": used_as_boundary,
        "IsAttachable": policy.is_attachable,
        "Description": policy.description,
        "CreateDate": policy.create_date,
        "UpdateDate": policy.update_date,
        "PolicyVersionList": policy.versions,
    }


def _page(self: IamResponse, entries: Sequence[Any]) -> tuple[Sequence[Any], dict[str, Any]]:
    """The page that a request asks for, and what its answer says of further ones."""
    size = int(self._get_param("MaxItems") or USUAL_PAGE)
    marker = str(self._get_param("Marker") or "0")
    if not marker.isdecimal():
        raise InvalidInput("Invalid Marker.")
    end = int(marker) + size
    following: dict[str, Any] = {"IsTruncated": end < len(entries)}
    if end < len(entries):
        following["Marker"] = str(end)
    return entries[int(marker) : end], following
