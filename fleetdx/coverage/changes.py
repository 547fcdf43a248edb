"""What is news since the sweep before. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fleetdx.coverage.models import MANAGED_CAUSES, MOST_CHANGES, QUIET_CAUSES, Change, Changes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fleetdx.coverage.models import Cause, CoverageLine

Key = tuple[str, str, str]
"""Account, region and instance of a line; the instance is empty for the account-region's own."""


def key_of(line: CoverageLine) -> Key:
    """What a line is about, in this sweep and in the one before."""
    return line["account"], line["region"], line["instance"] or ""


def is_unmanaged(cause: Cause | None) -> bool:
    """Whether somebody should look after an instance with this cause."""
    return cause is not None and cause not in QUIET_CAUSES


def with_beginnings(lines: Iterable[CoverageLine], before: Mapping[Key, CoverageLine]) -> list[CoverageLine]:
    """The lines, each unmanaged one with the moment since when sweeps in a row have found it unmanaged."""
    found: list[CoverageLine] = []
    for line in lines:
        earlier = before.get(key_of(line))
        since = earlier["unmanaged_since"] if earlier is not None else None
        begins = (since or line["at"]) if is_unmanaged(line["cause"]) else None
        found.append({**line, "unmanaged_since": begins})
    return found


def changes_between(since: str | None, before: Mapping[Key, CoverageLine], lines: Iterable[CoverageLine]) -> Changes:
    """Compare a sweep with the one before.

    An instance in an account-region that could not be looked at, now or then, has not changed: nobody knows.

    Args:
        since: The sweep before; None where there is none, and then nothing is news.
        before: Its lines.
        lines: The lines of this sweep.
    """
    now = {key_of(line): line for line in lines}
    newly, again, other = [], [], []
    gone = 0
    for key, line in sorted(now.items()) if since else ():
        change = _change(before.get(key), line) if _was_seen(key, before) else None
        if change is not None and is_unmanaged(change["after"]) and not is_unmanaged(change["before"]):
            newly.append(change)
        elif change is not None and change["after"] in MANAGED_CAUSES and is_unmanaged(change["before"]):
            again.append(change)
        elif change is not None and is_unmanaged(change["before"]):
            other.append(change)
    for key, line in before.items():
        gone += key not in now and is_unmanaged(line["cause"]) and _was_seen(key, now)
    return {
        "since": since,
        "newly_unmanaged": newly[:MOST_CHANGES],
        "newly_unmanaged_count": len(newly),
        "managed_again": again[:MOST_CHANGES],
        "managed_again_count": len(again),
        "other_cause": other[:MOST_CHANGES],
        "other_cause_count": len(other),
        "gone_count": gone,
        "places_lost": _places_lost(before, now),
    }


def _was_seen(key: Key, sweep: Mapping[Key, CoverageLine]) -> bool:
    """Whether a sweep could look at the account-region of a key."""
    place = sweep.get((key[0], key[1], ""))
    return place is not None and place["instances"] is not None


def _places_lost(before: Mapping[Key, CoverageLine], now: Mapping[Key, CoverageLine]) -> list[str]:
    lost = [key for key in now if not key[2] and not _was_seen(key, now) and _was_seen(key, before)]
    return sorted(f"{account}/{region}" for account, region, _ in lost)


def _change(earlier: CoverageLine | None, line: CoverageLine) -> Change | None:
    before = earlier["cause"] if earlier is not None else None
    if line["instance"] is None or before == line["cause"]:
        return None
    return {
        "account": line["account"],
        "account_name": line["account_name"],
        "region": line["region"],
        "instance": line["instance"],
        "instance_name": line["instance_name"],
        "before": before,
        "after": line["cause"],
        "reason": line["reason"],
        "detail": line["detail"],
    }
