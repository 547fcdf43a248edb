"""The commands about what the operator lets happen by itself: `fleetdx event` and `fleetdx check-configuration`."""

from __future__ import annotations

import datetime as dt

import typer

from fleetdx.cli import mending, options, stacks


@stacks.read_from_aws
def check_configuration(
    *,
    configuration: options.ConfigurationFile = None,
    exemptions: options.ExemptionsFile = None,
    windows: options.WindowsFile = None,
    notification_routes: options.NotificationRoutesFile = None,
    operators: options.OperatorsFile = None,
    stack: stacks.Stack,
) -> None:
    """Check what the operator writes before it is deployed.

    That is the configuration of mending, the register of exemptions, the
    windows of scans, the routes of notifications to owners, and the rules
    of who may ask for what. With --aws, what is deployed is checked too,
    where no file is given to take its place.

    Exit codes: 0 they are read as they stand, 2 the JSON pointer of the first fault is named.
    """
    given = mending.read_files(mending.Files(configuration, exemptions, windows, notification_routes, operators))
    if stack.is_deployed:
        with stack.deployment() as deployment:
            given = mending.completed(given, mending.in_force(deployment))
    for sentence in mending.check(given, dt.datetime.now(dt.UTC)):
        typer.echo(sentence)


@stacks.named_by_options
def event(
    *,
    file: options.EventFile,
    configuration: options.MendingConfiguration = None,
    stack: stacks.Stack,
    metrics: options.EventMetrics = None,
    json_: options.EventAsJson = False,
) -> None:
    """Put one event about an instance into the queue, as AWS would, and tell what comes of it.

    receive_event takes the event from the queue; where it is about an instance of
    an active member account, the state machine ensure_ssm_ready reads the
    instance again, makes it manageable by Systems Manager if the configuration
    says so, waits until it is, and notifies. Of the event only account, region
    and instance count.

    Told are the outcome, its reason (docs/reasons.md), and every change that
    was made: ready, mended, reported, exempt, gone, failed; or ignored
    (another kind of event), duplicate (an execution takes care of it
    already), refused (it lies in the dead-letter queue now).

    Exit codes: 0 done, 1 error or failed, 2 usage, or an event refused.
    """
    from fleetdx.cli import event as fed  # noqa: PLC0415 - so that --help answers at once
    from fleetdx.cli.event_files import read_configuration_file, read_event_file  # noqa: PLC0415 - as above

    text = read_event_file(file)
    wanted = read_configuration_file(configuration) if configuration else None
    with stack.deployment() as deployment:
        code = fed.feed(deployment, text, wanted, as_json=json_, metrics_file=metrics)
    raise typer.Exit(code)
