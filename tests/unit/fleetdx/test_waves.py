"""Waves: everybody goes once and only when let in, the first opening is waited for, and nobody is forgotten."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleetdx import waves
from fleetdx.canary import Judgement
from fleetdx.run_ids import moment_of
from fleetdx.waves import LONGEST_WAIT, Hours, Wave

NOW = dt.datetime(2026, 11, 23, 3, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
A, B, C = (f"{number:012d}/us-east-1" for number in (1, 2, 3))
PASSED = Judgement(1, {}, {}, 0, 0)
FAILED = Judgement(1, {"scanner_failed": 1}, {}, 0, 0)
NOBODY = Judgement(0, {}, {"undeliverable": 1}, 0, 0)
Openings = dict[str, dt.datetime | None]


def decide(before: Wave, now: dt.datetime, openings: Openings, judgement: Judgement = PASSED) -> Wave:
    """The next wave of a run over the account-regions that have openings."""

    def opening(name: str) -> dt.datetime | None:
        first = openings[name]
        return None if first is None else max(first, now)

    def closing(name: str) -> dt.datetime | None:
        first = openings[name]
        return None if first is None else max(first, now) + HOUR

    return waves.next_wave(before, now, list(openings), Hours(opening, closing), lambda: judgement)


def played(openings: Openings, canary: list[str] | None = None, judgement: Judgement = PASSED) -> list[Wave]:
    """Every decision of a run in which a wave takes a minute, on a clock that passes by waiting."""
    wave = waves.beginning(openings if canary is None else canary, NOW, canary=canary is not None)
    decided: list[Wave] = []
    clock = NOW
    while not decided or decided[-1]["next"] != "done":
        now = waves.moment_after(wave, clock)
        wave = decide(wave, now, openings, judgement)
        decided.append(wave)
        clock = now + dt.timedelta(minutes=wave["next"] == "scan")
        assert len(decided) < 50
    return decided


def sent(decided: list[Wave], *, canary: bool = False) -> list[list[str]]:
    return [wave["targets"] for wave in decided if wave["targets"] and wave["canary"] is canary]


def test_a_run_without_windows_and_canary_is_one_wave() -> None:
    """Two decisions: everybody, then nobody."""
    decided = played({A: NOW, B: NOW})
    assert [(wave["number"], wave["next"], wave["targets"]) for wave in decided] == [
        (0, "scan", [A, B]),
        (1, "done", []),
    ]


def test_the_first_opening_is_waited_for_and_nobody_else_is_kept() -> None:
    """Who is let in goes; the others come when theirs opens, each with its own."""
    decided = played({A: NOW + 3 * HOUR, B: NOW, C: NOW + HOUR})
    assert [(wave["next"], wave["targets"], wave["until"], len(wave["waiting"])) for wave in decided] == [
        ("scan", [B], None, 2),
        ("wait", [], "2026-11-23T04:00:00Z", 2),
        ("scan", [C], None, 1),
        ("wait", [], "2026-11-23T06:00:00Z", 1),
        ("scan", [A], None, 0),
        ("done", [], None, 0),
    ]


@pytest.mark.reaches("outside_window")
def test_what_opens_too_late_is_told_with_its_opening() -> None:
    """A day is waited at most; who would be let in later, or never, is outside of the window."""
    decided = played({A: NOW + LONGEST_WAIT + HOUR, B: NOW + LONGEST_WAIT, C: None})
    assert sent(decided) == [[B]]
    told = decided[-1]["unsent"]
    assert {name: one["reason"] for name, one in told.items()} == {A: "outside_window", C: "outside_window"}
    assert "until 2026-11-24T04:00:00Z" in told[A]["detail"]
    assert "8 days" in told[C]["detail"]


def test_a_wait_is_over_when_it_was_to_end() -> None:
    """A clock that is behind the one that waited does not wait again; sub-seconds never count."""
    waiting = decide(waves.beginning([A], NOW, canary=False), NOW, {A: NOW + HOUR})
    assert waiting["until"] == "2026-11-23T04:00:00Z"
    assert waves.moment_after(waiting, NOW) == NOW + HOUR
    late = NOW + 2 * HOUR
    assert waves.moment_after(waiting, late.replace(microsecond=999)) == late


def test_who_did_not_start_in_time_waits_once_more() -> None:
    """A wave says until when each may start; whose turn came later goes again, and is known as such."""
    first = decide(waves.beginning([A, B], NOW, canary=False), NOW, {A: NOW, B: NOW})
    assert first["closings"] == {A: "2026-11-23T04:00:00Z", B: "2026-11-23T04:00:00Z"}
    assert waves.may_be_late(first, NOW + HOUR - dt.timedelta(seconds=1)) == []
    now = NOW + HOUR
    assert waves.may_be_late(first, now) == [A, B]
    second = decide(waves.with_late(first, [B]), now, {A: NOW, B: NOW + 3 * HOUR})
    assert (second["next"], second["until"], second["again"]) == ("wait", "2026-11-23T06:00:00Z", [B])
    third = decide(second, NOW + 3 * HOUR, {A: NOW, B: NOW + 3 * HOUR})
    assert (third["next"], third["targets"], third["again"]) == ("scan", [B], [B])


def test_a_canary_that_did_not_start_in_time_has_not_been_there() -> None:
    """Its account-region goes again, still as canary; after the canary, that it was there is not forgotten."""
    first = decide(waves.beginning([A], NOW, canary=True), NOW, {A: NOW, B: NOW})
    assert first["canaries"] == [A]
    late = waves.with_late(first, [A])
    assert (late["canaries"], late["waiting"]) == ([], [A])
    assert waves.with_late({**first, "canary": False}, [A])["canaries"] == [A]


def test_a_canary_goes_first_and_holds_everybody_back() -> None:
    """Its account-regions alone, then everybody, the canary's own account-regions too."""
    decided = played({A: NOW, B: NOW}, canary=[A])
    assert sent(decided, canary=True) == [[A]]
    assert sent(decided) == [[A, B]]
    assert decided[-1]["canaries"] == [A]
    assert decided[-1]["unsent"] == {}


