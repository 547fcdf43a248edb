"""Dated prices of AWS, from fleetdx/prices/*.json. A price that AWS itself does not tell us is unverified."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from decimal import Decimal
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class PriceUnknown(ValueError):
    """There is no price of that name, or none for the region; the message names it and what there is instead."""


@dataclass(frozen=True)
class Price:
    """What AWS charges for one thing in one region.

    Attributes:
        service: As AWS names it.
        what: What is charged, in a few words.
        unit: What is counted.
        per: How many units `usd` is for.
        usd: US dollars.
        region: Where.
        date: When the source was read, YYYY-MM-DD.
        source: Who says so.
        verified: Whether that was AWS itself.
    """

    service: str
    what: str
    unit: str
    per: int
    usd: Decimal
    region: str
    date: str
    source: str
    verified: bool

    def of(self, amount: Decimal) -> Decimal:
        """What an amount costs, exactly."""
        return amount * self.usd / self.per


class PriceBook:
    """Prices by name (`step_functions.state_transition`) and region."""

    def __init__(self, documents: Mapping[str, Mapping[str, Any]]) -> None:
        """Take price files as documents, each by its name without suffix; they keep prices.schema.json."""
        self._prices: dict[str, dict[str, Price]] = {}
        for file, document in documents.items():
            for told in document["prices"]:
                self._prices[f"{file}.{told['name']}"] = {
                    region: _price(document["service"], told, region) for region in told["regions"]
                }

    @property
    def regions(self) -> list[str]:
        """Regions for which every price is known."""
        common = [set(regions) for regions in self._prices.values()]
        return sorted(set.intersection(*common)) if common else []

    @property
    def names(self) -> list[str]:
        """Of all prices, in the order of the files."""
        return list(self._prices)

    def price(self, name: str, region: str) -> Price:
        """The price of one thing.

        Raises:
            PriceUnknown: It has none in that region, or there is no such price.
        """
        if name not in self._prices:
            raise PriceUnknown(f"there is no price {name}; known are {_listed(self._prices)}")
        regions = self._prices[name]
        if region not in regions:
            raise PriceUnknown(f"no price of {name} is known for the region {region}; known are {_listed(regions)}")
        return regions[region]


def _price(service: str, told: Mapping[str, Any], region: str) -> Price:
    here = told["regions"][region]
    return Price(
        service=service,
        what=told["what"],
        unit=told["unit"],
        per=told["per"],
        usd=Decimal(here["usd"]),
        region=region,
        date=here["date"],
        source=here["source"],
        verified=here["verified"],
    )


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))


@functools.cache
def shipped_prices() -> PriceBook:
    """The prices that fleetdx ships."""
    files = [file for file in resources.files("fleetdx").joinpath("prices").iterdir() if file.name.endswith(".json")]
    files.sort(key=lambda file: file.name)
    return PriceBook({file.name.removesuffix(".json"): json.loads(file.read_text("utf-8")) for file in files})
