"""The example hosts give an ordinary user the very results that root gets on a tree with real owners and modes.

A checkout keeps neither, so `make scan` supplies both through stand-in commands. Here the shipped bundle is run twice
on each host: by `nobody` with the stand-ins, and by root without them. Verdicts, reasons and evidence must be equal.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from emulator.hosts.catalog import host_names, load_host
from emulator.hosts.materialize import SHIMS, materialize, materialize_as_root
from emulator.hosts.roots import SYSTEM_PATH

if TYPE_CHECKING:
    from collections.abc import Iterator

PROJECT = Path(__file__).parents[2]
NOBODY = 65534

pytestmark = pytest.mark.needs_root


@pytest.fixture(scope="module")
def workshop() -> Iterator[Path]:
    """A folder that `nobody` can read, with the bundle and the stand-ins; its folder `mine` belongs to `nobody`.

    pytest's own folders are closed to others, and so may be the checkout and its Python.
    """
    with tempfile.TemporaryDirectory() as name:
        workshop = Path(name)
        shutil.copytree(SHIMS, workshop / "shims")
        command = [sys.executable, str(PROJECT / "tools" / "bundle.py"), "--output", str(workshop / "bundles")]
        subprocess.run(command, check=True, capture_output=True)
        # Inline parts lie beside it; only the bundle has a catalog.
        bundle = next((workshop / "bundles").glob("*.json")).with_suffix("")
        shutil.copy(bundle, workshop / "bundle")
        (workshop / "mine").mkdir()
        for path in (workshop, workshop / "mine", *(workshop / "shims").rglob("*")):
            path.chmod(0o755)
        (workshop / "bundle").chmod(0o644)
        os.chown(workshop / "mine", NOBODY, NOBODY)
        yield workshop


@contextmanager
def acting_as_nobody() -> Iterator[None]:
    """Let this process create and open files as `nobody`, a member of no other group."""
    groups = os.getgroups()
    os.setgroups([])
    os.setegid(NOBODY)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)
        os.setgroups(groups)


def results_for_ordinary_user(name: str, workshop: Path) -> list[dict[str, Any]]:
    """Materialize and scan a host as `nobody`, with the stand-in commands."""
    load_host(name)  # read while the checkout is surely readable, and kept
    with acting_as_nobody():
        host = materialize(name, workshop / "mine" / name)
    assert {path.lstat().st_uid for path in host.root.rglob("*")} == {NOBODY}
    done = subprocess.run(
        ["sh", str(workshop / "bundle"), "--profile", "kisa_unix_2026"],
        user=NOBODY,
        group=NOBODY,
        extra_groups=[],
        cwd="/",
        env={**host.environment, "PATH": f"{workshop / 'shims'}:{SYSTEM_PATH}"},
        capture_output=True,
        text=True,
        check=False,
    )
    return comparable(done)


def results_for_root(name: str, workshop: Path) -> list[dict[str, Any]]:
    """Scan the same host as root, on a tree with real owners and modes and without stand-ins."""
    host = materialize_as_root(name, workshop / "roots" / name)
    command = ["sh", str(workshop / "bundle"), "--profile", "kisa_unix_2026"]
    done = subprocess.run(command, env=dict(host.environment), capture_output=True, text=True, check=False)
    return comparable(done)


def comparable(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    """Return a scan's results without the time each check took."""
    assert done.returncode in (0, 3), done.stderr
    document = json.loads(done.stdout)
    assert document["host"]["scanner_uid"] == 0
    return [{key: value for key, value in result.items() if key != "duration_ms"} for result in document["results"]]


@pytest.mark.parametrize("name", host_names())
def test_same_results_as_on_a_real_root(name: str, workshop: Path) -> None:
    """Verdicts, reasons and evidence of a host are the same for `nobody` with stand-ins and for root without them."""
    ordinary, real = results_for_ordinary_user(name, workshop), results_for_root(name, workshop)
    assert len(ordinary) >= 5
    assert ordinary == real


def test_results_depend_on_the_stand_ins(workshop: Path) -> None:
    """The proof is no tautology: without the stand-in commands the same tree gives other results."""
    name = "debian_12_default"
    with_stand_ins = results_for_ordinary_user(name, workshop)
    environment = {"FLEETDX_ROOT": str(workshop / "mine" / name / "root"), "PATH": os.environ["PATH"]}
    environment["FLEETDX_METADATA"] = str(workshop / "mine" / name / "metadata")
    command = ["sh", str(workshop / "bundle"), "--profile", "kisa_unix_2026"]
    without = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert comparable(without) != with_stand_ins


def test_shipped_scanner_knows_nothing_of_metadata(workshop: Path) -> None:
    """The bundle names none of the variables through which only the stand-ins learn owners and modes."""
    text = (workshop / "bundle").read_text()
    assert "FLEETDX_METADATA" not in text
    assert "FLEETDX_ROOT_DIR" not in text
