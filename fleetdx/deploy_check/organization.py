"""Questions about callers and their organization: facts, and what they mean. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fleetdx.deploy_check.answers import Judgement, fails, passes
from fleetdx.deploy_check.readings import Kind, Reading, Seen, Unseen, first_unseen

if TYPE_CHECKING:
    from collections.abc import Mapping

STACK_SETS: Final = "member.org.stacksets.cloudformation.amazonaws.com"
"""Service principal of StackSets ("AWS CloudFormation StackSets and AWS Organizations" in the Organizations guide)."""
SECURITY_HUB: Final = "securityhub.amazonaws.com"


@dataclass(frozen=True)
class Caller:
    """Who asks: account and ARN."""

    account: str
    arn: str


@dataclass(frozen=True)
class NoCaller:
    """Credentials that do not work, with the reason."""

    why: str


@dataclass(frozen=True)
class OrganizationFacts:
    """An organization's id, its management account, and its feature set: ALL or CONSOLIDATED_BILLING."""

    id: str
    management: str
    feature_set: str


@dataclass(frozen=True)
class Trust:
    """Services that Organizations trusts, and CloudFormation's own switch, ENABLED where it is on."""

    services: frozenset[str]
    stack_sets: str


def judge_credentials(caller: Caller | NoCaller) -> Judgement:
    """Credentials that AWS knows, whoever they are of."""
    return fails(caller.why) if isinstance(caller, NoCaller) else passes(caller.arn)


def judge_features(organization: OrganizationFacts | None) -> Judgement:
    """StackSets with service-managed permissions and delegated administrators need all features."""
    if organization is None:
        return fails("The account is in no organization.")
    if organization.feature_set != "ALL":
        return fails(f"The organization {organization.id} has the feature set {organization.feature_set}.")
    return passes(f"Organization {organization.id}, all features.")


def judge_same_organization(found: Mapping[Kind, tuple[str, OrganizationFacts | None]]) -> Judgement:
    """Each profile's account is in the one organization, and the one called management manages it.

    Args:
        found: By kind, the account and its organization.
    """
    outside = [f"{kind} ({account})" for kind, (account, organization) in found.items() if organization is None]
    if outside:
        return fails(f"In no organization: {', '.join(outside)}.")
    ids = {organization.id for _, organization in found.values() if organization is not None}
    if len(ids) > 1:
        return fails(f"The profiles lead to {len(ids)} organizations: {', '.join(sorted(ids))}.")
    told = ", ".join(f"{kind} {account}" for kind, (account, _) in found.items())
    account, organization = found.get("management", ("", None))
    if organization is not None and account != organization.management:
        return fails(f"The profile of the management account is of {account}; {organization.management} manages it.")
    return passes(f"{told}: organization {ids.pop()}.")


def judge_trust(trust: Trust) -> Judgement:
    """Organizations names the service and CloudFormation has its side of it switched on."""
    if STACK_SETS not in trust.services:
        return fails(f"Organizations gives no trusted access to {STACK_SETS}.")
    if trust.stack_sets != "ENABLED":
        return fails(f"CloudFormation's access to the organization is {trust.stack_sets}.")
    return passes("Trusted access is on, on both sides.")


def judge_delegation(account: str, administrators: frozenset[str], service: str) -> Judgement:
    """An account is delegated administrator of a service."""
    if account in administrators:
        return passes(f"{account} is.")
    others = ", ".join(sorted(administrators)) or "nobody"
    return fails(
        f"{account} is not; {others} is.",
        f"In the management account: aws organizations register-delegated-administrator --account-id {account} "
        f"--service-principal {service}",
    )


def may_read_organization(
    listed: Reading[int], account: str, delegated: Reading[frozenset[str]], policed: Reading[bool]
) -> Reading[int | None]:
    """Tell a caller's missing right from an account that Organizations refuses: both are the same refusal.

    Args:
        listed: How many accounts the central account's caller could list.
        account: The central account.
        delegated: Every delegated administrator.
        policed: Whether the organization has a delegation policy, which may let others read too.

    Returns:
        The number, None where the account itself may not, and no value where that cannot be told.
    """
    if isinstance(listed, Seen) or listed.right is None or first_unseen((delegated, policed)) is not None:
        return listed
    if isinstance(delegated, Unseen) or isinstance(policed, Unseen):
        return listed
    return listed if account in delegated.value or policed.value else Seen(None)


def judge_hub_reading(accounts: int | None) -> Judgement:
    """The functions of the central account list accounts and units."""
    if accounts is None:
        return fails("It is neither delegated administrator of any service nor is there a delegation policy.")
    return passes(f"It lists {accounts} accounts.")


def judge_units(accounts: Mapping[str, int | None]) -> Judgement:
    """Every unit of the settings exists and has an active account below it.

    Args:
        accounts: By unit, how many; None where there is no such unit.
    """
    absent = [unit for unit, count in accounts.items() if count is None]
    if absent:
        return fails(f"There is no {', '.join(absent)} in this organization.")
    empty = [unit for unit, count in accounts.items() if count == 0]
    if empty:
        return fails(f"No active account is below {', '.join(empty)}.")
    return passes(", ".join(f"{unit}: {count} accounts" for unit, count in accounts.items()) + ".")
