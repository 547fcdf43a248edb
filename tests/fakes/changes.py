"""Changes of a made-up run, as summary.json tells them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fleetdx.reporting.changes import Changes

if TYPE_CHECKING:
    from fleetdx.run_models import ChangeSummary


class Nowhere:
    """Takes bytes and forgets them."""

    def write(self, data: bytes, /) -> int:
        return len(data)


def change(kind: str, severity: str = "high", **fields: Any) -> Any:
    """One line of changes.jsonl."""
    given: dict[str, Any] = {
        "schema": 1,
        "change": kind,
        "account": "111122223333",
        "account_name": "trading",
        "region": "ap-northeast-2",
        "instance": "i-00000000000000001",
        "instance_name": "web",
        "profile": "kisa_unix_2026",
        "item": "U-01",
        "check": "root_ssh_login_denied",
        "severity": severity,
        "first_seen": "2026-11-20T00:00:00Z",
        "failing_since": "2026-11-22T09:30:00Z",
        "at": "2026-11-23T02:15:00Z",
    }
    return {**given, **fields}


def summarized(*changes: Any, unreadable: tuple[str, ...] = ()) -> ChangeSummary:
    """What summary.json holds of these changes."""
    told = Changes(Nowhere())
    for one in changes:
        told.add(one)
    return told.summary(unreadable)
