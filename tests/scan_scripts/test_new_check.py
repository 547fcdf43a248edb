"""tools/new_check.py: what it writes works at once."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tools.bundle import build_bundle

if TYPE_CHECKING:
    from collections.abc import Callable

PROJECT = Path(__file__).resolve().parents[2]
TOOL = PROJECT / "tools" / "new_check.py"


def new_check(source: Path, name: str, area: str) -> subprocess.CompletedProcess[str]:
    """Run the tool on a copy of the scanner's tree."""
    command = [sys.executable, str(TOOL), "--name", name, "--area", area, "--source", str(source)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A copy of the scanner's tree."""
    return Path(shutil.copytree(PROJECT / "scan_scripts", tmp_path / "scan_scripts"))


def test_the_new_check_works_at_once(
    source: Path, shell: list[str], make_tree: Callable[..., Any], scan: Callable[..., Any]
) -> None:
    """Once its line is in a profile, each scenario that was written gives the verdict in its name."""
    folder = Path(new_check(source, "example_file_protected", "files").stdout.splitlines()[0])
    path = source / "profiles" / "quick.json"
    profile = json.loads(path.read_text(encoding="utf-8"))
    profile["items"].append({**profile["items"][0], "item": "U-90", "checks": [folder.name]})
    path.write_text(json.dumps(profile), encoding="utf-8")
    scenarios = sorted((folder / "scenarios").iterdir())
    for scenario in scenarios:
        tree = make_tree(scenario.read_text(encoding="utf-8"), shell, scenario.name)
        outcome = scan("--only", folder.name, script=source / "scan.sh", profile="quick", tree=tree, shell=shell)
        assert outcome.results[folder.name]["verdict"] == scenario.name.split(".")[1]
    assert len(scenarios) == 3
    assert f"check_{folder.name}()" in build_bundle(source).script.decode()


def test_the_new_check_is_clean(source: Path) -> None:
    """Neither shellcheck nor shfmt has anything to say about it."""
    folder = Path(new_check(source, "example_file_protected", "logs").stdout.splitlines()[0])
    files = [str(path) for path in folder.rglob("*.sh")]
    tools = Path(sys.executable).parent
    for command in ([tools / "shellcheck", *files], [tools / "shfmt", "-ln", "posix", "-i", "2", "-ci", "-d", *files]):
        done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize(
    ("name", "area", "words"),
    [
        ("RootLogin", "files", "snake_case"),
        ("../escape", "files", "snake_case"),
        ("motd_protected", "kernel", "the area is one of"),
        ("telnet_disabled", "files", "there is such a check already"),
    ],
)
def test_refuses_what_would_not_fit(source: Path, name: str, area: str, words: str) -> None:
    """A bad name, an unknown area or a name that is taken is refused, and nothing is written."""
    before = sorted(source.rglob("*"))
    done = new_check(source, name, area)
    assert (done.returncode, done.stdout) == (1, "")
    assert words in done.stderr
    assert sorted(source.rglob("*")) == before
