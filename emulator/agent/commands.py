"""The life of a Run Command command: which hosts at once, when it stops, what its status is.

Same as AWS: MaxConcurrency and MaxErrors as numbers or percentages; what counts as an error; the delivery timeout, on
the scaled clock; cancellation. Differs: AWS raises the number of hosts at once slowly, here MaxConcurrency holds from
the start; a host whose agent answers is never late, however long this machine takes to get to it.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections import deque
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from emulator.agent.invocation import Invocation
from emulator.agent.runner import run_document, time_limit
from emulator.clock import Clock

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from emulator.agent.document import Document
    from emulator.agent.host import Host
    from emulator.agent.pool import HostPool
    from emulator.agent.runner import StepStatus


@dataclass(frozen=True)
class Order:
    """What SendCommand was asked for, checked.

    Attributes:
        timeout_seconds: How long a host may take to answer at all.
        parameters: As the caller gave them; `values` are the same with defaults, ready for the document.
    """

    command_id: str
    document_name: str
    document: Document
    parameters: Mapping[str, list[str]]
    values: Mapping[str, str]
    hosts: tuple[Host, ...]
    comment: str = ""
    max_concurrency: str = "50"
    max_errors: str = "0"
    timeout_seconds: int = 3600
    requested_at: dt.datetime = field(default_factory=lambda: dt.datetime.now(dt.UTC))

    @cached_property  # a list of commands shows it for each, and filling in a document is slow
    def total_timeout_seconds(self) -> int:
        """AWS adds the execution timeouts to TimeoutSeconds before it calls a command undelivered; all steps', here."""
        limits = (step.inputs.get("timeoutSeconds") for step in self.document.filled(self.values))
        return self.timeout_seconds + sum(time_limit(limit) for limit in limits)


