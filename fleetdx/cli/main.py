"""The command `fleetdx`: what it is asked, and its errors told in one sentence each."""

from __future__ import annotations

import importlib.metadata
import sys
from typing import Annotated

import typer

from fleetdx.cli.bundle import bundle_app
from fleetdx.cli.console_command import console
from fleetdx.cli.cost_command import cost
from fleetdx.cli.coverage_command import coverage
from fleetdx.cli.deploy_check_command import deploy_check
from fleetdx.cli.deploy_command import deploy, remove
from fleetdx.cli.diff import diff
from fleetdx.cli.event_command import check_configuration, event
from fleetdx.cli.problems import (
    EXIT_ERROR,
    EXIT_INTERRUPTED,
    EXIT_USAGE,
    AwsRefusal,
    EmbeddedAwsUnreachable,
    UsageProblem,
)
from fleetdx.cli.query import query
from fleetdx.cli.report import report
from fleetdx.cli.scan_command import scan
from fleetdx.cli.scan_request import explain
from fleetdx.cli.waivers import waivers_app
from fleetdx.deployment.failures import DeploymentFailed
from fleetdx.errors import FleetdxError, InvalidRequest
from fleetdx.releases import ReleaseRefused

app = typer.Typer(
    name="fleetdx",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Keep every EC2 instance of an AWS organization manageable by SSM, and scan it, from one account.",
)

app.command()(scan)
app.command()(coverage)
app.command(name="check-configuration")(check_configuration)
app.command()(event)
app.command()(console)
app.command()(cost)
app.command(name="deploy-check")(deploy_check)
app.command()(diff)
app.command()(deploy)
app.command()(remove)
app.command()(report)
app.command()(query)
app.add_typer(bundle_app, name="bundle")
app.add_typer(waivers_app, name="waivers")


def _tell_version(*, wanted: bool) -> None:
    if wanted:
        typer.echo(f"fleetdx {importlib.metadata.version('fleetdx')}")
        raise typer.Exit


@app.callback()
def _options(
    *,
    version: Annotated[
        bool,
        typer.Option("--version", help="Print the version and exit.", callback=_tell_version, is_eager=True),
    ] = False,
) -> None: ...


def main() -> None:
    """Run the command line; every expected error is one sentence on standard error."""
    try:
        app()
    except UsageProblem as problem:
        _stop(str(problem), EXIT_USAGE)
    except InvalidRequest as error:
        _stop(str(explain(error)), EXIT_USAGE)
    except ReleaseRefused as refused:
        _stop(str(refused), EXIT_USAGE)
    except AwsRefusal as refusal:
        _stop(str(refusal), refusal.exit_code)
    except ValueError as error:
        _stop_for_option(error)
    except (FleetdxError, EmbeddedAwsUnreachable, DeploymentFailed) as error:
        _stop(str(error), EXIT_ERROR)
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        _stop(f"{place}{error.strerror or error}", EXIT_ERROR)
    except KeyboardInterrupt:
        _stop("stopped", EXIT_INTERRUPTED)


def _stop_for_option(error: ValueError) -> None:
    from emulator.faults.scenario import FaultFileError  # noqa: PLC0415 - only where something went wrong
    from emulator.hosts.roots import RootError  # noqa: PLC0415 - as above

    option = {RootError: "--root", FaultFileError: "--faults"}.get(type(error))
    if option is None:
        raise error
    _stop(f"{option}: {error}", EXIT_USAGE)


def _stop(sentence: str, code: int) -> None:
    print(f"fleetdx: {sentence}", file=sys.stderr)  # noqa: T201 - the command's answer
    sys.exit(code)
