"""Runs every static check and prints one line for each with its time; what failed prints its output.

    python tools/lint.py [--fix]

With --fix it formats Python, shell and state machines, writes the pages that are made from sources
(statemachines/README.md, docs/reasons.md, docs/checks.md, parts of docs/coverage.md and docs/cost.md, the Korean ones),
and checks nothing.
The exit status is 1 if any check failed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tools.sources import (
    PROJECT,
    central_with_definitions,
    document_steps,
    machine_texts,
    rendered,
    states_of,
    template_names,
    with_everything_on,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

BIN = Path(sys.executable).parent
WORKERS = 2
PYTHON = ("fleetdx", "functions", "emulator", "console", "tools", "bench", "tests")
FOREIGN = "emulator/hosts/examples/"
"""Copies of what distributions ship are data, not our code."""
SCENARIO = "/scenarios/"
CHECKOV = BIN.parent / "checkov" / "bin" / "checkov"
"""In a virtual environment of its own: it pins what we pin otherwise (tools/setup.mk)."""
SHFMT = ("shfmt", "-ln", "posix", "-i", "2", "-ci")


class Check(NamedTuple):
    """A check's name, and the commands of which all must end with exit status 0; the slowest come first."""

    name: str
    commands: Sequence[Sequence[str]]


class Ended(NamedTuple):
    """How a check went, after how many seconds, and what it printed."""

    name: str
    passed: bool
    seconds: float
    output: str


def files(*patterns: str) -> list[str]:
    """The project's files that Git tracks or would track, without those that are another system's."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", *patterns]
    listed = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True).stdout.split("\0")
    return [name for name in listed if name and not name.startswith(FOREIGN) and (PROJECT / name).is_file()]


def shell_files() -> list[str]:
    """Every shell script, the stand-ins and faults of host programs included, which have no suffix."""
    return [*files("*.sh"), *files("emulator/shims/*", "emulator/faults/hosts/programs/*")]


def rendered_steps(directory: Path) -> list[str]:
    """Write the steps of the SSM document as scripts, as SSM would with their parameters filled in."""
    paths = []
    for name, text in document_steps().items():
        path = directory / f"{name}.sh"
        path.write_text(text, encoding="utf-8")
        paths.append(str(path))
    return paths


def rendered_machines(directory: Path) -> list[str]:
    """Write the state machines with made-up ARNs, in the words of the language's public specification.

    statelint knows only those; a Map's Label and a reader's InputType are AWS's own, which cfn-lint checks.
    """
    paths = []
    for name, text in machine_texts().items():
        machine = json.loads(rendered(text))
        for state in states_of(machine):
            state.fields.pop("Label", None)
            state.fields.get("ItemReader", {}).get("ReaderConfig", {}).pop("InputType", None)
        path = directory / f"{name}.json"
        path.write_text(json.dumps(machine), encoding="utf-8")
        paths.append(str(path))
    return paths


def rendered_central(directory: Path) -> str:
    """Write central.yaml with the definitions inside: only so does cfn-lint read them (its rule E3601)."""
    path = directory / "central.json"
    path.write_text(json.dumps(central_with_definitions()), encoding="utf-8")
    return str(path)


def rendered_templates(directory: Path) -> str:
    """Write every template with all that its conditions can leave out; comments are gone, metadata stays."""
    place = directory / "everything_on"
    place.mkdir()
    for name in template_names():
        (place / name).with_suffix(".json").write_text(json.dumps(with_everything_on(name)), encoding="utf-8")
    return str(place)


def checks(directory: Path) -> list[Check]:
    """Every check; what they read and Git does not hold is written to the directory."""
    scripts, steps = shell_files(), rendered_steps(directory)
    scenarios = [name for name in scripts if SCENARIO in name]
    others = [name for name in scripts if SCENARIO not in name]
    return [
        Check("types", [["mypy", *PYTHON]]),
        *security_checks(directory),
        Check("templates", [["cfn-lint"]]),
        Check("templates with definitions", [["cfn-lint", "--template", rendered_central(directory)]]),
        Check(
            "shell",
            [
                ["shellcheck", *others],
                # Password hashes begin with dollars; scenarios quote them singly on purpose.
                ["shellcheck", "--exclude=SC2016", *scenarios],
                ["shellcheck", "--shell=dash", *steps],
            ],
        ),
        Check("shell format", [[*SHFMT, "--diff", *scripts, *steps]]),
        Check("lint", [["ruff", "check", "."]]),
        Check("format", [["ruff", "format", "--check", "--diff", "."]]),
        Check("arrows between rooms", [["lint-imports", "--no-cache"]]),
        Check(
            "docstrings",
            [["interrogate", "-vv", *PYTHON[:-1]], ["interrogate", "-vv", "--whitelist-regex", "^test_", "tests"]],
        ),
        Check("state machines", [["statelint", *rendered_machines(directory)]]),
        Check("state machines' format", [[sys.executable, "-m", "tools.format_asl", "--check"]]),
        Check("state machines' table", [[sys.executable, "-m", "tools.machine_table", "--check"]]),
        Check("pages of reasons", [[sys.executable, "-m", "tools.reason_pages", "--check"]]),
        Check("pages on the checks", [[sys.executable, "-m", "tools.check_pages", "--check"]]),
        Check("pages on coverage", [[sys.executable, "-m", "tools.coverage_pages", "--check"]]),
        Check("pages on cost", [[sys.executable, "-m", "tools.cost_pages", "--check"]]),
        Check("page of licences", [[sys.executable, "-m", "tools.licences", "--check"]]),
        Check("page on deploy-check", [[sys.executable, "-m", "tools.deploy_check_pages", "--check"]]),
        Check("page on what is installed", [[sys.executable, "-m", "tools.installed_pages", "--check"]]),
        Check("YAML", [["yamllint", "--strict", *files("*.yaml", "*.yml")]]),
        *page_checks(),
        Check("JSON", [[sys.executable, "-m", "tools.json_files", *files("*.json")]]),
    ]


def in_ci() -> bool:
    """Whether nothing may be left out."""
    return os.environ.get("CI", "") not in {"", "false", "0"}


def security_checks(directory: Path) -> list[Check]:
    """What a security review asks of the templates, as shipped and with everything on; in CI it must be there."""
    if not CHECKOV.is_file() and not in_ci():
        return []
    places = ["--directory", "templates", "--directory", rendered_templates(directory)]
    kinds = ["--framework", "cloudformation", "terraform"]
    return [Check("templates' security", [[str(CHECKOV), *places, *kinds, "--compact", "--quiet", "--skip-download"]])]


def page_checks() -> list[Check]:
    """What checks the console's page, where npm has installed it; in CI it must be there."""
    programs = PROJECT / "console" / "node_modules" / ".bin"
    if not (programs / "tsc").is_file() and not in_ci():
        return []
    return [
        Check("page's types", [[str(programs / "tsc"), "--project", "console/tsconfig.json"]]),
        Check(
            "page's lint", [[str(programs / "eslint"), "--config", "console/eslint.config.js", "--max-warnings=0", "."]]
        ),
    ]


