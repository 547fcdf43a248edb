"""What goes in at the front door and what comes out of it, free of any server library."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from emulator.front_door.credentials import Principal


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request as it arrived.

    `path` and `query` are as sent, still percent-encoded; header names are lower case.
    """

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes = field(repr=False, default=b"")


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer given by the front door itself instead of the embedded AWS."""

    status: int
    headers: Sequence[tuple[str, str]] = ()
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """What an interceptor may know of a verified request: never a secret, a token or a body.

    `service` and `operation` are AWS's words (`ssm`, `SendCommand`); `host_traffic` says that the request was made
    with a presigned URL or a POST form, so that it comes from a host and not from the control plane. `resource` is what
    the call is about, where that is told: the path for S3, the role's ARN for AssumeRole, instance ids for SendCommand.
    """

    method: str
    path: str
    service: str
    operation: str
    region: str
    caller: Principal
    host_traffic: bool
    resource: str = ""

    @property
    def name(self) -> str:
        """Service and operation in one word, such as `ssm:SendCommand`."""
        return f"{self.service}:{self.operation}"


Interceptor = Callable[[RequestFacts, Callable[[], Answer]], Answer]
"""Stands between door and embedded AWS: may call the second argument, once, and returns an answer of its own or that
one's. It may raise ConnectionLost."""


class ConnectionLost(Exception):  # no error of the door: it is told to hang up
    """The connection is to end without an answer."""
