"""What the roles behind instance profiles may do, from one account's authorization details. Pure.

One list tells of every role of the account, its profiles and its policies (GetAccountAuthorizationDetails), so that
nothing is asked for each instance.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from fleetdx.role_rights import REGISTERING_ACTIONS, Rights, rights_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class ProfileRole(NamedTuple):
    """The role in an instance profile.

    Attributes:
        name: Its name, without path.
        arn: Its ARN.
        own: What its own policies come to for an agent that wants to register.
        boundary: What its permissions boundary leaves of that; None where it has none.
    """

    name: str
    arn: str
    own: Rights
    boundary: Rights | None


class AccountRights:
    """The roles of an account by the instance profiles that hold them; each is judged when somebody asks for it."""

    def __init__(self, roles: Iterable[Mapping[str, Any]], policies: Iterable[Mapping[str, Any]]) -> None:
        """Take RoleDetailList and Policies of GetAccountAuthorizationDetails."""
        self._documents = {policy["Arn"]: _default_document(policy) for policy in policies}
        self._by_profile: dict[str, Mapping[str, Any]] = {
            profile["Arn"]: role for role in roles for profile in role.get("InstanceProfileList", [])
        }
        self._judged: dict[str, ProfileRole] = {}

    def role_of(self, profile_arn: str) -> ProfileRole | None:
        """The role in a profile; None where the profile holds none, or is gone."""
        role = self._by_profile.get(profile_arn)
        if role is None:
            return None
        if role["Arn"] not in self._judged:
            self._judged[role["Arn"]] = self._judge(role)
        return self._judged[role["Arn"]]

    def _judge(self, role: Mapping[str, Any]) -> ProfileRole:
        attached = [policy["PolicyArn"] for policy in role.get("AttachedManagedPolicies", [])]
        inline = [(policy["PolicyName"], policy["PolicyDocument"]) for policy in role.get("RolePolicyList", [])]
        own = rights_of([*self._managed(attached), *inline], REGISTERING_ACTIONS)
        boundary = role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn")
        within = rights_of(self._managed([boundary]), REGISTERING_ACTIONS) if boundary else None
        return ProfileRole(role["RoleName"], role["Arn"], own, within)

    def _managed(self, arns: Iterable[str]) -> list[tuple[str, Any]]:
        # A policy that the list does not tell of has an empty document, which counts as not understood.
        return [(arn, self._documents.get(arn, "")) for arn in arns]


def _default_document(policy: Mapping[str, Any]) -> Any:  # noqa: ANN401 - JSON, parsed by boto3 or not
    for version in policy.get("PolicyVersionList", []):
        if version.get("IsDefaultVersion"):
            return version.get("Document", "")
    return ""
