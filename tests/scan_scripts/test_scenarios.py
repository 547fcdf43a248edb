"""Every scenario of every check, under every shell: the file's name says the verdict."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

CHECKS = Path(__file__).resolve().parents[2] / "scan_scripts" / "checks"
FOLDERS = sorted(path.parent for path in CHECKS.glob("*/*/check.json"))
VERDICTS = {"pass", "fail", "manual", "not_applicable", "error"}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_gives_the_verdict_that_the_scenario_is_named_for(
    folder: Path, shell: list[str], make_tree: Callable, scan: Callable
) -> None:
    """On each scenario's host the check gives the verdict in the scenario's name, with a sentence."""
    wrong = []
    for scenario in sorted((folder / "scenarios").glob("*.sh")):
        expected = scenario.name.split(".")[1]
        tree = make_tree(scenario.read_text(encoding="utf-8"), shell, scenario.name)
        outcome = scan("--only", folder.name, shell=shell, tree=tree)
        result = outcome.results[folder.name]
        if result["verdict"] != expected or not result["reason"] or outcome.stderr:
            wrong.append((scenario.name, result, outcome.stderr))
    assert wrong == []


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_has_scenarios_for_both_sides(folder: Path) -> None:
    """Every check is shown to tell a good host from a bad one."""
    verdicts = [path.name.split(".")[1] for path in (folder / "scenarios").glob("*.sh")]
    assert set(verdicts) <= VERDICTS
    assert "pass" in verdicts
    assert {"fail", "manual"} & set(verdicts)
