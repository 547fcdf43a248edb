"""Removes fleetdx from an organization: what goes, what stays, and what is then still there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

from fleetdx.deployment import plan
from fleetdx.deployment.leftovers import Leftover, leftovers_in
from fleetdx.deployment.stacks import delete_stack

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fleetdx.deployment.work import Work

BUCKETS: Final = ("data", "intake", "release", "evidence")
KEPT: Final = frozenset({"S3 bucket", "log group"})
"""What stays without --with-data."""
OF_OWNERS: Final = "/fleetdx/slack/"
"""Below it lie webhooks, which people of the central account have put there, and no stack."""
MOST_AT_ONCE: Final = 1_000
"""Objects that one DeleteObjects takes (S3's API reference)."""
LOCKED_CODES: Final = frozenset({"AccessDenied", "InvalidRequest"})
GOES: Final = (
    "the StackSets {member} and {member_region} with a stack in each account below the units",
    "the stacks of the management account and of the audit account, where there are any",
    "the stack {central}: functions, state machines, roles, queues, schedules, the parameter /fleetdx/configuration",
)
STAYS: Final = (
    "the buckets fleetdx-data-*, fleetdx-intake-*, fleetdx-evidence-* and fleetdx-release-* with all that is in them",
    "the functions' logs, until LogRetentionDays are over",
)
NEVER_GOES: Final = (
    "policies and instance profiles that mending has attached to instances of other accounts",
    "webhooks in parameters below /fleetdx/slack/, which are yours",
    "evidence that Object Lock still holds, with its bucket",
)


@dataclass
class Removed:
    """What was removed by name and place, and objects that are locked still, by bucket."""

    gone: list[str] = field(default_factory=list)
    locked: dict[str, int] = field(default_factory=dict)


def told_beforehand(*, with_data: bool) -> list[str]:
    """What a removal takes and leaves, in lines."""
    names = {"central": plan.CENTRAL, "member": plan.MEMBER, "member_region": plan.MEMBER_REGION}
    goes = [line.format(**names) for line in GOES]
    goes, stays = (goes + list(STAYS), list(NEVER_GOES)) if with_data else (goes, [*STAYS, *NEVER_GOES])
    return ["Goes:", *(f"  {line}" for line in goes), "Stays:", *(f"  {line}" for line in stays)]


def remove(work: Work, *, with_data: bool) -> Removed:
    """Remove stacks and StackSets, the last deployed first; with data also buckets and logs.

    Raises:
        DeploymentFailed: A stack cannot be deleted, which is named; the same command goes on from there.
    """
    done, settings = Removed(), work.settings
    for role, region, name in plan.plain_stacks(settings, work.regions()):
        place = f"{region} of the {role} account"
        if delete_stack(work.client(role, "cloudformation", region), name, place, work.tell):
            done.gone.append(f"{name} in {place}")
    sets = work.stack_sets()
    done.gone += [f"StackSet {name}" for name in (plan.MEMBER_REGION, plan.MEMBER) if sets.delete(name)]
    place = f"{settings.home_region} of the hub account"
    if delete_stack(work.client("hub", "cloudformation"), plan.CENTRAL, place, work.tell):
        done.gone.append(f"{plan.CENTRAL} in {place}")
    if with_data:
        _remove_data(work, done)
    return done


def _remove_data(work: Work, done: Removed) -> None:
    s3, logs = work.client("hub", "s3"), work.client("hub", "logs")
    existing = {one["Name"] for one in s3.list_buckets()["Buckets"]}
    for kind in BUCKETS:
        name = f"fleetdx-{kind}-{work.facts.hub}-{work.settings.home_region}"
        if name not in existing:
            continue
        work.tell(f"empties {name}")
        locked = _empty(s3, name)
        if locked:
            done.locked[name] = locked
            continue
        s3.delete_bucket(Bucket=name)
        done.gone.append(f"bucket {name}")
    for left in leftovers_in(work.reach.session("hub", work.settings.home_region), work.facts.hub, with_global=False):
        if left.type == "log group":
            logs.delete_log_group(logGroupName=left.name)
            done.gone.append(f"log group {left.name}")


def _empty(s3: Any, bucket: str) -> int:  # noqa: ANN401 - a client of S3
    """Delete every version of every object; returns how many are locked."""
    locked = 0
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
        versions = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
        chosen = [{"Key": one["Key"], "VersionId": one["VersionId"]} for one in versions]
        for start in range(0, len(chosen), MOST_AT_ONCE):
            locked += _delete(s3, bucket, chosen[start : start + MOST_AT_ONCE])
    return locked


def _delete(s3: Any, bucket: str, chosen: list[dict[str, str]]) -> int:  # noqa: ANN401 - as above
    told = s3.delete_objects(Bucket=bucket, Delete={"Objects": chosen, "Quiet": True})
    refused = told.get("Errors", [])
    for error in refused:
        if error["Code"] not in LOCKED_CODES:
            raise ClientError({"Error": {"Code": error["Code"], "Message": error.get("Message", "")}}, "DeleteObjects")
    return len(refused)


def left_of(work: Work, more_regions: Iterable[str] = ()) -> list[Leftover]:
    """What of fleetdx is still in the accounts that can be reached; those of the StackSets were waited for.

    Args:
        work: The accounts, and the regions of the settings.
        more_regions: Where it was deployed once.
    """
    regions = dict.fromkeys((work.settings.home_region, *work.settings.regions, *more_regions))
    found: list[Leftover] = []
    for account, role in _accounts(work).items():
        for number, region in enumerate(regions):
            session = work.reach.session(role, region)
            found += leftovers_in(session, account, with_global=number == 0)
    return found


def accounts_of(work: Work) -> list[str]:
    """Ids of the accounts that can be reached."""
    return sorted(_accounts(work))


def _accounts(work: Work) -> dict[str, str]:
    """By the id of each account that can be reached: what to reach it by."""
    accounts: dict[str, str] = {work.facts.hub: "hub"}
    if work.settings.profiles.management is not None:
        accounts[work.facts.management] = "management"
    if work.facts.audit is not None:
        accounts.setdefault(work.facts.audit, "audit")
    for account in work.reach.members:
        accounts.setdefault(account, account)
    return accounts


def unexpected(left: list[Leftover], *, with_data: bool, locked: Mapping[str, int]) -> list[Leftover]:
    """What is left although it was to go."""
    ours = [one for one in left if not (one.type == "SSM parameter" and one.name.startswith(OF_OWNERS))]
    if with_data:
        return [one for one in ours if one.name not in locked]
    return [one for one in ours if one.type not in KEPT]
