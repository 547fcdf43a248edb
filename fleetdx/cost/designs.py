"""Two other designs on the same fleet: Amazon Inspector's CIS scans, and one command for each instance.

One command an instance is told twice. As one state machine an instance it is fleetdx's own model with batches of one:
what a batch costs is paid for each instance. As functions that send and poll by themselves, it calls SendCommand once
an instance and GetCommandInvocation as often as fleetdx asks for a batch of one, 20 calls a second, and is paid for the
whole time; results are stored and told as fleetdx does it. Retries and reporting of that design are not counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import TYPE_CHECKING, Final

from fleetdx.cost.growth import DRIVERS, Growth, Size
from fleetdx.cost.pricing import Line, priced
from fleetdx.cost.usage import billed

if TYPE_CHECKING:
    from fleetdx.cost.prices import PriceBook

CALLS_A_SECOND: Final = 20
"""The limiter of the published one-command-per-instance design."""
FUNCTION_GIGABYTES: Final = Decimal("0.5")
LONGEST_FUNCTION_SECONDS: Final = 900
"""Lambda ends a function then (its quotas)."""


@dataclass(frozen=True)
class Design:
    """A design's use of AWS on a fleet, and what that costs.

    Attributes:
        name: A word for it.
        title: What it is.
        model: How its amounts came about, in a sentence.
        calls: API calls of its control plane a run; None where AWS makes them itself.
        transitions: State transitions a run.
        function_seconds: Time of functions that only send and poll, in seconds a run.
        lines: What is billed.
    """

    name: str
    title: str
    model: str
    calls: Decimal | None
    transitions: Decimal
    function_seconds: Decimal
    lines: tuple[Line, ...]


def inspector(instances: int, region: str, book: PriceBook) -> Design:
    """Amazon Inspector's CIS scans of every instance; CIS content only, no checks of one's own."""
    lines = priced({"inspector.cis_scan": Decimal(instances)}, region, book)
    model = "one CIS scan an instance and run; the price holds for CIS benchmarks only"
    return Design("inspector_cis", "Amazon Inspector CIS scans", model, None, Decimal(0), Decimal(0), tuple(lines))


def polls_for_one(growth: Growth) -> Decimal:
    """How often fleetdx asks for the state of a batch of one instance, by the growth model."""
    coefficients = growth.coefficients["polls"]
    polls = coefficients[DRIVERS.index("batches")] + coefficients[DRIVERS.index("instances")]
    return Decimal(polls.numerator) / polls.denominator


def polling_functions(size: Size, elsewhere: Decimal, region: str, growth: Growth, book: PriceBook) -> Design:
    """One command an instance, sent and polled by functions that wait, one after the other."""
    calls = size.instances * (1 + polls_for_one(growth))
    seconds = calls / CALLS_A_SECOND
    functions = (seconds / LONGEST_FUNCTION_SECONDS).to_integral_value(ROUND_CEILING)
    amounts = billed(growth.measures(size), elsewhere, size.instances)
    amounts |= {
        "step_functions.state_transition": Decimal(0),
        "lambda.request": functions,
        "lambda.gb_second_arm": seconds * FUNCTION_GIGABYTES,
    }
    model = (
        f"{calls / size.instances:.1f} calls an instance, {CALLS_A_SECOND} a second: {seconds:,.0f} seconds of waiting "
        f"in functions of {FUNCTION_GIGABYTES} GB, {LONGEST_FUNCTION_SECONDS} at most in each; S3 and logs as fleetdx's"
    )
    title = "one command per instance, polled in a function"
    return Design(
        "command_per_instance_function", title, model, calls, Decimal(0), seconds, tuple(priced(amounts, region, book))
    )


def machine_per_instance(size: Size, elsewhere: Decimal, region: str, growth: Growth, book: PriceBook) -> Design:
    """One command an instance, each watched by its own run of the state machine's batch."""
    measures = growth.measures(Size(size.account_regions, size.instances, size.instances))
    lines = priced(billed(measures, elsewhere, size.instances), region, book)
    return Design(
        "command_per_instance_machine",
        "one command per instance, a state machine each",
        "fleetdx's own growth with batches of one instance",
        measures["control_plane_calls"],
        measures["state_transitions"],
        Decimal(0),
        tuple(lines),
    )


def other_designs(size: Size, elsewhere: Decimal, region: str, growth: Growth, book: PriceBook) -> list[Design]:
    """All of them on one fleet.

    Raises:
        PriceUnknown: One of their prices is not known for the region.
    """
    return [
        inspector(size.instances, region, book),
        polling_functions(size, elsewhere, region, growth, book),
        machine_per_instance(size, elsewhere, region, growth, book),
    ]
