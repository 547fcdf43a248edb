"""Tickets: a file of a run is opened by an address that works once and for a minute; so no token is in an address."""

from __future__ import annotations

import secrets
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

SECONDS: Final = 60
MOST: Final = 256
"""So many are open at a time; the oldest gives way."""


@dataclass(frozen=True)
class Ticket:
    """What a ticket opens: an object of the data bucket, under the name that the browser sees."""

    key: str
    name: str
    until: float


class Tickets:
    """The tickets that are open."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._open: dict[str, Ticket] = {}
        self._lock = threading.Lock()

    def issue(self, key: str, name: str) -> str:
        """A new ticket for an object; the caller has proved that it may be read."""
        number = secrets.token_urlsafe(24)
        with self._lock:
            self._forget()
            while len(self._open) >= MOST:
                self._open.pop(next(iter(self._open)))
            self._open[number] = Ticket(key, name, self._clock() + SECONDS)
        return number

    def redeem(self, number: str, name: str) -> Ticket | None:
        """What the ticket opens; None where there is none of that number and name, or not any more."""
        with self._lock:
            self._forget()
            ticket = self._open.pop(number, None)
        return ticket if ticket is not None and ticket.name == name else None

    def _forget(self) -> None:
        now = self._clock()
        for number in [number for number, ticket in self._open.items() if ticket.until <= now]:
            del self._open[number]
