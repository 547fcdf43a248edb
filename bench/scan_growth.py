"""What a scan uses at several sizes, on synthetic hosts: the points that fleetdx/cost/growth.py is fitted to.

    .venv/bin/python -m bench.scan_growth [FILE]

Writes fleetdx/cost/growth.json, or FILE. Each size is one whole scan of the profile kisa_unix_2026, without
faults, on an embedded AWS of its own. `make format` writes docs/cost.md anew from it.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from rich.console import Console

from emulator.cloud import DEFAULT_CLOCK_FACTOR
from emulator.synthetic.fleet import synthetic_fleet
from emulator.synthetic.organization import Size
from emulator.synthetic.plan import NOTHING_WRONG
from emulator.synthetic.recording import DEFAULT_HOSTS, Recording, Scanner, record_all
from fleetdx.cli.outputs import collect
from fleetdx.cost.growth import growth_of
from fleetdx.cost.metrics import read_metrics
from fleetdx.cost.usage import MEASURES, measures_of
from fleetdx.requests import request_schema
from tests.embedded import embedded
from tools.bundle import build_bundle
from tools.sources import PROJECT

if TYPE_CHECKING:
    from decimal import Decimal

    from fleetdx.cost.metrics import Metrics
    from fleetdx.models import Catalog

GROWTH_FILE: Final = PROJECT / "fleetdx" / "cost" / "growth.json"
COMMAND: Final = ".venv/bin/python -m bench.scan_growth"
PROFILE: Final = "kisa_unix_2026"
SECONDS_AN_INSTANCE: Final = 2.0


class Shape(NamedTuple):
    """One size: accounts (two at least), regions and instances."""

    accounts: int
    regions: int
    instances: int


SHAPES: Final = (
    Shape(2, 1, 4),
    Shape(2, 1, 100),
    Shape(5, 2, 30),
    Shape(10, 4, 120),
    Shape(3, 2, 400),
    Shape(25, 4, 600),
)
"""Few and many account-regions, sparse and full batches: what one run does not tell apart, another does."""


def recordings() -> list[Recording]:
    """One real scan of each example host that synthetic ones replay."""
    bundle = build_bundle()
    return record_all(Scanner.of(bundle.script, cast("Catalog", bundle.catalog), PROFILE), DEFAULT_HOSTS)


def scanned(shape: Shape, recorded: list[Recording], directory: Path) -> Metrics:
    """The metrics of one scan of a synthetic organization of that shape.

    Raises:
        RuntimeError: The run did not verify every instance, so that its figures are another thing's.
    """
    fleet = synthetic_fleet(Size(shape.instances, shape.accounts, shape.regions), NOTHING_WRONG, recorded)
    with embedded(directory, clock_factor=DEFAULT_CLOCK_FACTOR, events_way="none", synthetic=fleet) as aws:
        # With the files for other readers that a request asks for by default.
        run = aws.start({"organization": True}, exports=request_schema()["properties"]["exports"]["default"])
        ended = aws.ended(run, within=60 + shape.instances * SECONDS_AN_INSTANCE)
        metrics = read_metrics((collect(aws.deployment, ended.run, directory) / "metrics.json").read_text("utf-8"))
    if metrics["fleet"]["scanned"] != shape.instances:
        raise RuntimeError(f"{shape}: only {metrics['fleet']['scanned']} instances have a verified result")
    return metrics


def every_host_fetches(measures: dict[str, Decimal], metrics: Metrics) -> dict[str, Decimal]:
    """The same with one download of the bundle for each instance.

    Synthetic hosts of one command share a download; on AWS each host makes its own.
    """
    calls: Any = metrics["aws_calls"]
    fetched = calls["hosts"]["s3:GetObject"]
    missing = metrics["fleet"]["scanned"] - fetched["calls"]
    each = fetched["bytes_out"] // fetched["calls"]
    return {
        **measures,
        "s3_get_and_others": measures["s3_get_and_others"] + missing,
        "s3_bytes_to_hosts": measures["s3_bytes_to_hosts"] + missing * each,
    }


def point_of(metrics: Metrics) -> dict[str, Any]:
    """One run as growth.json tells it."""
    fleet, measures = metrics["fleet"], every_host_fetches(measures_of(metrics), metrics)
    return {
        "size": {
            "account_regions": fleet["account_regions"],
            "batches": fleet["batches"],
            "instances": fleet["scanned"],
        },
        "measures": {name: str(measures[name]) for name in MEASURES},
    }


def main(arguments: list[str]) -> int:
    """Measure every shape and write the points."""
    target = Path(arguments[0]) if arguments else GROWTH_FILE
    recorded, points = recordings(), []
    say = Console(stderr=True, highlight=False, soft_wrap=True)
    for shape in SHAPES:
        with tempfile.TemporaryDirectory(prefix="fleetdx-growth-") as directory:
            point = point_of(scanned(shape, recorded, Path(directory)))
        say.print(f"{shape}: {json.dumps(point)}")
        points.append(point)
    today = dt.datetime.now(dt.UTC).date().isoformat()
    document = {"schema": 1, "measured_at": today, "command": COMMAND, "points": points}
    growth = growth_of(document)
    target.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    for name in MEASURES:
        say.print(f"{name}: off by at most {growth.largest_deviation(name):.1%}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
