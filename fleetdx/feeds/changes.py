"""What changed between what was known and what a run or a sweep observed. Pure.

A finding is open from its first failure until it is fixed or gone. One that cannot be judged any more (a person has to
look, the check failed, the instance was not reached) stays open: not seeing a weakness does not mend it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fleetdx.feeds.models import CLOSED, SCAN_ITEM, SWEEP_ITEM, Compared, FindingKey, Observation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from fleetdx.feeds.looked import Fate, Looked
    from fleetdx.feeds.models import ChangeKind, FindingState, Source
    from fleetdx.models import Verdict

FIXED_VERDICTS: Final[frozenset[Verdict]] = frozenset({"pass", "not_applicable"})
KINDS: Final[Mapping[Fate, ChangeKind]] = {"gone": "gone", "not_judged": "no_longer_judged"}


def compare(
    earlier: Mapping[FindingKey, FindingState], observations: Iterable[Observation], looked: Looked
) -> Iterator[Compared]:
    """Hold every observation against what was known, then tell what became of the open findings not observed.

    Memory follows the open findings, not the observations.

    Args:
        earlier: By account, region, instance, item and check; plain tuples do.
        observations: Each key once, in any order.
        looked: What was looked at; a finding outside of it is not told at all.
    """
    waiting = {FindingKey(*key) for key, state in earlier.items() if is_open(state)}
    for observation in observations:
        waiting.discard(observation.key)
        yield _held_against(earlier.get(observation.key), observation)
    for key in sorted(waiting):
        fate = looked.fate_of(key)
        if fate != "not_asked":
            yield _lost(earlier[key], _unseen(key, fate, looked), KINDS[fate])


def is_open(state: FindingState | None) -> bool:
    """Whether a finding failed and was neither fixed nor gone since."""
    return state is not None and (state["verdict"] == "fail" or state["failing_since"] is not None)


def only_news(compared: Iterable[Compared]) -> Iterator[Compared]:
    """The changes alone: what is new, fixed, gone, no longer judged, or judged again."""
    return (each for each in compared if each.is_news)


def state_after(compared: Compared) -> FindingState | None:
    """What is to be kept of a finding for the next comparison; None where it is gone."""
    if compared.kind == "gone":
        return None
    closed = compared.kind is None or compared.kind in CLOSED
    return {
        # Nothing was judged: it counts as an error until it is judged again, and is told once.
        "verdict": compared.observation.verdict or "error",
        "first_seen": compared.first_seen,
        "failing_since": None if closed else compared.failing_since,
    }


def _held_against(state: FindingState | None, observation: Observation) -> Compared:
    at, verdict = observation.at, observation.verdict
    first_seen = state["first_seen"] if state else at
    if state is None or not is_open(state):
        failing = verdict == "fail"
        return Compared(observation, "new" if failing else None, failing, first_seen, at if failing else None)
    since = state["failing_since"] or first_seen
    if verdict == "fail":
        return Compared(observation, "still_failing", state["verdict"] != "fail", first_seen, since)
    if verdict in FIXED_VERDICTS:
        return Compared(observation, "fixed", True, first_seen, since)  # noqa: FBT003 - a field of a tuple
    return _lost(state, observation, "no_longer_judged")


def _lost(state: FindingState, observation: Observation, kind: ChangeKind) -> Compared:
    is_news = kind == "gone" or state["verdict"] == "fail"
    return Compared(observation, kind, is_news, state["first_seen"], state["failing_since"] or state["first_seen"])


def _unseen(key: FindingKey, fate: Fate, looked: Looked) -> Observation:
    account, region, instance, item, _ = key
    told = looked.instances.get((account, region, instance))
    state, reason = told or ("", "account_region_not_entered" if fate == "not_judged" else "instance_gone")
    source: Source = "sweep" if item == SWEEP_ITEM else "scan" if item == SCAN_ITEM else "check"
    detail = f"The instance was not judged: {state}, {reason}." if state else ""
    return Observation(
        key, source, None, None, reason, detail, [], None, "", None, None, looked.run, looked.profile, None, looked.at
    )
