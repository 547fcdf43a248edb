"""Seam in Step Functions' GetExecutionHistory: a history comes in pages, the newest events first where asked for.

moto gives all of it in order whatever was asked for, and looks for some forty members in each event by each of their
possible names; whoever asks for the beginning pays for all of it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from moto.stepfunctions.responses import StepFunctionResponse

from emulator.seams.patching import Patches

if TYPE_CHECKING:
    from collections.abc import Callable

PAGE_UNLESS_ASKED, LARGEST_PAGE = 100, 1_000


def install() -> Callable[[], None]:
    """Give histories in pages; the answer undoes it."""

    def get_execution_history(self: StepFunctionResponse) -> str:
        history = self.stepfunction_backend.get_execution_history(self._get_param("executionArn"))
        events = history["events"][::-1] if self._get_bool_param("reverseOrder", if_none=False) else history["events"]
        page = page_of(events, self._get_int_param("maxResults"), self._get_param("nextToken"))
        # The interpreter's events are the answer's already, but for their time.
        return json.dumps(page, default=lambda time: time.timestamp())

    patches = Patches()
    patches.replace(StepFunctionResponse, "get_execution_history", get_execution_history)
    return patches.undo


def page_of(events: list[Any], wanted: int | None, token: str | None) -> dict[str, Any]:
    """One page of a history and, where more follows, the token for the next.

    Source: GetExecutionHistory in the Step Functions API reference: 100 events unless asked otherwise (0 asks for
    nothing else), 1,000 at most.
    """
    start = int(token or 0)
    end = start + min(wanted or PAGE_UNLESS_ASKED, LARGEST_PAGE)
    page: dict[str, Any] = {"events": events[start:end]}
    return {**page, "nextToken": str(end)} if end < len(events) else page
