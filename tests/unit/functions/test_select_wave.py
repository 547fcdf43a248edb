"""SelectWave: what is read lets in or keeps out, and what was decided is found again, word for word."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from fleetdx import keys
from fleetdx.inventory import batches_of
from fleetdx.ledger import Outcome, instance_line, target_line
from functions.select_wave import handler
from tests.fakes.aws_errors import client_error
from tests.fakes.runs import ACCOUNT, OPENED, PLACE, REGION, RUN, TARGET, entry, inventory_of, open_run
from tests.fakes.s3 import bucket, fake

NOW = dt.datetime(2026, 11, 23, 2, 16, tzinfo=dt.UTC)
OTHER = "444455556666"
HERE, THERE = keys.place(ACCOUNT, REGION), keys.place(OTHER, REGION)
EVERY_DAY = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
CANARY = {"targets": [HERE], "instances": 2, "max_failures": 0}
VERIFIED = Outcome("scanned", "verified", "Good.")
FAILED = Outcome("scan_failed", "scanner_failed", "Bad.")


def opened(**request: Any) -> Any:
    """A bucket with a run over two account-regions, as ListTargets leaves it."""
    data = bucket()
    open_run(data, **request)
    targets = [
        {**TARGET, "account": account, "execution_name": f"{RUN}-{account}-{REGION}"} for account in (ACCOUNT, OTHER)
    ]
    data.put_json(keys.targets(RUN), targets)
    return data


def select(data: Any, wave: int | None = None, clock: dt.datetime = NOW, **event: Any) -> Any:
    """Call the function twice, as a Retry does, and return its answer."""
    before = {} if wave is None else {"wave": {"number": wave}}
    payload: Any = {**OPENED, "targets": {"key": keys.targets(RUN)}, **before, **event}
    answer = handler.run(payload, data, clock)
    written = dict(fake(data).objects)
    assert handler.run(payload, data, clock + dt.timedelta(days=3)) == answer
    assert fake(data).objects == written
    return answer


def items(data: Any, answer: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = data.get_json(answer["key"])
    return found


def unsent(data: Any, opening: int = 0) -> dict[str, str]:
    return {name: one["reason"] for name, one in data.get_json(keys.unsent(RUN, opening)).items()}


def write_windows(data: Any, **fields: Any) -> None:
    data.put_json(keys.WINDOWS, {"schema": 1, "quiet_hours": [], "windows": [], **fields})


def hours(start: str, end: str, **fields: Any) -> dict[str, Any]:
    return {"days": EVERY_DAY, "from": start, "to": end, "time_zone": "UTC", **fields}


def record_canary(data: Any, *outcomes: Outcome) -> None:
    """What a canary leaves in its account-region: an inventory whose first batch went, and their lines."""
    inventory = inventory_of(4)
    names = [one["instance"] for one in inventory["instances"]]
    inventory["batches"] = batches_of(names, 2)
    data.put_json(keys.inventory(RUN, ACCOUNT, REGION), dict(inventory))
    lines = [instance_line(PLACE, entry(number), one) for number, one in enumerate(outcomes, start=1)]
    data.put_lines(keys.ledger_part(RUN, ACCOUNT, REGION, "0000-00"), lines)


def test_without_windows_and_canary_everybody_goes_at_once() -> None:
    """The first wave has all account-regions, the second decision ends the run."""
    data = opened()
    first = select(data)
    assert first == {
        "next": "scan",
        "number": 0,
        "bucket": "data",
        "key": keys.wave_targets(RUN, 0, 0),
        "targets": 2,
        "until": None,
        "waiting": 0,
    }
    assert [(one["account"], one["canary_instances"], one["after_canary"]) for one in items(data, first)] == [
        (ACCOUNT, 0, False),
        (OTHER, 0, False),
    ]
    assert items(data, first)[0].keys() == data.get_json(keys.targets(RUN))[0].keys()
    last = select(data, 0)
    assert (last["next"], last["number"], last["key"], last["targets"]) == ("done", 1, None, 0)
    assert not list(data.keys(keys.unsent(RUN, 0)))


def test_nobody_to_scan_ends_at_once() -> None:
    """A run without account-regions starts no Map."""
    data = opened()
    data.put_json(keys.targets(RUN), [])
    assert select(data)["next"] == "done"


def test_a_window_is_waited_for() -> None:
    """An account outside of its window waits until it opens, to the second, and then goes."""
    data = opened()
    write_windows(data, windows=[hours("03:00", "04:00", accounts=[OTHER])])
    assert [one["account"] for one in items(data, select(data))] == [ACCOUNT]
    waiting = select(data, 0)
    assert (waiting["next"], waiting["until"], waiting["waiting"]) == ("wait", "2026-11-23T03:00:00Z", 1)
    # The clock of a function may be behind the one that has waited.
    assert [one["account"] for one in items(data, select(data, 1))] == [OTHER]
    assert select(data, 2)["next"] == "done"


def test_what_opens_too_late_is_told_by_name() -> None:
    """BuildReport finds each account-region that was sent nothing, with the reason."""
    data = opened()
    write_windows(data, windows=[hours("03:00", "04:00", accounts=[OTHER], days=["thu"])])
    select(data)
    assert select(data, 0)["next"] == "done"
    assert unsent(data) == {THERE: "outside_window"}


def test_who_found_its_window_closed_goes_again() -> None:
    """Its item says until when it may start; where its turn came later, its next execution has another name."""
    data = opened()
    write_windows(
        data, windows=[hours("02:00", "03:00", accounts=[ACCOUNT]), hours("02:00", "04:00", accounts=[OTHER])]
    )
    first = items(data, select(data))
    assert [one["starts_before"] for one in first] == ["2026-11-23T03:00:00Z", "2026-11-23T04:00:00Z"]
    late = Outcome("scan_failed", "outside_window", "OutsideWindow: too late.")
    data.put_lines(keys.ledger_part(RUN, ACCOUNT, REGION, "target"), [target_line(PLACE, late, None)])
    assert select(data, 0, NOW + dt.timedelta(minutes=44))["until"] == "2026-11-24T02:00:00Z"
    (again,) = items(data, select(data, 1))
    assert (again["account"], again["execution_name"]) == (ACCOUNT, f"{RUN}-{ACCOUNT}-{REGION}-wave-2")
    data.put_lines(keys.ledger_part(RUN, ACCOUNT, REGION, "target"), [])
    assert select(data, 2, NOW + dt.timedelta(days=2))["next"] == "done"


@pytest.mark.parametrize("request_", [{"ignore_windows": True}, {"dry_run": True}])
def test_windows_can_be_ignored(request_: dict[str, bool]) -> None:
    """Whoever says so, or only asks for a list, waits for nothing and reads no document."""
    data = opened(**request_)
    data.put(keys.WINDOWS, b"{")
    assert select(data, dry_run=request_.get("dry_run", False))["targets"] == 2


@pytest.mark.reaches("windows_unreadable")
@pytest.mark.parametrize("text", [b"", b"{", b'{"schema": 1}', b'{"schema": 1, "quiet_hours": 1, "windows": []}'])
def test_an_unreadable_document_lets_nobody_in(text: bytes) -> None:
    """Nothing is sent, and each account-region says so."""
    data = opened()
    data.put(keys.WINDOWS, text)
    assert select(data)["next"] == "done"
    assert unsent(data) == {HERE: "windows_unreadable", THERE: "windows_unreadable"}
    detail = data.get_json(keys.unsent(RUN, 0))[HERE]["detail"]
    assert keys.WINDOWS in detail


def test_a_document_that_cannot_be_expanded_is_unreadable_too() -> None:
    """Bytes that are not what their encoding says are no missing document."""
    data = opened()
    data.put(keys.WINDOWS, b"no gzip")
    fake(data).encodings["data", keys.WINDOWS] = "gzip"
    assert select(data)["next"] == "done"
    assert set(unsent(data).values()) == {"windows_unreadable"}


def test_a_document_that_becomes_unreadable_keeps_out_those_who_wait() -> None:
    """What was sent stays sent; only who is left is told."""
    data = opened()
    write_windows(data, windows=[hours("03:00", "04:00", accounts=[OTHER])])
    select(data)
    data.put(keys.WINDOWS, b"{")
    assert select(data, 0)["next"] == "done"
    assert unsent(data) == {THERE: "windows_unreadable"}


def test_a_document_that_may_not_be_read_is_an_error() -> None:
    """S3's refusal is not taken for a missing document."""
    data = opened()
    write_windows(data)
    fake(data).failing["get_object", keys.WINDOWS] = [client_error("AccessDenied", "GetObject", 403)]
    with pytest.raises(Exception, match="AccessDenied"):
        handler.run({**OPENED, "targets": {"bucket": "data", "key": keys.targets(RUN)}}, data, NOW)  # type: ignore[typeddict-item]
    assert not list(data.keys(keys.wave(RUN, 0, 0)))


