"""The fleet's figures: what counts as a difference from the plan, a payload, a call, and growth."""

from __future__ import annotations

import dataclasses
import threading
import time

from bench.fleet import aims_of, growth, row_of
from bench.fleet_run import FleetRun, Spent, differences, largest_payload
from bench.one_command_each import Agenda

RUN = FleetRun(
    job="fleetdx",
    instances=100,
    spent=Spent(1.0, 10.0, 5.0, 100.0),
    calls={"ssm:SendCommand": 10, "sts:AssumeRole": 20, "ec2:DescribeInstances": 5, "s3:GetObject": 900},
    host_calls={"s3:PostObject": 100},
    bytes_moved=2**20,
    throttled=0,
    counts={"executions": 11, "state_transitions": 50, "lambda_invocations": 30},
    largest_history=100,
    largest_payload=1_000,
    verdicts={},
    differences={},
    strays=(0, 0),
)


def line(instance: str | None, state: str, reason: str) -> dict[str, str | None]:
    return {"instance": instance, "account": "1", "region": "r", "state": state, "reason": reason}


def test_a_ledger_is_exact_or_named() -> None:
    """A line that is missing, wrong, doubled or one too many is told by name; an exact ledger has no difference."""
    expected = {"1/r": ("scanned", "entered"), "i-1": ("scanned", "verified"), "i-2": ("scanned", "verified")}
    exact = [line(None, "scanned", "entered"), *(line(one, "scanned", "verified") for one in ("i-1", "i-2"))]
    assert differences(expected, exact) == {}
    wrong = [exact[0], exact[0], line("i-2", "scan_failed", "no_digest"), line("i-3", "scanned", "verified")]
    assert set(differences(expected, wrong)) == {"1/r", "i-1", "i-2", "i-3"}


def test_the_largest_payload_is_in_bytes() -> None:
    """Inputs, outputs and parameters count, in bytes of UTF-8; other texts of an event do not."""
    events = [
        {"type": "TaskStateEntered", "stateEnteredEventDetails": {"name": "A" * 99, "input": "\N{SNOWMAN}" * 10}},
        {"type": "TaskScheduled", "taskScheduledEventDetails": {"parameters": "p" * 20, "resource": "r" * 50}},
    ]
    assert largest_payload(events) == 30
    assert largest_payload([{"type": "PassStateExited", "id": 1}]) == 0


def test_hosts_and_s3_are_no_control_plane() -> None:
    """Calls each are those to Systems Manager, STS and EC2; each child of the Map is one more transition."""
    row = row_of(RUN)
    assert (row["calls_each"], row["transitions_each"]) == (0.35, 0.5)


def test_growth_is_the_power_of_the_size() -> None:
    """Ten times the instances in ten times the time is the power one."""
    larger = dataclasses.replace(RUN, instances=1_000, spent=dataclasses.replace(RUN.spent, wall_seconds=100.0))
    assert growth(RUN, larger).measured == 1.0


def test_a_ledger_with_a_difference_misses_its_aim() -> None:
    """One wrong line is enough, and so is a stray that nobody planned."""
    faulty = dataclasses.replace(RUN, job="fleetdx, faults", differences={"i-1": ""}, strays=(2, 1))
    missed = [aim.name for aim in aims_of([RUN, faulty]) if not aim.met]
    assert missed == [
        "100 instances, fleetdx, faults: ledger lines that are not the plan's",
        "100 instances, fleetdx, faults: strays more or fewer than planned",
    ]


def test_an_agenda_is_worked_off_with_what_its_tasks_add() -> None:
    """It ends when nothing is left, tasks that were added meanwhile included, each at its time."""
    agenda, done, lock = Agenda(), list[str](), threading.Lock()

    def note(name: str) -> None:
        with lock:
            done.append(name)

    def first() -> None:
        note("first")
        agenda.add(time.monotonic() + 0.1, lambda: note("last"))

    agenda.add(time.monotonic(), first)
    agenda.add(time.monotonic() + 0.05, lambda: note("second"))
    agenda.work_off()
    assert done == ["first", "second", "last"]
