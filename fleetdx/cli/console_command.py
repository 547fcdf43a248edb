"""The command `fleetdx console`: the console's page, on the embedded AWS or over a deployed stack."""

from __future__ import annotations

import ipaddress
import os
import sys
import webbrowser
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from fleetdx.cli import options
from fleetdx.cli.deployed import STACK_NAME, AwsOptions
from fleetdx.cli.problems import EXIT_INTERRUPTED, UsageProblem
from fleetdx.cli.scan_request import EmbeddedOptions
from fleetdx.cli.surroundings import deployment_for, forget_aws_environment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from fleetdx.cli.deployments import Deployment

LISTENING, DEPLOYED = "Where it listens", "A deployed stack"

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
Aws = Annotated[
    bool,
    typer.Option("--aws", help="Show a deployed stack instead of the embedded AWS.", rich_help_panel=DEPLOYED),
]
AwsProfile = Annotated[
    str | None,
    typer.Option(help="A profile of your AWS configuration; else your environment's.", rich_help_panel=DEPLOYED),
]
AwsRegion = Annotated[
    str | None, typer.Option(help="The region of the central stack; else your profile's.", rich_help_panel=DEPLOYED)
]
StackName = Annotated[str, typer.Option(help="The central stack's name.", rich_help_panel=DEPLOYED)]


def console(  # noqa: PLR0913 - one parameter an option
    *,
    host: Host = "127.0.0.1",
    port: Port = 0,
    no_browser: NoBrowser = False,
    allow_start: AllowStart = False,
    aws: Aws = False,
    aws_profile: AwsProfile = None,
    aws_region: AwsRegion = None,
    stack_name: StackName = STACK_NAME,
    emulator_directory: options.EmulatorDirectory = options.EMULATOR_DIRECTORY,
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
    _refuse_contradictions(aws=aws, given=(aws_profile, aws_region, None if stack_name == STACK_NAME else stack_name))
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
    wanted = serve.Wanted(host, port, "aws" if aws else "embedded", allow_start or not aws)
    with listener, _deployment(aws, AwsOptions(aws_profile, aws_region, stack_name), emulator_directory) as deployment:
        try:
            serve.serve(deployment, wanted, listener, lambda address: _tell(address, opens=not no_browser))
        except KeyboardInterrupt:
            # The embedded AWS stays until other commands that use it have ended; a second Ctrl-C ends both.
            Console(stderr=True).print("The console has ended.", highlight=False)
    raise typer.Exit(EXIT_INTERRUPTED)


def _refuse_contradictions(*, aws: bool, given: tuple[str | None, ...]) -> None:
    if not aws and any(given):
        raise UsageProblem("--aws-profile, --aws-region, --stack-name", "say which deployed stack; add --aws")


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


@contextmanager
def _deployment(aws: bool, wanted: AwsOptions, directory: Path) -> Iterator[Deployment]:  # noqa: FBT001 - the option
    if aws:
        from fleetdx.cli.deployed import deployed  # noqa: PLC0415 - as above

        yield deployed(wanted)
        return
    forget_aws_environment()
    with deployment_for(EmbeddedOptions(directory)) as deployment:
        yield deployment


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
