"""What names a run, or a sweep: the execution that opened it."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import TYPE_CHECKING

from fleetdx import keys

if TYPE_CHECKING:
    from fleetdx.events import Execution


def run_id(execution: Execution) -> str:
    """The run's id: the execution's name where it is one, else made from its start and ARN.

    The same for every retry, so that nothing is opened twice.
    """
    if keys.RUN_PATTERN.match(execution["name"]):
        return execution["name"]
    moment = execution["started_at"][:19].replace("-", "").replace(":", "")
    return f"{moment}Z-{hashlib.sha256(execution['id'].encode()).hexdigest()[:6]}"


def rfc3339(moment: str) -> str:
    """A moment as every line of ours writes it: UTC, whole seconds, Z."""
    return rfc3339_of(moment_of(moment))


def rfc3339_of(moment: dt.datetime) -> str:
    """The same of a moment with a time zone."""
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment_of(text: str) -> dt.datetime:
    """The moment (UTC) that a text of that form means."""
    return dt.datetime.fromisoformat(text).astimezone(dt.UTC)
