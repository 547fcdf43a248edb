"""Puts the ways of events together: courier, routes and pollers, over their seams, while the embedded AWS runs."""

from __future__ import annotations

import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from emulator.events.courier import Courier
from emulator.events.mappings import Pollers, waiting_messages
from emulator.events.registration import Registration
from emulator.events.routes import Routes
from emulator.events.shapes import Place
from emulator.seams import ec2, events
from emulator.seams.lambda_functions import function_of
from emulator.seams.sts import organization_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from emulator.clock import Clock
    from emulator.events.courier import Disorder
    from emulator.fleet import Fleet
    from emulator.front_door.judge import Judge
    from emulator.functions import FunctionRuntime

AHEAD_SECONDS = 120.0
"""Hops due within this emulated span count as under way: a record of CloudTrail's takes a minute."""


@dataclass(frozen=True)
class EventWays:
    """How events travel.

    Attributes:
        courier: Makes the hops.
        routes: Knows where they lead.
        pollers: Give functions what queues hold.
    """

    courier: Courier
    routes: Routes
    pollers: Pollers

    def follow_instances(self, fleet: Fleet, running: Iterable[str] = ()) -> Callable[[], None]:
        """Tell of instances, and let their agents register, from now on; the answer ends that.

        Args:
            fleet: The agents.
            running: Instances that have been started before and whose agents are still trying, each as
                `account/region/instance`.
        """
        registration = Registration(fleet, self.courier)
        for name in running:
            account, region, instance = name.split("/")
            registration.instance_started(Place(account, region), instance)
        return ec2.install(self.routes.emit, registration.instance_started)

    def settle(self, within: float) -> bool:
        """Wait until no event is under way and no function has one; false if that takes longer (real seconds)."""
        deadline = time.monotonic() + within
        while self.courier.settle(max(0.0, deadline - time.monotonic()), ahead=AHEAD_SECONDS):
            if not self.pollers.under_way and not waiting_messages():
                return True
            if time.monotonic() > deadline:
                return False
            time.sleep(0.05)
        return False


@contextmanager
def event_ways(
    clock: Clock,
    runtime: FunctionRuntime,
    judge: Judge,
    disorder: Disorder | None,
    count: Callable[[str], None],
) -> Iterator[EventWays]:
    """Open the ways, and close them before the seams go; `count` is told of every hop that AWS bills."""

    def run(arn: str, event: dict[str, Any]) -> tuple[str, bool]:
        answer, failed, _ = runtime.invoke(function_of(arn, "", ""), event)
        return answer, failed

    with ExitStack() as stack:
        courier = Courier(clock, disorder)
        stack.callback(courier.close)
        routes = Routes(courier, lambda arn, event: not run(arn, event)[1], organization_of, judge, count)
        stack.callback(events.install(routes, clock))
        pollers = Pollers(run, judge, count)
        stack.callback(courier.close)
        stack.callback(pollers.close)
        yield EventWays(courier, routes, pollers)
