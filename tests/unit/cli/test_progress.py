"""What a person who follows a run is told of it, from what the run has written so far."""

from __future__ import annotations

import datetime as dt
from io import StringIO
from typing import Any

import pytest
from rich.console import Console
from rich.spinner import Spinner

from fleetdx import keys
from fleetdx.cli.progress import one_line
from fleetdx.cli.runs import Progress
from fleetdx.ledger import Outcome, target_line
from fleetdx.waves import beginning
from tests.fakes.runs import ACCOUNT, PLACE, REGION, RUN, TARGET
from tests.fakes.s3 import bucket

LONG = "fleetdx-member-region in us-east-1: 3 resources change: add ScanDocument, add [InstanceRunningRule], and more"
NOW = dt.datetime(2026, 11, 23, 3, tzinfo=dt.UTC)


def told(progress: Progress, data: Any) -> str:
    progress.update(data, RUN)
    return progress.phase


def test_a_run_that_waits_for_a_window_says_until_when() -> None:
    """Scanning, waiting, scanning again in the next wave, and reporting once every account-region is closed."""
    data, progress = bucket(), Progress()
    assert told(progress, data) == "Scanning"
    data.put_json(keys.targets(RUN), [TARGET])
    wave = beginning([keys.place(ACCOUNT, REGION)], NOW, canary=False)
    data.put_json(keys.wave(RUN, 0, 0), {**wave, "number": 0, "next": "wait", "until": "2026-11-23T13:00:00Z"})
    data.put_json(keys.unsent(RUN, 0), {})
    assert told(progress, data) == "Waiting for a window until 2026-11-23T13:00:00Z"
    data.put_json(keys.wave(RUN, 0, 1), {**wave, "number": 1})
    data.put_json(keys.wave_targets(RUN, 0, 1), [TARGET])
    assert told(progress, data) == "Scanning"
    entered = Outcome("scanned", "entered", "In.")
    data.put_lines(keys.ledger_part(RUN, ACCOUNT, REGION, "target"), [target_line(PLACE, entered, 0)])
    assert (told(progress, data), progress.targets_done) == ("Reporting", 1)


@pytest.mark.parametrize(
    ("sentence", "shown"), [("Looking", "Looking"), (LONG, LONG[:76] + "…"), ("a [b] c", "a [b] c")]
)
def test_what_stands_beside_a_spinner_is_one_line(sentence: str, shown: str) -> None:
    """A sentence that is too long for the terminal is cut, since the rest of it would stay there; brackets are text."""
    console = Console(width=80, file=StringIO())
    lines = console.render_lines(Spinner("dots", one_line(console, sentence)), pad=False)
    assert ["".join(segment.text for segment in line)[2:] for line in lines] == [shown]
