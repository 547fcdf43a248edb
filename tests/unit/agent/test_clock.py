"""The scaled clock."""

from __future__ import annotations

import threading
import time

import pytest

from emulator.clock import Clock


def test_an_hour_passes_in_a_moment() -> None:
    """A wait of an hour lasts as long as the factor says."""
    began = time.monotonic()
    assert Clock(0.00001).sleep(3600)
    assert 0.03 <= time.monotonic() - began < 2


def test_a_wait_can_be_interrupted() -> None:
    """A wait ends at once, and says so, when it is interrupted."""
    interrupted = threading.Event()
    interrupted.set()
    began = time.monotonic()
    assert not Clock(1).sleep(30, interrupted)
    assert time.monotonic() - began < 1


def test_deadlines_are_scaled_too() -> None:
    """A deadline lies as far ahead as the factor says, and passes."""
    assert not Clock(1).deadline(30).passed()
    assert 29 < Clock(1).deadline(30).remaining() <= 30
    assert Clock(0).deadline(30).passed()
    assert Clock(1).deadline(-1).passed()


@pytest.mark.parametrize("factor", [-1, float("nan"), float("inf")])
def test_refuses_a_factor_that_is_none(factor: float) -> None:
    """Time does not run backwards, nor not at all."""
    with pytest.raises(ValueError, match="factor"):
        Clock(factor)
