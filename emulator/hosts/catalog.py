"""The example hosts: folders below `examples/`, read and put together into complete trees.

A folder holds `host.json`, `files/` (what differs from the extended host, in place) and `owners_and_modes.txt`. A
variant that extends another host takes over its tree, drops what `removes` names, and lays its own on top.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from emulator.hosts.documents import DocumentError, read_document
from emulator.hosts.owners import Entry, OwnersError, apply_owners_and_modes, resolve_ids, with_parents

EXAMPLES: Final = Path(__file__).parent / "examples"
_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")


class HostError(ValueError):
    """An example host's folder cannot be used; the message names the file and what is wrong there."""


@dataclass(frozen=True)
class HostDefinition:
    """One example host with all it inherits.

    `tree` maps an absolute path inside the host to its entry; every parent directory is in it, `/` included, and
    parents come before their children.
    """

    name: str
    variant: str
    description: str
    platform_name: str
    platform_version: str
    image_name: str
    tree: MappingProxyType[str, Entry]


def host_names(examples: Path = EXAMPLES) -> tuple[str, ...]:
    """Return the names of all example hosts, sorted."""
    return tuple(sorted(file.parent.name for file in examples.glob("*/host.json")))


@lru_cache(maxsize=64)
def load_host(name: str, examples: Path = EXAMPLES) -> HostDefinition:
    """Read one example host and everything it extends.

    Raises:
        HostError: the folder or one it extends is missing, malformed or refers to what is not there.

    """
    layers = _layers(name, examples)
    tree: dict[str, Entry] = {}
    facts: dict[str, Any] = {}
    for folder, document in layers:
        facts |= document
        _remove(tree, document.get("removes", []), folder)
        _lay_files_on(tree, folder / "files")
        try:
            apply_owners_and_modes(tree, folder / "owners_and_modes.txt")
        except OwnersError as error:
            raise HostError(str(error)) from error
    try:
        complete = resolve_ids(with_parents(tree))
    except OwnersError as error:
        raise HostError(f"{examples / name}: {error}") from error
    return HostDefinition(
        name=name,
        variant=facts["variant"],
        description=facts["description"],
        platform_name=facts["platform_name"],
        platform_version=facts["platform_version"],
        image_name=facts["image_name"],
        tree=MappingProxyType(complete),
    )


def _layers(name: str, examples: Path) -> list[tuple[Path, dict[str, Any]]]:
    """Return folder and host.json of the host and of all it extends, the one that extends nothing first."""
    layers: list[tuple[Path, dict[str, Any]]] = []
    next_name: str | None = name
    while next_name is not None:
        folder = examples / next_name
        if not _NAME.fullmatch(next_name) or not (folder / "host.json").is_file():
            known = ", ".join(host_names(examples))
            raise HostError(f"there is no example host {next_name!r}; there are: {known}")
        if folder in (seen for seen, _ in layers):
            raise HostError(f"{folder / 'host.json'}: the host extends itself")
        try:
            document = read_document(folder / "host.json", "host")
        except DocumentError as error:
            raise HostError(str(error)) from error
        layers.append((folder, document))
        next_name = document.get("extends")
    return layers[::-1]


def _remove(tree: dict[str, Entry], paths: list[str], folder: Path) -> None:
    """Drop each path and what is below it."""
    for removed in paths:
        below = [path for path in tree if path == removed or path.startswith(removed + "/")]
        if not below:
            raise HostError(f"{folder / 'host.json'}: removes {removed}, which the extended host does not have")
        for path in below:
            del tree[path]


def _lay_files_on(tree: dict[str, Entry], files: Path) -> None:
    """Add each file and symbolic link below `files`; one that replaces an inherited file keeps its owner and mode."""
    for directory, folders, names in os.walk(files):
        here = Path(directory)
        links = [name for name in folders if (here / name).is_symlink()]
        for name in sorted([*names, *links]):
            source = here / name
            path = "/" + source.relative_to(files).as_posix()
            if source.is_symlink():
                tree[path] = Entry.symlink(str(source.readlink()))
            else:
                inherited = tree.get(path)
                replaced = inherited if inherited is not None and inherited.kind == "file" else Entry.file()
                tree[path] = replaced.with_content(source.read_bytes())
