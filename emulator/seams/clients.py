"""Seam in botocore: its clients' retries wait on the scaled clock, and a function can be killed in the midst of a call.

Without it a throttle that lasts would take real minutes, whatever the clock says of every other wait.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import botocore.endpoint
from botocore.hooks import EVENT_ALIASES, EventAliaser
from botocore.httpsession import URLLib3Session
from botocore.retries import bucket

from emulator.faults.calls import DEATH_HEADER
from emulator.seams.patching import Patches

if TYPE_CHECKING:
    from collections.abc import Callable

    from emulator.clock import Clock


class CallerDied(BaseException):
    """The function's process has ended here; no `except Exception` of a handler sees it, as none would on AWS."""


def install(clock: Clock) -> Callable[[], None]:
    """Scale the waits of botocore's retries and of its adaptive pacing; the answer undoes it."""
    patches = Patches()
    _scale_waits(patches, clock)
    _let_callers_die(patches)
    _share_names_of_events(patches)
    return patches.undo


def _scale_waits(patches: Patches, clock: Clock) -> None:
    token_bucket: Any = bucket.TokenBucket  # botocore has no types of its own
    real_time, sleep_amount = bucket.Clock.current_time, token_bucket._sleep_amount

    class ScaledTime:
        """Stands for the module `time` where botocore waits before it tries again."""

        sleep = staticmethod(clock.sleep)

    def current_time(self: Any) -> float:
        return float(real_time(self)) / (clock.factor or 1.0)

    def scaled_sleep_amount(self: Any, amount: float) -> float:
        return clock.real_seconds(sleep_amount(self, amount))

    patches.replace(botocore.endpoint, "time", ScaledTime)
    patches.replace(bucket.Clock, "current_time", current_time)
    patches.replace(token_bucket, "_sleep_amount", scaled_sleep_amount)


def _let_callers_die(patches: Patches) -> None:
    send = URLLib3Session.send

    def send_or_die(self: Any, request: Any) -> Any:
        response = send(self, request)
        if DEATH_HEADER in response.headers:
            raise CallerDied
        return response

    patches.replace(URLLib3Session, "send", send_or_die)


def _share_names_of_events(patches: Patches) -> None:
    """A name of an event is translated once for all sessions: functions make many, each has hundreds of events."""
    aliaser: Any = EventAliaser  # botocore has no types of its own
    translate = aliaser._alias_event_name
    known: dict[str, str] = {}

    def translate_once(self: Any, event_name: str) -> str:
        if self._event_aliases != EVENT_ALIASES:
            return str(translate(self, event_name))
        if event_name not in known:
            known[event_name] = translate(self, event_name)
        return known[event_name]

    patches.replace(aliaser, "_alias_event_name", translate_once)
