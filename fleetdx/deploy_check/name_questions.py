"""What the questions about names and room in the central account read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fleetdx.deploy_check import place_verbs as verbs
from fleetdx.deploy_check import places
from fleetdx.deploy_check.answers import Answer, answered, unanswered
from fleetdx.deploy_check.catalog import STACK_RIGHTS
from fleetdx.deploy_check.readings import Reading, Seen, Unseen
from fleetdx.deploy_check.template_names import names_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fleetdx.deploy_check.answers import Judgement
    from fleetdx.deploy_check.inquiry import Inquiry
    from fleetdx.deploy_check.places import BucketOwner, StackFacts
    from fleetdx.deploy_check.template_names import Names

LOCK_MODE = "ObjectLockMode"


def about_names(inquiry: Inquiry) -> Iterator[Answer]:
    """Room for roles, and every name that the central stack gives, told by kind."""
    place = inquiry.place("hub", inquiry.home)
    stack = inquiry.asker.look(
        "hub",
        "cloudformation",
        inquiry.home,
        STACK_RIGHTS,
        lambda client: verbs.stack(client, inquiry.stack),
    )
    account = inquiry.account("hub")
    if isinstance(account, Unseen):
        yield from _unasked(place, account)
        return
    if isinstance(stack, Unseen):
        yield from _unasked(place, stack)
        return
    has_lock = inquiry.settings.options.get("central", {}).get(LOCK_MODE, "none") != "none"
    names = names_in(inquiry.template, account.value, inquiry.home, has_lock=has_lock)
    yield from _names(inquiry, names, stack.value, place)


def _unasked(place: str, unseen: Unseen) -> Iterator[Answer]:
    """Without account and stack nobody knows which names are ours."""
    for question in ("roles_have_room", "stack_name_is_free", "bucket_names_are_free", "role_names_are_free"):
        yield unanswered(question, place, unseen)


def _names(inquiry: Inquiry, names: Names, stack: StackFacts | None, place: str) -> Iterator[Answer]:
    ours = stack.resources if stack is not None else frozenset[str]()

    def look(service: str, right: str, verb: Callable[[Any], Any]) -> Reading[Any]:
        return inquiry.asker.look("hub", service, inquiry.home, right, verb)

    def free(wanted: frozenset[str]) -> Callable[[frozenset[str]], Judgement]:
        return lambda existing: places.judge_names(wanted, existing, ours)

    needed = len(names.roles - ours)
    room = look("iam", "iam:GetAccountSummary", verbs.room_for_roles)
    yield answered("roles_have_room", place, room, lambda found: places.judge_roles(needed, found))
    yield answered("stack_name_is_free", place, Seen(stack), lambda found: places.judge_stack(inquiry.stack, found))
    yield answered("bucket_names_are_free", place, _buckets(look, names, ours), places.judge_buckets)
    yield answered("role_names_are_free", place, look("iam", "iam:ListRoles", verbs.role_names), free(names.roles))


def _buckets(
    look: Callable[[str, str, Callable[[Any], Any]], Reading[Any]], names: Names, ours: frozenset[str]
) -> Reading[dict[str, BucketOwner]]:
    own = look("s3", "s3:ListAllMyBuckets", verbs.own_buckets)
    if isinstance(own, Unseen):
        return own
    return look("s3", "s3:ListBucket", lambda client: verbs.owners_of_buckets(client, names.buckets, own.value, ours))
