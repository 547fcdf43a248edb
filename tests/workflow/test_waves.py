"""A canary and windows on the embedded AWS: who is sent something, when, and what the ledger says of the others."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from fleetdx import keys
from fleetdx.bundles import current_bundle
from fleetdx.cli import runs
from fleetdx.run_ids import rfc3339_of
from fleetdx.waves import beginning
from fleetdx.windows import DAYS
from tests.embedded import Embedded, embedded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.embedded import Ended

TRADING, WALLET = "333333333333", "444444444444"
SEOUL, VIRGINIA = "ap-northeast-2", "us-east-1"
MINUTES = dt.timedelta(minutes=1)
CANARY = {"targets": [f"{TRADING}/{VIRGINIA}"], "instances": 1}


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    with embedded(tmp_path_factory.mktemp("emulator")) as started:
        yield started


@pytest.fixture(autouse=True)
def _without_windows(aws: Embedded) -> Iterator[None]:
    yield
    aws.deployment.data.delete(keys.WINDOWS)


def opening_in(minutes: int, *accounts: str, zone: str = "Asia/Seoul") -> dict[str, Any]:
    """A window of an hour that opens so many minutes from now, every day."""
    start = dt.datetime.now(dt.timezone(dt.timedelta(hours=9))) + minutes * MINUTES
    end = start + 60 * MINUTES
    times = {"from": f"{start:%H:%M}", "to": f"{end:%H:%M}"}
    return {"accounts": list(accounts), "days": list(DAYS), **times, "time_zone": zone}


def write_windows(aws: Embedded, *windows: dict[str, Any]) -> None:
    aws.deployment.data.put_json(keys.WINDOWS, {"schema": 1, "quiet_hours": [], "windows": list(windows)})


@contextmanager
def bundle_that_fails(aws: Embedded) -> Iterator[None]:
    """New runs use a bundle that prints no result."""
    data = aws.deployment.data
    pointer = data.get(keys.CURRENT_BUNDLE)
    script = b"#!/bin/sh\nexit 7\n"
    digest = hashlib.sha256(script).hexdigest()
    catalog = data.get_json(keys.catalog(current_bundle(data)))
    data.put(keys.bundle(digest), script)
    data.put_json(keys.catalog(digest), {**catalog, "bundle": digest})
    data.put_json(keys.CURRENT_BUNDLE, {**json.loads(pointer), "bundle": digest})
    try:
        yield
    finally:
        data.put(keys.CURRENT_BUNDLE, pointer)


def scans_of(aws: Embedded, ended: Ended) -> list[str]:
    """The instance of each object that hosts have put into the intake: one a scan."""
    s3 = aws.deployment.session.client("s3")
    prefix = f"runs/{ended.run.id}/"
    listed = s3.list_objects_v2(Bucket=aws.cloud.central.intake_bucket, Prefix=prefix).get("Contents", [])
    return sorted(entry["Key"].split("/")[-2] for entry in listed)


def commands_of(aws: Embedded, ended: Ended) -> list[str]:
    """The places of all commands of a run, by their claims."""
    prefix = keys.command_claims_prefix(ended.run.id)
    found = (stored.key.removeprefix(prefix) for stored in aws.deployment.data.keys(prefix))
    return sorted(name for name in found if not name.endswith("-lookups"))


def executions_of(aws: Embedded, ended: Ended) -> list[str]:
    """The names of the executions of scan_target, without their run."""
    return [one["name"].removeprefix(f"{ended.run.id}-") for one in runs.targets(aws.deployment, ended.run)]


def reasons_of(ended: Ended) -> dict[str, set[str]]:
    """The reasons of each account's lines."""
    accounts = {line["account"] for line in ended.ledger}
    return {name: {line["reason"] for line in ended.ledger if line["account"] == name} for name in accounts}


def waves_of(aws: Embedded, ended: Ended) -> list[str]:
    """What the machine did between ListTargets and BuildReport."""
    states = aws.states(ended.run.execution)
    return [state for state in states if state in {"SelectWave", "ScanTargets", "WaitForWindow"}]


def test_without_canary_and_windows_a_run_is_one_wave(aws: Embedded) -> None:
    """Two decisions and nothing else: what a run costs more than without waves."""
    ended = aws.scan({"accounts": [TRADING]}, regions=[VIRGINIA], checks=["U-01"])
    assert waves_of(aws, ended) == ["SelectWave", "ScanTargets", "SelectWave"]
    assert ended.summary["status"] == "complete"
    assert executions_of(aws, ended) == [f"{TRADING}-{VIRGINIA}"]


