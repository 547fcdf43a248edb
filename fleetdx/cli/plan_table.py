"""The plan of a dry run as a person reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.text import Text

from fleetdx.models import LEDGER_STATES
from fleetdx.reporting.messages import cause_for_reason, translator
from fleetdx.reporting.tables import constrained, plain_table
from fleetdx.reporting.text import one_line

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

    from fleetdx.models import Language
    from fleetdx.plan import Plan, PlannedTarget
    from fleetdx.reporting.messages import Translate


def plan_table(plan: Plan, language: Language = "en") -> Group:
    """Return a line an account-region, below the name of its account, then what could not be entered, then the sum."""
    translate = translator(language)
    parts: list[RenderableType] = [constrained(_targets(plan["targets"], translate))]
    for line in plan["not_entered"]:
        where = f"{line['account_name']} {line['account']} {line['region']}"
        why = cause_for_reason(language, line["reason"]) or line["detail"]
        parts.append(Text(one_line(translate("plan.not_entered", where=where, why=why))))
    total = translate("plan.total", instances=plan["instances_to_scan"], commands=plan["commands"])
    return Group(*parts, "", Text(total))


def _targets(targets: list[PlannedTarget], translate: Translate) -> Table:
    table = plain_table(title=translate("plan.title"))
    table.add_column(translate("column.where"), overflow="fold", min_width=20, max_width=28)
    for title in ("plan.to_scan", "plan.commands"):
        table.add_column(translate(title), justify="right", no_wrap=True)
    table.add_column(translate("plan.not_to_scan"), ratio=1)
    account = None
    for target in targets:
        if target["account"] != account:
            account = target["account"]
            table.add_row(Text.assemble((one_line(target["account_name"]), "bold"), "\n", (account, "dim")))
        counts = (f"{target['to_scan']:,}", f"{target['batches']:,}")
        table.add_row(Text(f"  {one_line(target['region'])}"), *counts, _others(target["others"], translate))
    return table


def _others(others: dict[str, int], translate: Translate) -> Text:
    counts = [
        translate("state.count", count=others[state], state=translate(f"state.{state}").lower())
        for state in LEDGER_STATES
        if state in others
    ]
    return Text("\n".join(counts))
