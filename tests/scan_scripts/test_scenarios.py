"""Every scenario of every check, under every shell: the file's name says the verdict."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.scan_scripts.conftest import Tree, build_tree

if TYPE_CHECKING:
    from collections.abc import Callable

CHECKS = Path(__file__).resolve().parents[2] / "scan_scripts" / "checks"
FOLDERS = sorted(path.parent for path in CHECKS.glob("*/*/check.json"))
VERDICTS = {"pass", "fail", "manual", "not_applicable", "error"}

FOR_PERSONS_ONLY = {"logs_reviewed_regularly", "security_patches_applied"}
"""Checks that cannot pass: whether a policy exists and is kept is never for a script to say."""
PROFILES = ("kisa_unix_2026", "kisa_unix_2021")

each_check = pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)


def scenarios_of(folder: Path) -> list[Path]:
    """The scenarios of a check."""
    return sorted((folder / "scenarios").glob("*.sh"))


def verdict_of(scenario: Path) -> str:
    """The verdict that a scenario's name promises."""
    return scenario.name.split(".")[1]


def profile_of(folder: Path) -> str:
    """The first profile that has a check; thresholds of scenarios are that one's."""
    texts = {name: (CHECKS.parent / "profiles" / f"{name}.json").read_text(encoding="utf-8") for name in PROFILES}
    return next(name for name, text in texts.items() if f'"{folder.name}"' in text)


def in_parallel(ask: Callable[[Path], list[object]], folder: Path) -> list[list[object]]:
    """Ask about every scenario of a check, some at a time; the answers that are not empty."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return [answer for answer in pool.map(ask, scenarios_of(folder)) if answer]


@pytest.fixture(scope="module")
def tree_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Tree]:
    """The host of a scenario, built once for all shells: a scan leaves it as it was (test_promises.py)."""
    directory = tmp_path_factory.mktemp("scenarios")
    trees: dict[Path, Tree] = {}

    def tree(scenario: Path) -> Tree:
        if scenario not in trees:
            text = scenario.read_text(encoding="utf-8")
            trees[scenario] = build_tree(directory / scenario.parent.parent.name / scenario.name, text)
        return trees[scenario]

    return tree


@each_check
def test_gives_the_verdict_that_the_scenario_is_named_for(
    folder: Path, shell: list[str], tree_of: Callable[[Path], Tree], scan: Callable[..., Any]
) -> None:
    """On each scenario's host the check, as it is shipped, gives the verdict in the file's name, with a sentence."""
    profile = profile_of(folder)

    def wrong_answer(scenario: Path) -> list[object]:
        outcome = scan("--only", folder.name, shell=shell, tree=tree_of(scenario), profile=profile)
        result = outcome.results[folder.name]
        if result["verdict"] == verdict_of(scenario) and result["reason"] and not outcome.stderr:
            return []
        return [scenario.name, result, outcome.stderr]

    assert in_parallel(wrong_answer, folder) == []


@pytest.mark.needs_root
@pytest.mark.parametrize(
    "folder", [path for path in FOLDERS if path.parent.name == "files"], ids=lambda path: path.name
)
def test_gives_the_same_verdict_on_real_owners_and_modes(
    folder: Path, make_tree: Callable[..., Any], scan: Callable[..., Any]
) -> None:
    """With the owners and modes set for real, and the host's own stat, find and id, the verdicts are the same."""

    def wrong_answer(scenario: Path) -> list[object]:
        tree = make_tree(scenario.read_text(encoding="utf-8"), name=scenario.name)
        set_owners_and_modes(tree.root, tree.metadata)
        result = scan("--only", folder.name, "--root", tree.root).results[folder.name]
        return [] if result["verdict"] == verdict_of(scenario) else [scenario.name, result]

    assert in_parallel(wrong_answer, folder) == []


def set_owners_and_modes(root: Path, metadata: Path) -> None:
    """Make a tree on disk what its metadata say, and everything else root's with mode 755 or 644."""
    for path in (root, *root.rglob("*")):
        os.chown(path, 0, 0, follow_symlinks=False)
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() else 0o644)
    for line in metadata.read_text(encoding="utf-8").splitlines():
        name, mode, uid, gid = line.split("\t")
        path = root / name.lstrip("/")
        if path.exists() and not path.is_symlink():
            os.chown(path, int(uid), int(gid))
            path.chmod(int(mode, 8))


@each_check
def test_has_scenarios_for_both_sides(folder: Path) -> None:
    """Every check is shown to tell a good host from a bad one."""
    verdicts = {verdict_of(scenario) for scenario in scenarios_of(folder)}
    assert verdicts <= VERDICTS
    assert ("pass" in verdicts) != (folder.name in FOR_PERSONS_ONLY)
    assert verdicts & {"fail", "manual"}
