"""What lives in one account and region, and what is to happen to it: EC2's list joined with SSM's.

EC2 says what exists, SSM says what it can reach. Pure functions over both answers.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, NotRequired, TypedDict

from fleetdx.models import LedgerState, Platform

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

BATCH_SIZE = 50
"""SendCommand takes at most 50 instance ids (botocore's ssm model, InstanceIdList)."""
GONE_STATES = frozenset({"shutting-down", "terminated"})
STOPPED_STATES = frozenset({"stopping", "stopped"})


class InventoryInstance(TypedDict):
    """One in-scope instance; `state` is None where it is to be scanned, else its final ledger state."""

    instance: str
    instance_name: str | None
    ami: str | None
    platform: Platform | None
    state: LedgerState | None
    reason: str
    detail: str
    exclusion: NotRequired[str]
    """The entry of the register that excludes it."""
    auto_scaling_group: NotRequired[str]
    """The ARN of the group that it is in."""


class Inventory(TypedDict):
    """The in-scope instances of one account-region, and the batches in which they are scanned.

    `notes` says in a sentence each what discovery had to do without; absent where that is nothing.
    """

    schema: Literal[1]
    account: str
    account_name: str
    region: str
    discovered_at: str
    instances: list[InventoryInstance]
    hybrid_nodes: int
    batches: list[list[str]]
    notes: NotRequired[list[str]]


class Excluded(NamedTuple):
    """By which entry of the register an instance is excluded, and a sentence that says who decided it."""

    entry: str
    sentence: str


class Beside(NamedTuple):
    """What is known of instances beside EC2 and SSM.

    Attributes:
        excluded: By id, what the register excludes.
        groups: By id, the ARN of its Auto Scaling group.
        notes: What could not be found out, a sentence each.
    """

    excluded: Mapping[str, Excluded]
    groups: Mapping[str, str]
    notes: tuple[str, ...] = ()


NOTHING_BESIDE: Final = Beside({}, {})


class Fate(NamedTuple):
    """The ledger state of an instance, or None where it can be scanned; with its reason."""

    state: LedgerState | None
    reason: str
    detail: str


def fate_of(instance: Mapping[str, Any], node: Mapping[str, Any] | None) -> Fate:
    """What becomes of an instance before any command is sent.

    Args:
        instance: EC2's description of it.
        node: SSM's description (DescribeInstanceInformation), or None where SSM does not know it.
    """
    state = instance["State"]["Name"]
    platform = platform_of(instance, node)
    if state in STOPPED_STATES:
        return Fate("stopped", "instance_stopped", f"EC2 reports it as {state}.")
    if platform != "Linux":
        return Fate("unsupported", "platform_not_supported", "The profile has checks for Linux only.")
    if node is None:
        started = "is starting" if state == "pending" else "runs"
        return Fate("not_managed", "not_registered", f"It {started}, but SSM does not know it.")
    if node["PingStatus"] != "Online":
        return Fate("not_managed", "agent_not_reporting", f"SSM's last word from its agent is {node['PingStatus']}.")
    return Fate(None, "to_scan", "Running and managed by SSM.")


def platform_of(instance: Mapping[str, Any], node: Mapping[str, Any] | None) -> Platform | None:
    """Linux or Windows; None for anything else. SSM's word counts before EC2's, which knows only Windows."""
    reported = (node or {}).get("PlatformType")
    if reported in {"Linux", "Windows"}:
        return "Linux" if reported == "Linux" else "Windows"
    if reported is not None:
        return None
    return "Windows" if str(instance.get("Platform", "")).lower() == "windows" else "Linux"


def tags_of(instance: Mapping[str, Any]) -> dict[str, str]:
    """An instance's EC2 tags."""
    return {tag["Key"]: tag["Value"] for tag in instance.get("Tags", [])}


def in_scope(instance: Mapping[str, Any], tags: Mapping[str, Sequence[str]], wanted: frozenset[str] | None) -> bool:
    """Whether a request means this instance: not gone, named if instances are named, with every tag asked for."""
    if instance["State"]["Name"] in GONE_STATES:
        return False
    if wanted is not None and instance["InstanceId"] not in wanted:
        return False
    own = tags_of(instance)
    return all(own.get(key) in values for key, values in tags.items())


def describe(instance: Mapping[str, Any], node: Mapping[str, Any] | None, beside: Beside) -> InventoryInstance:
    """The inventory's entry for one instance; who is excluded is so in whatever state it is."""
    excluded = beside.excluded.get(instance["InstanceId"])
    told = Fate("excluded", "excluded_by_operator", excluded.sentence) if excluded else None
    fate = told or fate_of(instance, node)
    entry: InventoryInstance = {
        "instance": instance["InstanceId"],
        "instance_name": tags_of(instance).get("Name"),
        "ami": instance.get("ImageId"),
        "platform": platform_of(instance, node),
        "state": fate.state,
        "reason": fate.reason,
        "detail": fate.detail,
    }
    if excluded:
        entry["exclusion"] = excluded.entry
    if group := beside.groups.get(instance["InstanceId"]):
        entry["auto_scaling_group"] = group
    return entry


def missing_instance(instance: str) -> InventoryInstance:
    """The entry for an instance that a request names and EC2 does not know, or only as terminated."""
    return {
        "instance": instance,
        "instance_name": None,
        "ami": None,
        "platform": None,
        "state": "scan_failed",
        "reason": "instance_not_found",
        "detail": "The request names it, but EC2 has no such instance in this account and region, or no longer.",
    }


def untagged_instance(instance: str) -> InventoryInstance:
    """The entry for an instance that a request names and its own tag filter leaves out."""
    detail = "The request names it, but it lacks the tags that the same request asks for."
    return {**missing_instance(instance), "reason": "tags_not_matched", "detail": detail}


def build_inventory(
    target: Mapping[str, Any],
    instances: Iterable[Mapping[str, Any]],
    nodes: Iterable[Mapping[str, Any]],
    tags: Mapping[str, Sequence[str]],
    first: int = 0,
    beside: Beside = NOTHING_BESIDE,
) -> Inventory:
    """Join EC2's instances with SSM's nodes.

    Args:
        target: `account`, `account_name`, `region` and, where single instances are named, `instances`.
        instances: EC2's DescribeInstances, flattened.
        nodes: SSM's DescribeInstanceInformation; hybrid nodes (`mi-`) are counted and left out.
        tags: The request's tag filter.
        first: How many go first, in a batch of their own: the canary; 0 where there is none.
        beside: What the register and Auto Scaling say of instances.
    """
    by_id = {node["InstanceId"]: node for node in nodes}
    existing = {str(instance["InstanceId"]): instance for instance in instances}
    named = target.get("instances")
    wanted = frozenset(named) if named else None
    entries = [
        describe(instance, by_id.get(name), beside)
        for name, instance in sorted(existing.items())
        if in_scope(instance, tags, wanted)
    ]
    alive = {name for name, instance in existing.items() if in_scope(instance, {}, wanted)}
    absent = sorted((wanted or frozenset()) - {entry["instance"] for entry in entries})
    entries += [untagged_instance(name) if name in alive else missing_instance(name) for name in absent]
    to_scan = [entry["instance"] for entry in entries if entry["state"] is None]
    inventory: Inventory = {
        "schema": 1,
        "account": target["account"],
        "account_name": target["account_name"],
        "region": target["region"],
        "discovered_at": now(),
        "instances": entries,
        "hybrid_nodes": sum(name.startswith("mi-") for name in by_id),
        "batches": batches_of(to_scan, first),
    }
    if beside.notes:
        inventory["notes"] = list(beside.notes)
    return inventory


def batches_of(instances: Sequence[str], first: int) -> list[list[str]]:
    """Batches that one command each can take: those that go first, then full ones of the others."""
    parts = [instances[:first], *(instances[at : at + BATCH_SIZE] for at in range(first, len(instances), BATCH_SIZE))]
    return [list(part) for part in parts if part]


def now() -> str:
    """The time, UTC, RFC 3339 with seconds and Z."""
    return dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
