"""Hosts that exist already: this machine, and any unpacked root of a distribution named with `--root DIR`.

Nothing is copied or prepared for them and no stand-in command is put before theirs: the scanner meets what is there.
"""

from __future__ import annotations

import os
import shlex
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

SYSTEM_PATH: Final = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
"""The search path that the Systems Manager agent's service gives to a script on most distributions."""

_OS_RELEASE: Final = ("/etc/os-release", "/usr/lib/os-release")
_MOST_SYMLINKS: Final = 40  # as many as Linux follows before it says ELOOP


class RootError(ValueError):
    """A directory is not the root of a Linux distribution; the message names it and the remedy."""

    def __init__(self, directory: Path, problem: str) -> None:
        """Say what is wrong with `directory`, and what to give instead."""
        remedy = "name the directory that holds etc/ and usr/ of an unpacked Linux distribution, readable by you"
        super().__init__(f"{directory} {problem}; {remedy}")
        self.directory = directory


@dataclass(frozen=True)
class Host:
    """A host that the agent stand-in can run a document on.

    `platform_name` and `platform_version` are as Systems Manager reports them; `environment` is the whole environment
    of a command on that host, to which the agent adds its own variables.
    """

    name: str
    platform_name: str
    platform_version: str
    image_name: str
    environment: Mapping[str, str]


def this_machine() -> Host:
    """Return the machine itself, live: the scanner gets no root to look below.

    Raises:
        RootError: this machine has no os-release file.

    """
    return _host("this-machine", Path("/"), {"PATH": SYSTEM_PATH})


def host_for_directory(root_dir: Path) -> Host:
    """Return the unpacked root of a distribution as a host named after its absolute path.

    Raises:
        RootError: it is no directory, cannot be read, or has no os-release or passwd file.

    """
    root = Path(os.path.abspath(root_dir))  # noqa: PTH100 - a symlink to a root keeps the name the person gave
    if not root.is_dir():
        raise RootError(root, "is not a directory")
    host = _host(str(root), root, {"FLEETDX_ROOT": str(root), "PATH": SYSTEM_PATH})
    try:
        has_accounts = resolve_inside(root, "/etc/passwd").is_file()
    except OSError as error:
        raise RootError(root, f"has an etc/passwd that cannot be reached ({error.strerror})") from error
    if not has_accounts:
        raise RootError(root, "has no etc/passwd")
    return host


def resolve_inside(root: Path, path: str) -> Path:
    """Return the file that `path` names for a process whose root directory is `root`.

    Symbolic links are followed as the kernel would after a chroot: an absolute target starts at `root` again, and `..`
    never leads above it. A chain of more than 40 links gives a path that does not exist.
    """
    pending = list(reversed(PurePosixPath(path).parts[1:]))
    here: list[str] = []
    links = 0
    while pending:
        part = pending.pop()
        if part == "..":
            here = here[:-1]
            continue
        candidate = root.joinpath(*here, part)
        if not candidate.is_symlink():
            here.append(part)
            continue
        links += 1
        if links > _MOST_SYMLINKS:
            return root / ".too-many-symbolic-links"
        target = PurePosixPath(candidate.readlink())
        if target.is_absolute():
            here = []
        pending.extend(reversed([piece for piece in target.parts if piece != "/"]))
    return root.joinpath(*here)


def parse_os_release(text: str) -> dict[str, str]:
    """Return the assignments of an os-release file (os-release(5): shell syntax without expansion)."""
    values = {}
    for line in text.splitlines():
        key, separator, value = line.strip().partition("=")
        if separator and not key.startswith("#"):
            try:
                values[key] = "".join(shlex.split(value))
            except ValueError:  # an unbalanced quote: the text as it stands names the system better than nothing
                values[key] = value.strip("\"'")
    return values


def _host(name: str, root: Path, environment: Mapping[str, str]) -> Host:
    """Return a host whose platform is what its own os-release says."""
    release = _read_os_release(root)
    return Host(
        name=name,
        platform_name=release.get("NAME", "Linux"),
        platform_version=release.get("VERSION_ID", "unknown"),  # absent on rolling distributions
        image_name=f"none ({name})",
        environment=environment,
    )


def _read_os_release(root: Path) -> dict[str, str]:
    """Return the os-release of a root, from the first of the two places that has one."""
    for path in _OS_RELEASE:
        try:
            file = resolve_inside(root, path)
            return parse_os_release(file.read_text(encoding="utf-8", errors="replace"))
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            continue
        except OSError as error:
            raise RootError(root, f"has an os-release that cannot be read ({error.strerror})") from error
    raise RootError(root, "has no etc/os-release")
