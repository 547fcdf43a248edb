"""A command on one host, as Systems Manager tells of it."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import datetime as dt

    from emulator.agent.host import Host
    from emulator.agent.runner import StepResult, StepStatus

Details = Literal[
    "Pending",
    "InProgress",
    "Success",
    "Failed",
    "DeliveryTimedOut",
    "ExecutionTimedOut",
    "Cancelled",
    "Cancelling",
    "Terminated",
    "Undeliverable",
]

_STATUS_OF: dict[Details, str] = {
    "Pending": "Pending",
    "InProgress": "InProgress",
    "Cancelling": "Cancelling",
    "Success": "Success",
    "Failed": "Failed",
    "DeliveryTimedOut": "TimedOut",
    "ExecutionTimedOut": "TimedOut",
    "Cancelled": "Cancelled",
    # No source read gives the Status beside these two details; the reader of a status has to go by the details.
    "Terminated": "Cancelled",
    "Undeliverable": "Failed",
}
_RUNNING: tuple[Details, ...] = ("Pending", "InProgress", "Cancelling")
_COUNTS_AS_ERROR: tuple[Details, ...] = ("Failed", "ExecutionTimedOut")
_DETAILS_OF_STEP: dict[StepStatus, Details] = {
    "Success": "Success",
    "Failed": "Failed",
    "TimedOut": "ExecutionTimedOut",
    "Cancelled": "Cancelled",
    "Skipped": "Success",  # the agent calls a skipped step a form of success, and the API has no word for it
}


@dataclass
class Invocation:
    """One host's share of a command.

    Attributes:
        host: Where it runs.
        step_names: The document's steps in order; those without a result yet are reported with the invocation's status.
        details: `StatusDetails`, written without the blanks that some of AWS's texts have.
        cancelled: Set when it is to stop.
        finished: Set when its status is final.
    """

    host: Host
    step_names: tuple[str, ...]
    details: Details = "Pending"
    results: list[StepResult] = field(default_factory=list)
    cancelled: threading.Event = field(default_factory=threading.Event)
    finished: threading.Event = field(default_factory=threading.Event)

    @property
    def status(self) -> str:
        """`Status`, the coarser word."""
        return _STATUS_OF[self.details]

    @property
    def running(self) -> bool:
        """Whether its status may still change."""
        return self.details in _RUNNING

    @property
    def counts_as_error(self) -> bool:
        """Whether it counts against MaxErrors: what was never delivered does not."""
        return self.details in _COUNTS_AS_ERROR

    def move(self, details: Details) -> bool:
        """Take on a status; false when the present one is final."""
        if not self.running:
            return False
        self.details = details
        if details not in _RUNNING:
            self.finished.set()
        return True

    def finish(self, status: StepStatus) -> None:
        """Take on the status that the agent reports for the whole document."""
        self.move(_DETAILS_OF_STEP[status])

    def plugins(self) -> list[dict[str, Any]]:
        """`CommandPlugins`: one a step, in the document's order; outputs stay empty until the step has ended."""
        done = {result.name: result for result in self.results}
        return [self._plugin(name, done.get(name)) for name in self.step_names]

    def step_details(self, name: str) -> dict[str, Any]:
        """What GetCommandInvocation adds for one step."""
        result = next((result for result in self.results if result.name == name), None)
        if result is None:
            return {
                "ResponseCode": -1,
                "ExecutionStartDateTime": "",
                "ExecutionElapsedTime": "",
                "ExecutionEndDateTime": "",
                "Status": self.status,
                "StatusDetails": self.details,
                "StandardOutputContent": "",
                "StandardErrorContent": "",
            }
        details = _DETAILS_OF_STEP[result.status]
        return {
            "ResponseCode": result.exit_code,
            "ExecutionStartDateTime": _iso(result.started_at),
            "ExecutionElapsedTime": f"PT{(result.finished_at - result.started_at).total_seconds():.3f}S",
            "ExecutionEndDateTime": _iso(result.finished_at),
            "Status": _STATUS_OF[details],
            "StatusDetails": details,
            "StandardOutputContent": result.stdout,
            "StandardErrorContent": result.stderr,
        }

    def _plugin(self, name: str, result: StepResult | None) -> dict[str, Any]:
        plugin = {"Name": name, "StandardOutputUrl": "", "StandardErrorUrl": "", "OutputS3Region": self.host.region}
        if result is None:
            return {**plugin, "Status": self.status, "StatusDetails": self.details, "ResponseCode": -1, "Output": ""}
        details = _DETAILS_OF_STEP[result.status]
        return {
            **plugin,
            "Status": _STATUS_OF[details],
            "StatusDetails": details,
            "ResponseCode": result.exit_code,
            "ResponseStartDateTime": result.started_at,
            "ResponseFinishDateTime": result.finished_at,
            "Output": result.output,
        }


def _iso(moment: dt.datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
