"""The whole answer of `fleetdx cost`: a run or a fleet priced, and the other designs on the same fleet beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from fleetdx.cost.designs import Design, other_designs
from fleetdx.cost.growth import DRIVERS, Growth, Size
from fleetdx.cost.pricing import Line, by_service, is_verified, priced, shown, total
from fleetdx.cost.usage import billed, delivered, measures_of, share_elsewhere

if TYPE_CHECKING:
    from decimal import Decimal

    from fleetdx.cost.metrics import Metrics
    from fleetdx.cost.prices import PriceBook

LEFT_OUT: Final = (
    "free tiers",
    "the start of function environments",
    "storage beyond the month after a run (nothing in the data bucket expires)",
    "the calls of a command line that follows a run",
    "NAT gateways and VPC endpoints of closed networks",
    "trails that log data events, and taxes",
)
"""What no figure contains."""


@dataclass(frozen=True)
class Estimate:
    """What one run costs.

    Attributes:
        source: Whether the amounts were counted in a run or come from the growth model.
        run: The run's id; empty for a fleet.
        size: What it is over.
        elsewhere: Which part of the instances is in another region than the buckets.
        region: Whose prices hold.
        calls: SSM, STS and EC2 calls of the control plane, which cost nothing.
        lines: What is billed.
        designs: Others on the same fleet; none beside a sweep.
    """

    source: Literal["run", "model"]
    run: str
    size: Size
    elsewhere: Decimal
    region: str
    calls: Decimal
    lines: tuple[Line, ...]
    designs: tuple[Design, ...]


def estimate_run(metrics: Metrics, region: str, growth: Growth, book: PriceBook) -> Estimate:
    """Price what was counted in a run.

    Raises:
        NotCounted: Its metrics hold no counts.
        PriceUnknown: A price is not known for the region.
    """
    fleet, measures, elsewhere = metrics["fleet"], measures_of(metrics), share_elsewhere(metrics["fleet"])
    size = Size(fleet["account_regions"], fleet["batches"], fleet["scanned"])
    amounts = billed(measures, elsewhere, size.instances)
    amounts |= delivered((metrics["aws_calls"] or {}).get("deliveries", {}))
    designs = other_designs(size, elsewhere, region, growth, book) if size.instances else []
    lines = priced(amounts, region, book)
    calls = measures["control_plane_calls"]
    return Estimate("run", metrics["run"], size, elsewhere, region, calls, tuple(lines), tuple(designs))


def estimate_fleet(size: Size, elsewhere: Decimal, region: str, growth: Growth, book: PriceBook) -> Estimate:
    """Price one scan of a fleet that nobody has scanned yet, by the growth model.

    Raises:
        PriceUnknown: A price is not known for the region.
    """
    measures = growth.measures(size)
    lines = priced(billed(measures, elsewhere, size.instances), region, book)
    designs = other_designs(size, elsewhere, region, growth, book)
    calls = measures["control_plane_calls"]
    return Estimate("model", "", size, elsewhere, region, calls, tuple(lines), tuple(designs))


def document(estimate: Estimate, runs_per_month: int, growth: Growth) -> dict[str, Any]:
    """The estimate as JSON: figures as numbers, dollars rounded to a hundredth of a cent."""
    lines = estimate.lines
    return {
        "schema": 1,
        "source": estimate.source,
        "run": estimate.run or None,
        "fleet": {
            "account_regions": estimate.size.account_regions,
            "batches": estimate.size.batches,
            "instances": estimate.size.instances,
            "share_in_other_regions": _number(estimate.elsewhere),
        },
        "price_region": estimate.region,
        "runs_per_month": runs_per_month,
        "control_plane_calls": _number(estimate.calls),
        "lines": [_line(line, runs_per_month) for line in lines],
        "services": [
            {"service": one.service, **_dollars(one.usd, runs_per_month), "verified": one.verified}
            for one in by_service(lines)
        ],
        "total": {**_dollars(total(lines), runs_per_month), "verified": is_verified(lines)},
        "other_designs": [_design(design, runs_per_month) for design in estimate.designs],
        "left_out": list(LEFT_OUT),
        "model": _model(growth),
    }


def _line(line: Line, runs: int) -> dict[str, Any]:
    price = line.price
    return {
        "name": line.name,
        "service": price.service,
        "what": price.what,
        "amount": _number(line.amount),
        "unit": price.unit,
        "price": {
            "usd": str(price.usd),
            "per": price.per,
            "region": price.region,
            "date": price.date,
            "source": price.source,
            "verified": price.verified,
        },
        **_dollars(line.usd, runs),
    }


def _design(design: Design, runs: int) -> dict[str, Any]:
    return {
        "name": design.name,
        "title": design.title,
        "model": design.model,
        "calls": None if design.calls is None else _number(design.calls),
        "state_transitions": _number(design.transitions),
        "function_seconds": _number(design.function_seconds),
        **_dollars(total(design.lines), runs),
        "verified": is_verified(design.lines),
    }


def _model(growth: Growth) -> dict[str, Any]:
    return {
        "form": " + ".join(f"c{number} x {driver}" for number, driver in enumerate(DRIVERS)),
        "measured_at": growth.measured_at,
        "command": growth.command,
        "points": len(growth.points),
        "largest_instances_measured": max(point.size.instances for point in growth.points),
        "coefficients": {
            name: {driver: round(float(value), 6) for driver, value in zip(DRIVERS, values, strict=True)}
            for name, values in growth.coefficients.items()
        },
        "largest_deviation": {name: _number(growth.largest_deviation(name)) for name in growth.coefficients},
    }


def _dollars(usd: Decimal, runs: int) -> dict[str, float]:
    return {"usd_per_run": float(shown(usd)), "usd_per_month": float(shown(usd * runs))}


def _number(value: Decimal) -> float | int:
    return int(value) if value == value.to_integral_value() else round(float(value), 6)
