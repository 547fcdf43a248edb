"""SummarizeTarget: close one account-region in the ledger, whichever way its execution went.

Both ways through scan_target end here. It writes the account-region's own line, and a line for each instance that was
to be scanned and that no batch recorded. What worked on the way to its hosts is remembered for runs to come.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NotRequired, TypedDict, cast

from fleetdx import keys
from fleetdx.delivery import lesson, read_memory, write_memory
from fleetdx.entrypoint import entrypoint
from fleetdx.errors import RecordMissing
from fleetdx.events import TargetEvent
from fleetdx.failures import CaughtError, outcome_of
from fleetdx.ledger import Outcome, place_of, target_line, unrecorded_lines
from fleetdx.sessions import own_session
from fleetdx.settings import setting
from fleetdx.storage import Bucket

if TYPE_CHECKING:
    from fleetdx.inventory import Inventory
    from fleetdx.models import LedgerLine
    from fleetdx.requests import ScanRequest

ENTERED = Outcome("scanned", "entered", "Its instances are listed below.")
UNRECORDED = Outcome("scan_failed", "batch_not_recorded", "Its batch ended without writing what became of it.")


class Fleet(TypedDict):
    """What DiscoverInstances returned, as far as it counts here."""

    dry_run: bool


class Input(TargetEvent):
    """The account-region, how many hosts of a canary went (0: none did), and the error that ended its scan, if any."""

    canary_instances: int

    fleet: NotRequired[Fleet]
    failure: NotRequired[CaughtError]


class Output(TypedDict):
    """Counts of what was written."""

    instances: int
    unrecorded: int


def run(event: Input, data: Bucket) -> Output:
    """Write the part `target` of this account-region's ledger."""
    run_id, account, region = event["run"], event["account"], event["region"]
    place = place_of(event, event["bundle"])
    inventory = _inventory(data, run_id, account, region)
    if inventory is not None and event["canary_instances"]:
        # Most of it has not been sent anything yet: whoever comes after the canary closes it.
        return {"instances": len(inventory["instances"]), "unrecorded": 0}
    failed = "failure" in event
    lines: list[LedgerLine] = []
    if inventory is not None and not event.get("fleet", {}).get("dry_run", False):
        written = _written(data, run_id, account, region)
        outcome = outcome_of(event["failure"]) if failed else UNRECORDED
        lines = unrecorded_lines(place, inventory, {str(line["instance"]) for line in written}, outcome)
        _remember(data, event, written)
    # An account-region is entered once its instances are listed, whatever became of them afterwards.
    own = _entered(inventory) if inventory is not None else outcome_of(event.get("failure"))
    count = None if inventory is None else len(inventory["instances"])
    notes = inventory.get("notes", []) if inventory is not None else []
    own_line = target_line(place, own, count, notes)
    data.put_lines(keys.ledger_part(run_id, account, region, "target"), [own_line, *lines])
    return {"instances": count or 0, "unrecorded": len(lines)}


def _entered(inventory: Inventory) -> Outcome:
    hybrid = inventory["hybrid_nodes"]
    told = [f"{hybrid} hybrid nodes (mi-) are no EC2 instances: left out."] if hybrid else []
    return ENTERED._replace(detail=" ".join([ENTERED.detail, *told, *inventory.get("notes", [])]))


def _inventory(data: Bucket, run_id: str, account: str, region: str) -> Inventory | None:
    try:
        inventory: Inventory = data.get_json(keys.inventory(run_id, account, region))
    except RecordMissing:
        return None
    return inventory


def _written(data: Bucket, run_id: str, account: str, region: str) -> list[LedgerLine]:
    """The ledger lines of the account-region's instances."""
    own_part = keys.ledger_part(run_id, account, region, "target")
    prefix = own_part.removesuffix("target.jsonl")
    parts = [stored.key for stored in data.keys(prefix) if stored.key != own_part]
    return [cast("LedgerLine", line) for key in parts for line in data.get_lines(key)]


def _remember(data: Bucket, event: Input, written: list[LedgerLine]) -> None:
    """Remember how results came, where the run was to find that out itself and one has come."""
    if not any(line.get("delivery") for line in written):
        return
    request: ScanRequest = data.get_json(keys.request(event["run"]))["request"]
    account, region = event["account"], event["region"]
    if request["delivery"] == "auto":
        memory = read_memory(data, account, region)
        learned = lesson(written, memory, event["run"], dt.datetime.now(dt.UTC))
        if learned is not None:
            write_memory(data, account, region, learned)


@entrypoint
def lambda_handler(event: Input, context: object) -> Output:  # noqa: D103 - see the module
    return run(event, Bucket(own_session().client("s3"), setting("DATA_BUCKET"), setting("EVIDENCE_BUCKET")))
