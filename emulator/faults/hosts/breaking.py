"""Makes a host faulty: the same agent with other programs, another environment or another state."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from emulator.agent.host import DEFAULT_PATH
from emulator.faults.hosts.table import HOST_FAULTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from emulator.agent.host import Host

PROGRAMS = Path(__file__).parent / "programs"


class UnknownFault(KeyError):
    """There is no fault of that name."""


def broken(host: Host, fault: str, directory: Path, neighbors: Sequence[str]) -> Host:
    """A healthy host as it is with a fault.

    Args:
        host: The healthy host.
        fault: Its name in HOST_FAULTS.
        directory: Where programs of this one host may be put; whatever is there is replaced.
        neighbors: Ids of the instances beside it, one of which a hostile host speaks for.

    Raises:
        UnknownFault: There is no fault of that name.
    """
    if fault not in HOST_FAULTS:
        raise UnknownFault(f"{fault} is none of {', '.join(HOST_FAULTS)}")
    told = HOST_FAULTS[fault]
    path = host.environment.get("PATH", DEFAULT_PATH)
    if told.lacks:
        path = str(programs_without(told.lacks, path, directory))
    if (PROGRAMS / fault).is_dir():
        path = f"{PROGRAMS / fault}:{path}"
    environment = {**host.environment, **told.environment, "PATH": path}
    if neighbors:
        environment["FAULT_NEIGHBOR"] = neighbors[0]
    return dataclasses.replace(host, agent_state=told.agent_state, environment=environment)


def programs_without(lacking: Sequence[str], path: str, directory: Path) -> Path:
    """A directory with a link to every program on the search path but some."""
    if directory.exists():
        shutil.rmtree(directory)
    directory.mkdir(parents=True)
    for place in map(Path, path.split(":")):
        for program in place.iterdir() if place.is_dir() else ():
            link = directory / program.name
            if program.name not in lacking and not link.is_symlink():
                link.symlink_to(program)
    return directory