class Command:
    """A command under way or ended. Its methods may be called from any thread."""

    def __init__(self, order: Order, pool: HostPool, clock: Clock, is_there: Callable[[Host], bool]) -> None:
        self.order = order
        self._pool = pool
        self._clock = clock
        self._is_there = is_there
        self._lock = threading.RLock()
        steps = tuple(step.name for step in order.document.steps)
        self.invocations = {host.instance_id: Invocation(host, steps) for host in order.hosts}
        self._waiting = deque(item for item in self.invocations.values() if item.host.answers)
        self._at_work = 0
        self._timers: list[threading.Timer] = []

    def start(self) -> None:
        """Hand the first hosts to the pool; a host that does not answer times out on the scaled clock."""
        with self._lock:
            for invocation in self.invocations.values():
                if not invocation.host.answers:
                    self._time_out_later(invocation)
            self._fill()

    def cancel(self, instance_ids: Collection[str] = ()) -> None:
        """Stop these hosts, or all: those not begun are cancelled at once, running ones are killed."""
        with self._lock:
            for instance_id, invocation in self.invocations.items():
                if not instance_ids or instance_id in instance_ids:
                    invocation.cancelled.set()
                    invocation.move("Cancelled" if invocation.details == "Pending" else "Cancelling")

    def close(self) -> None:
        """End everything for good, as when the emulator ends."""
        self.cancel()
        for timer in self._timers:
            timer.cancel()

    def wait(self, seconds: float) -> bool:
        """Wait until each invocation has ended; false when the time is up first."""
        deadline = Clock().deadline(seconds)
        return all(item.finished.wait(deadline.remaining()) for item in self.invocations.values())

    def view(self) -> dict[str, Any]:
        """The command as SendCommand and ListCommands return it."""
        with self._lock:
            invocations = list(self.invocations.values())
            details = self._details()
        order = self.order
        return {
            "CommandId": order.command_id,
            "DocumentName": order.document_name,
            "DocumentVersion": "$DEFAULT",
            "Comment": order.comment,
            "ExpiresAfter": order.requested_at + dt.timedelta(seconds=order.total_timeout_seconds),
            "Parameters": dict(order.parameters),
            "InstanceIds": list(self.invocations),
            "Targets": [],
            "RequestedDateTime": order.requested_at,
            "Status": _COMMAND_STATUS_OF.get(details, details),
            "StatusDetails": details,
            "MaxConcurrency": order.max_concurrency,
            "MaxErrors": order.max_errors,
            "TargetCount": len(invocations),
            "CompletedCount": sum(not item.running for item in invocations),
            "ErrorCount": sum(item.counts_as_error for item in invocations),
            "DeliveryTimedOutCount": sum(item.details == "DeliveryTimedOut" for item in invocations),
            "TimeoutSeconds": order.timeout_seconds,
        }

    def invocation_view(self, instance_id: str, *, details: bool) -> dict[str, Any]:
        """One host's share as ListCommandInvocations returns it."""
        with self._lock:
            invocation = self.invocations[instance_id]
            return {
                **self._common(instance_id),
                "RequestedDateTime": self.order.requested_at,
                "Status": invocation.status,
                "StatusDetails": invocation.details,
                "CommandPlugins": invocation.plugins() if details else [],
            }

    def step_view(self, instance_id: str, step: str) -> dict[str, Any]:
        """One step on one host as GetCommandInvocation returns it."""
        with self._lock:
            details = self.invocations[instance_id].step_details(step)
            return {**self._common(instance_id), "PluginName": step, **details}

    def _common(self, instance_id: str) -> dict[str, Any]:
        return {
            "CommandId": self.order.command_id,
            "InstanceId": instance_id,
            "Comment": self.order.comment,
            "DocumentName": self.order.document_name,
            "DocumentVersion": "$DEFAULT",
            "StandardOutputUrl": "",
            "StandardErrorUrl": "",
        }

    def _fill(self) -> None:
        most = max(1, share(self.order.max_concurrency, len(self.invocations)))
        while self._waiting and self._at_work < most:
            invocation = self._waiting.popleft()
            if invocation.running:
                self._at_work += 1
                self._pool.submit(lambda item=invocation: self._deliver(item))  # type: ignore[misc]

    def _deliver(self, invocation: Invocation) -> None:
        """Hand the command to the host's agent; a host that replays works on the scaled clock, without a thread."""
        host, begins = invocation.host, False
        try:
            if host.agent_state == "terminated" or not self._is_there(host):
                self._move(invocation, "Undeliverable")
            else:
                begins = self._move(invocation, "InProgress") and host.agent_state != "goes_offline"
        finally:
            if not begins:
                self._after(invocation)
        if begins and host.replay is None:
            self._run(invocation, run_document)
        elif begins and host.replay is not None:
            answer = host.replay.run
            seconds = self._clock.real_seconds(host.replay.seconds_at_work(self.order.values))
            self._pool.submit(lambda: self._run(invocation, answer), seconds)

    def _run(self, invocation: Invocation, run: Callable[..., StepStatus]) -> None:
        order = self.order
        try:
            status = run(
                order.document,
                invocation.host,
                order.values,
                order.command_id,
                invocation.cancelled,
                lambda result: self._report(invocation, result),
            )
            with self._lock:
                invocation.finish(status)
        finally:
            self._after(invocation)

    def _after(self, invocation: Invocation) -> None:
        with self._lock:
            if invocation.running and invocation.host.agent_state == "goes_offline":
                # Its place stays taken: nobody knows that it works no more. Without a word of the agent SSM calls it
                # undelivered when all time limits are over (its user guide, "Understanding command statuses").
                self._time_out_later(invocation)
                return
            invocation.move("Failed")  # a fault of the stand-in itself must not leave a command running for ever
            self._at_work -= 1
            errors = sum(item.counts_as_error for item in self.invocations.values())
            if errors > share(self.order.max_errors, len(self.invocations)):
                for waiting in self._waiting:
                    waiting.move("Terminated")
            self._fill()

    def _report(self, invocation: Invocation, result: Any) -> None:
        with self._lock:
            invocation.results.append(result)

    def _move(self, invocation: Invocation, details: Any) -> bool:
        with self._lock:
            return invocation.move(details)

    def _time_out_later(self, invocation: Invocation) -> None:
        seconds = self._clock.real_seconds(self.order.total_timeout_seconds)
        timer = threading.Timer(seconds, self._move, (invocation, "DeliveryTimedOut"))
        timer.daemon = True
        timer.start()
        self._timers.append(timer)

    def _details(self) -> str:
        """The command's own StatusDetails. It says little of any one host: readers go by the invocations."""
        seen = [item.details for item in self.invocations.values()]
        if any(item.running for item in self.invocations.values()):
            if all(details == "Pending" for details in seen):
                return "Pending"
            return "Cancelling" if "Cancelling" in seen else "InProgress"
        errors = sum(item.counts_as_error for item in self.invocations.values())
        if errors > share(self.order.max_errors, len(seen)):
            return "Failed"
        if "Cancelled" in seen:
            return "Cancelled"
        if all(details == "DeliveryTimedOut" for details in seen):
            return "DeliveryTimedOut"
        return "Incomplete" if errors else "Success"


_COMMAND_STATUS_OF = {"DeliveryTimedOut": "TimedOut", "Incomplete": "Success"}
# AWS's texts give no Status beside Incomplete; a command that did not reach MaxErrors is Success in its own table.


def share(number_or_percentage: str, total: int) -> int:
    """What `10` or `10%` means among `total` hosts; a part of a host is dropped."""
    if number_or_percentage.endswith("%"):
        return total * int(number_or_percentage[:-1]) // 100
    return int(number_or_percentage)
