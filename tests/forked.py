"""`fleetdx` in processes of their own that need not import it: each is forked from one that has.

A process made so is a process like any other: it has its own memory, is killed by its number, and leaves what the
installed program would leave. Only the three seconds of imports are spent once, not at every start.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from typing import TYPE_CHECKING, Final

from moto.backends import get_backend

from emulator.cloud import SERVICES
from fleetdx.cli import deployments, scan
from fleetdx.cli.main import main

if TYPE_CHECKING:
    from collections.abc import Mapping
    from multiprocessing.context import ForkServerProcess
    from pathlib import Path

IMPORTED: Final = (deployments, scan, *map(get_backend, SERVICES))
"""What a run imports only when it gets there."""


def fork(
    directory: Path, arguments: tuple[str, ...], environment: Mapping[str, str], errors: Path
) -> ForkServerProcess:
    """Start `fleetdx` with these arguments in a directory, with this environment alone and no output.

    Its standard error goes to the file, which may be a named pipe that somebody reads.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    process = context.Process(target=_run, args=(str(directory), arguments, dict(environment), str(errors)))
    process.start()
    return process


def _run(directory: str, arguments: tuple[str, ...], environment: dict[str, str], errors: str) -> None:
    os.chdir(directory)
    for descriptor, path in ((1, os.devnull), (2, errors)):
        opened = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
        os.dup2(opened, descriptor)
        os.close(opened)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["fleetdx", *arguments]
    main()
