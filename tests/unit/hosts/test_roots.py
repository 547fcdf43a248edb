"""Hosts that nobody prepared: this machine, and any unpacked root of a distribution."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from emulator.hosts.roots import RootError, host_for_directory, parse_os_release, resolve_inside, this_machine

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A minimal root whose os-release is the usual relative link."""
    root = tmp_path / "unpacked root"
    (root / "etc").mkdir(parents=True)
    (root / "usr" / "lib").mkdir(parents=True)
    (root / "etc" / "passwd").write_text("root:x:0:0::/root:/bin/sh\n")
    (root / "usr" / "lib" / "os-release").write_text("NAME='openSUSE Leap'\nVERSION_ID=\"15.6\"\n")
    (root / "etc" / "os-release").symlink_to("../usr/lib/os-release")
    return root


def test_directory_becomes_a_host(root: Path) -> None:
    """A directory's host is named after its path, says the platform of its os-release and puts no stand-in first."""
    host = host_for_directory(root)
    assert (host.name, host.platform_name, host.platform_version) == (str(root), "openSUSE Leap", "15.6")
    assert set(host.environment) == {"FLEETDX_ROOT", "PATH"}
    assert host.environment["FLEETDX_ROOT"] == str(root)
    assert "shims" not in host.environment["PATH"]


def test_relative_directory_is_made_absolute(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A relative name is taken from the working directory, once."""
    monkeypatch.chdir(root.parent)
    assert host_for_directory(type(root)("unpacked root")).environment["FLEETDX_ROOT"] == str(root)


def test_absolute_links_stay_inside_the_root(root: Path) -> None:
    """An absolute link in the tree is read from the tree's top, never from this machine's."""
    (root / "etc" / "os-release").unlink()
    (root / "etc" / "os-release").symlink_to("/opt/release")
    (root / "opt").mkdir()
    (root / "opt" / "release").write_text("NAME=Inside\nVERSION_ID=7\n")
    assert host_for_directory(root).platform_name == "Inside"


def test_parent_links_cannot_leave_the_root(root: Path) -> None:
    """However many parents a link climbs, it ends at the top of the tree."""
    (root / "etc" / "up").symlink_to("../../../../../../etc/passwd")
    assert resolve_inside(root, "/etc/up") == root / "etc" / "passwd"


def test_circle_of_links_ends(root: Path) -> None:
    """Links that lead to each other give a path that does not exist."""
    (root / "a").symlink_to("b")
    (root / "b").symlink_to("/a")
    assert not resolve_inside(root, "/a/x").exists()


def test_usr_lib_os_release_serves_alone(root: Path) -> None:
    """A tree without etc/os-release is read through usr/lib/os-release, as os-release(5) says."""
    (root / "etc" / "os-release").unlink()
    assert host_for_directory(root).platform_version == "15.6"


def test_rolling_distribution_has_an_unknown_version(root: Path) -> None:
    """A distribution without VERSION_ID is a host all the same."""
    (root / "usr" / "lib" / "os-release").write_text('NAME="Arch Linux"\nID=arch\n')
    assert host_for_directory(root).platform_version == "unknown"


@pytest.mark.parametrize(
    ("missing", "problem"),
    [
        ("", "is not a directory"),
        ("usr/lib/os-release", "has no etc/os-release"),
        ("etc/passwd", "has no etc/passwd"),
    ],
)
def test_what_is_no_root_is_refused_with_the_remedy(root: Path, missing: str, problem: str) -> None:
    """The error names the directory, what it lacks and what to give instead."""
    if missing:
        (root / missing).unlink()
    directory = root if missing else root / "etc" / "passwd"
    with pytest.raises(RootError, match="name the directory that holds etc/ and usr/") as caught:
        host_for_directory(directory)
    assert str(caught.value).startswith(f"{directory} {problem}")
    assert caught.value.directory == directory


def test_directory_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    """A misspelled directory is told as such."""
    with pytest.raises(ValueError, match="is not a directory"):
        host_for_directory(tmp_path / "nowhere")


@pytest.mark.parametrize("closed", ["os-release", "passwd"])
def test_directory_closed_to_us_is_refused(root: Path, monkeypatch: pytest.MonkeyPatch, closed: str) -> None:
    """A tree we may not look into gives the same kind of error, not the system's bare one."""
    look = type(root).is_symlink

    def is_symlink(path: Path) -> bool:
        if path.name == closed:
            raise PermissionError(13, "Permission denied", str(path))
        return look(path)

    monkeypatch.setattr(type(root), "is_symlink", is_symlink)
    with pytest.raises(RootError, match="Permission denied"):
        host_for_directory(root)


def test_this_machine_is_scanned_live() -> None:
    """This machine's environment names no root, so that the scanner looks at the running system."""
    host = this_machine()
    assert set(host.environment) == {"PATH"}
    assert host.platform_name
    assert os.path.realpath(host.environment["PATH"].split(":")[-1]).startswith("/")


def test_os_release_is_read_as_shell_assignments() -> None:
    """Quotes and escapes are undone, comments and other lines are passed over, a broken quote does no harm."""
    text = '# NAME=no\nNAME="A \\"B\\""\nID=\'x y\'\nVERSION_ID=1.0\nBROKEN="open\nnot an assignment\n'
    assert parse_os_release(text) == {"NAME": 'A "B"', "ID": "x y", "VERSION_ID": "1.0", "BROKEN": "open"}