def test_after_a_canary_that_passes_everybody_is_scanned_once(aws: Embedded) -> None:
    """One host of one account-region first, then the others; its result counts, and no host is scanned twice."""
    ended = aws.scan({"accounts": [TRADING, WALLET]}, checks=["U-01"], canary=CANARY)
    assert waves_of(aws, ended) == ["SelectWave", "ScanTargets", "SelectWave", "ScanTargets", "SelectWave"]
    verified = sorted(line["instance"] for line in ended.ledger if line["reason"] == "verified")
    assert ended.summary["status"] == "complete"
    assert len(verified) > 3
    assert scans_of(aws, ended) == verified
    assert f"{TRADING}-{VIRGINIA}-canary" in executions_of(aws, ended)
    assert [name for name in commands_of(aws, ended) if name.startswith(f"{TRADING}/{VIRGINIA}/")] == [
        f"{TRADING}/{VIRGINIA}/0000-00",
        f"{TRADING}/{VIRGINIA}/0001-00",
    ]


@pytest.mark.reaches("canary_failed", "scanner_failed")
def test_a_canary_that_fails_stops_the_run(aws: Embedded) -> None:
    """Its host has its own reason; everybody else was sent nothing and says why; resumed, it is tried again."""
    with bundle_that_fails(aws):
        ended = aws.scan({"accounts": [TRADING, WALLET]}, checks=["U-01"], canary=CANARY)
    assert waves_of(aws, ended) == ["SelectWave", "ScanTargets", "SelectWave"]
    assert (ended.status, ended.summary["status"]) == ("SUCCEEDED", "incomplete")
    assert commands_of(aws, ended) == [f"{TRADING}/{VIRGINIA}/0000-00"]
    assert reasons_of(ended) == {TRADING: {"canary_failed", "scanner_failed"}, WALLET: {"canary_failed"}}
    hosts = [line["reason"] for line in ended.ledger if line["kind"] == "instance"]
    assert sorted(hosts) == ["canary_failed", "scanner_failed"]
    assert "1 scanner_failed" in next(line for line in ended.ledger if line["account"] == WALLET)["detail"]
    resumed = aws.ended(runs.resume(aws.deployment, ended.run.id))
    assert reasons_of(resumed) == reasons_of(ended)
    assert commands_of(aws, resumed) == [f"{TRADING}/{VIRGINIA}/{batch}" for batch in ("0000-00", "0000-01")]


def test_a_canary_that_scans_nobody_stops_the_run(aws: Embedded) -> None:
    """An agent that is not there proves nothing of the checks: in its own words."""
    for name in ("market-data-relay-1", "market-data-archive"):
        aws.cloud.fleet.change(aws.instance_named(name)[1], agent_state="connection_lost")
    try:
        ended = aws.scan({"accounts": [TRADING]}, checks=["U-01"], canary=CANARY)
    finally:
        for name in ("market-data-relay-1", "market-data-archive"):
            aws.cloud.fleet.change(aws.instance_named(name)[1], agent_state="online")
    assert commands_of(aws, ended) == []
    line = next(line for line in ended.ledger if (line["kind"], line["region"]) == ("account_region", SEOUL))
    assert line["reason"] == "canary_failed"
    assert "scanned nobody, so it proves nothing (2 agent_not_reporting)" in line["detail"]


def test_a_canary_outside_of_the_scope_is_refused(aws: Embedded) -> None:
    """Before anything is sent, with the pointer of the account-region."""
    ended = aws.scan({"accounts": [WALLET]}, canary=CANARY)
    assert (ended.status, ended.error) == ("FAILED", "InvalidRequest")
    assert "/canary/targets/0" in runs.status(aws.deployment, ended.run)["cause"]
    assert executions_of(aws, ended) == []


