"""The command `fleetdx report`: the pages of a run whose outputs lie here, made anew."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fleetdx.cli import options, stacks
from fleetdx.cli.diff import run_directory
from fleetdx.cli.home import at_home
from fleetdx.cli.pages import CATALOG, write_report
from fleetdx.cli.problems import UsageProblem

if TYPE_CHECKING:
    from fleetdx.models import Catalog

ReportRun = Annotated[str, typer.Argument(metavar="RUN", help="The run, by its id, or `latest`.", show_default=False)]
ReportOutput = Annotated[
    Path, typer.Option("--output", help="Where runs have left their outputs.", rich_help_panel=options.OUTPUT)
]
ReportLanguage = Annotated[
    options.Language, typer.Option(help="Language of the pages.", rich_help_panel=options.OUTPUT)
]


@stacks.read_from_aws
def report(
    run: ReportRun = "latest",
    *,
    output: ReportOutput = Path("out"),
    stack: stacks.Stack,
    language: ReportLanguage = options.Language.en,
) -> None:
    """Write report.html of a run anew, in either language, and a page for each of its hosts into hosts/.

    It reads what a scan has left here and asks AWS for nothing; with --aws the
    outputs of a run of the deployed stack, which a schedule or somebody else may
    have started, are brought home first.

    Exit codes: 0 done, 2 usage.
    """
    (name,) = at_home(stack, output, run)
    directory = run_directory(name, output)
    path = directory / CATALOG
    if not path.is_file():
        raise UsageProblem("RUN", f"there is no {CATALOG} of a run {run} in {output}")
    catalog: Catalog = json.loads(path.read_text(encoding="utf-8"))
    count = write_report(directory, catalog, language.value)
    typer.echo(f"{directory / 'report.html'}, and pages of hosts beside it: {count:,}")