def fixes() -> list[Check]:
    """What formats in place."""
    return [
        Check(
            "Python", [["ruff", "check", "--fix", "--exit-zero", "--quiet", "."], ["ruff", "format", "--quiet", "."]]
        ),
        Check("shell", [[*SHFMT, "--write", *shell_files()]]),
        Check("state machines", [[sys.executable, "-m", "tools.format_asl"]]),
        Check("state machines' table", [[sys.executable, "-m", "tools.machine_table"]]),
        Check("pages of reasons", [[sys.executable, "-m", "tools.reason_pages"]]),
        Check("pages on the checks", [[sys.executable, "-m", "tools.check_pages"]]),
        Check("pages on coverage", [[sys.executable, "-m", "tools.coverage_pages"]]),
        Check("pages on cost", [[sys.executable, "-m", "tools.cost_pages"]]),
        Check("page of licences", [[sys.executable, "-m", "tools.licences"]]),
        Check("page on deploy-check", [[sys.executable, "-m", "tools.deploy_check_pages"]]),
        Check("page on what is installed", [[sys.executable, "-m", "tools.installed_pages"]]),
    ]


def run(check: Check) -> Ended:
    """Run a check's commands until one fails."""
    started = time.monotonic()
    environment = {**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}", "PYTHONWARNINGS": "ignore"}
    passed, output = True, ""
    for command in check.commands:
        done = subprocess.run(
            command,
            cwd=PROJECT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        output += done.stdout
        passed = passed and done.returncode == 0
    return Ended(check.name, passed, time.monotonic() - started, output)


def main(arguments: list[str]) -> int:
    """Run all checks, or with --fix all formatters, two at a time."""
    with tempfile.TemporaryDirectory() as directory, ThreadPoolExecutor(WORKERS) as pool:
        wanted = fixes() if "--fix" in arguments else checks(Path(directory))
        failed = 0
        for ended in pool.map(run, wanted):
            print(f"{'ok' if ended.passed else 'FAILED':8}{ended.name:30}{ended.seconds:6.1f} s", flush=True)
            if not ended.passed:
                failed += 1
                print(ended.output.rstrip())
        print(f"{failed} of {len(wanted)} failed" if failed else f"all {len(wanted)} passed")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
