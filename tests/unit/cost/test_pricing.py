"""Prices times amounts: exact, additive, monotone, and never from a price that nobody gave."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleetdx.cost.prices import PriceBook, PriceUnknown, shipped_prices
from fleetdx.cost.pricing import by_service, is_verified, priced, shown, total
from fleetdx.cost.usage import MEASURES, billed
from fleetdx.validation import first_fault, schema_named, validator_of
from tools.sources import PROJECT

REGION = "us-east-1"


def told(name: str, usd: str, per: int, *, verified: bool = True) -> dict[str, Any]:
    """A price as a file tells it."""
    place = {"usd": usd, "date": "2026-11-26", "source": "a page", "verified": verified}
    return {"name": name, "what": name, "unit": "thing", "per": per, "regions": {REGION: place}}


BOOK = PriceBook(
    {
        "one": {"service": "One", "prices": [told("cheap", "0.0004", 1000), told("dear", "0.5", 1)]},
        "two": {"service": "Two", "prices": [told("guessed", "1.00", 1_000_000, verified=False)]},
    }
)
NAMES = ("one.cheap", "one.dear", "two.guessed")
amounts = st.fixed_dictionaries({name: st.integers(0, 10**12).map(Decimal) for name in NAMES})


def cost(given_amounts: dict[str, Decimal]) -> Decimal:
    """What all of it costs."""
    return total(priced(given_amounts, REGION, BOOK))


@given(amounts, amounts)
def test_cost_is_additive(some: dict[str, Decimal], others: dict[str, Decimal]) -> None:
    """Two runs cost together what they cost apart, to the last digit."""
    assert cost({name: some[name] + others[name] for name in NAMES}) == cost(some) + cost(others)


@given(amounts, st.sampled_from(NAMES), st.integers(1, 10**9))
def test_cost_is_monotone(some: dict[str, Decimal], name: str, more: int) -> None:
    """More of anything that has a price costs more."""
    assert cost({**some, name: some[name] + more}) > cost(some)


@given(amounts)
def test_services_add_up_to_the_total(some: dict[str, Decimal]) -> None:
    """No line is lost between services and total."""
    lines = priced(some, REGION, BOOK)
    assert sum(service.usd for service in by_service(lines)) == total(lines)


@pytest.mark.parametrize(
    ("exact", "rounded"), [("0.00005", "0.0001"), ("0.00004999", "0.0000"), ("1.23455", "1.2346"), ("0", "0.0000")]
)
def test_what_is_shown_is_rounded_half_up(exact: str, rounded: str) -> None:
    """A hundredth of a cent is the least that is shown."""
    assert str(shown(Decimal(exact))) == rounded


def test_the_total_is_rounded_once() -> None:
    """Ten times half of the least that is shown is five of it, not ten."""
    lines = priced({"two.guessed": Decimal(50)}, REGION, BOOK) * 10
    assert shown(total(lines)) == Decimal("0.0005")
    assert sum(shown(line.usd) for line in lines) == Decimal("0.0010")


def test_a_price_that_counts_nothing_spoils_nothing() -> None:
    """A total is unverified only where something was counted at an unverified price."""
    assert is_verified(priced({"one.dear": Decimal(1), "two.guessed": Decimal(0)}, REGION, BOOK))
    assert not is_verified(priced({"one.dear": Decimal(1), "two.guessed": Decimal(1)}, REGION, BOOK))


def test_an_unknown_region_is_named() -> None:
    """The error says which price, which region, and which regions there are."""
    with pytest.raises(PriceUnknown, match=r"no price of one\.dear .* region mars-north-1; known are us-east-1"):
        priced({"one.dear": Decimal(1)}, "mars-north-1", BOOK)


def test_a_missing_price_is_named() -> None:
    """The error says which price is missing and which there are."""
    with pytest.raises(PriceUnknown, match=r"no price one\.free; known are one\.cheap, one\.dear, two\.guessed"):
        priced({"one.free": Decimal(1)}, REGION, BOOK)


@pytest.mark.parametrize("path", sorted((PROJECT / "fleetdx/prices").glob("*.json")), ids=lambda path: path.stem)
def test_shipped_prices_keep_their_schema(path: Any) -> None:
    """Every price has unit, region, date, source and whether it is verified."""
    document = json.loads(path.read_text(encoding="utf-8"))
    assert first_fault(validator_of(schema_named("prices")), document) is None


def test_shipped_prices_cover_all_that_is_billed() -> None:
    """Everything that a run is billed for has a price in both regions."""
    amounts_of_one = billed(dict.fromkeys(MEASURES, Decimal(1)), Decimal(1), 1)
    for region in ("us-east-1", "ap-northeast-2"):
        assert len(priced(amounts_of_one, region, shipped_prices())) == len(amounts_of_one)
        assert region in shipped_prices().regions
