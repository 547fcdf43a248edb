"""The figures of the feeds: what is told is what was planned, and growth is the power of the size."""

from __future__ import annotations

from typing import Any

import pytest

from bench.feeds import ASFF, CHANGES, WHOLE, Job, Spent, growth, known_before, peak_kib, result_lines, run
from tests.fakes.feeds import CHECKS, catalog

RECORDED = [
    [
        {"item": item, "check": check, "verdict": verdict, "reason": "r", "evidence": ["e"], "duration_ms": 1}
        for (item, check), verdict in zip(CHECKS.items(), verdicts, strict=True)
    ]
    for verdicts in (("fail", "pass"), ("manual", "fail"))
]


def job(way: str, instances: int) -> Any:
    """A feed of instances that take turns with two scans."""
    return Job(way, instances, RECORDED, catalog())


@pytest.mark.parametrize(("way", "told"), [(WHOLE, 400), (CHANGES, 4), (ASFF, 4)])
def test_a_feed_tells_what_was_planned(way: str, told: int) -> None:
    """Of 200 instances with two results each, two have mended one finding and two have one that is new."""
    spent = run(job(way, 200))
    assert spent.told == told
    assert spent.mebibytes > 0


def test_the_history_differs_in_two_instances_of_a_hundred() -> None:
    """The history has what fails but for one instance, and what passes of another."""
    known = known_before(job(WHOLE, 100))
    failing = {_key(line) for line in result_lines(job(WHOLE, 100)) if line["verdict"] == "fail"}
    assert {int(key[2].removeprefix("i-"), 16) for key in failing ^ known.keys()} == {0, 1}


def _key(line: Any) -> Any:
    return tuple(line[name] for name in ("account", "region", "instance", "item", "check"))


def test_growth_is_the_power_of_the_size() -> None:
    """Ten times the instances in ten times the CPU time is the power one."""
    one, ten = Spent(1, 1.0, 3.0, 1.0, 1.0), Spent(1, 1.0, 3.0, 10.0, 1.0)
    assert growth((100, one), (1_000, ten), WHOLE).measured == pytest.approx(1)


def test_memory_is_this_processs() -> None:
    """The peak of a process that runs Python is some megabytes, and no more than the machine has."""
    assert 5_000 < peak_kib() < 64_000_000
