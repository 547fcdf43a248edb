"""`fleetdx cost`: what it prints for people and machines, and how it refuses."""

from __future__ import annotations

import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from rich.measure import Measurement

from fleetdx.cli.cost_table import comparison_table, cost_table
from fleetdx.cost.estimate import estimate_fleet
from fleetdx.cost.growth import evenly_spread, shipped_growth
from fleetdx.cost.prices import shipped_prices
from tests.fakes.metrics import run_metrics
from tests.typed import typed

FLEETDX = Path(sys.executable).with_name("fleetdx")
RUN = "20261126T120000Z-abcdef"


def asked(directory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `fleetdx cost` in a directory, without a terminal."""
    return typed(directory, "cost", *arguments)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A directory with one run, one sweep and a file that is nothing."""
    for name, document in (
        (f"out/{RUN}", run_metrics()),
        ("out/coverage/sweep", run_metrics(kind="coverage", run="sweep")),
        ("out/uncounted", run_metrics(aws_calls=None, functions=None, s3=None, logs=None, gb_seconds=None)),
        ("out/broken", {"schema": 2}),
    ):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "metrics.json").write_text(json.dumps(document), encoding="utf-8")
    return tmp_path


def test_a_run_is_told_in_eighty_columns(place: Path) -> None:
    """Services, lines, total and other designs, each with the word for its prices; nothing on standard error."""
    done = asked(place, RUN)
    assert (done.returncode, done.stderr) == (0, "")
    assert max(map(len, done.stdout.splitlines())) <= 80
    for words in ("AWS Step Functions", "total", "Amazon Inspector CIS scans", "one command per instance"):
        assert words in done.stdout
    for words in ("verified", "unverified", "Left out: free tiers"):
        assert words in done.stdout


def test_a_fleet_of_any_size_fits_too(place: Path) -> None:
    """The largest fleet that is taken has room in its columns; its designs are marked whole."""
    done = asked(place, "--instances", "1000000", "--accounts", "1000", "--regions", "20", "--runs-per-month", "1000")
    assert (done.returncode, done.stderr) == (0, "")
    assert max(map(len, done.stdout.splitlines())) <= 80
    estimate = estimate_fleet(
        evenly_spread(10**6, 20_000), Decimal("0.95"), "us-east-1", shipped_growth(), shipped_prices()
    )
    console = Console(width=80)
    for table in (cost_table(estimate, 1000), comparison_table(estimate, 1000)):
        assert Measurement.get(console, console.options.update(width=1000), table).minimum <= 80


def test_a_machine_reads_sources_and_marks(place: Path) -> None:
    """Each line has its price with date, source and mark; months are runs times a run; a sweep is found too."""
    for run in (RUN, "sweep", f"out/{RUN}/metrics.json"):
        done = asked(place, run, "--runs-per-month", "10", "--price-region", "ap-northeast-2", "--json")
        assert done.returncode == 0, done.stderr
        told: dict[str, Any] = json.loads(done.stdout)
        assert (told["source"], told["price_region"]) == ("run", "ap-northeast-2")
        prices = [line["price"] for line in told["lines"]]
        assert all(price["date"] and price["source"] and isinstance(price["verified"], bool) for price in prices)
        transitions = told["lines"][0]
        assert transitions["usd_per_run"] == 0.0271
        assert transitions["usd_per_month"] == 0.271
        assert told["total"]["verified"] is False
        assert "free tiers" in told["left_out"]


def test_a_fleet_is_estimated_by_the_model(place: Path) -> None:
    """The model's form, its measured source and how far it is off stand in the answer."""
    done = asked(place, "--instances", "10000", "--accounts", "50", "--regions", "4", "--json")
    told = json.loads(done.stdout)
    assert told["fleet"] == {
        "account_regions": 200,
        "batches": 200,
        "instances": 10000,
        "share_in_other_regions": 0.75,
    }
    assert told["source"] == "model"
    assert set(told["model"]) >= {"form", "measured_at", "command", "coefficients", "largest_deviation"}
    own, (inspector, function, machine) = told["total"], told["other_designs"]
    assert inspector["usd_per_run"] == 300
    assert own["usd_per_run"] < machine["usd_per_run"] < inspector["usd_per_run"]
    assert function["calls"] > told["control_plane_calls"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "RUN, --instances: give a run"),
        (("nosuchrun",), "RUN: there is no metrics.json of a run nosuchrun in out"),
        (("broken",), "out/broken/metrics.json: /kind: is required"),
        (("uncounted",), "out/uncounted/metrics.json: /aws_calls: is null"),
        ((RUN, "--instances", "5"), "--instances: the run says how large it was"),
        ((RUN, "--price-region", "mars-north-1"), "for the region mars-north-1; known are ap-northeast-2, us-east-1"),
        (("--instances", "5", "--price-region", "eu-west-1"), "--price-region: no price of"),
        (("--instances", "0"), "--instances"),
        (("--instances", "5", "--runs-per-month", "0"), "--runs-per-month"),
    ],
)
def test_bad_input_is_refused_by_its_fault(place: Path, arguments: tuple[str, ...], told: str) -> None:
    """Exit code 2, the fault in a sentence on standard error, and nothing on standard output."""
    done = asked(place, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert told in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_help_teaches(place: Path) -> None:
    """The help has examples, what is compared, and the exit codes; here of the installed program itself."""
    command = [FLEETDX, "cost", "--help"]
    done = subprocess.run(command, cwd=place, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0
    for words in ("fleetdx cost latest", "--price-region", "Amazon Inspector", "Exit codes", "docs/cost.md"):
        assert words in done.stdout
