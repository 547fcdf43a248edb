"""The courier makes every hop, late or twice where that is asked for, and a hop that fails stops no other."""

from __future__ import annotations

import functools
import threading
from typing import TYPE_CHECKING

import pytest

from emulator.clock import Clock
from emulator.events.courier import Courier, Disorder

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def courier() -> Iterator[Courier]:
    started = Courier(Clock(0.001))
    yield started
    started.close()


def test_hops_are_made_when_they_are_due(courier: Courier) -> None:
    """What is due earlier is made earlier, whenever it was handed over."""
    made: list[str] = []
    courier.carry(lambda: made.append("late"), 200)
    courier.carry(lambda: made.append("soon"))
    assert courier.settle(10, ahead=1000)
    assert made == ["soon", "late"]


def test_a_failing_hop_stops_no_other(courier: Courier, caplog: pytest.LogCaptureFixture) -> None:
    """It is logged and lost, as an event is that a service cannot deliver."""
    made = threading.Event()

    def fail() -> None:
        raise RuntimeError("no such queue")

    courier.carry(fail)
    courier.carry(made.set, 10)
    assert courier.settle(10, ahead=100)
    assert made.is_set()
    assert "no such queue" in caplog.text


def test_the_last_hop_repeats_as_often_as_asked() -> None:
    """With a share of duplicates some messages come twice and none is missing; the same seed repeats the same ones."""
    first, second = carried_in_disorder(), carried_in_disorder()
    assert first == second
    assert set(first) == set(range(100))
    assert 110 < len(first) < 150


def carried_in_disorder() -> list[int]:
    courier = Courier(Clock(0.0), Disorder(duplicates=0.3, seed=1))
    made: list[int] = []
    for number in range(100):
        courier.carry_last(functools.partial(made.append, number))
    assert courier.settle(10)
    courier.close()
    return sorted(made)


def test_a_closed_courier_drops_what_is_left() -> None:
    """Whatever has not been carried is dropped, and closing twice is no error."""
    made: list[int] = []
    courier = Courier(Clock(1.0))
    courier.carry(lambda: made.append(1), 3600)
    assert not courier.settle(0.05, ahead=7200)
    courier.close()
    courier.close()
    assert made == []