@pytest.mark.parametrize("judgement", [FAILED, NOBODY])
def test_after_a_failed_canary_nothing_is_sent(judgement: Judgement) -> None:
    """Everybody is told that the canary failed, and nobody was sent anything."""
    decided = played({A: NOW, B: NOW, C: NOW + HOUR}, [A], judgement)
    assert sent(decided, canary=True) == [[A]]
    assert sent(decided) == []
    assert {name: one["reason"] for name, one in decided[-1]["unsent"].items()} == dict.fromkeys(
        (A, B, C), "canary_failed"
    )


def test_a_canary_of_several_windows_stops_at_its_first_failure() -> None:
    """It is judged as soon as somebody of it was scanned: who waits for a window is sent nothing any more."""
    decided = played({A: NOW, B: NOW + HOUR}, [A, B], FAILED)
    assert [wave["next"] for wave in decided] == ["scan", "done"]


def test_a_canary_waits_for_its_windows_too() -> None:
    """All of it goes before anybody else; what would open too late is left out of it."""
    openings: Openings = {A: NOW, B: NOW + HOUR, C: NOW + LONGEST_WAIT + HOUR}
    decided = played(openings, [A, B, C])
    assert sent(decided, canary=True) == [[A], [B]]
    assert sent(decided) == [[A, B]]
    assert list(decided[-1]["unsent"]) == [C]


def test_a_canary_that_an_earlier_opening_has_finished_is_judged_by_its_records() -> None:
    """Where nothing of it is left to be sent, its records decide at once."""
    assert sent(played({B: NOW}, [], PASSED)) == [[B]]
    assert [one["reason"] for one in played({B: NOW}, [], NOBODY)[-1]["unsent"].values()] == ["canary_failed"]


NAMES = st.lists(st.sampled_from([f"{number:012d}/us-east-1" for number in range(8)]), unique=True, max_size=8)


@given(st.data())
def test_everybody_goes_once_when_let_in_or_is_told(data: st.DataObject) -> None:
    """For any openings and any canary: once in the main pass, never before the opening, else told why."""
    names = data.draw(NAMES)
    hours = data.draw(st.lists(st.integers(0, 30) | st.none(), min_size=len(names), max_size=len(names)))
    openings: Openings = {
        name: None if hour is None else NOW + hour * HOUR for name, hour in zip(names, hours, strict=True)
    }
    canary = data.draw(st.none() | st.lists(st.sampled_from(names), unique=True)) if names else None
    judgement = data.draw(st.sampled_from([PASSED, FAILED, NOBODY]))
    decided = played(openings, canary, judgement)
    main = [name for wave in sent(decided) for name in wave]
    assert len(main) == len(set(main))
    assert set(main) | set(decided[-1]["unsent"]) == set(names)
    assert not set(main) & set(decided[-1]["unsent"])
    for wave in decided:
        opened: list[Any] = [openings[name] for name in wave["targets"]]
        assert all(moment <= moment_of(wave["at"]) for moment in opened)
    ends = [moment_of(wave["until"]) for wave in decided if wave["until"]]
    assert ends == sorted(set(ends))
    assert set(ends) <= {moment for moment in openings.values() if moment}
