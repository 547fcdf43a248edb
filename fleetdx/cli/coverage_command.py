"""The command `fleetdx coverage`."""

from __future__ import annotations

from pathlib import Path

import typer

from fleetdx.cli import options, stacks
from fleetdx.cli.surroundings import probe


@stacks.named_by_options
def coverage(  # noqa: PLR0913 - one parameter an option
    *,
    account: options.Accounts = None,
    organizational_unit: options.OrganizationalUnits = None,
    region: options.Regions = None,
    mend: options.Mend = False,
    configuration: options.MendingConfiguration = None,
    every_cause: options.EveryCause = False,
    output: options.Output = Path("out"),
    stack: stacks.Stack,
    fail_on_unmanaged: options.FailOnUnmanaged = False,
    language: options.TableLanguage = options.Language.en,
    json_: options.CoverageAsJson = False,
) -> None:
    """Find out which instances Systems Manager does not manage, and why.

    Every running or stopped instance of every account and region gets one
    cause, found without touching it: from EC2, Systems Manager, IAM and, where
    it is needed, from routes, security groups, network ACLs and endpoints. Where
    Security Hub is enabled, its control SSM.1 is set beside it.

    Without --aws this runs on the embedded AWS; try --every-cause.

    Exit codes: 0 done, 1 error, 2 usage, 3 instances are not managed (with
    --fail-on-unmanaged), 4 incomplete (an account-region that could not be
    looked at).
    """
    from fleetdx.cli import coverage as sweeps  # noqa: PLC0415 - so that --help answers at once
    from fleetdx.cli.event_files import apply_configuration, read_configuration_file  # noqa: PLC0415 - as above

    wanted = sweeps.CoverageOptions(tuple(account or ()), tuple(organizational_unit or ()), tuple(region or ()), mend)
    presentation = sweeps.CoveragePresentation(output, json_, language.value, fail_on_unmanaged)
    configured = read_configuration_file(configuration) if configuration else None
    probe(output)
    place = stack.adding(every_cause=every_cause)
    if not place.is_deployed:
        from emulator.hosts.organization import load_organization  # noqa: PLC0415 - as above

        # Refused before the embedded AWS is started.
        sweeps.request_of(wanted, load_organization().regions)
    with place.deployment() as deployment:
        if configured is not None:
            apply_configuration(deployment, configured)
        request = sweeps.request_of(wanted, deployment.regions)
        raise typer.Exit(sweeps.cover(deployment, request, presentation))
