"""The plan of a dry run as a person reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from fleetdx.reporting.text import one_line

if TYPE_CHECKING:
    from fleetdx.plan import Plan


def print_plan(plan: Plan) -> None:
    """Print the plan: a line an account-region, then what could not be entered, then the sum."""
    console = Console()
    table = Table(title="Dry run: nothing was sent", title_justify="left", box=None, pad_edge=False)
    for title in ("Account", "Number", "Region"):
        table.add_column(title, overflow="fold")
    for title in ("To scan", "Commands"):
        table.add_column(title, justify="right")
    table.add_column("Not to scan")
    for target in plan["targets"]:
        others = ", ".join(f"{count} {state}" for state, count in target["others"].items())
        table.add_row(
            Text(one_line(target["account_name"])),
            target["account"],
            target["region"],
            str(target["to_scan"]),
            str(target["batches"]),
            others,
        )
    console.print(table)
    for line in plan["not_entered"]:
        console.print(
            one_line(f"Not entered: {line['account_name']} {line['account']} {line['region']}: {line['detail']}"),
            highlight=False,
            markup=False,
        )
    total = f"{plan['instances_to_scan']} instances would be scanned with {plan['commands']} commands."
    console.print(f"\n{total}", highlight=False)
