"""Faults of a whole invocation: what Step Functions hears of a function that Lambda refused or lost.

Source of the names: "Handle Lambda service exceptions" in the Step Functions guide.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emulator.faults.rules import Fault


class Loss(NamedTuple):
    """How an invocation is lost: the error's name and text, and whether the function has run all the same."""

    error: str
    cause: str
    has_run: bool

    def answer(self) -> str:
        """The answer that Step Functions reads its error from."""
        return json.dumps({"errorType": self.error, "errorMessage": self.cause})


DIED: Final = Loss("Lambda.Unknown", "The process exited before completing the request.", has_run=True)
LOSSES: Final[Mapping[Fault, Loss]] = {
    "function_throttled": Loss("Lambda.TooManyRequestsException", "Rate Exceeded.", has_run=False),
    "function_dies_before": DIED._replace(has_run=False),
    "function_dies_after": DIED,
    "function_times_out": Loss("Sandbox.Timedout", "The function ran longer than its time limit.", has_run=True),
}


def loss_of(fault: Fault | None) -> Loss | None:
    """How a fault loses an invocation; None where the invocation is to go well.

    Raises:
        ValueError: It is a fault of calls, which an invocation cannot have.
    """
    if fault is None:
        return None
    if fault not in LOSSES:
        raise ValueError(f"{fault} is no fault of an invocation; known are {', '.join(LOSSES)}")
    return LOSSES[fault]
