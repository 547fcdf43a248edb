"""The command `fleetdx waivers`: what each entry of the register would do with findings and instances of a run."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer
from rich.console import Console, Group
from rich.text import Text

from fleetdx.cli import options, stacks
from fleetdx.cli.diff import DiffOutput, lines_of, run_directory
from fleetdx.cli.home import at_home
from fleetdx.cli.problems import UsageProblem
from fleetdx.configuration import MalformedDocument, report_only
from fleetdx.exclusions import exclusion_summary
from fleetdx.exemptions import read_exemptions
from fleetdx.reporting.messages import translator
from fleetdx.reporting.tables import constrained, plain_table
from fleetdx.reporting.text import one_line
from fleetdx.waivers import Rules, Waivers

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fleetdx.exemptions import Exemption
    from fleetdx.models import Language, LedgerLine
    from fleetdx.reporting.messages import Translate
    from fleetdx.run_models import ExclusionSummary, RegisterEntry, WaiverSummary

waivers_app = typer.Typer(
    no_args_is_help=True, help="Explain the register of accepted findings and excluded instances."
)

RegisterFile = Annotated[
    Path, typer.Argument(metavar="FILE", help="The register (exemptions.json).", show_default=False)
]
KNOWN_TO_A_RUN = frozenset({"organizational_unit", "protected_tag"})
"""Scopes of which nothing is known here: a run asks Organizations and EC2."""
DEFAULT_DAYS = report_only().maximum_days

OfRun = Annotated[str, typer.Option("--run", help="The run whose findings are looked at, by its id or `latest`.")]
MaximumDays = Annotated[
    int, typer.Option(min=1, max=3650, help="Longest term of an entry, as the configuration has it.")
]
RegisterAsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


@waivers_app.callback()
def _waivers() -> None:
    """Keep `check` a subcommand, beside which others can stand."""


@waivers_app.command()
@stacks.read_from_aws
def check(
    file: RegisterFile,
    *,
    run: OfRun = "latest",
    maximum_days: MaximumDays = DEFAULT_DAYS,
    output: DiffOutput = Path("out"),
    stack: stacks.Stack,
    language: options.TableLanguage = options.Language.en,
    json_: RegisterAsJson = False,
) -> None:
    """Say how each waiver and each exclusion stands, and how many findings or instances of a run it is about.

    Nothing is started and nothing is written, but that --aws brings the run's
    outputs home from the deployed stack. An entry for an organizational unit is
    told as it stands; what it is about only a run knows, which asks AWS
    Organizations. So it is with an exclusion by a protected tag.

    Exit codes: 0 done, 2 the register is malformed (with the JSON pointer of the fault), or there is no such run.
    """
    entries = _read(file)
    rules = Rules(maximum_days, dt.datetime.now(dt.UTC), lambda _: frozenset())
    waivers = Waivers(entries, rules)
    (name,) = at_home(stack, output, run)
    directory = run_directory(name, output)
    for line in lines_of(directory / "results.jsonl"):
        if line["verdict"] == "fail":
            waivers.waiver_of(line)
    told = waivers.summary()
    ledger = cast("Iterable[LedgerLine]", lines_of(directory / "ledger.jsonl"))
    exclusions = exclusion_summary(entries, ledger, rules)
    if json_:
        document = {**told, "exclusions": exclusions}
        print(json.dumps(document, ensure_ascii=False, indent=2))  # noqa: T201 - the command's answer
        return
    Console().print(_table(told, language.value))
    if exclusions["entries"]:
        Console().print(_exclusions(exclusions, language.value))


def _read(file: Path) -> list[Exemption]:
    try:
        return read_exemptions(file.read_bytes())
    except OSError as error:
        raise UsageProblem("FILE", f"{file}: {error.strerror}") from None
    except MalformedDocument as fault:
        raise UsageProblem(str(file), str(fault)) from None


def _table(told: WaiverSummary, language: Language) -> Group:
    translate = translator(language)
    rows = [_row("waiver", entry, entry["subject"], entry["findings"], translate) for entry in told["entries"]]
    columns = (translate("waivers.title"), translate("waivers.subject"), translate("waivers.findings"))
    return _grid(columns, rows, translate) if rows else Group(Text(translate("waivers.none")))


def _exclusions(told: ExclusionSummary, language: Language) -> Group:
    translate = translator(language)
    rows = [_row("exclusion", entry, "", entry["instances"], translate) for entry in told["entries"]]
    columns = (translate("exclusions.title"), translate("exclusions.scope"), translate("column.instances"))
    return _grid(columns, rows, translate)


def _grid(columns: tuple[str, str, str], rows: list[tuple[Text, Text, Text, Text]], translate: Translate) -> Group:
    title, subject, count = columns
    table = plain_table(title=title)
    table.add_column("ID", overflow="fold")
    table.add_column(subject, overflow="fold")
    table.add_column(translate("waivers.standing"), ratio=1)
    table.add_column(count, justify="right")
    for row in rows:
        table.add_row(*row)
    return Group(constrained(table))


def _row(
    kind: str, entry: RegisterEntry, subject: str, count: int, translate: Translate
) -> tuple[Text, Text, Text, Text]:
    """One entry's row: its id, what it is about, how it stands with what needs somebody, and how often it matches."""
    ((scope, value),) = entry["scope"].items()
    notes = [entry["sentence"]] if entry["sentence"] else []
    if not count and scope not in KNOWN_TO_A_RUN:
        notes.append(translate(f"{kind}s.matches_nothing"))
    place = (one_line(f"{scope} {value}"), "dim")
    return (
        Text(one_line(entry["id"]), "bold"),
        Text.assemble(subject, "\n", place) if subject else Text.assemble(place),
        Text.assemble(translate(f"{kind}.{entry['standing']}"), *((f"\n{one_line(note)}", "dim") for note in notes)),
        Text(f"{count:,}"),
    )
