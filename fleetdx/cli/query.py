"""The command `fleetdx query`: a question to all runs whose outputs lie here, the same that Athena answers in AWS."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.console import Console, Group
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from fleetdx.cli import options, stacks
from fleetdx.cli.diff import DiffOutput, run_directory
from fleetdx.cli.home import at_home
from fleetdx.cli.local_tables import ask
from fleetdx.cli.problems import UsageProblem
from fleetdx.keys import RUN_PATTERN
from fleetdx.queries.questions import questions
from fleetdx.reporting.messages import translator
from fleetdx.reporting.text import inert, one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fleetdx.cli.local_tables import Answer
    from fleetdx.models import Language
    from fleetdx.queries.questions import Question

MOST_ROWS: Final = 50
"""What a table in a terminal shows; CSV and JSON have every row."""

Name = Annotated[str | None, typer.Argument(metavar="NAME", help="The question; see --list.", show_default=False)]
ListThem = Annotated[bool, typer.Option("--list", help="List the questions.")]
OnlyRun = Annotated[
    str | None,
    typer.Option("--run", metavar="RUN", help="Ask this run alone, by its id or `latest`.", show_default="all runs"),
]
AllRuns = Annotated[bool, typer.Option("--all", help="Ask all runs, which is what happens without --run.")]
QueryAsJson = Annotated[
    bool, typer.Option("--json", help="Print one JSON document (every row).", rich_help_panel=options.OUTPUT)
]
QueryAsCsv = Annotated[
    bool, typer.Option("--csv", help="Print CSV as spreadsheets read it (every row).", rich_help_panel=options.OUTPUT)
]


@stacks.read_from_aws
def query(  # noqa: PLR0913 - one parameter an option
    name: Name = None,
    *,
    list_: ListThem = False,
    run: OnlyRun = None,
    all_: AllRuns = False,
    output: DiffOutput = Path("out"),
    stack: stacks.Stack,
    language: options.TableLanguage = options.Language.en,
    json_: QueryAsJson = False,
    csv_: QueryAsCsv = False,
) -> None:
    """Ask the runs whose outputs lie here a question, for instance `fleetdx query worst_items`.

    Several runs together tell how things stand: of each check, instance and
    account-region the newest line counts. The same questions are in Athena, where
    the stack has its Analysis on: docs/results.md. With --aws, the run of --run
    is brought home from the stack's bucket first.

    Exit codes: 0 done, 2 usage, no runs, or a damaged file.
    """
    if list_:
        Console().print(_list(language.value))
        return
    if json_ and csv_:
        raise UsageProblem("--csv", "give either --json or --csv")
    if run is not None and all_:
        raise UsageProblem("--all", "give either --run or --all")
    if run is None and stack.is_deployed:
        raise UsageProblem(
            "--aws", "name the run to bring home, by --run; of all runs Athena is asked: docs/results.md"
        )
    question = _question(name)
    directories = _run_directories(output) if run is None else [run_directory(at_home(stack, output, run)[0], output)]
    answer = ask(question.sql, directories)
    if json_:
        print(_document(question, directories, answer))  # noqa: T201 - the command's answer
    elif csv_:
        print(_sheet(answer), end="")  # noqa: T201 - the command's answer
    else:
        _show(_table(question, answer, language.value))


def _question(name: str | None) -> Question:
    known = ", ".join(questions())
    if name is None:
        raise UsageProblem("NAME", f"name a question: {known}")
    if name not in questions():
        raise UsageProblem("NAME", f"there is no question {one_line(name)}; there are {known}")
    return questions()[name]


def _run_directories(output: Path) -> list[Path]:
    """The directories of all runs that have ended, the oldest first; `latest` is one of them by another name."""
    found = output.iterdir() if output.is_dir() else ()
    runs = sorted(
        entry.resolve()
        for entry in found
        if RUN_PATTERN.match(entry.name) and all((entry / file).is_file() for file in ("results.jsonl", "ledger.jsonl"))
    )
    if not runs:
        raise UsageProblem("--output", f"no run has left results in {output}; `fleetdx scan` makes one")
    return runs


def _list(language: Language) -> Table:
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
    for question in questions().values():
        table.add_row(Text(question.name, "bold"), question.title[language])
    return table


def _document(question: Question, runs: Sequence[Path], answer: Answer) -> str:
    rows = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
    document = {"schema": 1, "query": question.name, "runs": [run.name for run in runs], "rows": rows}
    return json.dumps(document, ensure_ascii=False, indent=2)


def _sheet(answer: Answer) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(answer.columns)
    writer.writerows([inert(value) for value in row] for row in answer.rows)
    return f"\ufeff{text.getvalue()}"


def _table(question: Question, answer: Answer, language: Language) -> Group:
    translate = translator(language)
    title = Text(question.title[language], "bold")
    if not answer.rows:
        return Group(title, Text(translate("query.no_rows")))
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    for index, column in enumerate(answer.columns):
        is_figure = isinstance(answer.rows[0][index], int | float)
        table.add_column(column, justify="right" if is_figure else "left", no_wrap=True)
    for row in answer.rows[:MOST_ROWS]:
        table.add_row(*(Text(_shown(value)) for value in row))
    left = len(answer.rows) - MOST_ROWS
    return Group(title, table, *([Text(translate("query.more_rows", count=left), "dim")] if left > 0 else []))


def _shown(value: object) -> str:
    if value is None:
        return "-"
    return f"{value:,}" if isinstance(value, int | float) else one_line(str(value))


def _show(shown: Group) -> None:
    """Print a table as wide as it is: an id that is broken over two lines cannot be copied."""
    console = Console()
    wide = Measurement.get(console, console.options.update(max_width=10_000), shown).maximum
    Console(width=max(console.width, wide)).print(shown)
