"""What metrics.json says of a real small run and of a sweep, and that it can be priced."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from emulator.events.shapes import Place, state_change
from fleetdx.cli.coverage import CoverageOptions, CoveragePresentation, cover, request_of
from fleetdx.cli.event import feed
from fleetdx.cli.outputs import collect
from fleetdx.cost.estimate import estimate_run
from fleetdx.cost.growth import shipped_growth
from fleetdx.cost.metrics import read_metrics
from fleetdx.cost.prices import shipped_prices
from fleetdx.cost.pricing import total
from tests.embedded import Embedded, embedded

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fleetdx.cost.metrics import Metrics

ACCOUNT, REGION = "333333333333", "us-east-1"


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    with embedded(tmp_path_factory.mktemp("emulator")) as one:
        yield one


@pytest.fixture(scope="module")
def scanned(aws: Embedded, tmp_path_factory: pytest.TempPathFactory) -> Metrics:
    """The metrics of a scan of one account-region with a few hosts, read as `fleetdx cost` reads them."""
    ended = aws.scan({"accounts": [ACCOUNT]}, regions=[REGION], checks=["U-01"])
    return read_metrics(
        (collect(aws.deployment, ended.run, tmp_path_factory.mktemp("out")) / "metrics.json").read_text()
    )


def test_a_scans_metrics_keep_their_schema_and_say_what_was_scanned(aws: Embedded, scanned: Metrics) -> None:
    """The fleet is the ledger's, and one command was sent for its one batch."""
    hosts = len(aws.cloud.fleet.hosts(ACCOUNT, REGION))
    assert scanned["fleet"]["scanned_by_region"] == {REGION: hosts}
    assert (scanned["fleet"]["account_regions"], scanned["fleet"]["batches"]) == (1, 1)
    assert scanned["fleet"]["home_region"] == aws.cloud.home_region
    assert scanned["aws_calls"] is not None
    assert scanned["aws_calls"]["control_plane"]["ssm:SendCommand"]["calls"] == 1


def test_functions_are_told_with_their_templates_memory(scanned: Metrics) -> None:
    """Memory is that of templates/central.yaml, each invocation costs a millisecond or more, and all are counted."""
    functions: Any = scanned["functions"]
    assert functions["fleetdx-upload-results"]["memory_mb"] == 1024
    assert functions["fleetdx-send-command"]["memory_mb"] == 512
    assert all(one["billed_ms"] >= one["invocations"] > 0 for one in functions.values())
    assert all(one["log_bytes"] > 0 for one in functions.values())
    assert scanned["lambda_invocations"] == sum(one["invocations"] for one in functions.values())
    sent = functions["fleetdx-send-command"]
    assert sent["gb_seconds"] == pytest.approx(sent["billed_ms"] / 2000, abs=1e-6)


def test_an_item_of_the_distributed_map_is_a_transition(scanned: Metrics) -> None:
    """Its execution has no history here, so one state is counted for it: one account-region and its one batch."""
    assert scanned["map_items"] == 2
    assert scanned["executions"] == 3 + scanned["map_items"]


def test_s3_requests_are_those_of_the_run_and_not_of_who_follows_it(scanned: Metrics) -> None:
    """Hosts fetch the bundle and post a result each; what the command line fetched at the end is left out."""
    calls: Any = scanned["aws_calls"]
    s3: Any = scanned["s3"]
    plane, operator, hosts = calls["control_plane"], calls["operator"], calls["hosts"]
    scanning = scanned["fleet"]["scanned"]
    assert operator["s3:GetObject"]["calls"] > 0
    fetched = plane["s3:GetObject"]["calls"] - operator["s3:GetObject"]["calls"] + hosts["s3:GetObject"]["calls"]
    assert s3["get_and_others"] == fetched
    assert hosts["s3:PostObject"]["calls"] == hosts["s3:GetObject"]["calls"] == scanning
    assert s3["put_copy_post_list"] > scanning
    assert s3["bytes_out_to_hosts"] == hosts["s3:GetObject"]["bytes_out"] > 0


def test_a_real_run_has_a_price(scanned: Metrics) -> None:
    """Every amount of the run is priced in its own region, and the total is more than nothing and less than a cent."""
    region = scanned["fleet"]["home_region"]
    estimate = estimate_run(scanned, region, shipped_growth(), shipped_prices())
    amounts = {line.name: line.amount for line in estimate.lines}
    assert amounts["step_functions.state_transition"] == scanned["state_transitions"]
    assert amounts["systems_manager.run_command_on_ec2"] == scanned["fleet"]["scanned"]
    assert 0 < total(estimate.lines) < Decimal("0.01")
    assert estimate.designs[0].name == "inspector_cis"


def test_an_events_metrics_count_its_hops(aws: Embedded, tmp_path: Path) -> None:
    """A fed event is received and deleted by a poller, its execution's transitions count, and it has a price."""
    now = dt.datetime.now(dt.UTC)
    text = json.dumps(state_change(Place(ACCOUNT, REGION), "i-0123456789abcdef0", "running", now))
    path = tmp_path / "metrics.json"
    assert feed(aws.deployment, text, None, as_json=True, metrics_file=path) == 0
    metrics = read_metrics(path.read_text(encoding="utf-8"))
    assert metrics["kind"] == "event"
    assert metrics["aws_calls"] is not None
    deliveries = metrics["aws_calls"]["deliveries"]
    assert deliveries["sqs:ReceiveMessage"] >= 1
    assert deliveries["sqs:DeleteMessageBatch"] >= 1
    assert metrics["state_transitions"] > 0
    estimate = estimate_run(metrics, "us-east-1", shipped_growth(), shipped_prices())
    assert "events.sqs_request" in {line.name for line in estimate.lines}


def test_a_sweeps_metrics_keep_the_same_schema(aws: Embedded, tmp_path: Path) -> None:
    """A sweep leaves metrics.json beside its outputs and in S3: nothing scanned, each account-region looked at."""
    request = request_of(CoverageOptions(accounts=(ACCOUNT,)), aws.deployment.regions)
    assert (
        cover(
            aws.deployment,
            request,
            CoveragePresentation(tmp_path, as_json=True, language="en", fails_on_unmanaged=False),
        )
        == 0
    )
    text = (tmp_path / "coverage" / "latest" / "metrics.json").read_text(encoding="utf-8")
    metrics = read_metrics(text)
    assert metrics["kind"] == "coverage"
    assert (metrics["fleet"]["scanned"], metrics["fleet"]["batches"]) == (0, 0)
    assert metrics["fleet"]["account_regions"] == metrics["map_items"] == 2
    stored = aws.deployment.data.get_json(f"coverage/sweeps/{metrics['run']}/metrics.json")
    assert stored == json.loads(text)
