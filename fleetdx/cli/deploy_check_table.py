"""The answers of deploy-check as a person reads them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from fleetdx.deploy_check.catalog import OUT_OF_REACH, QUESTIONS
from fleetdx.reporting.text import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fleetdx.deploy_check.answers import Answer

STYLES: Final = {"pass": "green", "fail": "bold red", "unknown": "yellow", "notapplicable": "dim"}


def print_answers(answers: Sequence[Answer], *, after: bool) -> None:
    """Print each answer, what was found below its question, then what is to be done, then what was not asked."""
    console = Console()
    table = Table(title=_title(after=after), title_justify="left", box=None, pad_edge=False)
    table.add_column("Verdict", no_wrap=True)
    table.add_column("Question, and what was found", overflow="fold")
    for answer in answers:
        table.add_row(
            Text(answer.verdict, style=STYLES[answer.verdict]),
            Text.assemble((answer.question, "bold"), "\n", one_line(f"{answer.place}: {answer.found}")),
        )
    console.print(table)
    for answer in answers:
        if answer.remedy:
            console.print()
            _line(console, f"{answer.verdict}: {QUESTIONS[answer.question].asks} ({answer.place})")
            _line(console, f"  {answer.found}")
            _line(console, f"  {answer.remedy}")
    console.print()
    counts = Counter[str](answer.verdict for answer in answers)
    _line(console, ", ".join(f"{counts[verdict]} {verdict}" for verdict in STYLES))
    if not after:
        for sentence in OUT_OF_REACH:
            _line(console, f"Not asked: {sentence}")


def _title(*, after: bool) -> str:
    return "What is deployed" if after else "Before deploying: nothing was changed"


def _line(console: Console, text: str) -> None:
    console.print(one_line(text), highlight=False, markup=False, soft_wrap=True)
