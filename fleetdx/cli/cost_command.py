"""The command `fleetdx cost`: its options, and what `--help` says of them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from fleetdx.cli.options import OUTPUT

FLEET: Final = "A fleet"

CostRun = Annotated[
    str | None,
    typer.Argument(
        metavar="[RUN|FILE]",
        show_default=False,
        help="A run or sweep by its id, `latest`, or a metrics.json; without it, a fleet of --instances is estimated.",
    ),
]
FleetInstances = Annotated[
    int | None, typer.Option("--instances", min=1, max=1_000_000, help="Instances of the fleet.", rich_help_panel=FLEET)
]
FleetAccounts = Annotated[
    int | None,
    typer.Option("--accounts", min=1, max=10_000, help="Accounts that they are in; default 1.", rich_help_panel=FLEET),
]
FleetRegions = Annotated[
    int | None,
    typer.Option(
        "--regions",
        min=1,
        max=40,
        help="Regions in which each account has some; default 1, that of the buckets.",
        rich_help_panel=FLEET,
    ),
]
RunsPerMonth = Annotated[
    int,
    typer.Option("--runs-per-month", min=1, max=100_000, help="How often it is scanned.", rich_help_panel=FLEET),
]
PriceRegion = Annotated[
    str | None,
    typer.Option(
        "--price-region",
        metavar="REGION",
        help="Whose prices hold; default the region of the run's buckets, or us-east-1.",
        rich_help_panel=OUTPUT,
    ),
]
CostOutput = Annotated[
    Path, typer.Option("--output", help="Where runs have left their outputs.", rich_help_panel=OUTPUT)
]
CostAsJson = Annotated[
    bool,
    typer.Option("--json", help="Print one JSON document, with the source of each price.", rich_help_panel=OUTPUT),
]


def cost(
    *,
    run: CostRun = None,
    instances: FleetInstances = None,
    accounts: FleetAccounts = None,
    regions: FleetRegions = None,
    runs_per_month: RunsPerMonth = 30,
    price_region: PriceRegion = None,
    output: CostOutput = Path("out"),
    json_: CostAsJson = False,
) -> None:
    """Price a run, or estimate what scanning a fleet would cost.

    A run is priced from its metrics.json: what it did, times dated prices. A
    fleet is estimated by a linear model fitted to measured runs. Beside it
    stand two other designs on the same fleet: Amazon Inspector's CIS scans, and
    one command per instance. Free tiers are left out; a price that was not read
    on a page of AWS itself is called unverified. AWS is not called.

      fleetdx cost latest
      fleetdx cost --instances 10000 --accounts 50 --regions 4
      fleetdx cost --instances 300 --price-region ap-northeast-2 --json

    How cost comes about: docs/cost.md. Exit codes: 0 done, 2 usage.
    """
    from fleetdx.cli import cost as costs  # noqa: PLC0415 - prices and growth are read only where they are asked for

    wanted = costs.CostOptions(run, instances, accounts, regions, runs_per_month, price_region, output)
    costs.tell(wanted, as_json=json_)
