"""What a run or a fleet costs, as tables of 80 columns; a price that AWS does not tell us is called unverified."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Final

from rich import box
from rich.table import Table

from fleetdx.cost.estimate import LEFT_OUT
from fleetdx.cost.pricing import by_service, is_verified, shown, total

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fleetdx.cost.estimate import Estimate
    from fleetdx.cost.growth import Growth
    from fleetdx.cost.pricing import Line

CENT: Final = Decimal("0.01")


def word_for(*, verified: bool) -> str:
    """The word beside a price."""
    return "verified" if verified else "unverified"


def dollars(usd: Decimal) -> str:
    """Dollars to a cent, below one dollar to a hundredth of it; what is not nothing never looks like it."""
    if usd >= 1:
        return f"{usd.quantize(CENT, ROUND_HALF_UP):,}"
    rounded = shown(usd)
    return "<0.0001" if usd > 0 and not rounded else f"{rounded:,}"


def count(value: Decimal) -> str:
    """How often something happens; the growth model knows no whole numbers."""
    return f"{value.to_integral_value(ROUND_HALF_UP):,}"


def amount(value: Decimal, unit: str) -> str:
    """An amount of something: gigabytes to three decimals below a thousand, everything else in whole numbers."""
    return f"{value:,.3f}" if unit.startswith("GB") and value < 1000 else count(value)  # noqa: PLR2004 - see above


def cost_table(estimate: Estimate, runs_per_month: int) -> Table:
    """What is billed, by service, and the total."""
    size = estimate.size
    what = f"run {estimate.run}" if estimate.run else "one scan (estimated by the growth model)"
    title = (
        f"{what}\n{size.instances:,} instances, {size.account_regions:,} account-regions, {size.batches:,} batches; "
        f"prices of {estimate.region}"
    )
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("USD")
    for heading in ("amount", "a run", f"{runs_per_month:,} a month"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("price", no_wrap=True)
    for service in by_service(estimate.lines):
        months = dollars(service.usd * runs_per_month)
        table.add_row(
            service.service, "", dollars(service.usd), months, word_for(verified=service.verified), style="bold"
        )
        for line in (line for line in estimate.lines if line.price.service == service.service):
            table.add_row(*_cells(line, runs_per_month))
    usd, verified = total(estimate.lines), is_verified(estimate.lines)
    table.add_section()
    table.add_row("total", "", dollars(usd), dollars(usd * runs_per_month), word_for(verified=verified), style="bold")
    return table


def _cells(line: Line, runs_per_month: int) -> Sequence[str]:
    return (
        f"  {line.price.what}",
        amount(line.amount, line.price.unit),
        dollars(line.usd),
        dollars(line.usd * runs_per_month),
        word_for(verified=line.price.verified),
    )


def comparison_table(estimate: Estimate, runs_per_month: int) -> Table:
    """The other designs on the same fleet, below fleetdx itself."""
    table = Table(title="the same fleet by other designs", title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("USD", min_width=18)
    for heading in ("calls", "transitions", "a run", f"{runs_per_month:,} a month"):
        table.add_column(heading, justify="right", no_wrap=True)
    transitions = next(line.amount for line in estimate.lines if line.name == "step_functions.state_transition")
    table.add_row(*_design_cells("fleetdx", estimate.calls, transitions, estimate.lines, runs_per_month))
    for design in estimate.designs:
        table.add_row(*_design_cells(design.title, design.calls, design.transitions, design.lines, runs_per_month))
    return table


def _design_cells(
    title: str, calls: Decimal | None, transitions: Decimal, lines: Sequence[Line], runs_per_month: int
) -> Sequence[str]:
    usd = total(lines)
    return (
        f"{title}, {word_for(verified=is_verified(lines))}",
        "AWS's own" if calls is None else count(calls),
        count(transitions),
        dollars(usd),
        dollars(usd * runs_per_month),
    )


def notes(estimate: Estimate, growth: Growth) -> list[str]:
    """What a reader has to know of the figures, a sentence each."""
    measured = max(point.size.instances for point in growth.points)
    told = [f"{design.title}: {design.model}." for design in estimate.designs]
    dates = sorted({line.price.date for line in estimate.lines})
    counted = "Counted on the embedded AWS; the time of functions is that of its machine."
    modelled = (
        f"The growth model is linear in run, account-regions, batches and instances, fitted to {len(growth.points)} "
        f"runs of up to {measured:,} instances on {growth.measured_at} ({growth.command}); instances are spread evenly."
    )
    unverified = "unverified: not read on a page of AWS itself"
    return [
        counted if estimate.source == "run" else modelled,
        *([modelled] if estimate.source == "run" and estimate.designs else []),
        *told,
        f"Prices were read from {dates[0]} to {dates[-1]}; {unverified}. --json names the source of each.",
        f"Left out: {'; '.join(LEFT_OUT)}.",
    ]
