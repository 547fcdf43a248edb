"""The command `fleetdx deploy-check`: its options, and what `--help` says of them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Final

import typer

from fleetdx.cli import options, stacks
from fleetdx.cli.problems import UsageProblem

DEPLOYMENT, AFTER = "The deployment", "After deploying"
INSTANCE: Final = re.compile(r"([0-9]{12}/[a-z0-9-]+/)?i-[0-9a-f]{8,17}")

Settings = Annotated[
    Path | None,
    typer.Option(
        "--settings",
        help="The settings of the deployment; fleetdx/schemas/deployment_settings.schema.json describes them. The "
        "embedded AWS has its own.",
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


@stacks.named_by_options
def deploy_check(
    *,
    settings: Settings = None,
    after: After = False,
    instance: SmokeInstance = None,
    json_: AsJson = False,
    stack: stacks.Stack,
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
    if instance and not INSTANCE.fullmatch(instance):
        raise UsageProblem("--instance", f"{instance!r} is no instance; give ACCOUNT/REGION/ID, or its id")
    if stack.is_deployed and settings is None:
        raise UsageProblem("--settings", "say where fleetdx is to be deployed; docs/operations.md has an example")
    from fleetdx.cli import deploy_check as checks  # noqa: PLC0415 - so that --help answers at once

    raise typer.Exit(checks.check(stack, settings, checks.Wanted(after, instance), as_json=json_))
