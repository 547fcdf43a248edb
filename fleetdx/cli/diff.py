"""The command `fleetdx diff`: what differs between two runs whose outputs lie here."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from fleetdx.cli import options, stacks
from fleetdx.cli.home import at_home
from fleetdx.cli.problems import EXIT_DONE, EXIT_FINDINGS, UsageProblem
from fleetdx.comparison import Comparison, instance_differences, ordered, verdict_differences, verdicts_of
from fleetdx.models import SEVERITIES
from fleetdx.reporting.comparison import comparison_tables

if TYPE_CHECKING:
    from collections.abc import Iterator

FirstRun = Annotated[str, typer.Argument(metavar="RUN", show_default=False, help="The earlier run, by its id.")]
SecondRun = Annotated[
    str, typer.Argument(metavar="RUN", help="The later one, by its id, or `latest`.", show_default=False)
]
DiffOutput = Annotated[
    Path, typer.Option("--output", help="Where runs have left their outputs.", rich_help_panel=options.OUTPUT)
]
FailOnNew = Annotated[
    options.FailOn | None,
    typer.Option(
        "--fail-on",
        help="Exit with 3 if the later run has new findings of this severity or a higher one.",
        rich_help_panel=options.OUTPUT,
    ),
]
DiffAsJson = Annotated[
    bool, typer.Option("--json", help="Print one JSON document (every difference).", rich_help_panel=options.OUTPUT)
]


@stacks.read_from_aws
def diff(
    before: FirstRun,
    after: SecondRun = "latest",
    *,
    output: DiffOutput = Path("out"),
    stack: stacks.Stack,
    fail_on: FailOnNew = None,
    language: options.TableLanguage = options.Language.en,
    json_: DiffAsJson = False,
) -> None:
    """Tell what differs between two runs: findings that are new or fixed, other verdicts, and instances.

    A check that could not be judged in the later run is no fix. What only one of
    the runs has checked is not compared: runs with other profiles, checks or
    scopes have less in common. With --aws, runs that do not lie here are brought
    home from the stack's bucket first.

    Exit codes: 0 done, 2 usage, 3 new findings at or above --fail-on.
    """
    earlier, later = at_home(stack, output, before, after)
    found = compare(run_directory(earlier, output), run_directory(later, output))
    if json_:
        print(json.dumps(found, ensure_ascii=False, indent=2))  # noqa: T201 - the command's answer
    else:
        Console().print(comparison_tables(found, language.value))
    raise typer.Exit(exit_code(found, fail_on.value if fail_on else None))


def run_directory(run: str, output: Path) -> Path:
    """Where a run's outputs lie.

    Raises:
        UsageProblem: There are none.
    """
    directory = output / run
    for name in ("results.jsonl", "ledger.jsonl"):
        if not (directory / name).is_file():
            raise UsageProblem("RUN", f"there is no {name} of a run {run} in {output}")
    return directory.resolve()


def compare(before: Path, after: Path) -> Comparison:
    """Compare two runs' outputs.

    Raises:
        UsageProblem: A file of them is damaged.
    """
    known = verdicts_of(lines_of(before / "results.jsonl"))
    return {
        "schema": 1,
        "before": before.name,
        "after": after.name,
        "verdicts": ordered(verdict_differences(known, lines_of(after / "results.jsonl"))),
        "instances": instance_differences(lines_of(before / "ledger.jsonl"), lines_of(after / "ledger.jsonl")),
    }


def exit_code(found: Comparison, fail_on: str | None) -> int:
    """3 where a new finding is at or above a severity, else 0."""
    if fail_on is None:
        return EXIT_DONE
    weighty = SEVERITIES[: SEVERITIES.index(fail_on) + 1]
    is_new = any(one["kind"] == "new" and one["severity"] in weighty for one in found["verdicts"])
    return EXIT_FINDINGS if is_new else EXIT_DONE


def lines_of(path: Path) -> Iterator[Any]:
    """The documents of a file of JSON lines.

    Raises:
        UsageProblem: A line is no JSON.
    """
    with path.open(encoding="utf-8") as stream:
        for number, line in enumerate(stream, 1):
            try:
                yield json.loads(line)
            except ValueError:
                raise UsageProblem(str(path), f"line {number} is not JSON") from None
