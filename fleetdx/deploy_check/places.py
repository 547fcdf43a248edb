"""Questions about regions, quotas and names. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from fleetdx.deploy_check.answers import Judgement, fails, passes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FUNCTIONS_AT_ONCE: Final = 200
"""Most batches at work, each with one function at a time: MaxConcurrency of scan_fleet (20) times scan_target (10)."""
EXECUTIONS_AT_ONCE: Final = 10_000
"""A run of ours has at most 221 open; the rest is for ensure_ssm_ready, which stays open for hours per instance."""
OURS: Final = frozenset({"DataBucket", "ScanFleetStateMachine"})
"""Outputs by which a central stack of ours is known."""
WHOLE: Final = ("CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "IMPORT_COMPLETE")
"""Statuses of a stack that can be updated."""
BucketOwner = Literal["nobody", "stack", "account", "elsewhere", "others"]
"""Whose a bucket is: `account` is ours in the home region, without the stack; `elsewhere` in another region."""


@dataclass(frozen=True)
class Concurrency:
    """Lambda's limits of an account and region: all executions at a time, and those that no function has reserved."""

    all: int
    unreserved: int


@dataclass(frozen=True)
class Room:
    """How many of something an account has, and may have."""

    used: int
    quota: int


@dataclass(frozen=True)
class StackFacts:
    """A stack's status, the names of its outputs, and the physical ids of its resources."""

    status: str
    outputs: frozenset[str]
    resources: frozenset[str]


def judge_regions(wanted: Sequence[str], statuses: Mapping[str, str]) -> Judgement:
    """Every region exists and needs no opting in, or was opted in (EC2's words in DescribeRegions)."""
    absent = [region for region in wanted if region not in statuses]
    if absent:
        return fails(f"AWS knows no region {', '.join(absent)}.", "Correct the settings.")
    off = [region for region in wanted if statuses[region] not in {"opt-in-not-required", "opted-in"}]
    return fails(f"Not enabled: {', '.join(off)}.") if off else passes(f"Enabled: {', '.join(wanted)}.")


def judge_member_regions(regions: Sequence[str], enabled: Mapping[str, frozenset[str]]) -> Judgement:
    """Every active account has the opt-in regions.

    Args:
        regions: Those of the settings that have to be opted in to.
        enabled: By account, the regions that it has.
    """
    if not regions:
        return Judgement("notapplicable", "No region of the settings has to be opted in to.")
    lacking = [
        f"{account} lacks {region}" for account, has in enabled.items() for region in regions if region not in has
    ]
    if lacking:
        more = f" and {len(lacking) - 5} more" if len(lacking) > 5 else ""  # noqa: PLR2004 - a line of the table
        return fails("; ".join(lacking[:5]) + more + ".")
    return passes(f"{len(enabled)} accounts have {', '.join(regions)}.")


def judge_concurrency(limits: Concurrency) -> Judgement:
    """Functions that are throttled try again; below this, a run of the whole organization spends its time with that."""
    told = (
        f"{limits.unreserved} of {limits.all} concurrent executions are free of reservations; {FUNCTIONS_AT_ONCE} are"
    )
    if limits.unreserved < FUNCTIONS_AT_ONCE:
        return fails(f"{told} needed at the height of a run.")
    return passes(f"{told} used at the height of a run.")


def judge_roles(needed: int, room: Room) -> Judgement:
    """The central stack's roles fit into the account."""
    told = f"{room.used} of {room.quota} roles exist; the central stack makes {needed} more"
    return passes(f"{told}.") if room.used + needed <= room.quota else fails(f"{told} than there is room for.")


def judge_executions(quota: float | None) -> Judgement:
    """Step Functions lets so many executions be open; None where Service Quotas lists no such quota."""
    if quota is None:
        return Judgement("notapplicable", "Service Quotas lists none here; AWS's default is 1,000,000.")
    told = f"{quota:.0f} executions may be open"
    return passes(f"{told}.") if quota >= EXECUTIONS_AT_ONCE else fails(f"{told}; {EXECUTIONS_AT_ONCE} should.")


def judge_stack(name: str, stack: StackFacts | None) -> Judgement:
    """No stack of that name, or one of ours that can be updated."""
    if stack is None:
        return passes(f"No stack {name}: it will be created.")
    if stack.status == "REVIEW_IN_PROGRESS":
        return fails(f"{name} is {stack.status}: a change set that nobody executed.", "Delete it and deploy.")
    if not stack.outputs >= OURS and stack.status in WHOLE:
        return fails(f"A stack {name} exists and is not fleetdx's central stack.")
    if stack.status not in WHOLE:
        return fails(f"Stack {name} is {stack.status}.", "Let it end, or delete it; then ask again.")
    return passes(f"Stack {name} is fleetdx's: it will be updated.")


def judge_buckets(owners: Mapping[str, BucketOwner]) -> Judgement:
    """Buckets of these names do not exist yet, or are ours: the deployment imports what an earlier one has left."""
    foreign = [name for name, owner in owners.items() if owner == "others"]
    if foreign:
        return fails(
            f"Another account has {', '.join(foreign)}.",
            "Names of buckets are everybody's: somebody took ours. Deploy to another home region, and tell AWS.",
        )
    elsewhere = [name for name, owner in owners.items() if owner == "elsewhere"]
    if elsewhere:
        return fails(f"{', '.join(elsewhere)} exists in this account in another region.")
    words = {"nobody": "free", "stack": "ours", "account": "of an earlier deployment, will be taken over"}
    return passes(", ".join(f"{name}: {words[owner]}" for name, owner in owners.items()) + ".")


def judge_names(names: frozenset[str], existing: frozenset[str], of_stack: frozenset[str]) -> Judgement:
    """None of the names exists outside of our stack."""
    taken = sorted((names & existing) - of_stack)
    if taken:
        more = f" and {len(taken) - 3} more" if len(taken) > 3 else ""  # noqa: PLR2004 - a line of the table
        return fails(f"Not the stack's: {', '.join(taken[:3])}{more}.")
    ours = len(names & of_stack)
    return passes(f"{len(names) - ours} names are free, {ours} are ours.")
