"""Running the real scanner under real shells on trees that scenarios build."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

PROJECT = Path(__file__).resolve().parents[2]
SCANNER = PROJECT / "scan_scripts" / "scan.sh"
SHIMS = PROJECT / "emulator" / "shims"
SCENARIO_LIBRARY = Path(__file__).with_name("scenario_lib.sh")
SHELLS: dict[str, list[str]] = {"dash": ["dash"], "bash": ["bash"], "busybox": ["busybox", "sh"]}


@dataclass(frozen=True)
class Tree:
    """A host as a folder: its root, and the owners and modes that the stand-ins answer with."""

    root: Path
    metadata: Path

    def environment(self) -> dict[str, str]:
        """The environment in which stat, find and id answer for this tree."""
        return {
            **os.environ,
            "PATH": f"{SHIMS}:{os.environ['PATH']}",
            "FLEETDX_METADATA": str(self.metadata),
            "FLEETDX_ROOT_DIR": str(self.root),
            "ROOT": str(self.root),
        }


@dataclass(frozen=True)
class Outcome:
    """What one run of the scanner left."""

    status: int
    stdout: bytes
    stderr: str

    @property
    def document(self) -> dict[str, Any]:
        """The JSON document on standard output."""
        return dict(json.loads(self.stdout))

    @property
    def results(self) -> dict[str, dict[str, Any]]:
        """Results by check."""
        return {result["check"]: result for result in self.document["results"]}


@pytest.fixture(
    params=[pytest.param(name, marks=pytest.mark.needs_busybox if name == "busybox" else ()) for name in SHELLS]
)
def shell(request: pytest.FixtureRequest) -> list[str]:
    """Each shell the scanner must run under."""
    return SHELLS[request.param]


@pytest.fixture
def make_tree(tmp_path: Path) -> Callable[..., Tree]:
    """Builds a tree by running a scenario's text."""

    def build(script: str, shell: Sequence[str] = ("dash",), name: str = "host") -> Tree:
        tree = Tree(tmp_path / name / "root", tmp_path / name / "metadata")
        tree.root.mkdir(parents=True)
        tree.metadata.touch()
        text = f". '{SCENARIO_LIBRARY}'\n{script}"
        subprocess.run([*shell, "-eu", "-c", text], env=tree.environment(), check=True, timeout=60)
        return tree

    return build


@pytest.fixture
def scan() -> Callable[..., Outcome]:
    """Runs a scanner script under a shell, on a tree through the stand-ins or as the environment says."""

    def run(
        *arguments: str | Path,
        shell: Sequence[str] = ("dash",),
        tree: Tree | None = None,
        script: Path = SCANNER,
        environment: Mapping[str, str] | None = None,
        profile: str = "kisa_unix_2026",
    ) -> Outcome:
        variables = {**(tree.environment() if tree else os.environ), **(environment or {})}
        where = ["--root", str(tree.root)] if tree else []
        command = [*shell, str(script), "--profile", profile, *where, *map(str, arguments)]
        done = subprocess.run(command, env=variables, capture_output=True, check=False, timeout=120)
        return Outcome(done.returncode, done.stdout, done.stderr.decode("utf-8", "replace"))

    return run
