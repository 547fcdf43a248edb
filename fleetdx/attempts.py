"""What follows on an attempt of a batch: the next inline part, another attempt, another delivery, or the end. Pure.

A batch is sent with one delivery and one part at a time. Instances whose part failed wait, where another attempt may
help them, until the others have gone through all parts; then they start again at the first part.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fleetdx.batches import BatchState
    from fleetdx.delivery import RequestedDelivery
    from fleetdx.ledger import Outcome
    from fleetdx.verification import Judged

FIRST_WAIT_SECONDS = 60
LONGEST_WAIT_SECONDS = 600


class Rules(NamedTuple):
    """What bounds the attempts of a batch.

    Attributes:
        asked: The delivery that the request names.
        max_attempts: How often an instance is tried in one opening of the run.
        parts: How many inline parts hold a check asked for; 0 where the bundle has none.
        may_go_on: Whether anything follows at all; not after an error that another attempt would meet again.
    """

    asked: RequestedDelivery
    max_attempts: int
    parts: int
    may_go_on: bool


class Step(NamedTuple):
    """What follows on an attempt.

    Attributes:
        batch: The state of the attempt that follows.
        instances: Whom it goes to; none where the batch has ended.
        postponed: Whom an attempt after it takes up from the first part on, with what they came to.
        ended: Who goes on in no attempt, from this one or from those that were postponed.
    """

    batch: BatchState
    instances: list[str]
    postponed: dict[str, Outcome]
    ended: list[str]


def wait_before_retry(number: int) -> int:
    """Seconds before a batch's retry of that number (0 first) is sent: twice as many each time, up to a limit."""
    return min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS << number)


def has_more_parts(batch: BatchState, rules: Rules) -> bool:
    """Whether an inline delivery has parts after this attempt's."""
    return batch["delivery"] == "inline" and batch["part"] + 1 < rules.parts


def next_step(batch: BatchState, judged: Mapping[str, Judged], postponed: Mapping[str, Outcome], rules: Rules) -> Step:
    """Decide what follows on an attempt.

    Args:
        batch: The attempt.
        judged: What each of its instances came to.
        postponed: Who waits for the end of the parts.
        rules: What bounds the attempts.
    """
    repeated = [name for name, one in judged.items() if _may_repeat(batch, one, rules)]
    if has_more_parts(batch, rules) and rules.may_go_on:
        passed = [name for name, one in judged.items() if one.passed]
        if passed:
            waiting = {**postponed, **{name: judged[name].outcome for name in repeated}}
            ended = [name for name in judged if name not in {*passed, *repeated}]
            return Step(_next_part(batch), passed, waiting, ended)
    switched = [name for name, one in judged.items() if _may_switch(batch, one, rules)]
    if rules.may_go_on and batch["attempt"] < batch["last_attempt"]:
        repeated += [name for name in postponed if name not in repeated]
    going = [*repeated, *switched]
    ended = [name for name in {**judged, **postponed} if name not in going]
    return Step(_next_round(batch, rules, repeats=bool(repeated), switches=bool(switched)), going, {}, ended)


def _may_repeat(batch: BatchState, judged: Judged, rules: Rules) -> bool:
    """Whether an instance is tried again the same way: not for its network where there is another way, or none is used.

    A tool that a host lacks now it lacks in a minute too.
    """
    if judged.retry is None or not rules.may_go_on or batch["attempt"] >= batch["last_attempt"]:
        return False
    if judged.retry != "network":
        return True
    closed_for_good = judged.outcome.reason == "no_download_tool"
    return batch["delivery"] == "s3" and not closed_for_good and not _may_switch(batch, judged, rules)


def _may_switch(batch: BatchState, judged: Judged, rules: Rules) -> bool:
    """Whether an instance goes on inline, because its way to S3 is closed; that is another way, and no retry."""
    is_auto = rules.asked == "auto" and batch["delivery"] == "s3" and rules.parts > 0
    return is_auto and rules.may_go_on and judged.retry == "network"


def _next_part(batch: BatchState) -> BatchState:
    return {
        "number": batch["number"],
        "attempt": batch["attempt"] + 1,
        "last_attempt": batch["last_attempt"] + 1,
        "delivery": batch["delivery"],
        "part": batch["part"] + 1,
        "wait_seconds": 0,
    }


def _next_round(batch: BatchState, rules: Rules, *, repeats: bool, switches: bool) -> BatchState:
    """The first part again, if by inline; what only changes its delivery neither waits nor counts as a retry."""
    retries_before = rules.max_attempts - 1 - (batch["last_attempt"] - batch["attempt"])
    return {
        "number": batch["number"],
        "attempt": batch["attempt"] + 1,
        "last_attempt": batch["last_attempt"] + (switches and not repeats),
        "delivery": "inline" if switches else batch["delivery"],
        "part": 0,
        "wait_seconds": wait_before_retry(max(0, retries_before)) if repeats else 0,
    }
