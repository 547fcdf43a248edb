"""`fleetdx` as it is typed, in this process: the command line itself, without a second start of Python.

A test of what a command answers needs no process of its own, which would spend its time on imports. That the installed
program is this command line, and what only a process shows (signals, who else reaches it), other tests prove with one.
"""

from __future__ import annotations

import io
import os
import sys
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from subprocess import CompletedProcess
from typing import TYPE_CHECKING
from unittest.mock import patch

from fleetdx.cli.main import main

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from contextvars import ContextVar
    from pathlib import Path


def typed(
    directory: Path, *arguments: str, environment: Mapping[str, str] | None = None, given: bytes = b""
) -> CompletedProcess[str]:
    """Run `fleetdx` with these arguments in a directory, without a terminal.

    Args:
        directory: Where it runs.
        arguments: What stands behind `fleetdx`.
        environment: All that it finds in its environment; None: what this process has.
        given: Its standard input.

    Returns:
        Exit code, standard output and standard error. An error that the command line does not know is raised as it is.
    """
    output, errors = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in "ab")
    with ExitStack() as stack:
        stack.enter_context(_surroundings(directory, os.environ if environment is None else environment))
        stack.enter_context(patch.object(sys, "argv", ["fleetdx", *arguments]))
        stack.enter_context(patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(given), encoding="utf-8")))
        stack.enter_context(redirect_stdout(output))
        stack.enter_context(redirect_stderr(errors))
        code = _exit_code()
    return CompletedProcess(["fleetdx", *arguments], code, _text(output), _text(errors))


def _exit_code() -> int:
    """Run the command line to its end; what it does not catch would be a traceback of its process."""
    try:
        main()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    return 0


def _text(stream: io.TextIOWrapper) -> str:
    stream.seek(0)
    return stream.read()


@contextmanager
def _surroundings(directory: Path, environment: Mapping[str, str]) -> Iterator[None]:
    """Run in a directory with an environment, and leave both as they were."""
    before, own = os.getcwd(), dict(environment)  # noqa: PTH109 - put back as it was
    # Where an embedded AWS runs in this process, its threads must not see the settings of who types.
    seen: ContextVar[dict[str, str]] | None = getattr(os.environ, "current", None)
    os.chdir(directory)
    try:
        with patch.dict(os.environ, own, clear=True) if seen is None else _seen_here_alone(seen, own):
            yield
    finally:
        os.chdir(before)


@contextmanager
def _seen_here_alone(seen: ContextVar[dict[str, str]], environment: dict[str, str]) -> Iterator[None]:
    token = seen.set(environment)
    try:
        yield
    finally:
        seen.reset(token)
