"""The command `fleetdx scan`: from its options to a run, and to a run that exists."""

from __future__ import annotations

from pathlib import Path

import typer

from fleetdx.cli import options, stacks
from fleetdx.cli.presentation import Presentation
from fleetdx.cli.scan_request import ExistingRun, ScanOptions, existing_run, request_from
from fleetdx.cli.surroundings import probe


@stacks.named_by_options
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
    stack: stacks.Stack,
    fail_on: options.FailOnSeverity = None,
    language: options.TableLanguage = options.Language.en,
    json_: options.AsJson = False,
) -> None:
    """Scan the whole organization, or the part that the options name.

    Without --aws this runs on the embedded AWS: an example organization on this
    machine, this machine among its instances. It reads; it changes nothing on a
    host.

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
    probe(output)
    place = stack.adding(roots=tuple(root or ()), faults=faults)
    existing = existing_run(wanted, place.embedded, resume=resume, stop=stop)
    code = _scan(wanted, place, presentation) if existing is None else _go_on(existing, place, presentation)
    raise typer.Exit(code)


def _scan(wanted: ScanOptions, stack: stacks.Stack, presentation: Presentation) -> int:
    if not stack.is_deployed and not stack.embedded.roots:
        from emulator.hosts.organization import load_organization  # noqa: PLC0415 - so that --help answers at once

        # Refused before the embedded AWS is started; with roots, their names are known only afterwards.
        request_from(wanted, load_organization().regions, (), presentation.output)
    from fleetdx.cli import scan as run  # noqa: PLC0415 - as above

    with stack.deployment() as deployment:
        request = request_from(wanted, deployment.regions, deployment.roots, presentation.output)
        return run.scan(deployment, request, presentation)


def _go_on(existing: ExistingRun, stack: stacks.Stack, presentation: Presentation) -> int:
    from fleetdx.cli import scan as run  # noqa: PLC0415 - as above

    with stack.deployment() as deployment:
        work = run.stop if existing.is_to_stop else run.resume
        return work(deployment, existing.run, presentation)