def test_each_account_waits_for_its_own_window(aws: Embedded) -> None:
    """Who may be entered is; the other's execution begins when its window opens, and nobody holds a place meanwhile."""
    write_windows(aws, opening_in(-30, TRADING), opening_in(20, WALLET))
    ended = aws.scan({"accounts": [TRADING, WALLET]}, checks=["U-01"])
    assert waves_of(aws, ended) == [
        "SelectWave", "ScanTargets", "SelectWave", "WaitForWindow", "SelectWave", "ScanTargets", "SelectWave",
    ]  # fmt: skip
    assert ended.summary["status"] == "complete"
    assert {line["reason"] for line in ended.ledger if line["kind"] == "instance"} >= {"verified"}
    started = {one["name"].split("-")[2]: one["startDate"] for one in runs.targets(aws.deployment, ended.run)}
    assert started[TRADING] < started[WALLET]


@pytest.mark.reaches("outside_window")
def test_who_cannot_be_entered_within_a_day_is_a_gap(aws: Embedded) -> None:
    """The ledger says when the window would have opened; with --ignore-windows everybody is scanned."""
    the_day_after_tomorrow = (dt.datetime.now(dt.UTC) + dt.timedelta(days=2)).weekday()
    write_windows(aws, {**opening_in(0, WALLET, zone="UTC"), "days": [DAYS[the_day_after_tomorrow]]})
    ended = aws.scan({"accounts": [TRADING, WALLET]}, regions=[VIRGINIA], checks=["U-01"])
    assert waves_of(aws, ended) == ["SelectWave", "ScanTargets", "SelectWave"]
    assert ended.summary["status"] == "incomplete"
    (line,) = (line for line in ended.ledger if line["account"] == WALLET)
    assert (line["state"], line["reason"], line["instances"]) == ("scan_failed", "outside_window", None)
    assert f"until {dt.datetime.now(dt.UTC) + dt.timedelta(days=2):%Y-%m-%d}" in line["detail"]
    everywhere = aws.scan({"accounts": [WALLET]}, regions=[VIRGINIA], checks=["U-01"], ignore_windows=True)
    assert everywhere.summary["status"] == "complete"


@pytest.mark.reaches("outside_window")
def test_whose_turn_comes_after_its_window_goes_in_the_next_wave(aws: Embedded) -> None:
    """It is not entered, though its wave had begun in time; when it may be, an execution of another name enters it."""
    run = runs.Run(runs.new_run_id(), "")
    past = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=1)
    place = f"{TRADING}/{VIRGINIA}"
    late = {**beginning([], past, canary=False), "number": 0, "targets": [place], "closings": {place: rfc3339_of(past)}}
    # What a wave of many account-regions has decided a minute ago.
    aws.deployment.data.put_json(keys.wave(run.id, 0, 0), late)
    states = aws.deployment.session.client("stepfunctions")
    request = {"scope": {"accounts": [TRADING]}, "regions": [VIRGINIA], "checks": ["U-01"]}
    arn = states.start_execution(stateMachineArn=aws.deployment.scan_fleet, name=run.id, input=json.dumps(request))[
        "executionArn"
    ]
    ended = aws.ended(runs.Run(run.id, arn))
    assert waves_of(aws, ended) == ["SelectWave", "ScanTargets", "SelectWave", "ScanTargets", "SelectWave"]
    assert executions_of(aws, ended) == [f"{TRADING}-{VIRGINIA}", f"{TRADING}-{VIRGINIA}-wave-1"]
    first = next(one for one in runs.targets(aws.deployment, ended.run) if not one["name"].endswith("-wave-1"))
    assert aws.states(first["executionArn"]) == ["AssumeRole", "SummarizeTarget"]
    assert ended.summary["status"] == "complete"
    assert "outside_window" not in {line["reason"] for line in ended.ledger}


@pytest.mark.reaches("windows_unreadable")
def test_an_unreadable_document_keeps_everybody_out(aws: Embedded) -> None:
    """Nothing is sent, each account-region says so, and once the document is mended the run goes on."""
    aws.deployment.data.put(keys.WINDOWS, b'{"schema": 1, "windows": []}')
    ended = aws.scan({"accounts": [TRADING, WALLET]}, regions=[VIRGINIA], checks=["U-01"])
    assert waves_of(aws, ended) == ["SelectWave"]
    assert (commands_of(aws, ended), executions_of(aws, ended)) == ([], [])
    assert reasons_of(ended) == {TRADING: {"windows_unreadable"}, WALLET: {"windows_unreadable"}}
    assert "/quiet_hours: is required" in ended.ledger[0]["detail"]
    write_windows(aws)
    resumed = aws.ended(runs.resume(aws.deployment, ended.run.id))
    assert resumed.summary["status"] == "complete"
