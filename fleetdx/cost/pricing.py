"""Amounts times prices: lines, services and totals in US dollars. Exact until shown; free tiers are left out."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fleetdx.cost.prices import Price, PriceBook

SHOWN: Final = Decimal("0.0001")
"""A hundredth of a cent: what is shown is rounded to it, half up."""


@dataclass(frozen=True)
class Line:
    """One thing that is charged: how much of it, and its price."""

    name: str
    amount: Decimal
    price: Price

    @property
    def usd(self) -> Decimal:
        """What it costs, exactly."""
        return self.price.of(self.amount)


@dataclass(frozen=True)
class ServiceCost:
    """The lines of one service added up; verified only where every price that counts is."""

    service: str
    usd: Decimal
    verified: bool


def priced(amounts: Mapping[str, Decimal], region: str, book: PriceBook) -> list[Line]:
    """The lines of all amounts, in their order.

    Raises:
        PriceUnknown: One of them has no price in the region.
    """
    return [Line(name, amount, book.price(name, region)) for name, amount in amounts.items()]


def total(lines: Sequence[Line]) -> Decimal:
    """What all lines cost, exactly."""
    return sum((line.usd for line in lines), Decimal(0))


def is_verified(lines: Sequence[Line]) -> bool:
    """Whether every price that something was counted for is verified."""
    return all(line.price.verified for line in lines if line.amount)


def by_service(lines: Sequence[Line]) -> list[ServiceCost]:
    """The lines of each service added up, in the order in which services first occur."""
    services: dict[str, list[Line]] = {}
    for line in lines:
        services.setdefault(line.price.service, []).append(line)
    return [ServiceCost(service, total(those), is_verified(those)) for service, those in services.items()]


def shown(usd: Decimal) -> Decimal:
    """Dollars as they are shown: rounded half up. Add first, round last: rounded figures do not add up."""
    return usd.quantize(SHOWN, ROUND_HALF_UP)
