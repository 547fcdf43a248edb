"""Finds the tests that reach a reason code: those marked `@pytest.mark.reaches("code", ...)`.

The mark is a claim, so it is held against the test itself: each code that it names must be asserted, which is to stand
as a text of its own in an `assert` of the test or in the tables of its `parametrize`.
"""

from __future__ import annotations

import ast
import functools
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from tools.sources import PROJECT

if TYPE_CHECKING:
    from collections.abc import Iterator

TESTS = PROJECT / "tests"
ROOMS = ("e2e", "workflow", "unit/functions")
"""The rooms of tests that see most of the way to a ledger line, the farthest-seeing first; others follow."""


class MarkedTest(NamedTuple):
    """A test with the mark.

    Attributes:
        path: Its file, below the project.
        name: Its function.
        reaches: The codes that its mark names.
        asserted: The texts that it asserts.
    """

    path: str
    name: str
    reaches: list[str]
    asserted: set[str]

    @property
    def node(self) -> str:
        """Its name for pytest's command line."""
        return f"{self.path}::{self.name}"


def _texts(node: ast.AST) -> Iterator[str]:
    for one in ast.walk(node):
        if isinstance(one, ast.Constant) and isinstance(one.value, str):
            yield one.value


def _marks(function: ast.FunctionDef, name: str) -> list[ast.Call]:
    """The decorators `@pytest.mark.NAME(...)` of a test."""
    calls = [one for one in function.decorator_list if isinstance(one, ast.Call)]
    return [call for call in calls if ast.unparse(call.func) == f"pytest.mark.{name}"]


@functools.cache
def marked_tests_in(path: str, source: str) -> tuple[MarkedTest, ...]:
    """The marked tests of one file, read once however often the pages ask.

    Args:
        path: The file, as the answer is to name it.
        source: What is in it.
    """
    found = []
    for function in ast.walk(ast.parse(source)):
        if isinstance(function, ast.FunctionDef) and (marks := _marks(function, "reaches")):
            asserts = [node for node in ast.walk(function) if isinstance(node, ast.Assert)]
            proofs = [*asserts, *_marks(function, "parametrize")]
            asserted = {text for proof in proofs for text in _texts(proof)}
            reaches = [text for mark in marks for argument in mark.args for text in _texts(argument)]
            found.append(MarkedTest(path, function.name, reaches, asserted))
    return tuple(found)


def _farthest_seeing_first(test: MarkedTest) -> tuple[int, str]:
    places = [place for place, room in enumerate(ROOMS) if test.path.startswith(f"tests/{room}/")]
    return min(places, default=len(ROOMS)), test.node


def marked_tests() -> list[MarkedTest]:
    """Every marked test of the project, those first that see most of the way to a ledger line."""
    files = sorted(TESTS.rglob("test_*.py"))
    texts = {path.relative_to(PROJECT).as_posix(): path.read_text(encoding="utf-8") for path in files}
    found = [test for path, text in texts.items() if "reaches(" in text for test in marked_tests_in(path, text)]
    return sorted(found, key=_farthest_seeing_first)


def reaching_tests() -> dict[str, list[MarkedTest]]:
    """Each reason code that a marked test names, with those tests."""
    found: defaultdict[str, list[MarkedTest]] = defaultdict(list)
    for test in marked_tests():
        for code in test.reaches:
            found[code].append(test)
    return dict(found)
