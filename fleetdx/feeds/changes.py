"""What changed between what was known and what a run or a sweep observed. Pure.

A finding is open while its failing period goes on (fleetdx.history): from its first failure until it is fixed or gone.
One that cannot be judged any more (a person has to look, the check failed, the instance was not reached) stays open:
not seeing a weakness does not mend it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fleetdx.feeds.models import SCAN_ITEM, SWEEP_ITEM, Compared, FindingKey, Observation
from fleetdx.history import ENDING, next_state

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping

    from fleetdx.feeds.looked import Fate, Looked
    from fleetdx.feeds.models import ChangeKind, Source
    from fleetdx.history import FindingState, InstanceHistory

KINDS: Final[Mapping[Fate, ChangeKind]] = {"gone": "gone", "not_judged": "no_longer_judged"}


def known_findings(histories: Iterable[InstanceHistory], profile: str) -> dict[FindingKey, FindingState]:
    """What was known of the findings of instances that were last judged by a profile."""
    return {
        FindingKey(history["account"], history["region"], history["instance"], *name.split("/", 1)): state
        for history in histories
        if history["profile"] == profile
        for name, state in history["findings"].items()
    }


def compare(
    earlier: Mapping[FindingKey, FindingState],
    observations: Iterable[Observation],
    looked: Looked,
    looked_before: Looked | None = None,
    waived_before: Container[FindingKey] | None = None,
) -> Iterator[Compared]:
    """Hold every observation against what was known, then tell what became of the open findings not observed.

    Memory follows the open findings, not the observations.

    Args:
        earlier: By account, region, instance, item and check; plain tuples do.
        observations: Each key once, in any order.
        looked: What was looked at; a finding outside of it is not told at all.
        looked_before: What the run or sweep before looked at: what neither could judge is no news. A history does not
            say it, because its states are those of the last judgement.
        waived_before: The findings that were waived in the run before, which a history does not say either: a waiver
            that holds now and did not, or did and does not any more, is news. None where nobody knows.
    """
    waiting = {FindingKey(*key) for key, state in earlier.items() if is_open(state)}
    for observation in observations:
        waiting.discard(observation.key)
        found = _held_against(earlier.get(observation.key), observation, looked_before)
        yield found._replace(is_news=True) if _is_waived_otherwise(found, waived_before) else found
    for key in sorted(waiting):
        fate = looked.fate_of(key)
        if fate != "not_asked":
            was_told = _was_left_out(key, looked_before) or _had_no_result(key, looked, looked_before)
            yield _lost(earlier[key], _unseen(key, fate, looked), KINDS[fate], was_told=was_told)


def snapshot(observations: Iterable[Observation]) -> Iterator[Compared]:
    """Every observation with the failing period that its own line tells, where no history is at hand."""
    for each in observations:
        since = each.failing_since or (each.at if each.verdict == "fail" else None)
        kind: ChangeKind | None = None
        if since is not None:
            kind = "no_longer_judged" if each.verdict != "fail" else "new" if since == each.at else "still_failing"
        yield Compared(each, kind, kind == "new", each.first_seen or since, since)


def is_open(state: FindingState | None) -> bool:
    """Whether a finding's failing period goes on."""
    return state is not None and state["failing_since"] is not None


def only_news(compared: Iterable[Compared]) -> Iterator[Compared]:
    """The changes alone: what is new, fixed, gone, no longer judged, judged again, or waived otherwise."""
    return (each for each in compared if each.is_news)


def state_after(before: FindingState | None, compared: Compared) -> FindingState | None:
    """What is known of a finding after a comparison, as a history keeps it; None where it never failed or is gone."""
    seen = compared.observation
    if compared.kind == "gone":
        return None
    if seen.verdict is None:
        return before
    return next_state(before, seen.verdict, seen.severity or "medium", seen.at)


def _held_against(state: FindingState | None, observation: Observation, before: Looked | None) -> Compared:
    at, verdict = observation.at, observation.verdict
    first_seen = state["first_seen"] if state else None
    if state is None or not is_open(state):
        if verdict == "fail":
            return Compared(observation, "new", is_news=True, first_seen=first_seen or at, failing_since=at)
        return Compared(observation, None, is_news=False, first_seen=first_seen, failing_since=None)
    since = state["failing_since"]
    if verdict == "fail":
        was_told = state["verdict"] == "fail" and not _was_left_out(observation.key, before)
        is_news = not was_told or _has_another_cause(observation, before)
        return Compared(observation, "still_failing", is_news, first_seen, since)
    if verdict in ENDING:
        return Compared(observation, "fixed", is_news=True, first_seen=first_seen, failing_since=since)
    return _lost(state, observation, "no_longer_judged", was_told=_was_left_out(observation.key, before))


def _lost(state: FindingState, observation: Observation, kind: ChangeKind, *, was_told: bool) -> Compared:
    is_news = kind == "gone" or (state["verdict"] == "fail" and not was_told)
    return Compared(observation, kind, is_news, state["first_seen"], state["failing_since"])


def _is_waived_otherwise(found: Compared, before: Container[FindingKey] | None) -> bool:
    seen = found.observation
    return found.kind == "still_failing" and before is not None and (seen.waiver is None) == (seen.key in before)


def _has_another_cause(observation: Observation, before: Looked | None) -> bool:
    """Whether the sweep before has told another cause, or another reason of it, for the instance."""
    if before is None or observation.source != "sweep":
        return False
    told = before.instances.get(observation.key[:3])
    return told is not None and "/".join(told) != observation.reason


def _was_left_out(key: FindingKey, before: Looked | None) -> bool:
    return before is not None and before.left_out(key)


def _had_no_result(key: FindingKey, looked: Looked, before: Looked | None) -> bool:
    """Whether the run before scanned the instance with the same bundle: what has no result now had none then."""
    bundle = looked.scanned_with(key)
    return bundle is not None and before is not None and before.scanned_with(key) == bundle


def _unseen(key: FindingKey, fate: Fate, looked: Looked) -> Observation:
    account, region, instance, item, _ = key
    told = looked.instances.get((account, region, instance))
    state, reason = told or ("", "account_region_not_entered" if fate == "not_judged" else "instance_gone")
    source: Source = "sweep" if item == SWEEP_ITEM else "scan" if item == SCAN_ITEM else "check"
    detail = f"The instance was not judged: {state}, {reason}." if state else ""
    origin = ("", None, None, looked.run, looked.profile, None, looked.at)
    return Observation(key, source, None, None, reason, detail, [], None, *origin)
