"""Which account-regions go next: first the canary's, then whoever may be entered now; the others wait. Pure.

A run takes its account-regions in waves, one after the other. What a wave decides is kept as a document, from which the
next one goes on; an account-region stands in it by its name, `ACCOUNT/REGION`.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Literal, NamedTuple, TypedDict

from fleetdx.ledger import Outcome
from fleetdx.run_ids import moment_of, rfc3339_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from fleetdx.canary import Judgement

LONGEST_WAIT = dt.timedelta(hours=24)
"""From the first decision of a run, or of its resumption, on: what opens later is not waited for."""

NextStep = Literal["scan", "wait", "done"]


class Unsent(TypedDict):
    """Why nothing was sent to an account-region: a reason code and a sentence."""

    reason: str
    detail: str


class Wave(TypedDict):
    """One decision, as it lies in S3.

    `began` is the moment of the first decision, `at` that of this one (RFC 3339). `canary` says whether this is a wave
    of the canary, which holds everybody else back; `canaries` are the account-regions that it has entered. `targets`
    are scanned now, and must start before their `closings`; `waiting` come after them, and the first of those opens at
    `until`. `again` are those that once did not start in time. `unsent` says why nothing was sent.
    """

    schema: Literal[1]
    number: int
    next: NextStep
    began: str
    at: str
    canary: bool
    canaries: list[str]
    targets: list[str]
    closings: dict[str, str]
    again: list[str]
    waiting: list[str]
    until: str | None
    unsent: dict[str, Unsent]


def beginning(waiting: Iterable[str], now: dt.datetime, *, canary: bool) -> Wave:
    """What stands before the first decision: nobody was sent anything. With a canary, only its account-regions wait."""
    return {
        "schema": 1,
        "number": -1,
        "next": "scan",
        "began": rfc3339_of(now),
        "at": rfc3339_of(now),
        "canary": canary,
        "canaries": [],
        "targets": [],
        "closings": {},
        "again": [],
        "waiting": list(waiting),
        "until": None,
        "unsent": {},
    }


def moment_after(before: Wave, clock: dt.datetime) -> dt.datetime:
    """The moment (UTC) of the decision after a wave: never before the one that it waited for, whatever clocks say."""
    return max(clock.replace(microsecond=0), moment_of(before["at"]), moment_of(before["until"] or before["at"]))


def left(before: Wave, everybody: Sequence[str]) -> Sequence[str]:
    """The account-regions that have not been sent all that they are to be sent."""
    return everybody if before["canary"] else before["waiting"]


def may_be_late(before: Wave, now: dt.datetime) -> list[str]:
    """The account-regions of a wave whose turn may have come when they could no longer start."""
    return [name for name, closing in before["closings"].items() if moment_of(closing) <= now]


def with_late(before: Wave, late: Sequence[str]) -> Wave:
    """The same, where some of its account-regions did not start: they wait once more."""
    return {
        **before,
        "canaries": [name for name in before["canaries"] if name not in late or not before["canary"]],
        "again": [*before["again"], *(name for name in late if name not in before["again"])],
        "waiting": [*before["waiting"], *late],
    }


class Hours(NamedTuple):
    """The first moment, from now on, at which an account-region may, or may not, be entered; None: none in sight."""

    opening: Callable[[str], dt.datetime | None]
    closing: Callable[[str], dt.datetime | None]


def next_wave(
    before: Wave, now: dt.datetime, everybody: Sequence[str], hours: Hours, judged: Callable[[], Judgement]
) -> Wave:
    """Decide what comes after a wave.

    Args:
        before: It, or what stands before the first one.
        now: The moment of the decision (UTC).
        everybody: All account-regions of the run, or of its resumption.
        hours: When they may be entered.
        judged: What the canary has come to by now.
    """
    if not before["canary"]:
        return _step(before, now, hours)
    failed = judged().too_many_failures() if before["canaries"] else None
    if failed is not None:
        return ended(before, now, everybody, failed)
    step = _step(before, now, hours)
    if step["next"] != "done":
        return step
    nobody = judged().nobody_scanned()
    if nobody is not None:
        return ended(before, now, everybody, nobody)
    return _step({**before, "canary": False, "waiting": list(everybody)}, now, hours)


def _step(before: Wave, now: dt.datetime, hours: Hours) -> Wave:
    """Who is let in now goes now; else the first one who will be in time is waited for."""
    openings = {name: hours.opening(name) for name in before["waiting"]}
    open_now = [name for name, moment in openings.items() if moment is not None and moment <= now]
    if open_now:
        return _scanning(before, now, open_now, hours)
    last = moment_of(before["began"]) + LONGEST_WAIT
    ahead = [moment for moment in openings.values() if moment is not None and now < moment <= last]
    if ahead:
        return {**_after(before, "wait", now), "waiting": before["waiting"], "until": rfc3339_of(min(ahead))}
    outside = {name: _outside(moment) for name, moment in openings.items()}
    return _with_unsent(_after(before, "done", now), outside)


def _scanning(before: Wave, now: dt.datetime, targets: list[str], hours: Hours) -> Wave:
    chosen = frozenset(targets)
    closings = {name: hours.closing(name) for name in targets}
    return {
        **_after(before, "scan", now),
        "canaries": [*before["canaries"], *(targets if before["canary"] else [])],
        "targets": targets,
        "closings": {name: rfc3339_of(moment) for name, moment in closings.items() if moment is not None},
        "waiting": [name for name in before["waiting"] if name not in chosen],
    }


def ended(before: Wave, now: dt.datetime, everybody: Iterable[str], outcome: Outcome) -> Wave:
    """The end of a run in which nothing more is sent: whoever has not been sent anything has this outcome."""
    return _with_unsent(_after(before, "done", now), dict.fromkeys(everybody, outcome))


def _after(before: Wave, step: NextStep, now: dt.datetime) -> Wave:
    number = before["number"] + 1
    return {
        **before,
        "number": number,
        "next": step,
        "at": rfc3339_of(now),
        "targets": [],
        "closings": {},
        "waiting": [],
        "until": None,
    }


def _with_unsent(wave: Wave, outcomes: Mapping[str, Outcome]) -> Wave:
    told: dict[str, Unsent] = {
        name: {"reason": outcome.reason, "detail": outcome.detail} for name, outcome in outcomes.items()
    }
    return {**wave, "unsent": told}


def _outside(moment: dt.datetime | None) -> Outcome:
    when = f"until {rfc3339_of(moment)}" if moment else "for the next 8 days at least"
    hours = LONGEST_WAIT // dt.timedelta(hours=1)
    detail = f"The windows let nobody in {when}; a run waits {hours} hours at most."
    return Outcome("scan_failed", "outside_window", detail)
