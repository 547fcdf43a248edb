"""An example host's tree reaches the disk whole, the same each time, and open to nobody else."""

from __future__ import annotations

import hashlib
import os
import stat
import subprocess
import time
from pathlib import Path

import pytest

from emulator.hosts.catalog import host_names, load_host
from emulator.hosts.materialize import materialize, materialize_as_root


def snapshot(directory: Path) -> dict[str, tuple[str, int, str]]:
    """Map each path below a directory to its kind, its mode and a digest of content or target."""
    found = {}
    for path in sorted(directory.rglob("*")):
        kind = "link" if path.is_symlink() else "directory" if path.is_dir() else "file"
        content = str(path.readlink()).encode() if kind == "link" else path.read_bytes() if kind == "file" else b""
        found[str(path.relative_to(directory))] = (kind, path.lstat().st_mode, hashlib.sha256(content).hexdigest())
    return found


@pytest.mark.parametrize("name", host_names())
def test_metadata_covers_every_path(name: str, tmp_path: Path) -> None:
    """The metadata file has one well-formed line for the root and for each file, directory and link below it."""
    host = materialize(name, tmp_path)
    lines = [line.split("\t") for line in host.metadata.read_text().splitlines()]
    on_disk = {"/"} | {"/" + str(path.relative_to(host.root)) for path in host.root.rglob("*")}
    assert {fields[0] for fields in lines} == on_disk
    assert len(lines) == len(on_disk)
    assert all(len(fields) == 4 and int(fields[1], 8) <= 0o7777 for fields in lines)
    assert all(fields[2].isdigit() and fields[3].isdigit() for fields in lines)


def test_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    """Materializing again, over what was changed in between and under another umask, gives the same tree."""
    first = materialize("ubuntu_2404_neglected", tmp_path / "a")
    before = snapshot(tmp_path / "a")
    (first.root / "etc" / "hosts").write_text("changed")
    (first.root / "etc" / "stray").mkdir()
    old_umask = os.umask(0)
    try:
        again = materialize("ubuntu_2404_neglected", tmp_path / "a")
    finally:
        os.umask(old_umask)
    assert snapshot(tmp_path / "a") == before
    assert again == first


def test_nothing_on_disk_is_open_to_others(tmp_path: Path) -> None:
    """Even a neglected host's open and set-user-ID files are private on disk, since this machine is scanned as well."""
    for name in host_names():
        host = materialize(name, tmp_path / name)
        for path in (tmp_path / name, host.root, *host.root.rglob("*")):
            if not path.is_symlink():
                assert stat.S_IMODE(path.lstat().st_mode) & 0o7077 == 0, path
                assert os.access(path, os.R_OK)


def test_all_hosts_are_quick(tmp_path: Path) -> None:
    """All twelve trees cost less than a second of processor time, however busy the machine is."""
    started = time.process_time()
    for name in host_names():
        materialize(name, tmp_path / name)
    assert time.process_time() - started < 1


@pytest.mark.parametrize("name", ["amazon_linux_2023_default", "debian_12_neglected"])
def test_stand_in_commands_tell_the_hosts_owners_and_modes(name: str, tmp_path: Path) -> None:
    """On the host's search path, stat and find answer with the owners and modes of the host, and id says root."""
    host = materialize(name, tmp_path)
    tree = load_host(name).tree
    for path in ("/etc/shadow", "/usr/bin/su", "/tmp"):  # noqa: S108 - a path inside the host
        command = ["stat", "-L", "-c", "%a %u %g %F", str(host.root) + path]
        said = subprocess.run(command, env=dict(host.environment), capture_output=True, text=True, check=True)
        entry = tree[path]
        assert said.stdout.split()[:3] == [f"{entry.mode:o}", str(entry.uid), str(entry.gid)]
    user = subprocess.run(["id", "-u"], env=dict(host.environment), capture_output=True, text=True, check=True)
    assert user.stdout == "0\n"


def test_environment_is_complete_and_takes_nothing_from_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A host's environment holds the tree and a search path with the stand-ins first, and none of our variables."""
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "ours")
    host = materialize("rocky_9_default", tmp_path)
    assert set(host.environment) == {"FLEETDX_METADATA", "FLEETDX_ROOT", "FLEETDX_ROOT_DIR", "PATH"}
    shims = Path(host.environment["PATH"].split(":")[0])
    assert {"stat", "find", "id"} <= {path.name for path in shims.iterdir()}


def test_destination_behind_a_link_is_resolved(tmp_path: Path) -> None:
    """The root a host names has no link in it, so that every spelling of its paths begins alike."""
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    host = materialize("debian_12_default", tmp_path / "link" / "host")
    assert str(host.root) == os.path.realpath(host.root)


def test_only_root_gives_files_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tree with real owners is refused to an ordinary user before anything is written."""
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(PermissionError, match="only root"):
        materialize_as_root("debian_12_default", tmp_path / "host")
    assert not (tmp_path / "host").exists()


@pytest.mark.needs_root
def test_root_gives_real_owners_and_modes(tmp_path: Path) -> None:
    """Written by root, every path has on disk the owner, group and mode of the host, set-user-ID bits included."""
    host = materialize_as_root("debian_12_neglected", tmp_path)
    root = Path(host.environment["FLEETDX_ROOT"])
    for path, entry in load_host("debian_12_neglected").tree.items():
        status = (root / path.removeprefix("/")).lstat()
        assert (status.st_uid, status.st_gid) == (entry.uid, entry.gid), path
        assert stat.S_IMODE(status.st_mode) == entry.mode, path
