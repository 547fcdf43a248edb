"""The command `fleetdx`: its options, and its errors told in one sentence each."""

from __future__ import annotations

import enum
import os
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from fleetdx.cli.presentation import Presentation
from fleetdx.cli.problems import EXIT_ERROR, EXIT_INTERRUPTED, EXIT_USAGE, EmbeddedAwsUnreachable, UsageProblem
from fleetdx.cli.scan_request import ScanOptions, explain, request_from
from fleetdx.errors import FleetdxError, InvalidRequest

app = typer.Typer(
    name="fleetdx",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Scan every EC2 instance of an AWS organization from one account, with Step Functions and SSM Run Command.",
)


class FailOn(enum.StrEnum):
    """The severities of --fail-on."""

    high = "high"
    medium = "medium"
    low = "low"


class Language(enum.StrEnum):
    """The languages of tables."""

    en = "en"
    ko = "ko"


EMULATOR_DIRECTORY = Path(__file__).parents[2] / ".emulator"
SCOPE, LIMITS, OUTPUT = "What to scan", "How", "What is told"


@app.callback()
def commands() -> None:
    """Keep `scan` a command of its own, beside those that follow it."""


@app.command()
def scan(  # noqa: PLR0913 - one parameter an option
    *,
    instance: Annotated[
        list[str] | None,
        typer.Option(
            help="Only this instance: ACCOUNT/REGION/ID, or a bare id that an earlier run's ledger names. Repeatable.",
            rich_help_panel=SCOPE,
        ),
    ] = None,
    account: Annotated[
        list[str] | None, typer.Option(help="Only this account (12 digits). Repeatable.", rich_help_panel=SCOPE)
    ] = None,
    organizational_unit: Annotated[
        list[str] | None,
        typer.Option(help="Only accounts below this unit (ou-... or r-...). Repeatable.", rich_help_panel=SCOPE),
    ] = None,
    region: Annotated[
        list[str] | None,
        typer.Option(help="Only this region. Repeatable; without it, the deployed regions.", rich_help_panel=SCOPE),
    ] = None,
    tag: Annotated[
        list[str] | None,
        typer.Option(help="Only instances with this EC2 tag: KEY=VALUE[,VALUE]. Repeatable.", rich_help_panel=SCOPE),
    ] = None,
    root: Annotated[
        list[Path] | None,
        typer.Option(
            help="Add an unpacked root of a Linux distribution as a host; without another scope, scan only it.",
            rich_help_panel=SCOPE,
        ),
    ] = None,
    request: Annotated[
        Path | None,
        typer.Option(
            help="A scan request as JSON (- for standard input) instead of the options above and below; "
            "fleetdx/schemas/scan_request.schema.json describes it.",
            rich_help_panel=SCOPE,
        ),
    ] = None,
    profile: Annotated[
        str | None, typer.Option(help="The set of checks; default kisa_unix_2026.", rich_help_panel=LIMITS)
    ] = None,
    check: Annotated[
        list[str] | None,
        typer.Option(
            help="Only this item (U-01) or check (root_ssh_login_denied). Repeatable.", rich_help_panel=LIMITS
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="List what would be scanned; send nothing.", rich_help_panel=LIMITS)
    ] = False,
    execution_timeout: Annotated[
        int | None, typer.Option(help="Seconds for the scanner on one host.", rich_help_panel=LIMITS)
    ] = None,
    max_concurrency: Annotated[
        str | None,
        typer.Option(help="Hosts at a time in one command: a number or a percentage.", rich_help_panel=LIMITS),
    ] = None,
    max_errors: Annotated[
        str | None,
        typer.Option(help="Errors after which one command stops: a number or a percentage.", rich_help_panel=LIMITS),
    ] = None,
    output: Annotated[
        Path, typer.Option(help="Where runs leave report, ledger, results and histories.", rich_help_panel=OUTPUT)
    ] = Path("out"),
    emulator_directory: Annotated[
        Path,
        typer.Option(
            help="Where the embedded AWS keeps its disk; one fleetdx at a time runs it, others reach it.",
            envvar="FLEETDX_EMULATOR_DIRECTORY",
            rich_help_panel=OUTPUT,
        ),
    ] = EMULATOR_DIRECTORY,
    fail_on: Annotated[
        FailOn | None,
        typer.Option(
            help="Exit with 3 if there are findings of this severity or a higher one.", rich_help_panel=OUTPUT
        ),
    ] = None,
    language: Annotated[
        Language, typer.Option(help="Language of what is printed.", rich_help_panel=OUTPUT)
    ] = Language.en,
    json_: Annotated[
        bool, typer.Option("--json", help="Print one JSON document (the run's summary).", rich_help_panel=OUTPUT)
    ] = False,
) -> None:
    """Scan the whole organization, or the part that the options name.

    Without a deployed stack this runs on the embedded AWS: an example organization on this machine, this machine among
    its instances. It reads; it changes nothing on a host.

    Exit codes: 0 done, 1 error, 2 usage, 3 findings at or above --fail-on, 4 incomplete (a gap in the ledger).
    """
    options = ScanOptions(
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
        max_concurrency=max_concurrency,
        max_errors=max_errors,
    )
    presentation = Presentation(output, json_, language.value, fail_on.value if fail_on else None)
    raise typer.Exit(_scan(options, list(root or ()), emulator_directory, presentation))


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


def _scan(options: ScanOptions, roots: list[Path], directory: Path, presentation: Presentation) -> int:
    forget_aws_environment()
    probe(presentation.output)
    # Imported here so that --help and a refused request answer at once.
    from emulator.hosts.organization import load_organization  # noqa: PLC0415 - see above

    if not roots:
        # Refused before the embedded AWS is started; with roots, their names are known only afterwards.
        request_from(options, load_organization().regions, (), presentation.output)
    from fleetdx.cli.deployments import embedded_deployment  # noqa: PLC0415 - see above
    from fleetdx.cli.scan import scan as run_scan  # noqa: PLC0415 - see above

    with ExitStack() as stack:
        with Console(stderr=True).status("Starting the embedded AWS"):
            deployment = stack.enter_context(embedded_deployment(roots=roots, directory=directory))
        request = request_from(options, deployment.regions, deployment.roots, presentation.output)
        return run_scan(deployment, request, presentation)


def main() -> None:
    """Run the command line; every expected error is one sentence on standard error."""
    try:
        app()
    except UsageProblem as problem:
        _stop(str(problem), EXIT_USAGE)
    except InvalidRequest as error:
        _stop(str(explain(error)), EXIT_USAGE)
    except ValueError as error:
        _stop_for_root(error)
    except (FleetdxError, EmbeddedAwsUnreachable) as error:
        _stop(str(error), EXIT_ERROR)
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        _stop(f"{place}{error.strerror or error}", EXIT_ERROR)
    except KeyboardInterrupt:
        _stop("stopped", EXIT_INTERRUPTED)


def _stop_for_root(error: ValueError) -> None:
    from emulator.hosts.roots import RootError  # noqa: PLC0415 - only where something went wrong

    if not isinstance(error, RootError):
        raise error
    _stop(f"--root: {error}", EXIT_USAGE)


def _stop(sentence: str, code: int) -> None:
    print(f"fleetdx: {sentence}", file=sys.stderr)  # noqa: T201 - the command's answer
    sys.exit(code)
