"""What the questions about regions and quotas read."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from fleetdx.deploy_check import organization_verbs, place_verbs, places
from fleetdx.deploy_check.answers import Answer, answered, unanswered
from fleetdx.deploy_check.readings import Reading, Seen, Unseen, together

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fleetdx.deploy_check.inquiry import Inquiry
    from fleetdx.deploy_check.readings import Kind


def about_regions(inquiry: Inquiry) -> Iterator[Answer]:
    """The regions of the settings, in the profiles' accounts and in the members'."""
    wanted = tuple(dict.fromkeys((inquiry.home, *inquiry.settings.regions)))
    found: dict[Kind, Reading[dict[str, str]]] = {
        kind: inquiry.asker.look(kind, "ec2", inquiry.home, "ec2:DescribeRegions", place_verbs.region_statuses)
        for kind in inquiry.kinds
    }
    for kind, statuses in found.items():
        yield answered(
            "regions_are_enabled", inquiry.place(kind), statuses, lambda known: places.judge_regions(wanted, known)
        )
    yield _member_regions(inquiry, wanted, found["hub"])


def _member_regions(inquiry: Inquiry, wanted: tuple[str, ...], statuses: Reading[dict[str, str]]) -> Answer:
    question, place = "members_have_the_regions", inquiry.place(inquiry.organizer)
    if isinstance(statuses, Unseen):
        return unanswered(question, place, statuses)
    optional = tuple(region for region in wanted if statuses.value.get(region) != "opt-in-not-required")
    if not optional:
        return answered(question, place, Seen({}), lambda none: places.judge_member_regions((), none))
    enabled = _regions_of_members(inquiry)
    return answered(question, place, enabled, lambda known: places.judge_member_regions(optional, known))


def _regions_of_members(inquiry: Inquiry) -> Reading[dict[str, frozenset[str]]]:
    kind, home, look = inquiry.organizer, inquiry.home, inquiry.asker.look
    accounts = look(kind, "organizations", home, "organizations:ListAccounts", organization_verbs.active_accounts)
    own = inquiry.account(kind)
    if isinstance(accounts, Unseen):
        return accounts
    if isinstance(own, Unseen):
        return own
    readings: dict[str, Reading[frozenset[str]]] = {}
    for account in accounts.value:
        named = None if account == own.value else account
        verb = functools.partial(place_verbs.enabled_regions, account=named)
        readings[account] = look(kind, "account", home, "account:ListRegions", verb)
        if isinstance(readings[account], Unseen):
            break
    return together(readings)


def about_quotas(inquiry: Inquiry) -> Iterator[Answer]:
    """What Lambda and Step Functions let run at a time in the central account."""
    look, home, place = inquiry.asker.look, inquiry.home, inquiry.place("hub", inquiry.home)
    limits = look("hub", "lambda", home, "lambda:GetAccountSettings", place_verbs.concurrency)
    yield answered("functions_have_concurrency", place, limits, places.judge_concurrency)
    quota = look("hub", "service-quotas", home, "servicequotas:ListServiceQuotas", place_verbs.open_executions)
    yield answered("executions_may_be_open", place, quota, places.judge_executions)
