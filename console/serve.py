"""The console's server: it listens on an address, says where, and ends when asked to."""

from __future__ import annotations

import errno
import secrets
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import uvicorn

from console.app import make_app
from console.context import HERE, Context
from console.security import Door, hosts_of
from console.static import PACKAGES

if TYPE_CHECKING:
    from collections.abc import Callable

    from console.context import Place
    from fleetdx.cli.deployments import Deployment

SECONDS_BETWEEN_LOOKS: Final = {"embedded": 1.0, "aws": 3.0}
"""ListExecutions and GetExecutionHistory are throttled on AWS ("API action quotas" of Step Functions)."""
SECONDS_TO_END: Final = 3


class AddressInUse(Exception):
    """Nothing can listen on that address and port; the text says why."""


class PackagesMissing(Exception):
    """What the page needs was not installed; the text names the first file that is not there."""


@dataclass(frozen=True)
class Wanted:
    """Where to listen, and what is allowed; port 0 takes one that is free."""

    host: str
    port: int
    place: Place
    may_start: bool


def check_packages() -> None:
    """Find out before anything is started whether the page's packages are there.

    Raises:
        PackagesMissing: One is not.
    """
    for path in PACKAGES:
        if not (HERE / "node_modules" / path).is_file():
            raise PackagesMissing(f"console/node_modules/{path} is not installed")


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens.

    Raises:
        AddressInUse: Another process has the port, or the address is none of this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        why = "another process listens there" if error.errno == errno.EADDRINUSE else error.strerror or str(error)
        raise AddressInUse(f"{host}:{port} cannot be used: {why}") from None
    return listener


def context_for(deployment: Deployment, wanted: Wanted, port: int) -> Context:
    """The context of a console with a token of its own."""
    door = Door(secrets.token_urlsafe(32), hosts_of(wanted.host, port))
    return Context(
        deployment, wanted.place, wanted.may_start, door, seconds_between_looks=SECONDS_BETWEEN_LOOKS[wanted.place]
    )


def address_of(host: str, port: int, token: str) -> str:
    """The address that opens the page; what follows # never leaves the browser."""
    name = f"[{host}]" if ":" in host else host
    return f"http://{name}:{port}/#token={token}"


def server_of(context: Context) -> uvicorn.Server:
    """A server that says nothing of its own; an error of ours is told by the console itself."""
    config = uvicorn.Config(
        make_app(context),
        log_config=None,
        access_log=False,
        lifespan="off",
        http="h11",
        ws="none",
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=SECONDS_TO_END,
        h11_max_incomplete_event_size=32_768,
    )
    return uvicorn.Server(config)


def serve(deployment: Deployment, wanted: Wanted, listener: socket.socket, tell: Callable[[str], None]) -> None:
    """Serve until the process is asked to end.

    Args:
        deployment: What is shown.
        wanted: How.
        listener: From `listening`; closed at the end.
        tell: Told the address once it can be opened.
    """
    port = listener.getsockname()[1]
    context = context_for(deployment, wanted, port)
    tell(address_of(wanted.host, port, context.door.token))
    with listener:
        server_of(context).run(sockets=[listener])
