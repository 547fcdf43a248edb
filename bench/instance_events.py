"""What an event costs: a compliant instance, and storms of events at three sizes, on the embedded AWS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.results import Aim, Results
from tests.embedded import embedded
from tests.event_storm import stormy_fleet, weather
from tests.workflow.mending import CORE, Mending

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.event_storm import Storm

NAME = "instance_events"
SIZES = (1_000, 3_000, 10_000)
MOST_TRANSITIONS, MOST_CALLS = 9, 10
LINEAR = 1.25
"""Time an event at the largest size, of that at the smallest one: linear growth, and 25% for what the machine does."""
SECONDS_AN_EVENT = 1.0
"""A storm that has not ended after so many seconds an event does not end."""


def compliant_instance(directory: Path) -> list[Aim]:
    """State transitions and AWS calls of one execution that finds nothing to do."""
    place = directory / "compliant"
    place.mkdir()
    with embedded(place, events_way="none") as aws:
        stage = Mending(aws)
        stage.configure()
        stage.exempt()
        mended = stage.ensure(stage.instance(stage.profile(stage.role(CORE))))
    return [
        Aim("a compliant instance: state transitions", MOST_TRANSITIONS, len(mended.states)),
        Aim("a compliant instance: AWS calls of ensure_ssm_ready", MOST_CALLS, len(mended.calls)),
    ]


def row_of(size: int, storm: Storm) -> dict[str, str | float]:
    """A storm as a row of the table."""
    return {
        "events": f"{size:,}",
        "seconds": round(storm.seconds, 1),
        "events_a_second": round(size / storm.seconds, 1),
        "executions": storm.executions,
        "changes": storm.changes,
        "changes_of_the_clean_set": storm.expected,
        "calls_throttled": storm.struck,
    }


def measure(directory: Path, say: Callable[[str], None], sizes: tuple[int, ...] = SIZES) -> Results:
    """Let storms of every size pass, each on an embedded AWS of its own; each is held against the clean set."""
    results = Results(NAME, 1)
    say(f"{NAME}: a compliant instance ...")
    results.aims += compliant_instance(directory)
    an_event = {}
    for size in sizes:
        say(f"{NAME}: a storm of {size:,} events ...")
        place = directory / f"storm-{size}"
        place.mkdir()
        with stormy_fleet(place) as fleet:
            storm = weather(fleet, size, size * SECONDS_AN_EVENT)
        results.rows.append(row_of(size, storm))
        results.aims.append(Aim(f"{size:,} events: changes, of the clean set's", 1, storm.changes / storm.expected))
        an_event[size] = storm.seconds / size
    smallest, largest = min(sizes), max(sizes)
    growth = an_event[largest] / an_event[smallest]
    results.aims.append(Aim(f"seconds an event at {largest:,}, of those at {smallest:,}", LINEAR, round(growth, 3)))
    return results
