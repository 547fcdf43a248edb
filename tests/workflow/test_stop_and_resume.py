"""A run that is stopped, dies or stands beside another: what goes on, what does not, and what the ledger says then."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from emulator.faults.rules import INVOKE, Rule
from fleetdx import executions, keys
from fleetdx.cli import runs
from fleetdx.windows import DAYS
from tests.embedded import Embedded, Ended, embedded, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

TRADING, WALLET = "333333333333", "444444444444"
VIRGINIA = "us-east-1"
SILENT_SECONDS = 3_000  # on the scaled clock: long enough for a test to look at a command that is under way


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    with embedded(tmp_path_factory.mktemp("emulator"), clock_factor=0.01) as started:
        yield started


@pytest.fixture(autouse=True)
def _mended(aws: Embedded) -> Iterator[None]:
    """Nothing is wrong any more when a test has ended."""
    yield
    aws.cloud.faults.clear()
    for name in ("market-data-relay-1", "market-data-archive"):
        aws.cloud.fleet.change(aws.instance_named(name)[1], agent_state="online")


def commands_of(aws: Embedded, run: str) -> list[dict[str, Any]]:
    """The commands of a run in the one account-region of these tests, the newest first."""
    ssm = aws.cloud.operator_session(TRADING, VIRGINIA).client("ssm")
    return [dict(command) for command in ssm.list_commands()["Commands"] if run in command["Comment"]]


def children_of(aws: Embedded, run: runs.Run) -> list[dict[str, Any]]:
    """The executions that a run has started: of its account-regions and of their batches."""
    return [*runs.targets(aws.deployment, run), *runs.batches(aws.deployment, run)]


def evidence_of(aws: Embedded, run: str, instance: str) -> list[str]:
    """The objects that a host has put into the intake: one a scan."""
    s3 = aws.deployment.session.client("s3")
    prefix = f"runs/{run}/"
    listed = s3.list_objects_v2(Bucket=aws.cloud.central.intake_bucket, Prefix=prefix).get("Contents", [])
    return [entry["Key"] for entry in listed if instance in entry["Key"]]


def commands_by_claims(aws: Embedded, run: str) -> list[list[str]]:
    """Account, region and batch of every command of a run."""
    prefix = keys.command_claims_prefix(run)
    found = (stored.key.removeprefix(prefix) for stored in aws.deployment.data.keys(prefix))
    return [name.split("/") for name in found if not name.endswith("-lookups")]


def states_of(ended: Ended) -> dict[str, tuple[str, str]]:
    """State and reason of each instance."""
    return {line["instance"]: (line["state"], line["reason"]) for line in ended.ledger if line["kind"] == "instance"}


def started_with_a_silent_host(aws: Embedded, **fields: Any) -> tuple[runs.Run, str, str]:
    """A run over two hosts of one batch, one of which never answers; it is under way when this returns."""
    _, silent = aws.instance_named("market-data-archive")
    _, relay = aws.instance_named("market-data-relay-1")
    aws.cloud.fleet.change(silent, agent_state="silent")
    request = {"regions": [VIRGINIA], "checks": ["U-01"], "delivery_timeout_seconds": SILENT_SECONDS, **fields}
    run = aws.start(request.pop("scope", {"accounts": [TRADING]}), **request, execution_timeout_seconds=60)
    wait_until(lambda: bool(evidence_of(aws, run.id, relay)), "the healthy host sends nothing")
    return run, relay, silent


@pytest.mark.reaches("stopped_by_operator")
def test_a_stopped_run_has_nothing_outstanding_and_a_closed_ledger(aws: Embedded) -> None:
    """Its executions end, its commands are cancelled, its ledger says who stopped it; resumed, it comes to its end."""
    run, relay, silent = started_with_a_silent_host(aws)
    stopped = aws.ended(runs.stop(aws.deployment, run.id))
    assert (stopped.status, stopped.summary["status"]) == ("SUCCEEDED", "incomplete")
    assert states_of(stopped) == {
        relay: ("scan_failed", "stopped_by_operator"),
        silent: ("scan_failed", "stopped_by_operator"),
    }
    assert "stopped by operator" in stopped.line_of(silent)["detail"]
    assert {child["status"] for child in children_of(aws, run)} == {"ABORTED"}
    assert runs.status(aws.deployment, run)["error"] == "RunStopped"
    assert {command["Status"] for command in commands_of(aws, run.id)} == {"Cancelled"}

    aws.cloud.fleet.change(silent, agent_state="online")
    resumed = aws.ended(runs.resume(aws.deployment, run.id))
    assert resumed.summary["status"] == "complete"
    assert states_of(resumed) == {relay: ("scanned", "verified"), silent: ("scanned", "verified")}
    assert resumed.summary["started_at"] == stopped.summary["started_at"]


def test_a_run_is_stopped_while_it_waits_for_a_window_and_goes_on(aws: Embedded) -> None:
    """What the canary has scanned stays, who waited was stopped by the operator; resumed, nobody is scanned twice."""
    start = dt.datetime.now(dt.UTC) + dt.timedelta(hours=9)
    times = {"from": f"{start:%H:%M}", "to": f"{start + dt.timedelta(hours=1):%H:%M}", "time_zone": "UTC"}
    window = {"accounts": [WALLET], "days": list(DAYS), **times}
    data = aws.deployment.data
    data.put_json(keys.WINDOWS, {"schema": 1, "quiet_hours": [], "windows": [window]})
    canary = {"targets": [f"{TRADING}/{VIRGINIA}"], "instances": 1}
    run = aws.start({"accounts": [TRADING, WALLET]}, checks=["U-01"], canary=canary)
    try:
        wait_until(lambda: "WaitForWindow" in aws.states(run.execution), "the run does not wait")
        stopped = aws.ended(runs.stop(aws.deployment, run.id))
    finally:
        data.delete(keys.WINDOWS)
    assert (stopped.status, stopped.summary["status"]) == ("SUCCEEDED", "incomplete")
    assert ("scanned", "verified") in states_of(stopped).values()
    assert {line["reason"] for line in stopped.ledger if line["account"] == WALLET} == {"stopped_by_operator"}
    assert "stopped_by_operator" not in {line["reason"] for line in stopped.ledger if line["account"] == TRADING}
    resumed = aws.ended(runs.resume(aws.deployment, run.id))
    assert resumed.summary["status"] == "complete"
    commands = commands_by_claims(aws, run.id)
    assert {account for account, *_ in commands} == {TRADING, WALLET}
    assert [batch for *place, batch in commands if place == [TRADING, VIRGINIA]] == ["0000-00", "0001-00"]
    assert {batch for *place, batch in commands if place != [TRADING, VIRGINIA]} == {"0000-00"}


def test_stopping_a_run_that_has_ended_changes_nothing(aws: Embedded) -> None:
    """A complete run stays complete, and says so again."""
    name, instance = aws.instance_named("market-data-relay-1")
    ended = aws.scan({"instances": [name]}, checks=["U-01"])
    again = aws.ended(runs.stop(aws.deployment, ended.run.id))
    assert again.summary["status"] == "complete"
    assert states_of(again) == {instance: ("scanned", "verified")}


def test_a_dead_run_goes_on_without_scanning_again_what_is_verified(aws: Embedded) -> None:
    """When the report could not be built, resuming builds it from the records and sends nothing."""
    name, instance = aws.instance_named("market-data-relay-1")
    aws.cloud.faults.add(Rule(INVOKE, "function_dies_before", resource="*build-report", times=None))
    dead = aws.scan({"instances": [name]}, checks=["U-01"])
    assert (dead.status, dead.error) == ("FAILED", "Lambda.Unknown")
    aws.cloud.faults.clear()
    before = evidence_of(aws, dead.run.id, instance)
    resumed = aws.ended(runs.resume(aws.deployment, dead.run.id))
    assert states_of(resumed) == {instance: ("scanned", "verified")}
    assert evidence_of(aws, dead.run.id, instance) == before
    assert len(commands_of(aws, dead.run.id)) == 1


def test_a_resumed_run_takes_over_the_command_that_is_under_way(aws: Embedded) -> None:
    """Executions died, the command did not: the next opening finds it by its claim and sends no second one."""
    # Whenever it ends, there is a second attempt: that one only has to be waited for.
    limits = {"delivery_timeout_seconds": SILENT_SECONDS // 2, "max_attempts": 2}
    run, relay, silent = started_with_a_silent_host(aws, **limits)
    states = aws.deployment.session.client("stepfunctions")
    executions.stop(states, run.execution)
    for child in children_of(aws, run):
        executions.stop(states, child["executionArn"])
    wait_until(lambda: not executions.is_running(states, run.execution), "the execution does not end")
    resumed = aws.ended(runs.resume(aws.deployment, run.id))
    attempts = [command["Comment"].rpartition(" ")[2] for command in commands_of(aws, run.id)]
    assert attempts == ["0000-01", "0000-00"]
    assert len(evidence_of(aws, run.id, relay)) == 1
    assert states_of(resumed) == {relay: ("scanned", "verified"), silent: ("scan_failed", "delivery_timed_out")}


def test_an_open_run_is_not_resumed(aws: Embedded) -> None:
    """While its execution goes on, a second one that would work on the same run is refused and starts nothing."""
    run, _, _ = started_with_a_silent_host(aws)
    refused = aws.ended(runs.resume(aws.deployment, run.id))
    assert (refused.status, refused.error) == ("FAILED", "RunOpen")
    assert len(commands_of(aws, run.id)) == 1
    aws.ended(runs.stop(aws.deployment, run.id))


def test_the_whole_organization_is_scanned_by_one_run_at_a_time(aws: Embedded) -> None:
    """A second run is refused and writes nothing, a forced one starts, and a dead one holds nothing."""
    run, _, _ = started_with_a_silent_host(aws, scope={"organization": True}, tags={"Service": ["market-data"]})
    second = aws.scan({"organization": True}, tags={"Service": ["nothing"]})
    assert (second.status, second.error) == ("FAILED", "RunOpen")
    assert not list(aws.deployment.data.keys(keys.run_prefix(second.run.id)))
    forced = aws.scan({"organization": True}, tags={"Service": ["nothing"]}, force=True)
    assert forced.status == "SUCCEEDED"
    aws.ended(runs.stop(aws.deployment, run.id))
    third = aws.scan({"organization": True}, tags={"Service": ["nothing"]})
    assert third.status == "SUCCEEDED"


def test_two_runs_over_the_same_host_do_not_mix(aws: Embedded) -> None:
    """The host takes one scan at a time, the other waits its turn; each run has the result that was sent for it."""
    name, instance = aws.instance_named("market-data-relay-1")
    both = [aws.start({"instances": [name]}, checks=[item]) for item in ("U-01", "U-16")]
    ended = [aws.ended(run) for run in both]
    assert [states_of(one) for one in ended] == [{instance: ("scanned", "verified")}] * 2
    for run, item in zip(both, ("U-01", "U-16"), strict=True):
        results = aws.deployment.data.get_lines(keys.out(run.id, "results.jsonl"))
        assert {line["item"] for line in results} == {item}
        assert {line["run"] for line in results} == {run.id}
        assert len(evidence_of(aws, run.id, instance)) == 1
