"""What a coverage sweep costs: AWS calls for each instance at three sizes, on the embedded AWS."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any, Final

from bench.measure import MeasuringFailed
from bench.results import Aim, Results
from bench.wide_organization import Size, WideOrganization, settle_agents
from fleetdx import keys
from fleetdx.cli.runs import new_run_id
from tests.embedded import embedded

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.embedded import Embedded

NAME: Final = "coverage_sweep"
SIZES: Final = (Size(1_000, 5), Size(3_000, 15), Size(10_000, 50))
MOST_CALLS_AN_INSTANCE: Final = 0.5
LINEAR: Final = 1.1
"""Calls an instance at the largest size, of those at the smallest one."""
NETWORK_CALLS: Final = (
    *("DescribeVpcs", "DescribeSubnets", "DescribeRouteTables", "DescribeSecurityGroups", "DescribeNetworkAcls"),
    *("DescribeVpcEndpoints", "DescribeVpcAttribute", "DescribeDhcpOptions", "DescribeNatGateways"),
    *("DescribeInternetGateways", "DescribeNetworkInterfaces"),
)


def measure(directory: Path, say: Callable[[str], None], sizes: tuple[Size, ...] = SIZES) -> Results:
    """Sweep an organization of each size once, in which one instance in twenty is not managed."""
    results = Results(NAME, 1)
    for size in sizes:
        say(f"{NAME}: {size.instances:,} instances over {size.account_regions} account-regions ...")
        place = directory / f"coverage-{size.instances}"
        place.mkdir()
        results.rows.append(_row(place, size))
    smallest, largest = results.rows[0], results.rows[-1]
    each = float(largest["calls_an_instance"])
    results.aims += [
        Aim(f"AWS calls an instance at {largest['instances']}", MOST_CALLS_AN_INSTANCE, each),
        Aim("of those at the smallest size", LINEAR, round(each / float(smallest["calls_an_instance"]), 3)),
        Aim(
            "account-regions asked for their network, of those with an unmanaged instance",
            1.0,
            _asked_needlessly(results),
        ),
    ]
    return results


def _asked_needlessly(results: Results) -> float:
    return max(float(row["networks_asked"]) / float(row["places_with_unmanaged"]) for row in results.rows)


def _row(place: Path, size: Size) -> dict[str, str | float]:
    wide = WideOrganization(size)
    with embedded(place, scenario=wide.scenario(), events_way="none") as aws:
        without = settle_agents(aws.cloud, wide)
        aws.cloud.meter.reset()
        begun = time.monotonic()
        summary = _swept(aws)
        seconds = time.monotonic() - begun
        counts = aws.cloud.metrics()["aws_calls"]["control_plane"]
    if summary["totals"]["unmanaged"] != without or summary["totals"]["running"] != size.instances:
        raise MeasuringFailed(f"{NAME}: {summary['totals']} for {without} of {size.instances} without an agent")
    calls = sum(count["calls"] for count in counts.values())
    return {
        "instances": f"{size.instances:,}",
        "account_regions": size.account_regions,
        "unmanaged": without,
        "places_with_unmanaged": sum(target["managed"] < target["running"] for target in summary["targets"]),
        "networks_asked": counts.get("ec2:DescribeVpcs", {"calls": 0})["calls"],
        "network_calls": sum(counts.get(f"ec2:{name}", {"calls": 0})["calls"] for name in NETWORK_CALLS),
        "s3_calls": sum(count["calls"] for name, count in counts.items() if name.startswith("s3:")),
        "all_calls": calls,
        "calls_an_instance": round(calls / size.instances, 3),
        "seconds": round(seconds, 1),
    }


def _swept(aws: Embedded) -> dict[str, Any]:
    """Run a sweep of the whole organization to its end, and read its summary.

    Raises:
        MeasuringFailed: It did not end well.
    """
    states = aws.deployment.session.client("stepfunctions")
    sweep = new_run_id()
    execution = states.start_execution(
        stateMachineArn=aws.deployment.report_coverage, name=sweep, input=json.dumps({"scope": {"organization": True}})
    )["executionArn"]
    while (ended := states.describe_execution(executionArn=execution))["status"] == "RUNNING":
        time.sleep(1)
    if ended["status"] != "SUCCEEDED":
        raise MeasuringFailed(f"{NAME}: the sweep ended as {ended['status']}: {ended.get('cause')}")
    summary: dict[str, Any] = aws.deployment.data.get_json(keys.coverage_out(sweep, "summary.json"))
    return summary
