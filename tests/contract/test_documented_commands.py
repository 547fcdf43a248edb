"""Commands, options and links in the documentation are those that exist."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shlex
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import botocore.session
import pytest
import typer.main
from botocore import xform_name

from bench.__main__ import BENCHMARKS
from fleetdx.cli.main import app
from tools.sources import PROJECT

PAST: frozenset[str] = frozenset({"CHANGELOG.md"})
"""Pages that tell of what was."""
OTHER_TOOLS: frozenset[str] = frozenset({"checks.md", "checks.ko.md"})
"""Pages whose options are those of what runs on hosts."""
ARGUMENTS_OF_THE_SCANNER = "scan_scripts/lib/arguments.sh"
AWS_CLI_OWN = {"s3api": "s3"}
"""What the AWS CLI calls a service, where botocore calls it otherwise."""
AWS_CLI_OPTIONS = frozenset({"output", "query", "region", "notification-endpoint"})
"""Options of every command, and what the AWS CLI makes of `Endpoint` of `sns subscribe`."""
INLINE = re.compile(r"`([^`\n]+)`")
FENCED = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
INDENTED = re.compile(r"^ {4,}(.*)$", re.MULTILINE)
ASSIGNMENTS = re.compile(r"^(?:[A-Z_]+=\S+ )+")
TARGET = re.compile(r"^([a-z][a-z-]*):", re.MULTILINE)
LINK = re.compile(r"\]\(([^)\s]+)\)")


class Written(NamedTuple):
    """A command as a page writes it."""

    page: str
    words: tuple[str, ...]


def pages() -> list[Path]:
    """Every page of the project's own."""
    outside = {".git", "node_modules", ".venv", "out", ".emulator", ".pytest_cache"}
    found = []
    for directory, below, names in os.walk(PROJECT):
        # What is not the project's own has a hundred thousand files, which nobody needs to look through.
        below[:] = set(below) - outside
        found += [Path(directory, name) for name in names if name.endswith(".md") and name not in PAST]
    return sorted(found)


def lines_to_type(text: str) -> list[str]:
    """The lines of blocks, fenced as shell or indented, each with the lines that it goes on in."""
    fenced = [body for language, body in FENCED.findall(text) if language == "sh"]
    indented = INDENTED.findall(FENCED.sub("", text))
    return re.sub(r"\\\n\s*", "", "\n".join((*fenced, *indented))).splitlines()


def codes_of(text: str) -> list[str]:
    """What stands in code, by lines: inline, and in blocks."""
    return [*INLINE.findall(INDENTED.sub("", FENCED.sub("", text))), *lines_to_type(text)]


def parts_of(line: str) -> list[str]:
    """The single commands of a line, without its comment, assignments, `sudo`, and where their output goes."""
    own = re.split(r"(?:^|\s)#", line)[0]
    pieces = (re.split(r"\s>", piece)[0].strip() for piece in re.split(r"\s(?:\||&&)\s|;\s", own))
    return [ASSIGNMENTS.sub("", piece).removeprefix("sudo ") for piece in pieces]


def commands(*beginnings: str) -> list[Written]:
    """Every command of all pages that begins so, and has words after it."""
    found = set()
    for path in pages():
        for part in (part for code in codes_of(path.read_text(encoding="utf-8")) for part in parts_of(code)):
            if part.split(" ")[0] in beginnings and " " in part:
                found.add(Written(str(path.relative_to(PROJECT)), tuple(words_of(part))))
    return sorted(found)


def words_of(part: str) -> list[str]:
    """A command's words as a shell takes them; a quotation that goes on in the next line is cut there."""
    return shlex.split(part) if part.count('"') % 2 == 0 else shlex.split(part + '"')


def ids(written: Written) -> str:
    """A command's name in a test's."""
    return f"{written.page}: {' '.join(written.words)}"


@lru_cache(maxsize=1)
def command_line() -> Any:
    """The command line's tree of commands, as Click has it."""
    return typer.main.get_command(app)


def fault_of(words: tuple[str, ...]) -> str | None:
    """What of a command of `fleetdx` does not exist: the command or an option; None where all of it does."""
    command, rest = command_line(), list(words)
    while rest and getattr(command, "commands", None):
        if rest[0] not in command.commands:
            return None if rest[0].startswith("-") else f"no command {rest[0]}"
        command = command.commands[rest.pop(0)]
    known = {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)} | {"--help"}
    unknown = [word for word in rest if word.startswith("--") and word.split("=")[0] not in known]
    return f"no option {unknown[0]}" if unknown else None


@pytest.mark.parametrize("written", commands("fleetdx", ".venv/bin/fleetdx"), ids=ids)
def test_a_command_of_fleetdx_exists_with_its_options(written: Written) -> None:
    """What a page tells a person to type is a command, and takes each option that is written with it."""
    assert fault_of(tuple(word.strip("[]") for word in written.words[1:])) is None


@pytest.mark.parametrize("written", commands("make"), ids=ids)
def test_a_target_of_make_exists(written: Written) -> None:
    """Each is in the Makefile; and what ARGS hands on to fleetdx or to a bench exists there."""
    targets = TARGET.findall((PROJECT / "Makefile").read_text(encoding="utf-8"))
    target, *settings = (word for word in written.words[1:] if not word.startswith("-"))
    assert target in targets
    handed_on = [word.partition("=")[2].split() for word in settings if word.startswith("ARGS=")]
    for words in handed_on:
        if target == "bench":
            assert not words or words[0] in BENCHMARKS
        elif words and words[0] != "...":
            assert fault_of((target.removesuffix("-faults"), *words)) is None


