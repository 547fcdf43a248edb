"""`fleetdx cost`: which run or fleet is meant, its price, and the tables or the JSON that tell it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rich.console import Console

from fleetdx.cli.cost_table import comparison_table, cost_table, notes
from fleetdx.cli.problems import UsageProblem
from fleetdx.cost.estimate import Estimate, document, estimate_fleet, estimate_run
from fleetdx.cost.growth import evenly_spread, shipped_growth
from fleetdx.cost.metrics import Metrics, MetricsMalformed, read_metrics
from fleetdx.cost.prices import PriceUnknown, shipped_prices
from fleetdx.cost.usage import NotCounted

if TYPE_CHECKING:
    from fleetdx.cost.growth import Growth
    from fleetdx.cost.prices import PriceBook

DEFAULT_REGION: Final = "us-east-1"
WIDTH: Final = 80


@dataclass(frozen=True)
class CostOptions:
    """What was asked for: a run, or a fleet by its size."""

    run: str | None = None
    instances: int | None = None
    accounts: int | None = None
    regions: int | None = None
    runs_per_month: int = 1
    price_region: str | None = None
    output: Path = Path("out")


def tell(wanted: CostOptions, *, as_json: bool) -> None:
    """Print what a run or a fleet costs.

    Raises:
        UsageProblem: What was asked for contradicts itself, is not there, is no metrics.json or has no price.
    """
    growth, book = shipped_growth(), shipped_prices()
    try:
        estimate = _of_run(wanted, growth, book) if wanted.run is not None else _of_fleet(wanted, growth, book)
    except PriceUnknown as unknown:
        raise UsageProblem("--price-region", str(unknown)) from None
    if as_json:
        told = document(estimate, wanted.runs_per_month, growth)
        print(json.dumps(told, ensure_ascii=False, indent=2))  # noqa: T201 - the command's answer
        return
    console = Console(width=WIDTH, highlight=False)
    console.print(cost_table(estimate, wanted.runs_per_month))
    if estimate.designs:
        console.print(comparison_table(estimate, wanted.runs_per_month))
    for sentence in notes(estimate, growth):
        console.print(sentence, markup=False)


def _of_run(wanted: CostOptions, growth: Growth, book: PriceBook) -> Estimate:
    given = {"--instances": wanted.instances, "--accounts": wanted.accounts, "--regions": wanted.regions}
    if sizes := [option for option, value in given.items() if value is not None]:
        raise UsageProblem(", ".join(sizes), "the run says how large it was; give a run or a size")
    path = metrics_file(str(wanted.run), wanted.output)
    try:
        metrics = _read(path)
        return estimate_run(metrics, wanted.price_region or metrics["fleet"]["home_region"], growth, book)
    except (MetricsMalformed, NotCounted) as problem:
        raise UsageProblem(str(path), str(problem)) from None


def _read(path: Path) -> Metrics:
    try:
        return read_metrics(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageProblem(str(path), f"cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise UsageProblem(str(path), "is no UTF-8 text") from None


def metrics_file(run: str, output: Path) -> Path:
    """The metrics.json that is meant: of a run or sweep by its id (or `latest`) below `output`, or a file's path.

    Raises:
        UsageProblem: There is neither.
    """
    places = (output / run / "metrics.json", output / "coverage" / run / "metrics.json", Path(run))
    found = next((place for place in places if place.is_file()), None)
    if found is None:
        raise UsageProblem("RUN", f"there is no metrics.json of a run {run} in {output}, and no such file")
    return found


def _of_fleet(wanted: CostOptions, growth: Growth, book: PriceBook) -> Estimate:
    if wanted.instances is None:
        raise UsageProblem("RUN, --instances", "give a run, a metrics.json, or the number of instances of a fleet")
    regions = wanted.regions or 1
    size = evenly_spread(wanted.instances, (wanted.accounts or 1) * regions)
    elsewhere = Decimal(regions - 1) / regions
    return estimate_fleet(size, elsewhere, wanted.price_region or DEFAULT_REGION, growth, book)