def test_the_canary_goes_first_and_then_everybody() -> None:
    """Its item says how many hosts and has a name of its own; the next item of the same account-region says it was."""
    data = opened(canary=CANARY)
    first = select(data)
    (item,) = items(data, first)
    assert (item["account"], item["canary_instances"], item["after_canary"]) == (ACCOUNT, 2, False)
    assert item["execution_name"] == f"{RUN}-{ACCOUNT}-{REGION}-canary"
    record_canary(data, VERIFIED, VERIFIED)
    assert [
        (one["account"], one["canary_instances"], one["after_canary"], one["execution_name"])
        for one in items(data, select(data, 0))
    ] == [
        (ACCOUNT, 0, True, f"{RUN}-{ACCOUNT}-{REGION}"),
        (OTHER, 0, False, f"{RUN}-{OTHER}-{REGION}"),
    ]


@pytest.mark.reaches("canary_failed")
@pytest.mark.parametrize("outcomes", [(VERIFIED, FAILED), (FAILED, FAILED), ()])
def test_a_failed_canary_ends_the_run(outcomes: tuple[Outcome, ...]) -> None:
    """Nothing more is sent; every account-region is told why, its own too."""
    data = opened(canary=CANARY)
    select(data)
    record_canary(data, *outcomes)
    assert select(data, 0)["next"] == "done"
    assert unsent(data) == {HERE: "canary_failed", THERE: "canary_failed"}