@pytest.mark.parametrize("written", commands(".venv/bin/python"), ids=ids)
def test_a_module_and_the_files_that_python_is_given_exist(written: Written) -> None:
    """A module is one of the project or installed; a path without a placeholder is there."""
    words = written.words[1:]
    if words[0] == "-m":
        assert importlib.util.find_spec(words[1])
    given = [word for word in words if "/" in word and re.fullmatch(r"[a-z_./]+", word)]
    assert [path for path in given if not (PROJECT / path).exists() and not path.startswith("out/")] == []


@pytest.mark.parametrize("written", commands("sh"), ids=ids)
def test_a_script_exists_with_its_options(written: Written) -> None:
    """What is run with `sh` is in the project, and knows each option that is written with it."""
    assert (PROJECT / written.words[1]).is_file()
    known = set(re.findall(r"--[a-z][a-z-]+", (PROJECT / ARGUMENTS_OF_THE_SCANNER).read_text(encoding="utf-8")))
    assert {word for word in written.words[2:] if word.startswith("--")} - known == set()


@pytest.mark.parametrize("path", pages(), ids=lambda path: str(path.relative_to(PROJECT)))
def test_a_line_to_type_names_where_its_command_is(path: Path) -> None:
    """What `make` installs is in `.venv/bin`, which is in nobody's PATH: a line that leaves it out finds no command."""
    text = path.read_text(encoding="utf-8")
    started = {part.split(" ")[0] for line in lines_to_type(text) for part in parts_of(line)}
    assert started & {"fleetdx", "pytest", "python", "python3"} == set()
    assert [code for code in INLINE.findall(text) if code.startswith(("python -m ", "python3 -m "))] == []


@pytest.mark.parametrize("written", commands("aws"), ids=ids)
def test_a_command_of_the_aws_cli_exists(written: Written) -> None:
    """Service, operation and options are those of AWS's own models; `aws s3` is not made from one."""
    words = [word for word in written.words[1:] if not word.startswith("--profile")]
    service, operation = words[0], words[1]
    if service == "s3":
        assert operation in {"cp", "ls", "sync", "rm"}
        return
    model = botocore.session.get_session().get_service_model(AWS_CLI_OWN.get(service, service))
    names = {xform_name(name, "-"): name for name in model.operation_names}
    assert operation in names
    shape: Any = model.operation_model(names[operation]).input_shape
    known = {xform_name(name, "-") for name in (shape.members if shape else ())} | AWS_CLI_OPTIONS
    options = {word[2:].split("=")[0] for word in words if word.startswith("--")}
    assert options - known - {f"no-{name}" for name in known} == set()


def all_options() -> set[str]:
    """Every option of any command, and those of the scanner, of benches and of the document's pin."""
    found, waiting = {"--help"}, [command_line()]
    while waiting:
        command = waiting.pop()
        waiting.extend(getattr(command, "commands", {}).values())
        found.update(name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts))
    own = (ARGUMENTS_OF_THE_SCANNER, "bench/__main__.py", "console/README.md", "tools/document_hash.py")
    return found.union(*(re.findall(r"--[a-z][a-z-]+", (PROJECT / name).read_text(encoding="utf-8")) for name in own))


@pytest.mark.parametrize("path", pages(), ids=lambda path: str(path.relative_to(PROJECT)))
def test_an_option_that_a_page_names_exists(path: Path) -> None:
    """An option in code by itself is one of some command of ours."""
    if path.name in OTHER_TOOLS:
        return
    named = {code.split()[0].split("=")[0] for code in codes_of(path.read_text(encoding="utf-8")) if code[:2] == "--"}
    assert named - all_options() == set()


@pytest.mark.parametrize("path", pages(), ids=lambda path: str(path.relative_to(PROJECT)))
def test_a_link_leads_somewhere(path: Path) -> None:
    """A link inside the project leads to a file that exists, and to a heading of it that exists."""
    for link in LINK.findall(path.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", link):
            assert link.startswith("https://"), link
            continue
        name, _, heading = link.partition("#")
        target = (path.parent / name).resolve() if name else path
        assert target.exists(), link
        if heading:
            assert heading in headings_of(target), link


@lru_cache(maxsize=256)
def headings_of(path: Path) -> frozenset[str]:
    """The anchors of a page's headings, as GitHub makes them, and those that it sets itself."""
    text = path.read_text(encoding="utf-8")
    heads = re.findall(r"^#+ (.*)$", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL), re.MULTILINE)
    made = (re.sub(r"[^\w\- ]", "", re.sub(r"[`*]", "", head).lower()).strip().replace(" ", "-") for head in heads)
    return frozenset((*made, *re.findall(r"<a (?:id|name)=\"([^\"]+)\"", text)))


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (("scan", "--account", "111122223333"), None),
        (("scan", "--acount", "111122223333"), "no option --acount"),
        (("bundle", "publihs"), "no command publihs"),
        (("sacn",), "no command sacn"),
    ],
)
def test_what_does_not_exist_is_found(words: tuple[str, ...], fault: str | None) -> None:
    """A wrong command or option is told by its name."""
    assert fault_of(words) == fault


def test_there_is_something_to_check() -> None:
    """Pages, commands of each kind and options are found at all."""
    assert len(pages()) > 20
    for beginnings, least in ((("fleetdx", ".venv/bin/fleetdx"), 20), (("make",), 10), (("aws",), 5)):
        assert len({written.words for written in commands(*beginnings)}) > least
    assert {"--account", "--root", "--mend"} <= all_options()


def test_the_hosts_that_go_wrong_are_counted() -> None:
    """Operations says how many hosts `make scan-faults` adds: those of its file."""
    hosts = json.loads((PROJECT / "emulator/faults/everything.json").read_text(encoding="utf-8"))["hosts"]
    assert f"in force: {len(hosts)} more hosts" in (PROJECT / "docs/operations.md").read_text(encoding="utf-8")
