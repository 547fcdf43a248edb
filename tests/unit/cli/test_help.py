"""Help reads well on a terminal of 80 columns."""

from __future__ import annotations

import inspect
from functools import lru_cache
from typing import Any

import pytest
import typer.main
from typer.testing import CliRunner

from fleetdx.cli.main import app

COLUMNS = 80


@lru_cache(maxsize=1)
def commands() -> dict[tuple[str, ...], Any]:
    """Every command by its words, with those that hold others."""
    found: dict[tuple[str, ...], Any] = {}
    waiting: list[tuple[tuple[str, ...], Any]] = [((), typer.main.get_command(app))]
    while waiting:
        words, command = waiting.pop()
        found[words] = command
        waiting.extend(((*words, name), inner) for name, inner in getattr(command, "commands", {}).items())
    return found


def help_of(words: tuple[str, ...]) -> str:
    """What `--help` shows on a terminal of 80 columns."""
    shown = CliRunner().invoke(app, [*words, "--help"], env={"COLUMNS": str(COLUMNS)})
    assert shown.exit_code == 0
    return shown.stdout


@pytest.mark.parametrize("words", sorted(commands()), ids=" ".join)
def test_help_fits_a_terminal(words: tuple[str, ...]) -> None:
    """No line is wider than the terminal, and no name in it is shortened."""
    shown = help_of(words)
    assert "…" not in shown
    assert max(map(len, shown.splitlines())) <= COLUMNS


@pytest.mark.parametrize("words", sorted(commands()), ids=" ".join)
def test_a_text_is_not_broken_twice(words: tuple[str, ...]) -> None:
    """A paragraph of several lines is shown line by line, so each has to fit: a wider one would be broken once more."""
    text = inspect.cleandoc(commands()[words].help or "")
    paragraphs = [paragraph.splitlines() for paragraph in text.split("\n\n")[1:]]
    assert [line for lines in paragraphs if len(lines) > 1 for line in lines if len(line) > COLUMNS - 2] == []
