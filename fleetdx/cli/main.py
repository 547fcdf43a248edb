"""The command `fleetdx`: what it is asked, and its errors told in one sentence each."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

import typer

from fleetdx.cli import mending, options
from fleetdx.cli.bundle import bundle_app
from fleetdx.cli.cost_command import cost
from fleetdx.cli.diff import diff
from fleetdx.cli.garbage import collect_seldom
from fleetdx.cli.presentation import Presentation
from fleetdx.cli.problems import EXIT_ERROR, EXIT_INTERRUPTED, EXIT_USAGE, EmbeddedAwsUnreachable, UsageProblem
from fleetdx.cli.query import query
from fleetdx.cli.report import report
from fleetdx.cli.scan_request import (
    EmbeddedOptions,
    ExistingRun,
    ScanOptions,
    existing_run,
    explain,
    request_from,
)
from fleetdx.cli.surroundings import deployment_for, forget_aws_environment, probe
from fleetdx.cli.waivers import waivers_app
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

app.add_typer(bundle_app, name="bundle")
app.add_typer(waivers_app, name="waivers")


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
    canary: options.CanaryTargets = None,
    canary_instances: options.CanaryInstances = None,
    ignore_windows: options.IgnoreWindows = False,
    delivery: options.Delivery = None,
    max_attempts: options.MaxAttempts = None,
    force: options.Force = False,
    faults: options.Faults = None,
    resume: options.Resume = None,
    stop: options.Stop = None,
    export: options.Exports = None,
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
        canary=tuple(canary or ()),
        canary_instances=canary_instances,
        ignore_windows=ignore_windows,
        delivery=delivery.value if delivery else None,
        max_attempts=max_attempts,
        exports=tuple(name.value for name in export or ()),
        force=force,
    )
    presentation = Presentation(output, json_, language.value, fail_on.value if fail_on else None)
    forget_aws_environment()
    probe(output)
    embedded = EmbeddedOptions(emulator_directory, tuple(root or ()), faults)
    existing = existing_run(wanted, embedded, resume=resume, stop=stop)
    code = _scan(wanted, embedded, presentation) if existing is None else _go_on(existing, embedded, presentation)
    raise typer.Exit(code)


@app.command()
def coverage(  # noqa: PLR0913 - one parameter an option
    *,
    account: options.Accounts = None,
    organizational_unit: options.OrganizationalUnits = None,
    region: options.Regions = None,
    mend: options.Mend = False,
    configuration: options.MendingConfiguration = None,
    every_cause: options.EveryCause = False,
    output: options.Output = Path("out"),
    emulator_directory: options.EmulatorDirectory = options.EMULATOR_DIRECTORY,
    fail_on_unmanaged: options.FailOnUnmanaged = False,
    language: options.TableLanguage = options.Language.en,
    json_: options.CoverageAsJson = False,
) -> None:
    """Find out which instances Systems Manager does not manage, and why.

    Every running or stopped instance of every account and region gets one
    cause, found without touching it: from EC2, Systems Manager, IAM and, where
    it is needed, from routes, security groups, network ACLs and endpoints. Where
    Security Hub is enabled, its control SSM.1 is set beside it.

    Without a deployed stack this runs on the embedded AWS; try --every-cause.

    Exit codes: 0 done, 1 error, 2 usage, 3 instances are not managed (with
    --fail-on-unmanaged), 4 incomplete (an account-region that could not be
    looked at).
    """
    from emulator.hosts.organization import load_organization  # noqa: PLC0415 - as below
    from fleetdx.cli import coverage as sweeps  # noqa: PLC0415 - as below
    from fleetdx.cli.event import apply_configuration, read_configuration_file  # noqa: PLC0415 - as below

    wanted = sweeps.CoverageOptions(tuple(account or ()), tuple(organizational_unit or ()), tuple(region or ()), mend)
    presentation = sweeps.CoveragePresentation(output, json_, language.value, fail_on_unmanaged)
    configured = read_configuration_file(configuration) if configuration else None
    forget_aws_environment()
    probe(output)
    # Refused before the embedded AWS is started.
    sweeps.request_of(wanted, load_organization().regions)
    with deployment_for(EmbeddedOptions(emulator_directory, every_cause=every_cause)) as deployment:
        if configured is not None:
            apply_configuration(deployment, configured)
        request = sweeps.request_of(wanted, deployment.regions)
        raise typer.Exit(sweeps.cover(deployment, request, presentation))


@app.command(name="check-configuration")
def check_configuration(
    *,
    configuration: options.ConfigurationFile = None,
    exemptions: options.ExemptionsFile = None,
    windows: options.WindowsFile = None,
) -> None:
    """Check what the operator writes before it is deployed: configuration of mending, exemptions, windows of scans.

    Exit codes: 0 they are read as they stand, 2 the JSON pointer of the first fault is named.
    """
    for sentence in mending.check(configuration, exemptions, windows, dt.datetime.now(dt.UTC)):
        typer.echo(sentence)


@app.command()
def event(
    *,
    file: options.EventFile,
    configuration: options.MendingConfiguration = None,
    emulator_directory: options.EmulatorDirectory = options.EMULATOR_DIRECTORY,
    metrics: options.EventMetrics = None,
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
    with deployment_for(EmbeddedOptions(emulator_directory)) as deployment:
        code = fed.feed(deployment, text, wanted, as_json=json_, metrics_file=metrics)
    raise typer.Exit(code)


app.command()(cost)
app.command()(diff)
app.command()(report)
app.command()(query)


def _scan(wanted: ScanOptions, embedded: EmbeddedOptions, presentation: Presentation) -> int:
    from emulator.hosts.organization import load_organization  # noqa: PLC0415 - as above

    if not embedded.roots:
        # Refused before the embedded AWS is started; with roots, their names are known only afterwards.
        request_from(wanted, load_organization().regions, (), presentation.output)
    from fleetdx.cli import scan as run  # noqa: PLC0415 - as above

    with deployment_for(embedded) as deployment:
        request = request_from(wanted, deployment.regions, deployment.roots, presentation.output)
        return run.scan(deployment, request, presentation)


def _go_on(existing: ExistingRun, embedded: EmbeddedOptions, presentation: Presentation) -> int:
    from fleetdx.cli import scan as run  # noqa: PLC0415 - as above

    with deployment_for(embedded) as deployment:
        work = run.stop if existing.is_to_stop else run.resume
        return work(deployment, existing.run, presentation)


def main() -> None:
    """Run the command line; every expected error is one sentence on standard error."""
    collect_seldom()
    try:
        app()
    except UsageProblem as problem:
        _stop(str(problem), EXIT_USAGE)
    except InvalidRequest as error:
        _stop(str(explain(error)), EXIT_USAGE)
    except ReleaseRefused as refused:
        _stop(str(refused), EXIT_USAGE)
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
