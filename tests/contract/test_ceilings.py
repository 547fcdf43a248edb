"""Ceilings: how long a history can get at the limits of a request, counted on paper from the definitions.

Step Functions ends an execution at 25,000 events; a person reads far fewer. The bench measures the same of real runs.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from fleetdx import requests
from fleetdx.inventory import BATCH_SIZE
from fleetdx.waves import LONGEST_WAIT
from functions.check_command import handler as check_command
from functions.send_command import handler as send_command
from tools.bundle import build_bundle
from tools.sources import machines

MOST_EVENTS = 2_500
EVENTS = {"Task": 5, "Map": 4, "Choice": 2, "Wait": 2, "Pass": 2, "Succeed": 1, "Fail": 1}
"""Events of a state that goes well: entered, exited, and what a Task or a Map run adds in between."""
OF_THE_EXECUTION = 2
ATTEMPTS = 5
"""The schema's limit of max_attempts."""


def events_of(machine: str, *states: str) -> int:
    """Events of a way through a machine's states."""
    definition = machines()[machine]["States"]
    return sum(EVENTS[definition[name]["Type"]] for name in states)


def polls(seconds: int) -> int:
    """How often CheckCommand asks until a command's deadline is over, by the waits that the functions hand out."""
    wait, passed, count = send_command.FIRST_WAIT_SECONDS + BATCH_SIZE // send_command.INSTANCES_A_SECOND, 0, 0
    while passed < seconds:
        passed, count = passed + wait, count + 1
        wait = min(check_command.LONGEST_WAIT_SECONDS, wait * check_command.GROWTH)
    return count


def test_a_batch_at_the_limits_of_a_request_keeps_its_history_short() -> None:
    """The longest time limits, every attempt that a request may ask for, and as many inline parts as a profile has."""
    limit = requests.request_schema()["properties"]["max_attempts"]["maximum"]
    assert limit == ATTEMPTS
    looks = polls(requests.SIGNATURE_SECONDS + send_command.GRACE_SECONDS)
    look = events_of("scan_batch", "WaitForCommand", "CheckCommand", "CommandFinished?")
    attempt = events_of("scan_batch", "WaitForTurn", "SendCommand", "UploadResults", "AnyRetryable?") + looks * look
    parts = max(map(len, build_bundle().catalog["inline"].values()))
    # Under `auto` one more attempt may have gone by S3 before.
    events = OF_THE_EXECUTION + (ATTEMPTS * parts + 1) * attempt + events_of("scan_batch", "BatchEnded")
    assert events < MOST_EVENTS


@pytest.mark.parametrize("machine", ["scan_target", "stop_scan", "report_coverage"])
def test_what_goes_through_distributed_maps_does_not_grow(machine: str) -> None:
    """No state follows itself and every Map is distributed: each state stands once in a history, however many items."""
    definition = machines()[machine]
    maps = [state for state in definition["States"].values() if state["Type"] == "Map"]
    assert maps
    assert all(state["ItemProcessor"]["ProcessorConfig"]["Mode"] == "DISTRIBUTED" for state in maps)
    assert _order(definition)
    assert OF_THE_EXECUTION + events_of(machine, *definition["States"]) < 100


def _order(definition: dict[str, Any]) -> list[str]:
    """The states, each before those that may follow it; none where a way leads back."""
    followers = {name: _followers(state) for name, state in definition["States"].items()}
    ordered: list[str] = []
    while len(ordered) < len(followers):
        free = [name for name in followers if name not in ordered and followers[name] <= set(ordered)]
        if not free:
            return []
        ordered += free
    return ordered


def _followers(state: dict[str, Any]) -> set[str]:
    ways = [state, *state.get("Choices", []), *state.get("Catch", [])]
    return {way[field] for way in ways for field in ("Next", "Default") if field in way}


def test_a_day_of_windows_keeps_the_runs_history_short() -> None:
    """A window that opens every half hour for 24 hours, each with a wait and a wave of its own, fits."""
    definition = machines()["scan_fleet"]["States"]
    wave = events_of("scan_fleet", "SelectWave", "NextWave?", "WaitForWindow")
    wave += events_of("scan_fleet", "SelectWave", "NextWave?", "ScanTargets")
    waves = LONGEST_WAIT // dt.timedelta(minutes=30)
    assert OF_THE_EXECUTION + waves * wave + events_of("scan_fleet", *definition) < MOST_EVENTS
