"""The plan that a dry run leaves: what would be scanned, from the inventories."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypedDict

from fleetdx.models import LedgerLine

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fleetdx.inventory import Inventory


class PlannedTarget(TypedDict):
    """One account-region: how many instances a scan would take up, and how many not, by their ledger state."""

    account: str
    account_name: str
    region: str
    to_scan: int
    batches: int
    others: dict[str, int]


class Plan(TypedDict):
    """plan.json: what a run with this request would do now."""

    schema: Literal[1]
    run: str
    targets: list[PlannedTarget]
    not_entered: list[LedgerLine]
    instances_to_scan: int
    commands: int


def build_plan(run: str, inventories: Iterable[Inventory], ledger: Iterable[LedgerLine]) -> Plan:
    """Add up inventories.

    Args:
        run: The dry run.
        inventories: One an account-region that could be entered.
        ledger: The run's ledger; its account-regions that were not entered are repeated in the plan.
    """
    targets: list[PlannedTarget] = []
    for inventory in inventories:
        others: dict[str, int] = {}
        for entry in inventory["instances"]:
            if entry["state"] is not None:
                others[entry["state"]] = others.get(entry["state"], 0) + 1
        targets.append(
            {
                "account": inventory["account"],
                "account_name": inventory["account_name"],
                "region": inventory["region"],
                "to_scan": sum(len(batch) for batch in inventory["batches"]),
                "batches": len(inventory["batches"]),
                "others": others,
            }
        )
    return {
        "schema": 1,
        "run": run,
        "targets": targets,
        "not_entered": [line for line in ledger if line["kind"] == "account_region" and line["state"] != "scanned"],
        "instances_to_scan": sum(target["to_scan"] for target in targets),
        "commands": sum(target["batches"] for target in targets),
    }
