"""Pacing: how long each batch of an account-region waits, so that commands there start no faster than a token bucket.

AWS publishes no rate for SendCommand ("Systems Manager endpoints and quotas" lists none): the bucket is ours, and
cautious. Pure.
"""

from __future__ import annotations

import math
from typing import NamedTuple


class TokenBucket(NamedTuple):
    """So many commands may start at once, and after them so many a second."""

    burst: int
    refill_per_second: float


BATCHES_AT_A_TIME = 10
"""MaxConcurrency of ScanBatches in statemachines/scan_target.asl.json."""
COMMANDS = TokenBucket(burst=5, refill_per_second=1.0)


def waits(batches: int, bucket: TokenBucket = COMMANDS, at_a_time: int = BATCHES_AT_A_TIME) -> list[int]:
    """Seconds that each batch waits before its command is sent, in the order in which they start.

    A batch starts only when one of those at work has ended, and that takes longer than the bucket needs to be full
    again: so each group of `at_a_time` finds a full bucket, and no wait grows with the fleet.
    """
    group = [math.ceil(max(0, place - bucket.burst + 1) / bucket.refill_per_second) for place in range(at_a_time)]
    return [group[number % at_a_time] for number in range(batches)]
