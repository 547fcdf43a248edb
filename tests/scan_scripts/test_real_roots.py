"""Roots that debootstrap makes, with real owners and modes: defaults, inside against outside, and single spoilings."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from tests.scan_scripts.kept_tree import KeptTree
from tests.scan_scripts.spoilings import HARDENING, SPOILINGS, Spoiling
from tools.sources import PROJECT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

RELEASES = ("bookworm", "trixie")
SCANNER = PROJECT / "scan_scripts" / "scan.sh"
CHANGED = ("etc", "root", "home", "srv", "tmp", "opt", "var/log", "var/spool", "usr/local", "usr/lib/systemd", "dev")
"""What hardening and spoilings touch, and what is therefore put back after each."""
EVIDENCE_OF_THE_KERNEL = "kernel running: "
"""Evidence that only a running host has."""

pytestmark = [pytest.mark.needs_root, pytest.mark.needs_debootstrap]


@pytest.fixture(scope="module", params=RELEASES)
def debian(request: pytest.FixtureRequest, debian_root: Callable[[str], Path]) -> Path:
    """The root of a release, as unpacked."""
    return debian_root(request.param)


@pytest.fixture(scope="module")
def hardened(debian_root: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of Debian 12's root that a person went through with the guide."""
    root = tmp_path_factory.mktemp("hardened") / "root"
    subprocess.run(["cp", "-a", str(debian_root("bookworm")), str(root)], check=True)
    change(root, HARDENING)
    return root


def change(root: Path, script: str) -> None:
    """Run a shell text in a root's top directory; a path without a leading slash is one of the root."""
    subprocess.run(["sh", "-euc", script], cwd=root, check=True, capture_output=True, timeout=60)


def verdicts_of(outcome: Any) -> dict[str, str]:
    """The verdict of each check."""
    return {name: result["verdict"] for name, result in outcome.results.items()}


def test_defaults_get_the_verdicts_they_deserve(debian: Path, scan: Callable[..., Any]) -> None:
    """A freshly unpacked Debian passes what is in order, and fails what its defaults leave open, without an error."""
    verdicts = verdicts_of(scan("--root", debian))
    expected = {
        "only_root_has_uid_zero": "pass",
        "passwords_shadowed": "pass",
        "passwd_file_protected": "pass",
        "shadow_file_protected": "fail",
        "setuid_files_reviewed": "pass",
        "every_file_has_owner": "pass",
        "no_world_writable_files": "pass",
        "session_timeout_set": "fail",
        "telnet_disabled": "pass",
        "root_ssh_login_denied": "not_applicable",
        "password_hashes_strong": "pass",
        "startup_files_protected": "pass",
        "hidden_files_reviewed": "pass",
        "log_files_protected": "fail",
        "nfs_server_disabled": "pass",
        "security_patches_applied": "manual",
    }
    assert {name: verdicts[name] for name in expected} == expected
    assert "error" not in verdicts.values()


@pytest.mark.parametrize("profile", ["kisa_unix_2026", "kisa_unix_2021"])
def test_inside_and_outside_agree(debian: Path, profile: str, scan: Callable[..., Any], bundle: Path) -> None:
    """The bundle says the same of a root from inside of it as from outside with --root, for the whole profile."""
    outside = comparable(scan("--root", debian, profile=profile).document)
    inner = debian / "run" / f"bundle_{profile}"
    shutil.copy(bundle, inner)
    command = ["unshare", "--mount", "--pid", "--fork", f"--mount-proc={debian / 'proc'}", "chroot", str(debian)]
    try:
        done = subprocess.run(
            [*command, "sh", f"/run/{inner.name}", "--profile", profile], capture_output=True, check=False, timeout=120
        )
    finally:
        inner.unlink()
    assert comparable(json.loads(done.stdout)) == outside


def test_a_read_only_root_gets_the_same(debian: Path, scan: Callable[..., Any]) -> None:
    """With its root mounted read-only the whole profile says the same: nothing there is written to."""
    expected = comparable(scan("--root", debian).document)
    script = f"mount --bind '{debian}' '{debian}'; mount -o remount,bind,ro '{debian}'; ! touch '{debian}/etc/written'"
    command = ["unshare", "--mount", "sh", "-c", f'{script} && exec sh "$0" "$@"', str(SCANNER)]
    done = subprocess.run(
        [*command, "--profile", "kisa_unix_2026", "--root", str(debian)], capture_output=True, check=False, timeout=120
    )
    assert comparable(json.loads(done.stdout)) == expected


def comparable(document: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Verdicts, reasons and evidence, without what only a running host has."""
    return [
        (
            result["check"],
            result["verdict"],
            result["reason"],
            [line for line in result["evidence"] if not line.startswith(EVIDENCE_OF_THE_KERNEL)],
        )
        for result in document["results"]
    ]


@pytest.fixture(scope="module")
def kept(hardened: Path, tmp_path_factory: pytest.TempPathFactory) -> KeptTree:
    """The hardened root, with a copy of what spoilings touch."""
    return KeptTree(hardened, tmp_path_factory.mktemp("kept"), CHANGED)


@pytest.fixture
def spoilable(kept: KeptTree) -> Iterator[Path]:
    """The hardened root; what a test changes is put back."""
    yield kept.root
    kept.put_back()


def test_a_hardened_root_has_nothing_to_find(hardened: Path, scan: Callable[..., Any]) -> None:
    """After hardening nothing fails and nothing ends in error."""
    verdicts = verdicts_of(scan("--root", hardened))
    assert [name for name, verdict in verdicts.items() if verdict in {"fail", "error"}] == []


@pytest.fixture(scope="module")
def baseline() -> dict[str, str]:
    """Verdicts of the hardened root, filled by the first spoiling."""
    return {}


@pytest.mark.parametrize("spoiling", SPOILINGS, ids=lambda spoiling: spoiling.name)
def test_a_spoiling_flips_just_what_it_spoils(
    spoiling: Spoiling, spoilable: Path, baseline: dict[str, str], scan: Callable[..., Any]
) -> None:
    """Of all verdicts on the hardened root, those of the spoiled checks change, and no others."""
    if not baseline:
        baseline.update(verdicts_of(scan("--root", spoilable)))
    change(spoilable, spoiling.script)
    verdicts = verdicts_of(scan("--root", spoilable))
    flipped = {name: verdict for name, verdict in verdicts.items() if verdict != baseline[name]}
    assert flipped == spoiling.flips


def test_there_are_enough_spoilings() -> None:
    """At least 60 of them, each with a name of its own and something to flip."""
    assert len({spoiling.name for spoiling in SPOILINGS}) == len(SPOILINGS) >= 60
    assert all(spoiling.flips for spoiling in SPOILINGS)
