"""IAM in memory: instance profiles, roles with their policies, and what IAM refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.fakes.aws_errors import client_error
from tests.fakes.pages import Pages, split

if TYPE_CHECKING:
    from collections.abc import Iterator


class FakeIam:
    """An IAM client of one account.

    Attributes:
        profiles: Instance profile to the role's ARN, or None where it has no role.
        attached: Role to the ARNs of its attached policies.
        inline: Role to its inline policies, by name.
        documents: ARN of a policy to its document.
        refusals: Errors that the next AttachRolePolicy calls raise.
        calls: Every AttachRolePolicy that was taken, as (role, ARN).
    """

    def __init__(self) -> None:
        self.profiles: dict[str, str | None] = {}
        self.attached: dict[str, list[str]] = {}
        self.inline: dict[str, dict[str, Any]] = {}
        self.documents: dict[str, Any] = {}
        self.refusals: list[Exception] = []
        self.calls: list[tuple[str, str]] = []

    def get_instance_profile(self, *, InstanceProfileName: str) -> dict[str, Any]:  # noqa: N803
        """A profile with its role."""
        if InstanceProfileName not in self.profiles:
            raise client_error("NoSuchEntity", "GetInstanceProfile", 404)
        arn = self.profiles[InstanceProfileName]
        roles = [] if arn is None else [{"RoleName": arn.rpartition("/")[2], "Arn": arn}]
        return {"InstanceProfile": {"InstanceProfileName": InstanceProfileName, "Roles": roles}}

    def get_policy(self, *, PolicyArn: str) -> dict[str, Any]:  # noqa: N803
        """A policy's default version."""
        assert PolicyArn in self.documents
        return {"Policy": {"Arn": PolicyArn, "DefaultVersionId": "v3"}}

    def get_policy_version(self, *, PolicyArn: str, VersionId: str) -> dict[str, Any]:  # noqa: N803
        """The document of the default version."""
        assert VersionId == "v3"
        return {"PolicyVersion": {"Document": self.documents[PolicyArn]}}

    def get_role_policy(self, *, RoleName: str, PolicyName: str) -> dict[str, Any]:  # noqa: N803
        """An inline policy."""
        return {"PolicyDocument": self.inline[RoleName][PolicyName]}

    def attach_role_policy(self, *, RoleName: str, PolicyArn: str) -> dict[str, Any]:  # noqa: N803
        """Attach, or refuse as asked."""
        if self.refusals:
            raise self.refusals.pop(0)
        self.calls.append((RoleName, PolicyArn))
        if PolicyArn not in self.attached[RoleName]:
            self.attached[RoleName].append(PolicyArn)
        return {}

    def get_paginator(self, operation: str) -> Pages:
        """The paginator of one of the two lists."""
        return Pages({"list_attached_role_policies": self._attached, "list_role_policies": self._inline}[operation])

    def _attached(self, *, RoleName: str) -> Iterator[dict[str, Any]]:  # noqa: N803
        if RoleName not in self.attached:
            raise client_error("NoSuchEntity", "ListAttachedRolePolicies", 404)
        for page in split(self.attached[RoleName], 2):
            yield {"AttachedPolicies": [{"PolicyArn": arn, "PolicyName": arn.rpartition("/")[2]} for arn in page]}

    def _inline(self, *, RoleName: str) -> Iterator[dict[str, Any]]:  # noqa: N803
        for page in split(list(self.inline.get(RoleName, {})), 1):
            yield {"PolicyNames": page}
