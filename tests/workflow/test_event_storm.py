"""A storm of 1,000 events on the embedded AWS ends as the clean set would."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.event_storm import stormy_fleet, weather

if TYPE_CHECKING:
    from pathlib import Path

EVENTS = 1_000
SECONDS = 840


@pytest.mark.timeout(900)
def test_a_storm_ends_as_the_clean_set_would(tmp_path: Path, last_lines: list[str]) -> None:
    """Exactly what lacks the policy gets it, told once each; every poisoned or forged event is put aside by name."""
    with stormy_fleet(tmp_path) as fleet:
        storm = weather(fleet, EVENTS, SECONDS)
    assert storm.changes == storm.expected == 10
    assert storm.struck > 0
    last_lines.append(f"a storm of {EVENTS} events: {storm.changes} changes, {storm.struck} calls throttled")
