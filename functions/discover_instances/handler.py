"""DiscoverInstances: list every in-scope instance of one account-region and settle what needs no command.

EC2 says what exists, SSM what it manages. The lists go to S3; the state machine sees counts and batch numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from fleetdx import ec2, keys, ssm
from fleetdx.accounts import member_session
from fleetdx.entrypoint import entrypoint
from fleetdx.events import TargetEvent
from fleetdx.inventory import build_inventory
from fleetdx.ledger import place_of, settled_lines
from fleetdx.sessions import own_session
from fleetdx.settings import setting
from fleetdx.storage import Bucket

if TYPE_CHECKING:
    from types_boto3_ec2.client import EC2Client
    from types_boto3_ssm.client import SSMClient

    from fleetdx.requests import ScanRequest


class Input(TargetEvent):
    """The account-region; `instances` is empty unless the request names single ones."""

    instances: list[str]


class Batch(TypedDict):
    """A batch of up to 50 instances, by its number in the inventory."""

    number: int
    instances: int


class Output(TypedDict):
    """Counts; the names lie in the inventory. `dry_run` repeats the request's, for the state machine's choice."""

    instances: int
    hybrid_nodes: int
    batches: list[Batch]
    dry_run: bool


def run(event: Input, data: Bucket, member_ec2: EC2Client, member_ssm: SSMClient) -> Output:
    """Write inventory and the ledger lines of what is settled."""
    request: ScanRequest = data.get_json(keys.request(event["run"]))["request"]
    inventory = build_inventory(event, ec2.instances(member_ec2), ssm.managed_nodes(member_ssm), request["tags"])
    run_id, account, region = event["run"], event["account"], event["region"]
    data.put_json(keys.inventory(run_id, account, region), dict(inventory))
    place = place_of(event, event["bundle"])
    data.put_lines(keys.ledger_part(run_id, account, region, "discovery"), settled_lines(place, inventory))
    return {
        "instances": len(inventory["instances"]),
        "hybrid_nodes": inventory["hybrid_nodes"],
        "batches": [{"number": n, "instances": len(batch)} for n, batch in enumerate(inventory["batches"])],
        "dry_run": request["dry_run"],
    }


@entrypoint
def lambda_handler(event: Input, context: object) -> Output:  # noqa: D103 - see the module
    member = member_session(event, "discover-instances")
    data = Bucket(own_session().client("s3"), setting("DATA_BUCKET"))
    return run(event, data, member.client("ec2"), member.client("ssm"))
