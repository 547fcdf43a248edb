"""How long a run may still take: from its own pace, as a range, and nothing until that can be known. Pure.

Instances are told in the ledger batch by batch, so a pace is known only after several batches; how many instances there
are is known only when every account-region was looked into, and is projected until then. Waits for windows and the
report at the end have no pace.
"""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, Final, NamedTuple

from console.reading.moments import moment

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

LEAST_STEPS: Final = 2
"""Moments at which something was done; one alone has no pace."""
LEAST_SHARE: Final = 0.1
"""Of the work; before that the first, quickest batches would speak for all."""
LONGEST_STANDSTILL: Final = 1.5
"""Times the longest interval between steps: a run that stands still for longer has lost its pace."""


class Work(NamedTuple):
    """How far a run is.

    Attributes:
        started_at: When its execution began.
        targets: Account-regions to scan; None until they are listed.
        targets_seen: Account-regions whose instances are known.
        targets_done: Closed ones.
        instances: Instances found so far.
        done_at: How many got their line when, since this execution began.
        done_before: How many had one before, of an execution that this one resumes.
        waits: Whether it waits for a window.
    """

    started_at: dt.datetime
    targets: int | None
    targets_seen: int
    targets_done: int
    instances: int
    done_at: Mapping[str, int]
    done_before: int = 0
    waits: bool = False


class Left(NamedTuple):
    """Seconds left: the likely figure, and the range that it lies in."""

    seconds: int
    low: int
    high: int


def left(work: Work, now: dt.datetime) -> Left | None:
    """How long the instances of a run may still take; None where nobody can know."""
    if work.targets is None or work.waits or not work.targets_seen or work.targets_done >= work.targets:
        return None
    steps = sorted((at, count) for text, count in work.done_at.items() if (at := moment(text)) is not None)
    done, total = sum(count for _, count in steps), projected(work) - work.done_before
    if len(steps) < LEAST_STEPS or total <= 0 or done / total < LEAST_SHARE:
        return None
    # Clocks differ: what functions have written cannot be later than now.
    now = max(now, steps[-1][0])
    elapsed = (now - work.started_at).total_seconds()
    moments = [work.started_at, *(at for at, _ in steps)]
    longest = max((later - earlier).total_seconds() for earlier, later in itertools.pairwise(moments))
    still = (now - steps[-1][0]).total_seconds()
    remaining = max(0.0, total - done)
    if elapsed <= 0 or remaining == 0 or still > LONGEST_STANDSTILL * longest:
        return None
    whole = elapsed / done
    half = steps[len(steps) // 2 :]
    since = (now - steps[len(steps) // 2 - 1][0]).total_seconds()
    recent = since / sum(count for _, count in half)
    doubt = 1 / math.sqrt(len(steps))
    low, high = min(whole, recent) * (1 - doubt / 2), max(whole, recent) * (1 + doubt)
    likely = (whole + recent) / 2
    return Left(*(round(remaining * pace) for pace in (likely, low, high)))


def projected(work: Work) -> float:
    """The instances that the run will have, if account-regions not looked into yet are like the others."""
    if work.targets is None or not work.targets_seen:
        return float(work.instances)
    unseen = max(0, work.targets - max(work.targets_seen, work.targets_done))
    return work.instances * (1 + unseen / work.targets_seen)
