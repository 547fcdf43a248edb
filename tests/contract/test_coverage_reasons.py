"""The reasons that a sweep tells are those that have texts."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from fleetdx.coverage.texts import all_texts
from tools.sources import PROJECT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NETWORK = {"blocked": "no_route", "unknown": "unknown"}
"""What the judge of the network calls to conclude, and the cause that comes of it."""


def sources() -> list[Path]:
    """The files in which a sweep concludes."""
    return [*PROJECT.glob("fleetdx/coverage/**/*.py"), *PROJECT.glob("functions/*coverage*/*.py")]


def constants(nodes: list[ast.expr]) -> list[str]:
    """The leading arguments of a call that are written out."""
    return [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def told() -> Iterator[tuple[str, str]]:
    """Each pair of cause and reason that a source writes out."""
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                name, given = node.func.id, constants(node.args)
                if name == "Judgement" and len(given) > 1:
                    yield given[0], given[1]
                elif name in NETWORK and given:
                    yield NETWORK[name], given[0]


def written() -> set[str]:
    """Every text constant in the sources, for reasons that are passed on in a variable."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in sources()]
    return {value for tree in trees for node in ast.walk(tree) for value in constants([node])}  # type: ignore[list-item]


def test_every_reason_that_is_told_has_texts() -> None:
    """No source concludes with a reason that a reader would find no title and no remedy for."""
    known = {(cause, reason) for cause, texts in all_texts()["causes"].items() for reason in texts["reasons"]}
    pairs = set(told())
    assert len(pairs) > 30, "the sources conclude in another way than this test knows"
    assert pairs - known == set()


def test_every_reason_with_texts_is_told() -> None:
    """Nothing is left over in the list: each reason is written out somewhere in the sources."""
    documented = {reason for texts in all_texts()["causes"].values() for reason in texts["reasons"]}
    assert documented - written() == set()
