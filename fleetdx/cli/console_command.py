"""The command `fleetdx console`: the console's page, on the embedded AWS or over a deployed stack."""

from __future__ import annotations

import ipaddress
import os
import sys
import webbrowser
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.console import Console

from fleetdx.cli import stacks
from fleetdx.cli.problems import EXIT_INTERRUPTED, UsageProblem

if TYPE_CHECKING:
    from collections.abc import Mapping

LISTENING = "Where it listens"

Host = Annotated[
    str,
    typer.Option(
        help="The address to listen on. Another than this machine's own lets others reach the console; it warns.",
        rich_help_panel=LISTENING,
    ),
]
Port = Annotated[
    int,
    typer.Option(min=0, max=65_535, help="The port; 0 takes one that is free.", rich_help_panel=LISTENING),
]
NoBrowser = Annotated[
    bool, typer.Option("--no-browser", help="Print the address and open no browser.", rich_help_panel=LISTENING)
]
AllowStart = Annotated[
    bool,
    typer.Option(
        "--allow-start",
        help="Let the page start and stop scans. On the embedded AWS it may always.",
    ),
]


@stacks.named_by_options
def console(
    *,
    host: Host = "127.0.0.1",
    port: Port = 0,
    no_browser: NoBrowser = False,
    allow_start: AllowStart = False,
    stack: stacks.Stack,
) -> None:
    """Open the console: start a scan, watch it, see why a state failed, read what runs have found.

    It is a page in your browser, served by this command until Ctrl-C. The
    address that it prints holds a token; who has it may do what the page may
    do. It listens on this machine alone.

    Without --aws it runs on the embedded AWS, like `fleetdx scan`: an example
    organization on this machine, where scans may be started. With --aws it
    shows your deployed stack with your own credentials, and changes nothing
    unless --allow-start is given.

      fleetdx console
      fleetdx console --port 8137 --no-browser
      fleetdx console --aws --aws-profile audit --aws-region ap-northeast-2

    Exit codes: 130 ended with Ctrl-C, 1 error, 2 usage (a port in use, no
    such stack, what the page needs is not installed).
    """
    _check_host(host)
    from console import serve  # noqa: PLC0415 - so that --help answers at once

    try:
        serve.check_packages()
        listener = serve.listening(host, port)
    except serve.PackagesMissing as missing:
        raise UsageProblem(
            "console", f"{missing}; run `make console`, which installs it and opens the console"
        ) from None
    except serve.AddressInUse as problem:
        raise UsageProblem("--port" if port else "--host", str(problem)) from None
    place: Literal["aws", "embedded"] = "aws" if stack.is_deployed else "embedded"
    wanted = serve.Wanted(host, port, place, allow_start or not stack.is_deployed)
    with listener, stack.deployment() as deployment:
        try:
            serve.serve(deployment, wanted, listener, lambda address: _tell(address, opens=not no_browser))
        except KeyboardInterrupt:
            # The embedded AWS stays until other commands that use it have ended; a second Ctrl-C ends both.
            Console(stderr=True).print("The console has ended.", highlight=False)
    raise typer.Exit(EXIT_INTERRUPTED)


def _check_host(host: str) -> None:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        raise UsageProblem("--host", f"{host!r} is no IP address; give for instance 127.0.0.1") from None
    if address.is_unspecified:
        raise UsageProblem("--host", f"{host} means every address; name one, under which the console is then served")
    if not address.is_loopback:
        Console(stderr=True).print(
            f"Warning: others who reach {host} can open the console if they have its token, which travels unencrypted.",
            style="yellow",
            highlight=False,
        )


def _tell(address: str, *, opens: bool) -> None:
    print(address, flush=True)  # noqa: T201 - the command's answer
    Console(stderr=True).print("Ctrl-C ends it.", highlight=False)
    if opens and has_desktop(sys.platform, os.environ):
        webbrowser.open(address)


def has_desktop(platform: str, environment: Mapping[str, str]) -> bool:
    """Whether a browser can be opened that does not take the terminal for itself."""
    return platform != "linux" or any(
        environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME")
    )
