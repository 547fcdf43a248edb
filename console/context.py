"""What the routes work with: the deployment that is shown, who may do what, and what was read before."""

from __future__ import annotations

import functools
import importlib.metadata
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast

from console.reading.followed import Followed
from console.redaction import Redaction
from console.tickets import Tickets

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from console.security import Door
    from fleetdx.cli.deployments import Deployment

HERE = Path(__file__).parent
Read = TypeVar("Read")
Place = Literal["embedded", "aws"]


def _nothing_kept() -> Kept:
    return Kept()


@dataclass
class Context:
    """What the routes work with.

    Attributes:
        deployment: The stack that is shown.
        place: Whether it is the embedded one.
        may_start: Whether a scan may be started and stopped from here.
        door: Who may ask.
        seconds_between_looks: How often AWS is asked again while somebody watches.
        web: The directory of the page.
        packages: The directory that npm has installed what the page needs into.
    """

    deployment: Deployment
    place: Place
    may_start: bool
    door: Door
    seconds_between_looks: float = 1.0
    web: Path = HERE / "web"
    packages: Path = HERE / "node_modules"
    tickets: Tickets = field(default_factory=Tickets)
    kept: Kept = field(default_factory=_nothing_kept)
    followed: Followed = field(default_factory=Followed)

    @functools.cached_property
    def redaction(self) -> Redaction:
        """What is taken out of every answer: what looks like a secret, our token, and the keys of our own calls."""
        credentials = self.deployment.session.get_credentials()
        keys = credentials.get_frozen_credentials() if credentials else ()
        return Redaction([self.door.token, *(key for key in keys if key)])

    @functools.cached_property
    def account(self) -> str:
        """The account that the calls are made in."""
        return str(self.deployment.session.client("sts").get_caller_identity()["Account"])

    @property
    def version(self) -> str:
        """Ours."""
        return importlib.metadata.version("fleetdx")


class Kept:
    """What was read and does not change soon, each for a time of its own; asked for by several threads at once."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._known: dict[Hashable, tuple[float, Any]] = {}
        self._lock = threading.Lock()

    def get(self, key: Hashable, seconds: float, read: Callable[[], Read]) -> Read:
        """What is kept under a key, or what `read` gives, which is then kept for so many seconds."""
        with self._lock:
            until, value = self._known.get(key, (0.0, None))
            if self._clock() < until:
                return cast("Read", value)
        value = read()
        with self._lock:
            self._known[key] = (self._clock() + seconds, value)
            if len(self._known) > MOST_KEPT:
                self._known.pop(next(iter(self._known)))
        return value


MOST_KEPT = 2_000
