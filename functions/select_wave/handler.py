"""SelectWave: decide which account-regions go next: the canary's first, then whoever the windows let in.

A decision is written once, by the first who makes it, and everything else is written from it: a Retry or a redrive
finds the same wave. What cannot be read lets nobody in.
"""

from __future__ import annotations

import datetime as dt
import functools
import json
from typing import TYPE_CHECKING, Any, NotRequired, TypedDict, cast

from fleetdx import keys, waves
from fleetdx.canary import Canary, Entered, Judgement, judge
from fleetdx.configuration import MalformedDocument
from fleetdx.entrypoint import entrypoint
from fleetdx.errors import OutsideWindow, RecordMissing
from fleetdx.events import OpenedRun
from fleetdx.ledger import Outcome
from fleetdx.run_records import RunRecords
from fleetdx.sessions import own_session
from fleetdx.settings import setting
from fleetdx.storage import Bucket
from fleetdx.windows import NO_WINDOWS, Windows, earliest_opening, next_closing, read_windows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fleetdx.requests import ScanRequest
    from fleetdx.waves import Wave


class Targets(TypedDict):
    """Where ListTargets has written the account-regions."""

    key: str


class Decided(TypedDict):
    """The wave before this one."""

    number: int


class Input(OpenedRun):
    """The opened run, its account-regions, and the wave before this one; none before the first."""

    targets: Targets
    wave: NotRequired[Decided]


class Output(TypedDict):
    """What comes next.

    `scan` the account-regions that lie under `key`, `targets` in number; `wait` until a moment (RFC 3339); or `done`.
    `waiting` counts those that come after this wave.
    """

    next: waves.NextStep
    number: int
    bucket: str
    key: str | None
    targets: int
    until: str | None
    waiting: int


def run(event: Input, data: Bucket, clock: dt.datetime) -> Output:
    """Decide the next wave, or find it decided, and write what the machine and BuildReport read of it."""
    targets: dict[str, dict[str, Any]] = {
        keys.place(target["account"], target["region"]): target for target in data.get_json(event["targets"]["key"])
    }
    number = event["wave"]["number"] + 1 if "wave" in event else 0
    wave = _stored(event, data, number) or _decided(event, data, number, list(targets), clock)
    key = None
    if wave["next"] == "scan":
        key = keys.wave_targets(event["run"], event["opening"], number)
        data.put_json(key, _sent(event, data, wave, targets))
    if wave["unsent"]:
        data.put_json(keys.unsent(event["run"], event["opening"]), dict(wave["unsent"]))
    return {
        "next": wave["next"],
        "number": number,
        "bucket": data.name,
        "key": key,
        "targets": len(wave["targets"]),
        "until": wave["until"],
        "waiting": len(wave["waiting"]),
    }


def _stored(event: Input, data: Bucket, number: int) -> Wave | None:
    try:
        return cast("Wave", data.get_json(keys.wave(event["run"], event["opening"], number)))
    except RecordMissing:
        return None


def _decided(event: Input, data: Bucket, number: int, everybody: list[str], clock: dt.datetime) -> Wave:
    """Decide, and keep the decision unless somebody else has decided meanwhile: then his counts."""
    wave = _decide(event, data, number, everybody, clock)
    body = json.dumps(wave, separators=(",", ":")).encode()
    key = keys.wave(event["run"], event["opening"], number)
    return wave if data.put_conditionally(key, body) else cast("Wave", data.get_json(key))


def _decide(event: Input, data: Bucket, number: int, everybody: list[str], clock: dt.datetime) -> Wave:
    request: ScanRequest = data.get_json(keys.request(event["run"]))["request"]
    canary = None if event["dry_run"] else request.get("canary")

    @functools.cache
    def judged() -> Judgement:
        return _judged(event, data, canary) if canary else judge([], 0)

    if number:
        before: Wave = data.get_json(keys.wave(event["run"], event["opening"], number - 1))
    else:
        # A canary that has passed in an earlier opening of the run need not go first again.
        first = canary["targets"] if canary and not (event["opening"] and judged().has_passed()) else None
        waiting = everybody if first is None else [name for name in first if name in set(everybody)]
        before = waves.beginning(waiting, clock, canary=first is not None)
    now = waves.moment_after(before, clock)
    before = waves.with_late(before, _late(event, data, waves.may_be_late(before, now)))
    left = waves.left(before, everybody)
    try:
        windows = NO_WINDOWS if event["dry_run"] or request.get("ignore_windows") or not left else _windows(data)
    except (MalformedDocument, RecordMissing) as fault:
        return waves.ended(before, now, left, _unreadable(fault))
    return waves.next_wave(before, now, everybody, _hours(windows, now), judged)


def _hours(windows: Windows, now: dt.datetime) -> waves.Hours:
    return waves.Hours(
        lambda name: earliest_opening(windows, keys.account_and_region(name)[0], now),
        lambda name: next_closing(windows, keys.account_and_region(name)[0], now),
    )


def _late(event: Input, data: Bucket, candidates: list[str]) -> list[str]:
    """Those of some account-regions that found their window closed when their turn came."""
    records = RunRecords(data, event["run"], event["profile"], event["bundle"])
    return [
        name
        for name in candidates
        if any(line["reason"] == OutsideWindow.reason for line in records.ledger_of(*keys.account_and_region(name)))
    ]


def _judged(event: Input, data: Bucket, canary: Canary) -> Judgement:
    records = RunRecords(data, event["run"], event["profile"], event["bundle"])
    places = [keys.account_and_region(name) for name in canary["targets"]]
    return judge(
        [Entered(records.inventory(*place), records.ledger_of(*place)) for place in places], canary["max_failures"]
    )


def _windows(data: Bucket) -> Windows:
    """What the operator wrote; no document means no windows.

    Raises:
        MalformedDocument: It is not what its schema says.
        RecordMissing: It cannot be expanded, or somebody has just removed it.
    """
    if not any(stored.key == keys.WINDOWS for stored in data.keys(keys.WINDOWS)):
        return NO_WINDOWS
    return read_windows(data.get(keys.WINDOWS))


def _unreadable(fault: Exception) -> Outcome:
    detail = f"{keys.WINDOWS} cannot be read ({fault}); until it can, nothing is sent."
    return Outcome("scan_failed", "windows_unreadable", detail)


def _sent(event: Input, data: Bucket, wave: Wave, targets: Mapping[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """This wave's items of the Distributed Map: how many hosts go, until when, and whether the canary was here before.

    An account-region that is entered again is so by an execution with another name.
    """
    hosts = 0
    if wave["canary"]:
        request: ScanRequest = data.get_json(keys.request(event["run"]))["request"]
        hosts = cast("Canary", request["canary"])["instances"]
    canaries = frozenset(wave["canaries"])
    return [
        {
            **targets[name],
            "execution_name": targets[name]["execution_name"] + _suffix(wave, name),
            "canary_instances": hosts,
            "after_canary": not wave["canary"] and name in canaries,
            "starts_before": wave["closings"].get(name),
        }
        for name in wave["targets"]
    ]


def _suffix(wave: Wave, name: str) -> str:
    again = f"-wave-{wave['number']}" if name in wave["again"] else ""
    return f"{'-canary' if wave['canary'] else ''}{again}"


@entrypoint
def lambda_handler(event: Input, context: object) -> Output:  # noqa: D103 - see the module
    data = Bucket(own_session().client("s3"), setting("DATA_BUCKET"))
    return run(event, data, dt.datetime.now(dt.UTC))
