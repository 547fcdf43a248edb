"""Writes the tables of docs/cost.md and docs/cost.ko.md from prices and the growth model.

python -m tools.cost_pages [--check]
"""

from __future__ import annotations

import sys
from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

from fleetdx.cli.cost_table import count, dollars
from fleetdx.cost.estimate import estimate_fleet
from fleetdx.cost.growth import DRIVERS, evenly_spread, shipped_growth
from fleetdx.cost.prices import shipped_prices
from fleetdx.cost.pricing import by_service, total
from tools.markdown import table, with_part, write_or_check
from tools.sources import PROJECT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from fleetdx.cost.estimate import Estimate
    from fleetdx.models import Language

SOURCE: Final = "fleetdx/prices/ and fleetdx/cost/growth.json"
REGIONS: Final = ("us-east-1", "ap-northeast-2")


class Fleet(NamedTuple):
    """A fleet of the tables; the account-regions of the largest are those that the project is measured against."""

    instances: int
    accounts: int
    regions: int


FLEETS: Final = (Fleet(100, 5, 2), Fleet(1_000, 20, 2), Fleet(10_000, 50, 4))


class Words(NamedTuple):
    """What the tables say in one language."""

    file: str
    service: str
    instances: str
    total: str
    month: str
    unverified: str
    designs: tuple[str, ...]
    design_heads: tuple[str, ...]
    price_heads: tuple[str, ...]
    growth_heads: tuple[str, ...]
    yes_no: tuple[str, str]


LANGUAGES: Final[dict[Language, Words]] = {
    "en": Words(
        "cost.md",
        "USD a run",
        "{:,} instances",
        "**total**",
        "**30 runs a month**",
        "unverified",
        (
            "fleetdx",
            "Amazon Inspector CIS scans",
            "one command per instance, polled in a function",
            "one command per instance, a state machine each",
        ),
        ("10,000 instances", "calls", "transitions", "function minutes", "USD a run", "USD, 30 runs"),
        ("Price", "Unit", "us-east-1", "ap-northeast-2"),
        ("Amount", "a run", "an account-region", "a batch", "an instance", "off by at most"),
        ("verified", "unverified"),
    ),
    "ko": Words(
        "cost.ko.md",
        "1회 비용(USD)",
        "인스턴스 {:,}대",
        "**합계**",
        "**월 30회**",
        "미확인",
        (
            "fleetdx",
            "Amazon Inspector CIS 스캔",
            "인스턴스마다 명령 하나, 함수에서 폴링",
            "인스턴스마다 명령 하나, 상태 머신도 하나씩",
        ),
        ("인스턴스 10,000대", "API 호출", "상태 전이", "함수 실행(분)", "1회 비용(USD)", "월 30회(USD)"),
        ("단가", "단위", "us-east-1", "ap-northeast-2"),
        ("항목", "실행당", "계정·리전당", "배치당", "인스턴스당", "최대 오차"),
        ("확인", "미확인"),
    ),
}


def estimate_of(fleet: Fleet, region: str) -> Estimate:
    """One scan of a fleet, as `fleetdx cost --instances ...` prices it."""
    size = evenly_spread(fleet.instances, fleet.accounts * fleet.regions)
    elsewhere = Decimal(fleet.regions - 1) / fleet.regions
    return estimate_fleet(size, elsewhere, region, shipped_growth(), shipped_prices())


def _costs(words: Words, region: str) -> Iterator[str]:
    estimates = [estimate_of(fleet, region) for fleet in FLEETS]
    services = [by_service(estimate.lines) for estimate in estimates]
    rows = [
        (_marked(same[0].service, words, verified=same[0].verified), *(dollars(one.usd) for one in same))
        for same in zip(*services, strict=True)
    ]
    totals = [total(estimate.lines) for estimate in estimates]
    rows.append((words.total, *(f"**{dollars(usd)}**" for usd in totals)))
    rows.append((words.month, *(f"**{dollars(usd * 30)}**" for usd in totals)))
    yield from table((words.service, *(words.instances.format(fleet.instances) for fleet in FLEETS)), rows)


def _marked(name: str, words: Words, *, verified: bool) -> str:
    return name if verified else f"{name} ({words.unverified})"


def _designs(words: Words) -> Iterator[str]:
    estimate = estimate_of(FLEETS[-1], REGIONS[0])
    transitions = next(line.amount for line in estimate.lines if line.name == "step_functions.state_transition")
    usd = total(estimate.lines)
    names = iter(words.designs)
    rows = [(next(names), count(estimate.calls), count(transitions), "-", dollars(usd), dollars(usd * 30))]
    for design in estimate.designs:
        usd = total(design.lines)
        calls = "-" if design.calls is None else count(design.calls)
        minutes = f"{design.function_seconds / 60:,.0f}" if design.function_seconds else "-"
        rows.append((next(names), calls, count(design.transitions), minutes, dollars(usd), dollars(usd * 30)))
    yield from table(words.design_heads, rows)


def _prices(words: Words) -> Iterator[str]:
    book, heads = shipped_prices(), words.price_heads
    rows = []
    for name in book.names:
        prices = [book.price(name, region) for region in REGIONS]
        told = [f"{price.usd} ({words.yes_no[0 if price.verified else 1]})" for price in prices]
        per = "" if prices[0].per == 1 else f"{prices[0].per:,} "
        rows.append((f"{prices[0].service}: {prices[0].what}", f"{per}{prices[0].unit}", *told))
    yield from table(heads, rows)


def _growth(words: Words) -> Iterator[str]:
    growth = shipped_growth()
    rows = [
        (
            f"`{name}`",
            *(_short(Decimal(value.numerator) / value.denominator) for value in values),
            f"{growth.largest_deviation(name):.1%}",
        )
        for name, values in growth.coefficients.items()
    ]
    yield from table(words.growth_heads[: len(DRIVERS) + 2], rows)


def _short(value: Decimal) -> str:
    return count(value) if value == value.to_integral_value() or value >= 1000 else f"{value:.2f}"  # noqa: PLR2004 - bytes need no decimals


PARTS: Final[dict[str, Callable[[Words], Iterator[str]]]] = {
    "costs us-east-1": lambda words: _costs(words, REGIONS[0]),
    "costs ap-northeast-2": lambda words: _costs(words, REGIONS[1]),
    "designs": _designs,
    "growth": _growth,
    "prices": _prices,
}


def page(language: Language) -> str:
    """One page, as Markdown. Raises MarkMissing."""
    words = LANGUAGES[language]
    text = (PROJECT / "docs" / words.file).read_text(encoding="utf-8")
    for part, lines in PARTS.items():
        text = with_part(text, part, SOURCE, lines(words))
    return text


def pages() -> dict[Path, str]:
    """Both pages by their files."""
    return {PROJECT / "docs" / words.file: page(language) for language, words in LANGUAGES.items()}


def main(arguments: list[str]) -> int:
    """Write the pages, or with --check say whether they are as written."""
    return write_or_check(pages(), arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
