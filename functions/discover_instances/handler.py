"""DiscoverInstances: list every in-scope instance of one account-region and settle what needs no command.

EC2 says what exists, SSM what it manages. The lists go to S3, that of the batches too; the state machine sees counts.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple, TypedDict

from fleetdx import ec2, keys, ssm
from fleetdx.accounts import member_session
from fleetdx.autoscaling import groups_of
from fleetdx.batches import AttemptPlan, BatchState, write_plan
from fleetdx.bundles import read_catalog
from fleetdx.canary import hosts_of
from fleetdx.delivery import first_delivery, read_memory
from fleetdx.entrypoint import entrypoint
from fleetdx.events import TargetEvent
from fleetdx.exclusions import excluded_instances
from fleetdx.inventory import Beside, build_inventory
from fleetdx.ledger import place_of, settled_lines
from fleetdx.operator_documents import Exclusions, read_exclusions
from fleetdx.organizations import units_above
from fleetdx.pacing import waits
from fleetdx.resumption import recorded_of, unfinished_batches, verified
from fleetdx.run_records import RunRecords
from fleetdx.sessions import own_session
from fleetdx.settings import setting
from fleetdx.storage import Bucket

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from types_boto3_ec2.client import EC2Client
    from types_boto3_ssm.client import SSMClient

    from fleetdx.autoscaling import AutoScalingClient
    from fleetdx.inventory import Inventory
    from fleetdx.models import Delivery
    from fleetdx.requests import ScanRequest


class Input(TargetEvent):
    """The account-region; `instances` is empty unless the request names single ones.

    With `canary_instances` only so many are scanned. `after_canary` says that they were, in this opening of the run.
    """

    instances: list[str]
    canary_instances: int
    after_canary: bool


class Output(TypedDict):
    """Counts, and where the list of batches lies. `dry_run` repeats the request's, for the state machine's choice."""

    bucket: str
    key: str
    instances: int
    hybrid_nodes: int
    batches: int
    dry_run: bool


class Member(NamedTuple):
    """What is asked in the account-region; a client is made when something is asked of it."""

    ec2: Callable[[], EC2Client]
    ssm: Callable[[], SSMClient]
    auto_scaling: Callable[[], AutoScalingClient]


class Operator(NamedTuple):
    """What the operator has excluded, and the organizational units above the account; asked for once EC2 has told."""

    exclusions: Callable[[], Exclusions]
    units: Callable[[], frozenset[str]]


def run(event: Input, data: Bucket, member: Member, operator: Operator) -> Output:
    """Write inventory and the ledger lines of what is settled; a resumed run keeps the inventory that it has."""
    request: ScanRequest = data.get_json(keys.request(event["run"]))["request"]
    records = RunRecords(data, event["run"], event["profile"], event["bundle"])
    is_known = event["opening"] or event["after_canary"]
    inventory = records.inventory(event["account"], event["region"]) if is_known else None
    if inventory is None:
        inventory = _discovered(event, request, member, operator)
        data.put_json(keys.inventory(event["run"], event["account"], event["region"]), dict(inventory))
    place = place_of(event, event["bundle"])
    discovery = keys.ledger_part(event["run"], event["account"], event["region"], "discovery")
    data.put_lines(discovery, settled_lines(place, inventory))
    batches = _batches(event, records, inventory, request)
    is_canary = bool(event["canary_instances"])
    key = keys.batches(event["run"], event["account"], event["region"], event["opening"], canary=is_canary)
    data.put_json(key, list(batches))
    return {
        "bucket": data.name,
        "key": key,
        "instances": len(inventory["instances"]),
        "hybrid_nodes": inventory["hybrid_nodes"],
        "batches": len(batches),
        "dry_run": request["dry_run"],
    }


def _discovered(event: Input, request: ScanRequest, member: Member, operator: Operator) -> Inventory:
    managed = ssm.managed_nodes(member.ssm())
    instances = list(ec2.instances(member.ec2()))
    entries, rules, unreadable = operator.exclusions()
    moment = dt.datetime.now(dt.UTC)
    excluded = excluded_instances(event["account"], instances, entries, rules, operator.units, moment)
    groups = groups_of(member.auto_scaling, instances)
    beside = Beside(excluded, groups.arns, tuple(filter(None, (unreadable, groups.unknown))))
    return build_inventory(event, instances, managed, request["tags"], event["canary_instances"], beside)


def _batches(event: Input, records: RunRecords, inventory: Inventory, request: ScanRequest) -> list[BatchState]:
    """What is to be scanned; an attempt that is not a batch's first finds its instances in a plan of its own."""
    account, region = event["account"], event["region"]
    delivery = _delivery(event, request, records.data)
    is_known = event["opening"] or event["after_canary"]
    attempts: Mapping[int, int] = records.attempts(account, region) if is_known else {}
    lines = records.ledger_of(account, region) if is_known else []
    done = verified(lines) | (recorded_of(lines, hosts_of(inventory)) if event["after_canary"] else frozenset())
    unfinished = [
        left
        for left in unfinished_batches(inventory, done, attempts)
        if not (event["canary_instances"] and left.number)
    ]
    batches: list[BatchState] = []
    for left, wait_seconds in zip(unfinished, waits(len(unfinished)), strict=True):
        batch: BatchState = {
            "number": left.number,
            "attempt": left.attempt,
            "last_attempt": left.attempt + request["max_attempts"] - 1,
            "delivery": delivery,
            "part": 0,
            "wait_seconds": wait_seconds,
        }
        if left.attempt:
            write_plan(records.data, event, batch, AttemptPlan(left.instances, {}, {}))
        batches.append(batch)
    return batches


def _delivery(event: Input, request: ScanRequest, data: Bucket) -> Delivery:
    if request["delivery"] != "auto":
        return request["delivery"]
    memory = read_memory(data, event["account"], event["region"])
    found = first_delivery(memory, dt.datetime.now(dt.UTC))
    # A bundle of an earlier release, gone back to, may have no parts to send.
    is_possible = found == "s3" or event["profile"] in read_catalog(data, event["bundle"]).get("inline", {})
    return found if is_possible else "s3"


@entrypoint
def lambda_handler(event: Input, context: object) -> Output:  # noqa: D103 - see the module
    member = member_session(event, "discover-instances", "read")
    session = own_session()
    data = Bucket(session.client("s3"), setting("DATA_BUCKET"), setting("EVIDENCE_BUCKET"))
    parameter = setting("CONFIGURATION_PARAMETER")
    operator = Operator(
        lambda: read_exclusions(lambda: session.client("ssm"), parameter, data),
        lambda: units_above(session.client("organizations"), event["account"]),
    )
    clients = Member(lambda: member.client("ec2"), lambda: member.client("ssm"), lambda: member.client("autoscaling"))
    return run(event, data, clients, operator)
