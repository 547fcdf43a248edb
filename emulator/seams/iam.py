"""Seam in moto's IAM: AWS's policies exist, a template's roles get theirs, and what IAM refuses to attach is refused.

moto 5.2.5 knows AWS's managed policies only where it loads all of them (1,582, in every account); leaves a template's
ManagedPolicyArns out, its documents unreadable and their AWS::NoValue in; attaches any number of policies, also to
service-linked roles.
"""

from __future__ import annotations

import functools
import json
from typing import TYPE_CHECKING, Any, Final

from moto.core.exceptions import ServiceException
from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.iam.exceptions import LimitExceededException
from moto.iam.models import AWSManagedPolicy, IAMBackend, Role, iam_backends
from moto.utilities.utils import get_partition

from emulator.seams.patching import Patches

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from moto.iam.models import ManagedPolicy

MANAGED_POLICIES: Final = (
    "AdministratorAccess",
    "AmazonS3ReadOnlyAccess",
    "AmazonSSMFullAccess",
    "AmazonSSMManagedEC2InstanceDefaultPolicy",
    "AmazonSSMManagedInstanceCore",
    "CloudWatchAgentServerPolicy",
    "ReadOnlyAccess",
)


class UnmodifiableRole(ServiceException):  # type: ignore[misc]  # AWS's own word is UnmodifiableEntity
    """The role belongs to a service of AWS."""

    code = "UnmodifiableEntity"


def install() -> Callable[[], None]:
    """Replace what moto's IAM knows of managed policies; the answer undoes it."""
    patches = Patches()
    patches.replace(IAMBackend, "_init_aws_policies", _known_policies)
    patches.replace(IAMBackend, "attach_role_policy", _attaching(IAMBackend.attach_role_policy))
    created: Any = Role.create_from_cloudformation_json
    patches.replace(Role, "create_from_cloudformation_json", classmethod(_creating(created.__func__)))
    return patches.undo


@functools.cache
def _policies() -> Mapping[str, Any]:
    everything = json.loads(aws_managed_policies_data)
    return {name: everything[name] for name in MANAGED_POLICIES}


def _known_policies(self: IAMBackend) -> list[ManagedPolicy]:
    return [
        AWSManagedPolicy.from_data(name, self.account_id, self.region_name, data) for name, data in _policies().items()
    ]


def _attaching(original: Callable[..., None]) -> Callable[..., None]:
    def attach_role_policy(self: IAMBackend, policy_arn: str, role_name: str) -> None:
        role = self.get_role(role_name)
        if role.path.startswith("/aws-service-role/"):
            raise UnmodifiableRole(f"Cannot perform the operation on the protected role '{role_name}'")
        # What GetAccountSummary tells of this account.
        quota = self.account_summary._attached_policies_per_role_quota
        if policy_arn not in role.managed_policies and len(role.managed_policies) >= quota:
            raise LimitExceededException(f"Cannot exceed quota for PoliciesPerRole: {quota}")
        original(self, policy_arn, role_name)

    return attach_role_policy


def _creating(original: Callable[..., Role]) -> Callable[..., Role]:
    def create(
        cls: type[Role], resource_name: str, cloudformation_json: Any, account_id: str, region_name: str, **more: Any
    ) -> Role:
        role = original(cls, resource_name, cloudformation_json, account_id, region_name, **more)
        # moto keeps a template's documents as they were parsed, and then cannot tell them.
        for name, document in role.policies.items():
            role.policies[name] = document if isinstance(document, str) else json.dumps(_without_nothing(document))
        for arn in cloudformation_json["Properties"].get("ManagedPolicyArns", []):
            iam_backends[account_id][get_partition(region_name)].attach_role_policy(arn, role.name)
        return role

    return create


def _without_nothing(document: dict[str, Any]) -> dict[str, Any]:
    """A document without what AWS::NoValue takes out of its statements; moto leaves a nothing in its place."""
    statements = document["Statement"]
    if not isinstance(statements, list):
        return document
    return {**document, "Statement": [statement for statement in statements if statement]}
