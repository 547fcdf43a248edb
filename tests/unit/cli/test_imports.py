"""The terminal says what Security Hub has accepted, and what not and why."""

from __future__ import annotations

import io
from typing import Any

from rich.console import Console

from fleetdx.cli.imports import tell_import


def told(**fields: Any) -> list[str]:
    """The lines about an import."""
    accepted: Any = {
        "new": 1_204, "updated": 2, "resolved": 3, "failed": 0, "account_regions": 2, "problem_count": 0,
        "problems": [], "why": "", **fields,
    }  # fmt: skip
    out = io.StringIO()
    tell_import(accepted, Console(file=out, width=80))
    return out.getvalue().splitlines()


def test_what_was_accepted_is_one_line() -> None:
    """Nothing else where all is well."""
    assert told() == ["Security Hub: 1,204 new, 2 updated, 3 resolved."]


def test_what_was_not_accepted_is_told_by_name() -> None:
    """Each account-region with the reason as it is, those that the summary leaves off by number, and an early end."""
    problem = {"account": "111122223333", "region": "us-east-1", "failed": 4, "why": "[red]is not enabled[/red]"}
    assert told(problems=[problem], problem_count=3, why="AccessDenied: PutObject")[1:] == [
        "The import ended early: AccessDenied: PutObject.",
        "Not accepted: 4 of 111122223333/us-east-1 ([red]is not enabled[/red]). The next run tells them again.",
        "So it is with 2 more; summary.json counts their findings.",
    ]
