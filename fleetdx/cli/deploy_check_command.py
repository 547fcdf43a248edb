"""The command `fleetdx deploy-check`: its options, and what `--help` says of them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from fleetdx.cli import options
from fleetdx.cli.console_command import AwsProfile, AwsRegion, StackName  # noqa: TC001 - typer reads them
from fleetdx.cli.deployed import STACK_NAME, AwsOptions
from fleetdx.cli.problems import UsageProblem
from fleetdx.cli.scan_request import EmbeddedOptions

DEPLOYMENT, AFTER = "The deployment", "After deploying"

Aws = Annotated[
    bool, typer.Option("--aws", help="Ask AWS instead of the embedded AWS.", rich_help_panel="A deployed stack")
]
Settings = Annotated[
    Path | None,
    typer.Option(
        "--settings",
        help="The settings of the deployment; fleetdx/schemas/deployment_settings.schema.json describes them. On the "
        "embedded AWS they can be left out; there a profile is the id of an account.",
        rich_help_panel=DEPLOYMENT,
    ),
]
After = Annotated[
    bool,
    typer.Option(
        "--after",
        help="Ask about what is deployed, with a dry run of the whole organization and a scan of one instance.",
        rich_help_panel=AFTER,
    ),
]
SmokeInstance = Annotated[
    str | None,
    typer.Option(
        "--instance",
        metavar="ACCOUNT/REGION/ID",
        help="Scan this instance, by its id alone where the dry run has met it; else the first that can be scanned.",
        rich_help_panel=AFTER,
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.", rich_help_panel=options.OUTPUT)]


def deploy_check(  # noqa: PLR0913 - one parameter an option
    *,
    settings: Settings = None,
    after: After = False,
    instance: SmokeInstance = None,
    aws: Aws = False,
    aws_profile: AwsProfile = None,
    aws_region: AwsRegion = None,
    stack_name: StackName = STACK_NAME,
    emulator_directory: options.EmulatorDirectory = options.EMULATOR_DIRECTORY,
    json_: AsJson = False,
) -> None:
    """Ask AWS whether fleetdx can be deployed; with --after, whether what is deployed works.

    Before a deployment everything is read and nothing is changed. Each question
    has a verdict: pass, fail with its remedy, unknown where the caller may not
    look (with the right that is missing), notapplicable. Every question, and
    the rights that it takes: docs/deploy-check.md.

      fleetdx deploy-check
      fleetdx deploy-check --aws --settings deployment.json
      fleetdx deploy-check --aws --settings deployment.json --after

    Exit codes: 0 every verdict is pass or notapplicable, 1 error, 2 usage,
    4 something failed or stayed unknown.
    """
    if instance and not after:
        raise UsageProblem("--instance", "it is scanned after deploying; add --after")
    if not aws and (aws_profile or aws_region or stack_name != STACK_NAME):
        raise UsageProblem("--aws-profile, --aws-region, --stack-name", "say which deployed stack; add --aws")
    if aws and settings is None:
        raise UsageProblem("--settings", "say where fleetdx is to be deployed; docs/operations.md has an example")
    from fleetdx.cli import deploy_check as checks  # noqa: PLC0415 - so that --help answers at once

    wanted = checks.CheckOptions(settings, instance, AwsOptions(aws_profile, aws_region, stack_name))
    embedded = None if aws else EmbeddedOptions(emulator_directory)
    raise typer.Exit(checks.check(wanted, embedded, after=after, as_json=json_))
