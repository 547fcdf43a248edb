"""The command `fleetdx waivers`: what each entry of the register would do with the findings of a run."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console, Group
from rich.text import Text

from fleetdx.cli import options
from fleetdx.cli.diff import DiffOutput, lines_of, run_directory
from fleetdx.cli.problems import UsageProblem
from fleetdx.configuration import MalformedDocument, report_only
from fleetdx.exemptions import read_exemptions
from fleetdx.reporting.messages import translator
from fleetdx.reporting.tables import constrained, plain_table
from fleetdx.reporting.text import one_line
from fleetdx.waivers import Rules, Waivers

if TYPE_CHECKING:
    from fleetdx.exemptions import Exemption
    from fleetdx.models import Language
    from fleetdx.run_models import WaiverSummary

waivers_app = typer.Typer(no_args_is_help=True, help="Explain the register of accepted findings.")

RegisterFile = Annotated[
    Path, typer.Argument(metavar="FILE", help="The register (exemptions.json).", show_default=False)
]
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
def check(
    file: RegisterFile,
    *,
    run: OfRun = "latest",
    maximum_days: MaximumDays = DEFAULT_DAYS,
    output: DiffOutput = Path("out"),
    language: options.TableLanguage = options.Language.en,
    json_: RegisterAsJson = False,
) -> None:
    """Say how each waiver stands, and how many findings of a run it is about.

    Nothing is started and nothing is written. An entry for an organizational unit is told as it stands; what it is
    about only a run knows, which asks AWS Organizations.

    Exit codes: 0 done, 2 the register is malformed (with the JSON pointer of the fault), or there is no such run.
    """
    entries = _read(file)
    rules = Rules(maximum_days, dt.datetime.now(dt.UTC), lambda _: frozenset())
    waivers = Waivers(entries, rules)
    for line in lines_of(run_directory(run, output) / "results.jsonl"):
        if line["verdict"] == "fail":
            waivers.waiver_of(line)
    told = waivers.summary()
    if json_:
        print(json.dumps(told, ensure_ascii=False, indent=2))  # noqa: T201 - the command's answer
        return
    Console().print(_table(told, language.value))


def _read(file: Path) -> list[Exemption]:
    try:
        return read_exemptions(file.read_bytes())
    except OSError as error:
        raise UsageProblem("FILE", f"{file}: {error.strerror}") from None
    except MalformedDocument as fault:
        raise UsageProblem(str(file), str(fault)) from None


def _table(told: WaiverSummary, language: Language) -> Group:
    translate = translator(language)
    table = plain_table(title=translate("waivers.title"))
    table.add_column("ID", overflow="fold")
    table.add_column(translate("waivers.subject"), overflow="fold")
    table.add_column(translate("waivers.standing"), ratio=1)
    table.add_column(translate("waivers.findings"), justify="right")
    for entry in told["entries"]:
        notes = [entry["sentence"]] if entry["sentence"] else []
        if not entry["findings"] and "organizational_unit" not in entry["scope"]:
            notes.append(translate("waivers.matches_nothing"))
        ((kind, value),) = entry["scope"].items()
        table.add_row(
            Text(one_line(entry["id"]), "bold"),
            Text.assemble(entry["subject"], "\n", (one_line(f"{kind} {value}"), "dim")),
            Text.assemble(
                translate(f"waiver.{entry['standing']}"), *((f"\n{one_line(note)}", "dim") for note in notes)
            ),
            Text(f"{entry['findings']:,}"),
        )
    parts = [constrained(table)] if told["entries"] else [Text(translate("waivers.none"))]
    return Group(*parts)
