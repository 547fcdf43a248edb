"""Since when something fails, and what has changed: decided from the state before a run and the run's result lines.

Pure functions. An instance is told apart by account, region and id, never by a name.

A failing period begins with `fail` and ends with `pass` or `not_applicable`. A check that came to `manual` or `error`,
or was not run, says nothing: the period goes on, and its end is not invented.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NotRequired, TypedDict

from fleetdx.models import Severity, Verdict
from fleetdx.run_models import JudgedInstance

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fleetdx.group_history import GroupHistory
    from fleetdx.models import ResultLine

ENDING: Final = frozenset({"pass", "not_applicable"})
"""The verdicts that end a failing period."""


class UnreadableHistoryError(ValueError):
    """What is kept of an account cannot be read; the text names the object."""


class FindingState(TypedDict):
    """What is known of one check of one item on one instance that has failed at least once. Times are UTC, RFC 3339.

    `first_seen` is when it failed first, `failing_since` the begin of the period that goes on (null where none does),
    `fixed_on` the end of the last period (null while one goes on).
    """

    verdict: Verdict
    severity: Severity
    first_seen: str
    failing_since: str | None
    fixed_on: str | None


class InstanceHistory(JudgedInstance):
    """One line of an account's history: an instance, what it was seen with last, and its findings by `item/check`.

    `findings` holds what has failed at least once; all else is as good as never seen. `auto_scaling_group` is its
    group's ARN, where it was known to be in one.
    """

    run: str
    at: str
    findings: dict[str, FindingState]
    auto_scaling_group: NotRequired[str]


def finding_key(result: ResultLine) -> str:
    """`U-01/root_ssh_login_denied`: the item as well, since one check can belong to several."""
    return f"{result['item']}/{result['check']}"


def next_state(before: FindingState | None, verdict: Verdict, severity: Severity, at: str) -> FindingState | None:
    """The state after a verdict; None where the check has never failed.

    Args:
        before: The state before, if it has ever failed.
        verdict: What the check came to now.
        severity: The importance of its item now.
        at: When.
    """
    if before is None:
        if verdict != "fail":
            return None
        return {"verdict": verdict, "severity": severity, "first_seen": at, "failing_since": at, "fixed_on": None}
    after: FindingState = {**before, "verdict": verdict, "severity": severity}
    if verdict == "fail":
        after["failing_since"], after["fixed_on"] = before["failing_since"] or at, None
    elif verdict in ENDING and before["failing_since"]:
        after["failing_since"], after["fixed_on"] = None, at
    return after


def change_of(before: FindingState | None, after: FindingState | None) -> Literal["new", "fixed"] | None:
    """`new` where a failing period has begun between two states, `fixed` where one has ended, else None."""
    failed = before is not None and before["failing_since"] is not None
    fails = after is not None and after["failing_since"] is not None
    if fails == failed:
        return None
    return "new" if fails else "fixed"


def is_stale(history: InstanceHistory | GroupHistory, at: str) -> bool:
    """Whether a result is older than what is known: a run that ended late must not undo a newer one."""
    return history["at"] > at


def open_findings(history: InstanceHistory) -> Mapping[str, FindingState]:
    """The findings whose failing period goes on."""
    return {key: state for key, state in history["findings"].items() if state["failing_since"]}
