"""What the terminal says about the import of a run's findings into Security Hub."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

    from fleetdx.run_models import ImportSummary


def tell_import(imported: ImportSummary, console: Console) -> None:
    """Say what was accepted in one line, and in one more each account-region of which not everything was."""
    counts = ", ".join(f"{imported[name]:,} {name}" for name in ("new", "updated", "resolved"))
    lines = [f"Security Hub: {counts}."]
    if imported["why"]:
        lines.append(f"The import ended early: {imported['why']}.")
    lines += [
        f"Not accepted: {problem['failed']:,} of {problem['account']}/{problem['region']} ({problem['why']}). "
        "The next run tells them again."
        for problem in imported["problems"]
    ]
    left_off = imported["problem_count"] - len(imported["problems"])
    if left_off:
        lines.append(f"So it is with {left_off:,} more; summary.json counts their findings.")
    for line in lines:
        console.print(line, highlight=False, markup=False, soft_wrap=True)
