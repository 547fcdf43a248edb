"""The life of a command over several hosts: concurrency, errors, what is undeliverable."""

from __future__ import annotations

import threading
import time
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from emulator.agent.commands import Command, Order, share
from emulator.agent.document import parse
from emulator.agent.pool import HostPool
from emulator.clock import Clock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from emulator.agent.host import Host

CLOCK = Clock(0.0001)


@pytest.fixture
def pool() -> Iterator[HostPool]:
    made = HostPool(4)
    yield made
    made.close()


@pytest.fixture
def command(pool: HostPool, host: Host, tmp_path: Path) -> Callable[..., Command]:
    """Makes a command of one shell step for hosts numbered from 1; a script finds its number in $NUMBER."""

    def make(script: str, count: int, is_there: Callable[[Host], bool] = lambda _: True, **order: Any) -> Command:
        document = parse(
            {
                "schemaVersion": "2.2",
                "mainSteps": [
                    {
                        "name": "Step",
                        "action": "aws:runShellScript",
                        "inputs": {"runCommand": [script], "workingDirectory": str(tmp_path), "timeoutSeconds": "60"},
                    }
                ],
            }
        )
        hosts = tuple(
            replace(host, instance_id=f"i-{number:017}", environment={"NUMBER": str(number)})
            for number in range(1, count + 1)
        )
        return Command(Order("command", "echo", document, {}, {}, hosts, **order), pool, CLOCK, is_there)

    return make


def details(command: Command) -> list[str]:
    return [invocation.details for invocation in command.invocations.values()]


def peak(directory: Path, stop: threading.Event) -> int:
    """Most files named running-* seen at once."""
    most = 0
    while not stop.is_set():
        most = max(most, sum(1 for _ in directory.glob("running-*")))
        time.sleep(0.01)
    return most


@pytest.mark.parametrize(("max_concurrency", "most"), [("1", 1), ("3", 3), ("25%", 2), ("1%", 1), ("50", 4)])
def test_keeps_to_max_concurrency(
    command: Callable[..., Command], tmp_path: Path, max_concurrency: str, most: int
) -> None:
    """No more hosts run at once than asked for, nor than this machine is to bear."""
    stop, seen = threading.Event(), []
    watcher = threading.Thread(target=lambda: seen.append(peak(tmp_path, stop)))
    watcher.start()
    running = command("touch running-$NUMBER; sleep 0.2; rm running-$NUMBER", 8, max_concurrency=max_concurrency)
    running.start()
    assert running.wait(30)
    stop.set()
    watcher.join()
    assert 1 <= seen[0] <= most
    assert details(running) == ["Success"] * 8


@pytest.mark.parametrize(
    ("max_errors", "failed", "begun"), [("0", 1, 1), ("1", 2, 2), ("10%", 2, 2), ("100%", 10, 10), ("10", 10, 10)]
)
def test_stops_at_max_errors(command: Callable[..., Command], max_errors: str, failed: int, begun: int) -> None:
    """One error more than MaxErrors, a number or a share, and the waiting hosts are terminated."""
    running = command("exit 1", 10, max_concurrency="1", max_errors=max_errors)
    running.start()
    assert running.wait(30)
    counted = Counter(details(running))
    assert counted == Counter({"Failed": failed, "Terminated": 10 - begun}) - Counter()
    view = running.view()
    assert view["ErrorCount"] == failed
    assert view["CompletedCount"] == view["TargetCount"] == 10
    assert view["StatusDetails"] == ("Incomplete" if max_errors in ("100%", "10") else "Failed")


def test_what_cannot_be_delivered_is_no_error(command: Callable[..., Command]) -> None:
    """A host that is gone when its turn comes is undeliverable; the others run, and the command is a success."""
    running = command("true", 3, lambda host: not host.instance_id.endswith("2"))
    running.start()
    assert running.wait(30)
    assert details(running) == ["Success", "Undeliverable", "Success"]
    assert (running.view()["Status"], running.view()["ErrorCount"]) == ("Success", 0)


def test_an_agent_that_goes_offline_is_never_heard_of_again(command: Callable[..., Command]) -> None:
    """Its invocation stays in progress till all time limits are over, runs nothing, keeps its place among others."""
    running = command("true", 3, max_concurrency="2")
    first = running.invocations["i-00000000000000001"]
    first.host = replace(first.host, agent_state="goes_offline")
    running.start()
    assert all(item.finished.wait(10) for item in running.invocations.values() if item is not first)
    assert details(running) == ["InProgress", "Success", "Success"]
    running.cancel()
    assert not running.wait(0.3)
    assert details(running) == ["Cancelling", "Success", "Success"]
    assert first.results == []


def test_an_instance_that_is_terminated_meanwhile_is_undeliverable(command: Callable[..., Command]) -> None:
    """It was there when the command was sent, and is gone when its turn comes."""
    running = command("true", 2)
    first = running.invocations["i-00000000000000001"]
    first.host = replace(first.host, agent_state="terminated")
    running.start()
    assert running.wait(30)
    assert details(running) == ["Undeliverable", "Success"]


def test_a_fault_of_ours_fails_the_invocation(
    command: Callable[..., Command], caplog: pytest.LogCaptureFixture
) -> None:
    """An unforeseen fault in the stand-in ends the invocation as failed, is logged, and takes no thread away."""

    def broken(_: Host) -> bool:
        raise RuntimeError("no such registry")

    running = command("true", 6, broken, max_errors="100%")
    running.start()
    assert running.wait(30)
    assert details(running) == ["Failed"] * 6
    assert "no such registry" in caplog.text
    after = command("true", 1)
    after.start()
    assert after.wait(30)
    assert details(after) == ["Success"]


def test_cancels_some(command: Callable[..., Command]) -> None:
    """Named hosts are canceled, others go on."""
    running = command("sleep 1", 3, max_concurrency="3")
    running.start()
    running.cancel(["i-00000000000000002"])
    assert running.wait(30)
    assert details(running) == ["Success", "Cancelled", "Success"]
    running.cancel()
    assert details(running) == ["Success", "Cancelled", "Success"]


def test_closing_ends_everything(command: Callable[..., Command]) -> None:
    """When the emulator ends, so does every script."""
    running = command("sleep 71061", 6)
    running.start()
    began = time.monotonic()
    running.close()
    assert running.wait(30)
    assert time.monotonic() - began < 10
    assert set(details(running)) == {"Cancelled"}


@pytest.mark.parametrize(
    ("text", "total", "meant"), [("50", 3, 50), ("0", 3, 0), ("10%", 50, 5), ("10%", 9, 0), ("100%", 7, 7)]
)
def test_reads_numbers_and_percentages(text: str, total: int, meant: int) -> None:
    """A percentage is of the targets; a part of a host is dropped."""
    assert share(text, total) == meant


def test_a_later_task_waits_for_its_time_and_blocks_nobody() -> None:
    """Tasks that are due later run in the order of their times, others meanwhile; a closed pool forgets them."""
    pool, ran = HostPool(1), list[str]()
    pool.submit(lambda: ran.append("latest"), 30.0)
    pool.submit(lambda: ran.append("later"), 0.3)
    pool.submit(lambda: ran.append("soon"), 0.1)
    pool.submit(lambda: ran.append("now"))
    until = time.monotonic() + 5
    while len(ran) < 3 and time.monotonic() < until:
        time.sleep(0.02)
    pool.close()
    assert ran == ["now", "soon", "later"]
