"""Every command that works on a deployment takes `--aws`, and there is one place that opens one."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest
import typer

from fleetdx.cli import stacks
from fleetdx.cli.main import app
from tools.sources import PROJECT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from click import Command

OPTIONS = {"--aws", "--aws-profile", "--aws-region", "--stack-name"}
WITHOUT_AWS = {
    "cost": "It multiplies what lies here, or a size that is given, with prices that ship with it.",
}
"""Commands that ask AWS for nothing, each with the reason."""
BY_SETTINGS = {
    "deploy": "It makes the stack; profiles, region and name are in the settings.",
    "remove": "It takes away what the settings have made.",
}
"""Commands that find an organization by a file of settings, each with the reason."""
OPENERS = {"deployment_for", "embedded_deployment", "deployed", "forget_aws_environment"}
ONLY_HERE = {
    "fleetdx/cli/background.py",
    "fleetdx/cli/deploy_command.py",
    "fleetdx/cli/deployments.py",
    "fleetdx/cli/stacks.py",
    "fleetdx/cli/surroundings.py",
}
"""Who may open a deployment: others name a stack and are given one."""


def commands(command: Command, name: str = "") -> Iterator[tuple[str, Command]]:
    """Every command that can be typed, by its words after `fleetdx`."""
    if not hasattr(command, "commands"):
        yield name, command
        return
    for word, below in command.commands.items():
        yield from commands(below, f"{name} {word}".strip())


COMMANDS = dict(commands(typer.main.get_command(app)))


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_a_command_takes_aws_or_has_a_reason_not_to(name: str) -> None:
    """All four options, in one help panel; a new command without them fails until it is reviewed."""
    panels = {
        option: getattr(parameter, "rich_help_panel", None)
        for parameter in COMMANDS[name].params
        for option in parameter.opts
        if option in OPTIONS
    }
    if name in BY_SETTINGS:
        assert panels.keys() == {"--aws"}
        return
    assert panels == ({} if name in WITHOUT_AWS else dict.fromkeys(OPTIONS, stacks.DEPLOYED))


def test_reasons_are_for_commands_that_exist() -> None:
    """A command that is gone leaves no reason behind."""
    assert WITHOUT_AWS.keys() | BY_SETTINGS.keys() <= COMMANDS.keys()
    assert len(COMMANDS) > 10


def test_deployments_are_opened_in_one_place() -> None:
    """No command opens one by itself, past the options."""
    found = {
        str(path.relative_to(PROJECT))
        for path in (PROJECT / "fleetdx" / "cli").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in OPENERS
    }
    assert found <= ONLY_HERE
