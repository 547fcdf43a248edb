"""What a Catch of a state machine hands on: an error's name and cause, and the ledger outcome it means."""

from __future__ import annotations

import json
from typing import TypedDict

from fleetdx.errors import reason_of
from fleetdx.evidence import printable
from fleetdx.ledger import Outcome


class CaughtError(TypedDict):
    """The error output of Step Functions (see "Handling errors" in its guide): two strings."""

    Error: str
    Cause: str


def sentence_of(failure: CaughtError) -> str:
    """The error's message: Lambda wraps it in JSON, Step Functions itself gives plain text."""
    try:
        cause = json.loads(failure["Cause"])
    except (ValueError, RecursionError):
        return printable(failure["Cause"])
    message = cause.get("errorMessage") if isinstance(cause, dict) else None
    return printable(str(message or failure["Cause"]))


def outcome_of(failure: CaughtError | None) -> Outcome:
    """The ledger outcome of everything that a caught error has stopped."""
    if failure is None:
        return Outcome("scan_failed", "unexpected", "It was neither sent a command nor told why.")
    return Outcome("scan_failed", reason_of(failure["Error"]), f"{failure['Error']}: {sentence_of(failure)}")
