"""Put an example host's tree on disk, so that the real scanner can look below it.

`materialize` needs no privilege: the files are the caller's own, and what they should be instead stands in a metadata
file that the stand-in commands of `emulator/shims/` (stat, find, id) read. The scanner itself knows nothing of it.
`materialize_as_root` makes the same tree with real owners and modes; it is there to prove that both give one result.
"""

from __future__ import annotations

import os
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from emulator.hosts.catalog import HostDefinition, load_host
from emulator.hosts.roots import SYSTEM_PATH, Host

SHIMS: Final = Path(__file__).parent.parent / "shims"
_PRIVATE: Final = stat.S_IRUSR | stat.S_IWUSR
_EXECUTABLE: Final = 0o111


@dataclass(frozen=True)
class MaterializedHost(Host):
    """An example host whose tree is on disk below `root`; `metadata` is the file of owners and modes beside it."""

    root: Path
    metadata: Path


def materialize(name: str, destination: Path) -> MaterializedHost:
    """Write the tree to `destination/root` and its owners and modes to `destination/metadata`.

    Whatever stood there before is replaced; the same host gives the same bytes each time. On disk all of it belongs to
    the caller and is closed to everybody else, whatever the metadata says: this machine is scanned as well, and the
    open files of a neglected host must not become findings on it.

    Raises:
        HostError: there is no such host, or its folder is faulty.

    """
    host = load_host(name)
    root = _write_tree(host, destination)
    for path, entry in host.tree.items():
        if entry.kind == "file":
            _below(root, path).chmod(_PRIVATE | (stat.S_IXUSR if entry.mode & _EXECUTABLE else 0))
    metadata = root.with_name("metadata")
    metadata.write_text(metadata_text(host), encoding="utf-8")
    environment = {
        "FLEETDX_METADATA": str(metadata),
        "FLEETDX_ROOT": str(root),
        "FLEETDX_ROOT_DIR": str(root),
        "PATH": f"{SHIMS}:{SYSTEM_PATH}",
    }
    return MaterializedHost(
        name, host.platform_name, host.platform_version, host.image_name, environment, root=root, metadata=metadata
    )


def materialize_as_root(name: str, destination: Path) -> Host:
    """Write the tree with its real owners and modes to `destination/root`; no stand-in commands.

    Raises:
        HostError: as `materialize`.
        PermissionError: the caller is not root, or root of a namespace that lacks an owner.

    """
    if os.geteuid() != 0:
        raise PermissionError(f"only root can give files away: {destination}")
    host = load_host(name)
    root = _write_tree(host, destination)
    for path, entry in host.tree.items():
        target = _below(root, path)
        os.chown(target, entry.uid, entry.gid, follow_symlinks=False)
        if entry.kind != "symlink":
            target.chmod(entry.mode)  # after chown, which clears set-user-ID bits
    environment = {"FLEETDX_ROOT": str(root), "PATH": SYSTEM_PATH}
    return Host(name, host.platform_name, host.platform_version, host.image_name, environment)


def metadata_text(host: HostDefinition) -> str:
    """Return the metadata file: a line a path with path, octal mode, uid and gid, separated by tabs."""
    return "".join(f"{path}\t{entry.mode:o}\t{entry.uid}\t{entry.gid}\n" for path, entry in host.tree.items())


def _write_tree(host: HostDefinition, destination: Path) -> Path:
    """Write all files, directories and links with no more than the caller's own access."""
    destination.mkdir(mode=0o700, parents=True, exist_ok=True)
    destination.chmod(0o700)
    root = destination.resolve() / "root"  # without links: the stand-in commands compare the beginnings of paths
    if root.exists():
        shutil.rmtree(root)
    for path, entry in host.tree.items():
        target = _below(root, path)
        if entry.kind == "directory":
            target.mkdir(mode=0o700)
        elif entry.kind == "symlink":
            target.symlink_to(entry.target)
        else:
            target.write_bytes(entry.content)
    return root


def _below(root: Path, path: str) -> Path:
    """Return where a path of the host is on disk."""
    return root / path.removeprefix("/")
