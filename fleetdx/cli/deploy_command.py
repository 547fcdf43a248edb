"""The commands `fleetdx deploy` and `fleetdx remove`."""

from __future__ import annotations

import json
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from fleetdx.cli import stacks
from fleetdx.cli.problems import EXIT_ERROR, UsageProblem
from fleetdx.cli.progress import one_line
from fleetdx.cli.surroundings import forget_aws_environment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fleetdx.cli.deploying import Removal
    from fleetdx.deployment.leftovers import Leftover

DEPLOYED = "An organization of your own"

Aws = Annotated[
    bool,
    typer.Option("--aws", help="Your organization on AWS instead of the embedded one.", rich_help_panel=DEPLOYED),
]
Settings = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="The deployment's settings as JSON; fleetdx/schemas/deployment_settings.schema.json describes them. "
        "Needed with --aws; the embedded organization has its own.",
        rich_help_panel=DEPLOYED,
    ),
]
WithData = Annotated[
    bool,
    typer.Option("--with-data", help="Also buckets with all results and evidence, and logs. Nothing brings them back."),
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of sentences.")]


def deploy(
    *,
    aws: Aws = False,
    settings: Settings = None,
    emulator_directory: stacks.EmulatorDirectory = stacks.EMULATOR_DIRECTORY,
    json_: AsJson = False,
) -> None:
    """Deploy fleetdx to an organization, or upgrade it: the same command again.

    Package, central stack, a StackSet for the accounts below your units, the
    management account by stacks of its own, and the audit account in each
    region. It tells what changes before it does. After Ctrl-C or a failure the
    same command goes on.

    Without --aws, the embedded organization: it is started in the background
    and stays until `fleetdx remove`; meanwhile every command uses it.

    Exit codes: 0 deployed, 1 error (the stack that failed is named), 2 usage.
    """
    from fleetdx.cli import deploying  # noqa: PLC0415 - so that --help answers at once

    wanted = _wanted(settings, aws=aws)
    with _telling() as tell:
        done = deploying.deploy(wanted, emulator_directory, tell, aws=aws)
    if json_:
        typer.echo(json.dumps({"outcomes": done.outcomes, "outputs": dict(done.outputs)}, indent=2))
        return
    changed = sum(outcome != "unchanged" for outcome in done.outcomes.values())
    if done.is_unchanged:
        typer.echo(f"Nothing to change: {len(done.outcomes)} stacks and StackSets are what they shall be.")
    else:
        typer.echo(f"Deployed: {changed} of {len(done.outcomes)} stacks and StackSets have changed.")
    typer.echo("Next: `make scan`, and `make remove` when you are done." if not aws else _next(done.outputs["Regions"]))


def remove(
    *,
    aws: Aws = False,
    settings: Settings = None,
    with_data: WithData = False,
    yes: Yes = False,
    emulator_directory: stacks.EmulatorDirectory = stacks.EMULATOR_DIRECTORY,
    json_: AsJson = False,
) -> None:
    """Remove fleetdx from an organization; it says what goes and what stays, and asks.

    Results and evidence stay unless you say --with-data. At the end it looks
    whether anything else is left. After Ctrl-C or a failure the same command
    goes on. Without --aws, the embedded AWS ends too.

    Exit codes: 0 removed, 1 error or something is left, 2 usage.
    """
    from fleetdx.cli import deploying  # noqa: PLC0415 - as above
    from fleetdx.deployment.removal import told_beforehand  # noqa: PLC0415 - as above

    wanted = _wanted(settings, aws=aws)
    if not yes:
        typer.echo("\n".join(told_beforehand(with_data=with_data)), err=True)
        typer.confirm("Remove?", abort=True, err=True)
    with _telling() as tell:
        done = deploying.remove(wanted, emulator_directory, tell, aws=aws, with_data=with_data)
    if json_:
        left = [one._asdict() for one in done.left]
        typer.echo(json.dumps({"gone": done.removed.gone, "left": left, "locked": done.removed.locked}, indent=2))
    else:
        _tell_removed(done)
    if done.unexpected:
        raise typer.Exit(EXIT_ERROR)


def _tell_removed(done: Removal) -> None:
    typer.echo(f"Removed {len(done.removed.gone)} stacks, StackSets and what belongs to them.")
    for bucket, count in done.removed.locked.items():
        typer.echo(f"{bucket}: {count} versions are locked still, and stay with it until their date.")
    kept = [one for one in done.left if one not in done.unexpected]
    if kept:
        typer.echo(f"Kept: {_listed(kept)}")
    if done.unexpected:
        typer.echo(f"Left, although it was to go: {_listed(done.unexpected)}")
    else:
        typer.echo(f"Nothing else of fleetdx is left in {', '.join(done.looked_at)}.")
    if done.has_ended:
        typer.echo("The embedded AWS has ended.")


def _listed(left: list[Leftover]) -> str:
    counts: dict[str, list[str]] = {}
    for one in left:
        counts.setdefault(one.type, []).append(f"{one.account}/{one.region}/{one.name}")
    return "; ".join(
        f"{len(names)} x {kind} ({names[0]}{', ...' if len(names) > 1 else ''})" for kind, names in counts.items()
    )


def _next(regions: str) -> str:
    return f"Next: `fleetdx console --aws`, or docs/operations.md. Instances in {regions} are looked after from now on."


def _wanted(settings: Path | None, *, aws: bool) -> bytes | None:
    """The settings' text, where there is a file; every AWS setting of this machine is forgotten but with --aws."""
    if aws and settings is None:
        raise UsageProblem("--settings", "a deployment on AWS needs its settings; docs/operations.md has an example")
    if not aws:
        forget_aws_environment()
    if settings is None:
        return None
    try:
        return settings.read_bytes()
    except OSError as error:
        raise UsageProblem("--settings", f"{settings}: {error.strerror}") from None


@contextmanager
def _telling() -> Iterator[Callable[[str], None]]:
    console, began = Console(stderr=True), time.monotonic()
    with console.status("Looking") as status:

        def tell(sentence: str) -> None:
            console.print(
                f"{time.monotonic() - began:6.1f} s  {sentence}", highlight=False, markup=False, soft_wrap=True
            )
            status.update(one_line(console, sentence))

        yield tell
