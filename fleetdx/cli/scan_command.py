"""The command `fleetdx scan`: from its options to a run, and to a run that exists."""

from __future__ import annotations

from pathlib import Path

import typer

from fleetdx.cli import options
from fleetdx.cli.presentation import Presentation
from fleetdx.cli.scan_request import EmbeddedOptions, ExistingRun, ScanOptions, existing_run, request_from
from fleetdx.cli.surroundings import deployment_for, forget_aws_environment, probe


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


def _scan(wanted: ScanOptions, embedded: EmbeddedOptions, presentation: Presentation) -> int:
    from emulator.hosts.organization import load_organization  # noqa: PLC0415 - so that --help answers at once

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
