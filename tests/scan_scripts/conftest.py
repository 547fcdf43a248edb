"""Running the real scanner under real shells on trees that scenarios build."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tools.bundle import Bundle, build_bundle

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

PROJECT = Path(__file__).resolve().parents[2]
SCANNER = PROJECT / "scan_scripts" / "scan.sh"
SHIMS = PROJECT / "emulator" / "shims"
SCENARIO_LIBRARY = Path(__file__).with_name("scenario_lib.sh")
# Busybox brings its own text tools; what it runs on has them too.
BUSYBOX_TOOLS = ("awk", "cat", "date", "mkdir", "rm", "sleep", "sort", "tail", "tr", "uname")
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


def build_tree(directory: Path, script: str, shell: Sequence[str] = ("dash",)) -> Tree:
    """Build a tree in a directory that does not exist yet, by running a scenario's text."""
    tree = Tree(directory / "root", directory / "metadata")
    tree.root.mkdir(parents=True)
    tree.metadata.touch()
    text = f". '{SCENARIO_LIBRARY}'\n{script}"
    subprocess.run([*shell, "-eu", "-c", text], env=tree.environment(), check=True, timeout=60)
    return tree


@pytest.fixture
def make_tree(tmp_path: Path) -> Callable[..., Tree]:
    """Builds a tree by running a scenario's text."""

    def build(script: str, shell: Sequence[str] = ("dash",), name: str = "host") -> Tree:
        return build_tree(tmp_path / name, script, shell)

    return build


@pytest.fixture(scope="session")
def busybox_tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory where common tools are busybox's."""
    directory = tmp_path_factory.mktemp("busybox")
    for name in BUSYBOX_TOOLS:
        (directory / name).symlink_to(shutil.which("busybox") or "/bin/busybox")
    return directory


@pytest.fixture(scope="session")
def built() -> Bundle:
    """The bundle of this checkout, built once for all tests of a process."""
    return build_bundle()


@pytest.fixture(scope="session")
def bundle(built: Bundle, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What hosts run: the whole scanner as one script, whose profiles need no reading."""
    script = tmp_path_factory.mktemp("bundle") / "scan.sh"
    script.write_bytes(built.script)
    # One test runs it as another account.
    script.parent.chmod(0o755)
    return script


@pytest.fixture(scope="session")
def scan(busybox_tools: Path, bundle: Path) -> Callable[..., Outcome]:
    """Runs a scanner script, the bundle or another, under a shell, on a tree through the stand-ins or as it is told.

    The tree's scan.sh does the same as the bundle (test_bundle.py), and takes as long again to read its profile.
    """

    def run(
        *arguments: str | Path,
        shell: Sequence[str] = ("dash",),
        tree: Tree | None = None,
        script: Path = bundle,
        environment: Mapping[str, str] | None = None,
        profile: str = "kisa_unix_2026",
        patience: int = 120,
    ) -> Outcome:
        variables = {**(tree.environment() if tree else os.environ), **(environment or {})}
        if shell[0] == "busybox":
            variables["PATH"] = f"{busybox_tools}:{variables['PATH']}"
        where = ["--root", str(tree.root)] if tree else []
        command = [*shell, str(script), "--profile", profile, *where, *map(str, arguments)]
        done = subprocess.run(command, env=variables, capture_output=True, check=False, timeout=patience)
        return Outcome(done.returncode, done.stdout, done.stderr.decode("utf-8", "replace"))

    return run


@pytest.fixture
def make_frame(tmp_path: Path) -> Callable[..., Path]:
    """Copies the scanner's frame and gives it checks of a test's own; returns its scan.sh."""

    def build(checks: Mapping[str, str], limits: Mapping[str, int] | None = None, **gates: bool) -> Path:
        source = SCANNER.parent
        target = tmp_path / "frame"
        shutil.copytree(source / "lib", target / "lib")
        shutil.copy(source / "scan.sh", target / "scan.sh")
        example = json.loads((source / "checks/accounts/user_ids_unique/check.json").read_text(encoding="utf-8"))
        for name, body in checks.items():
            folder = target / "checks" / "files" / name
            folder.mkdir(parents=True)
            (folder / "check.sh").write_text(f"check_{name}() {{\n{body}\n}}\n", encoding="utf-8")
            metadata = {**example, "id": name, "category": "files", "needs_root": False, **gates}
            (folder / "check.json").write_text(json.dumps(metadata, ensure_ascii=False), encoding="utf-8")
        (target / "profiles").mkdir()
        profile = {
            **json.loads((source / "profiles/quick.json").read_text(encoding="utf-8")),
            "id": "fake",
            "limits": {"check_seconds": 20, "walk_seconds": 20, "scan_seconds": 60, **(limits or {})},
            "parameters": {},
            "items": [
                {"item": f"T-{number:02}", "importance": "low", "title": example["title"], "checks": [name]}
                for number, name in enumerate(checks, start=1)
            ],
        }
        (target / "profiles" / "fake.json").write_text(json.dumps(profile, ensure_ascii=False), encoding="utf-8")
        return target / "scan.sh"

    return build
