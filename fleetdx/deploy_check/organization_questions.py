"""What the questions about callers and their organization read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fleetdx.deploy_check import organization as judges
from fleetdx.deploy_check import organization_verbs as verbs
from fleetdx.deploy_check.answers import Answer, answered, not_applicable, unanswered
from fleetdx.deploy_check.catalog import QUESTIONS
from fleetdx.deploy_check.readings import Reading, Seen, Unseen, looked, together

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fleetdx.deploy_check.inquiry import Inquiry
    from fleetdx.deploy_check.organization import Caller, NoCaller, OrganizationFacts
    from fleetdx.deploy_check.readings import Kind

SECURITY_HUB_ACCOUNT: Final = "SecurityHubAccountId"


def who_asks(inquiry: Inquiry) -> Iterator[Answer]:
    """Find out the account of each profile."""
    for kind in inquiry.kinds:

        def who(kind: Kind = kind) -> Caller | NoCaller:
            return verbs.caller(lambda: inquiry.asker.session_of(kind, inquiry.home))

        inquiry.callers[kind] = looked(("sts:GetCallerIdentity",), who)
        yield answered("credentials_work", inquiry.place(kind), inquiry.callers[kind], judges.judge_credentials)


def about_organization(inquiry: Inquiry) -> Iterator[Answer]:
    """The organization, who may work in it, and the units of the settings."""
    right = "organizations:DescribeOrganization"
    organizations: dict[Kind, Reading[OrganizationFacts | None]] = {
        kind: inquiry.asker.look(kind, "organizations", inquiry.home, right, verbs.organization)
        for kind in inquiry.kinds
    }
    pairs = {kind: _pair(inquiry.account(kind), organizations[kind]) for kind in inquiry.kinds}
    everywhere = ", ".join(inquiry.kinds)
    yield answered("accounts_are_of_one_organization", everywhere, together(pairs), judges.judge_same_organization)
    yield answered("organization_has_all_features", inquiry.place("hub"), organizations["hub"], judges.judge_features)
    yield _trusted(inquiry)
    yield _delegated(inquiry)
    yield _hub_reads(inquiry, organizations["hub"])
    yield _units(inquiry)
    yield _security_hub(inquiry)


def _pair(
    account: Reading[str], organization: Reading[OrganizationFacts | None]
) -> Reading[tuple[str, OrganizationFacts | None]]:
    if isinstance(account, Unseen):
        return account
    return organization if isinstance(organization, Unseen) else Seen((account.value, organization.value))


def _trusted(inquiry: Inquiry) -> Answer:
    kind, home, look = inquiry.organizer, inquiry.home, inquiry.asker.look
    right = "organizations:ListAWSServiceAccessForOrganization"
    services = look(kind, "organizations", home, right, verbs.trusted_services)
    switch = look(
        kind,
        "cloudformation",
        home,
        "cloudformation:DescribeOrganizationsAccess",
        lambda client: verbs.stack_sets_switch(client, as_delegate=kind == "hub"),
    )
    both: Reading[judges.Trust]
    if isinstance(services, Unseen):
        both = services
    else:
        both = switch if isinstance(switch, Unseen) else Seen(judges.Trust(services.value, switch.value))
    return answered("stack_sets_are_trusted", inquiry.place(kind), both, judges.judge_trust)


def administrators_of(inquiry: Inquiry, service: str | None) -> Reading[frozenset[str]]:
    """Delegated administrators of a service, or of any."""
    return inquiry.asker.look(
        inquiry.organizer,
        "organizations",
        inquiry.home,
        "organizations:ListDelegatedAdministrators",
        lambda client: verbs.administrators(client, service),
    )


def _delegated(inquiry: Inquiry) -> Answer:
    question, place = "stack_sets_are_delegated", inquiry.place(inquiry.organizer)
    if inquiry.settings.stack_sets_from == "management":
        return not_applicable(question, place, "The settings leave the StackSets to the management account.")
    hub = inquiry.account("hub")
    if isinstance(hub, Unseen):
        return unanswered(question, place, hub)
    found = administrators_of(inquiry, judges.STACK_SETS)
    return answered(question, place, found, lambda who: judges.judge_delegation(hub.value, who, judges.STACK_SETS))


def _hub_reads(inquiry: Inquiry, organization: Reading[OrganizationFacts | None]) -> Answer:
    look, home, question, place = inquiry.asker.look, inquiry.home, "hub_reads_the_organization", inquiry.place("hub")
    listed = look("hub", "organizations", home, "organizations:ListAccounts", verbs.count_accounts)
    account = inquiry.account("hub")
    if isinstance(account, Unseen) or isinstance(organization, Unseen):
        return answered(question, place, listed, judges.judge_hub_reading)
    policed = look(
        inquiry.organizer,
        "organizations",
        home,
        "organizations:DescribeResourcePolicy",
        verbs.has_delegation_policy,
    )
    found = judges.may_read_organization(listed, account.value, administrators_of(inquiry, None), policed)
    return answered(question, place, found, judges.judge_hub_reading)


def _units(inquiry: Inquiry) -> Answer:
    units = inquiry.settings.organizational_units
    found = inquiry.asker.look(
        inquiry.organizer,
        "organizations",
        inquiry.home,
        QUESTIONS["units_have_accounts"].rights,
        lambda client: verbs.accounts_in(client, units),
    )
    return answered("units_have_accounts", inquiry.place(inquiry.organizer), found, judges.judge_units)


def _security_hub(inquiry: Inquiry) -> Answer:
    question, place = "security_hub_is_delegated", inquiry.place(inquiry.organizer)
    account = inquiry.settings.options.get("central", {}).get(SECURITY_HUB_ACCOUNT, "")
    if not account:
        return not_applicable(question, place, f"The settings name no {SECURITY_HUB_ACCOUNT}.")
    found = administrators_of(inquiry, judges.SECURITY_HUB)
    return answered(question, place, found, lambda who: judges.judge_delegation(account, who, judges.SECURITY_HUB))