def test_a_dry_run_has_no_canary() -> None:
    """Where nothing is sent, nobody has to go first."""
    assert select(opened(canary=CANARY), dry_run=True)["targets"] == 2


@pytest.mark.parametrize(
    ("outcomes", "first"),
    [
        ((VERIFIED, VERIFIED), [(ACCOUNT, 0), (OTHER, 0)]),
        ((VERIFIED,), [(ACCOUNT, 2)]),
        ((VERIFIED, FAILED), [(ACCOUNT, 2)]),
        ((), [(ACCOUNT, 2)]),
    ],
)
def test_a_resumed_run_repeats_a_canary_that_has_not_passed(
    outcomes: tuple[Outcome, ...], first: list[tuple[str, int]]
) -> None:
    """What an earlier opening has proved holds; what it has begun, failed or not begun goes first again."""
    data = opened(canary=CANARY)
    record_canary(data, *outcomes)
    answer = select(data, opening=1)
    assert [(one["account"], one["canary_instances"]) for one in items(data, answer)] == first
    assert answer["key"] == keys.wave_targets(RUN, 1, 0)
    assert not any(one["after_canary"] for one in items(data, answer))


def test_what_somebody_else_has_decided_meanwhile_counts() -> None:
    """Of two calls at once one decides, and both write the same."""
    data = opened()
    select(data)
    decided = fake(data).objects["data", keys.wave(RUN, 0, 0)]
    absent = client_error("NoSuchKey", "GetObject", 404)
    fake(data).failing["get_object", keys.wave(RUN, 0, 0)] = [absent]
    write_windows(data, quiet_hours=[hours("00:00", "24:00")])
    event: Any = {**OPENED, "targets": {"key": keys.targets(RUN)}}
    assert handler.run(event, data, NOW)["next"] == "scan"
    assert fake(data).objects["data", keys.wave(RUN, 0, 0)] == decided
    assert json.loads(decided)["targets"] == [HERE, THERE]
