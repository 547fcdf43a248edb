"""Narrow verbs over IAM: the role behind an instance profile, the policies of a role, and to attach one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

ABSENT_CODES = frozenset({"NoSuchEntity", "NoSuchEntityException"})
QUOTA_CODES = frozenset({"LimitExceeded", "LimitExceededException"})
UNMODIFIABLE_CODES = frozenset({"UnmodifiableEntity", "UnmodifiableEntityException"})
NOT_ATTACHABLE_CODES = frozenset({"PolicyNotAttachable", "PolicyNotAttachableException"})


class IamClient(Protocol):
    """The few calls of an IAM client that are made here."""

    def get_instance_profile(self, *, InstanceProfileName: str) -> Mapping[str, Any]:  # noqa: N803 - AWS's own name
        """A profile with its roles."""

    def get_role_policy(self, *, RoleName: str, PolicyName: str) -> Mapping[str, Any]:  # noqa: N803 - as above
        """An inline policy."""

    def get_policy(self, *, PolicyArn: str) -> Mapping[str, Any]:  # noqa: N803 - as above
        """A managed policy, without its document."""

    def get_policy_version(self, *, PolicyArn: str, VersionId: str) -> Mapping[str, Any]:  # noqa: N803 - as above
        """The document of a managed policy."""

    def attach_role_policy(self, *, RoleName: str, PolicyArn: str) -> object:  # noqa: N803 - as above
        """Attach a managed policy."""

    def simulate_principal_policy(self, *, PolicySourceArn: str, ActionNames: list[str]) -> Mapping[str, Any]:  # noqa: N803 - as above
        """What a role may do, the organization's policies included."""

    def get_paginator(self, operation_name: str) -> Any:  # noqa: ANN401 - types-boto3 has no package of IAM here
        """The pages of a list."""


class Role(NamedTuple):
    """A role's name and ARN."""

    name: str
    arn: str


class Attached(NamedTuple):
    """How an attachment went.

    Attributes:
        outcome: `attached`, or what IAM refuses it for: the role's `quota` of attached policies is used up, the role is
            one that only its service changes (`unmodifiable`), or role or policy is `absent`.
        sentence: IAM's refusal in our words; empty where it is attached.
    """

    outcome: Literal["attached", "quota", "unmodifiable", "absent"]
    sentence: str


def role_of_profile(iam: IamClient, profile_name: str) -> Role | None:
    """The one role in an instance profile; None where it has none, or is gone."""
    try:
        roles = iam.get_instance_profile(InstanceProfileName=profile_name)["InstanceProfile"]["Roles"]
    except ClientError as error:
        if error.response["Error"]["Code"] in ABSENT_CODES:
            return None
        raise
    return Role(roles[0]["RoleName"], roles[0]["Arn"]) if roles else None


def attached_policies(iam: IamClient, role: str) -> list[str] | None:
    """The ARNs of the managed policies that are attached to a role; None where the role is gone."""
    try:
        pages = iam.get_paginator("list_attached_role_policies").paginate(RoleName=role)
        return [policy["PolicyArn"] for page in pages for policy in page["AttachedPolicies"]]
    except ClientError as error:
        if error.response["Error"]["Code"] in ABSENT_CODES:
            return None
        raise


def policy_documents(iam: IamClient, role: str, attached: list[str]) -> Iterator[tuple[str, str | Mapping[str, Any]]]:
    """Name and document of every policy of a role: the attached ones in their default version, then the inline ones."""
    for arn in attached:
        version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
        yield arn, iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]
    for page in iam.get_paginator("list_role_policies").paginate(RoleName=role):
        for name in page["PolicyNames"]:
            yield name, iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]


class AccountDetails(NamedTuple):
    """RoleDetailList and Policies of GetAccountAuthorizationDetails."""

    roles: list[Mapping[str, Any]]
    policies: list[Mapping[str, Any]]


def account_details(iam: IamClient) -> AccountDetails:
    """Every role of the account with its profiles and policies, and every policy that is attached to something.

    A few calls an account, however many instances it has.
    """
    details = AccountDetails([], [])
    pages = iam.get_paginator("get_account_authorization_details").paginate(
        Filter=["Role", "LocalManagedPolicy", "AWSManagedPolicy"], PaginationConfig={"PageSize": 1000}
    )
    for page in pages:
        details.roles.extend(page.get("RoleDetailList", []))
        details.policies.extend(page.get("Policies", []))
    return details


def denied_by_organization(iam: IamClient, role_arn: str, actions: Sequence[str]) -> str | None:
    """The first of some actions that a service control policy takes from a role; None where none does.

    IAM's simulator knows the organization's policies (SimulatePrincipalPolicy, OrganizationsDecisionDetail), except
    their conditions.
    """
    answer = iam.simulate_principal_policy(PolicySourceArn=role_arn, ActionNames=list(actions))
    for result in answer["EvaluationResults"]:
        if result.get("OrganizationsDecisionDetail", {}).get("AllowedByOrganizations") is False:
            return str(result["EvalActionName"])
    return None


def attach(iam: IamClient, role: str, arn: str) -> Attached:
    """Attach a managed policy to a role; harmless where it is attached already."""
    try:
        iam.attach_role_policy(RoleName=role, PolicyArn=arn)
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code in QUOTA_CODES:
            return Attached("quota", f"role {role} has as many policies attached as its account's quota allows")
        if code in UNMODIFIABLE_CODES:
            return Attached("unmodifiable", f"role {role} is changed by its service alone")
        if code in ABSENT_CODES | NOT_ATTACHABLE_CODES:
            return Attached("absent", f"role {role} or policy {arn} does not exist, or the policy cannot be attached")
        raise
    return Attached("attached", "")
