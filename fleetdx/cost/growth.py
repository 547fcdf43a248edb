"""What a scan of any size would use: a linear model, fitted to runs that were measured (growth.json).

Each amount is `a run + b account-regions + c batches + d instances` with coefficients that are not negative, fitted by
least squares of the relative error, so that small runs count as much as large ones. The shape is that of the state
machines: one execution an account-region, one a batch of up to 50 instances, one result an instance. A full
batch is asked for more often than one of a single instance, as it takes as long as its slowest host.
"""

from __future__ import annotations

import functools
import itertools
import json
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

from fleetdx.cost.usage import MEASURES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

DRIVERS: Final = ("run", "account_regions", "batches", "instances")
LARGEST_BATCH: Final = 50
"""SSM takes as many instance ids in one SendCommand."""

Coefficients = tuple[Fraction, ...]
"""In the order of DRIVERS."""


@dataclass(frozen=True)
class Size:
    """What a scan is over."""

    account_regions: int
    batches: int
    instances: int

    def drivers(self) -> tuple[int, ...]:
        """The values of DRIVERS."""
        return (1, self.account_regions, self.batches, self.instances)


@dataclass(frozen=True)
class Point:
    """One measured run: its size, and its amounts of MEASURES."""

    size: Size
    measures: Mapping[str, Decimal]


@dataclass(frozen=True)
class Growth:
    """The fitted model.

    Attributes:
        coefficients: By measure.
        points: What it was fitted to.
        measured_at: The day of the measurement, YYYY-MM-DD.
        command: How it is repeated.
    """

    coefficients: Mapping[str, Coefficients]
    points: tuple[Point, ...]
    measured_at: str
    command: str

    def measures(self, size: Size) -> dict[str, Decimal]:
        """The amounts of a scan of that size; none is negative."""
        return {
            name: _decimal(_product(coefficients, size.drivers())) for name, coefficients in self.coefficients.items()
        }

    def largest_deviation(self, measure: str) -> Decimal:
        """How far the model is from the measured runs at most, as a part of what was measured."""
        modelled = [(self.measures(point.size)[measure], point.measures[measure]) for point in self.points]
        return max((abs(told - real) / real for told, real in modelled if real), default=Decimal(0))


def evenly_spread(instances: int, account_regions: int) -> Size:
    """The size of a fleet whose instances are spread evenly; account-regions without an instance have no batch."""
    each, more = divmod(instances, account_regions)
    batches = more * -(-(each + 1) // LARGEST_BATCH) + (account_regions - more) * -(-each // LARGEST_BATCH)
    return Size(account_regions, batches, instances)


def fitted(points: Sequence[Point]) -> dict[str, Coefficients]:
    """The coefficients of each measure.

    Raises:
        ValueError: The points are too few, or too alike, to tell the drivers apart.
    """
    rows = [tuple(Fraction(value) for value in point.size.drivers()) for point in points]
    if _solve(_normal(rows, range(len(DRIVERS)))[0], [Fraction(0)] * len(DRIVERS)) is None:
        raise ValueError("the measured runs are too alike to tell run, account-regions, batches and instances apart")
    return {name: _fit(rows, [Fraction(point.measures[name]) for point in points]) for name in MEASURES}


def _fit(rows: list[Coefficients], wanted: list[Fraction]) -> Coefficients:
    """Least squares without negative coefficients: with four drivers, every choice of them can be tried."""
    rows = [tuple(value / (real or 1) for value in row) for row, real in zip(rows, wanted, strict=True)]
    wanted = [real / (real or 1) for real in wanted]
    best: tuple[Fraction, Coefficients] | None = None
    for count in range(len(DRIVERS) + 1):
        for chosen in itertools.combinations(range(len(DRIVERS)), count):
            matrix, transposed = _normal(rows, chosen)
            solved = _solve(matrix, [_product(row, wanted) for row in transposed])
            if solved is None or any(value < 0 for value in solved):
                continue
            values = dict(zip(chosen, solved, strict=True))
            told = tuple(values.get(driver, Fraction(0)) for driver in range(len(DRIVERS)))
            missed = sum((_product(told, row) - real) ** 2 for row, real in zip(rows, wanted, strict=True))
            if best is None or missed < best[0]:
                best = (Fraction(missed), told)
    if best is None:  # choosing no driver always solves
        raise AssertionError(wanted)
    return best[1]


def _normal(rows: Sequence[Coefficients], chosen: Sequence[int]) -> tuple[list[list[Fraction]], list[list[Fraction]]]:
    transposed = [[row[driver] for row in rows] for driver in chosen]
    return [[_product(one, other) for other in transposed] for one in transposed], transposed


def _solve(matrix: list[list[Fraction]], wanted: list[Fraction]) -> list[Fraction] | None:
    """Solve linear equations exactly; None where they have no single solution."""
    rows = [[*row, value] for row, value in zip(matrix, wanted, strict=True)]
    for step in range(len(rows)):
        pivot = next((number for number in range(step, len(rows)) if rows[number][step]), None)
        if pivot is None:
            return None
        rows[step], rows[pivot] = rows[pivot], rows[step]
        rows[step] = [value / rows[step][step] for value in rows[step]]
        for number, row in enumerate(rows):
            if number != step:
                rows[number] = [value - row[step] * own for value, own in zip(row, rows[step], strict=True)]
    return [row[-1] for row in rows]


def _product(some: Sequence[Fraction | int], others: Sequence[Fraction | int]) -> Fraction:
    return sum((Fraction(one) * other for one, other in zip(some, others, strict=True)), Fraction(0))


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / value.denominator


def growth_of(document: Mapping[str, Any]) -> Growth:
    """The model of a document such as growth.json. Raises ValueError as `fitted` does."""
    points = tuple(
        Point(Size(**told["size"]), {name: Decimal(told["measures"][name]) for name in MEASURES})
        for told in document["points"]
    )
    return Growth(fitted(points), points, document["measured_at"], document["command"])


@functools.cache
def shipped_growth() -> Growth:
    """The model that fleetdx ships."""
    return growth_of(json.loads(resources.files("fleetdx").joinpath("cost/growth.json").read_text("utf-8")))
