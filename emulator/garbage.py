"""How often Python looks for garbage in a process that holds an embedded AWS, whoever started it."""

from __future__ import annotations

import gc

THRESHOLDS = (50_000, 20, 100)


def collect_seldom() -> None:
    """Let garbage in circles lie a while.

    The models of AWS's services are a million objects that stay: looking through them as often as Python does by itself
    takes a third of the time that the embedded AWS computes.
    """
    gc.set_threshold(*THRESHOLDS)
