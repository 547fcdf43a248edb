"""The command `fleetdx`: what it is asked, and its errors told in one sentence each."""

from __future__ import annotations

import datetime as dt
import os
import sys
import tempfile
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.console import Console

from fleetdx.cli import mending, options
from fleetdx.cli.presentation import Presentation
from fleetdx.cli.problems import EXIT_ERROR, EXIT_INTERRUPTED, EXIT_USAGE, EmbeddedAwsUnreachable, UsageProblem
from fleetdx.cli.scan_request import (
    EmbeddedOptions,
    ExistingRun,
    ScanOptions,
    existing_run,
    explain,
    request_from,
)
from fleetdx.errors import FleetdxError, InvalidRequest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fleetdx.cli.deployments import Deployment

app = typer.Typer(
    name="fleetdx",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Keep every EC2 instance of an AWS organization manageable by SSM, and scan it, from one account.",
)


@app.command()
def scan(  # noqa: PLR0913 - one parameter an option
    *,
    instance: options.Instances = None,
    account: options.Accounts = None,
    organizational_unit: options.OrganizationalUnits = None,
    region: options.Regions = None,
    tag: options.Tags = None,
    root: options.Roots = None,
    request: options.Request = None,
    profile: options.Profile = None,
    check: options.Checks = None,
    dry_run: options.DryRun = False,
    execution_timeout: options.ExecutionTimeout = None,
    delivery_timeout: options.DeliveryTimeout = None,
    max_concurrency: options.MaxConcurrency = None,
    max_errors: options.MaxErrors = None,
    force: options.Force = False,
    faults: options.Faults = None,
    resume: options.Resume = None,
    stop: options.Stop = None,
    output: options.Output = Path("out"),
    emulator_directory: options.EmulatorDirectory = options.EMULATOR_DIRECTORY,
    fail_on: options.FailOnSeverity = None,
    language: options.TableLanguage = options.Language.en,
    json_: options.AsJson = False,
) -> None:
    """Scan the whole organization, or the part that the options name.

    Without a deployed stack this runs on the embedded AWS: an example organization on this machine, this machine among
    its instances. It reads; it changes nothing on a host.

    Exit codes: 0 done, 1 error, 2 usage, 3 findings at or above --fail-on, 4 incomplete (a gap in the ledger).
    """
    wanted = ScanOptions(
        instances=tuple(instance or ()),
        accounts=tuple(account or ()),
        organizational_units=tuple(organizational_unit or ()),
        regions=tuple(region or ()),
        tags=tuple(tag or ()),
        profile=profile,
        checks=tuple(check or ()),
        request_file=request,
        dry_run=dry_run,
        execution_timeout_seconds=execution_timeout,
        delivery_timeout_seconds=delivery_timeout,
        max_concurrency=max_concurrency,
        max_errors=max_errors,
        force=force,
    )
    presentation = Presentation(output, json_, language.value, fail_on.value if fail_on else None)
    forget_aws_environment()
    probe(output)
    embedded = EmbeddedOptions(emulator_directory, tuple(root or ()), faults)
    existing = existing_run(wanted, embedded, resume=resume, stop=stop)
    code = _scan(wanted, embedded, presentation) if existing is None else _go_on(existing, embedded, presentation)
    raise typer.Exit(code)


@app.command(name="check-configuration")
def check_configuration(
    *, configuration: options.ConfigurationFile = None, exemptions: options.ExemptionsFile = None
) -> None:
    """Check the configuration of mending and its exemptions before they are deployed.

    Exit codes: 0 they are read as they stand, 2 the JSON pointer of the first fault is named.
    """
    for sentence in mending.check(configuration, exemptions, dt.datetime.now(dt.UTC)):
        typer.echo(sentence)


@app.command()
def event(
    *,
    file: options.EventFile,
    configuration: options.MendingConfiguration = None,
    emulator_directory: options.EmulatorDirectory = options.EMULATOR_DIRECTORY,
    json_: options.EventAsJson = False,
) -> None:
    """Put one event about an instance into the queue, as AWS would, and tell what comes of it.

    It runs on the embedded AWS: receive_event takes the event from the queue;
    where it is about an instance of an active member account, the state
    machine ensure_ssm_ready reads the instance again, makes it manageable by
    Systems Manager if the configuration says so, waits until it is, and
    notifies. Of the event only account, region and instance count.

    Told are the outcome, its reason (docs/reasons.md), and every change that
    was made: ready, mended, reported, exempt, gone, failed; or ignored
    (another kind of event), duplicate (an execution takes care of it
    already), refused (it lies in the dead-letter queue now).

    Exit codes: 0 done, 1 error or failed, 2 usage, or an event refused.
    """
    from fleetdx.cli import event as fed  # noqa: PLC0415 - as below

    text = fed.read_event_file(file)
    wanted = fed.read_configuration_file(configuration) if configuration else None
    forget_aws_environment()
    with _deployment(EmbeddedOptions(emulator_directory)) as deployment:
        code = fed.feed(deployment, text, wanted, as_json=json_)
    raise typer.Exit(code)


def probe(output: Path) -> None:
    """Find out before a scan, not after it, that its outputs cannot be written.

    Raises:
        UsageProblem: The directory cannot be made or written to.
    """
    try:
        existing = next(place for place in (output, *output.absolute().parents) if place.exists())
        with tempfile.TemporaryFile(dir=existing):
            pass
        if (output / "latest").exists() and not (output / "latest").is_symlink():
            raise UsageProblem("--output", f"{output / 'latest'} is in the way: it is no link of ours; move it")
    except OSError as error:
        raise UsageProblem("--output", f"{output} cannot be written to: {error.strerror}") from None


def forget_aws_environment() -> None:
    """Take every AWS setting out of the environment: the embedded AWS must neither use nor trip over them."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ |= {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}


@contextmanager
def _deployment(embedded: EmbeddedOptions) -> Iterator[Deployment]:
    # Imported here so that --help and a refused request answer at once.
    from fleetdx.cli.deployments import embedded_deployment  # noqa: PLC0415 - see above

    with ExitStack() as stack:
        with Console(stderr=True).status("Starting the embedded AWS"):
            deployment = stack.enter_context(embedded_deployment(embedded))
        yield deployment


def _scan(wanted: ScanOptions, embedded: EmbeddedOptions, presentation: Presentation) -> int:
    from emulator.hosts.organization import load_organization  # noqa: PLC0415 - as above

    if not embedded.roots:
        # Refused before the embedded AWS is started; with roots, their names are known only afterwards.
        request_from(wanted, load_organization().regions, (), presentation.output)
    from fleetdx.cli import scan as run  # noqa: PLC0415 - as above

    with _deployment(embedded) as deployment:
        request = request_from(wanted, deployment.regions, deployment.roots, presentation.output)
        return run.scan(deployment, request, presentation)


def _go_on(existing: ExistingRun, embedded: EmbeddedOptions, presentation: Presentation) -> int:
    from fleetdx.cli import scan as run  # noqa: PLC0415 - as above

    with _deployment(embedded) as deployment:
        work = run.stop if existing.is_to_stop else run.resume
        return work(deployment, existing.run, presentation)


def main() -> None:
    """Run the command line; every expected error is one sentence on standard error."""
    try:
        app()
    except UsageProblem as problem:
        _stop(str(problem), EXIT_USAGE)
    except InvalidRequest as error:
        _stop(str(explain(error)), EXIT_USAGE)
    except ValueError as error:
        _stop_for_option(error)
    except (FleetdxError, EmbeddedAwsUnreachable) as error:
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
