"""A run's ledger, in parts and as far as somebody looks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from console.problems import not_found
from console.reading.runs import checked
from fleetdx import keys
from fleetdx.errors import RecordMissing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from console.context import Context


def part(context: Context, run: str, wanted: Mapping[str, str], offset: int, limit: int) -> dict[str, Any]:
    """A part of a run's ledger: of its report where it has one, else what was written so far.

    Args:
        context: The deployment.
        run: The run.
        wanted: `state`, `account`, `region` and `search`, each as far as it is asked for.
        offset: How many lines are passed over.
        limit: How many are told at most.
    """
    lines = [line for line in _lines(context, checked(run)) if is_wanted(line, wanted)]
    return {"total": len(lines), "lines": lines[offset : offset + limit]}


def _lines(context: Context, run: str) -> list[dict[str, Any]]:
    data = context.deployment.data
    try:
        return data.get_lines(keys.out(run, "ledger.jsonl"))
    except RecordMissing:
        parts = list(data.keys(keys.ledger_prefix(run)))
        if not parts and not any(data.keys(keys.run_prefix(run))):
            raise not_found(f"Run {run}") from None
        return [line for stored in parts for line in data.get_lines(stored.key)]


def is_wanted(line: Mapping[str, Any], wanted: Mapping[str, str]) -> bool:
    """Whether a ledger line is asked for; `search` looks in ids, names, reason and sentence, whatever the case."""
    if any(wanted.get(name) and line[name] != wanted[name] for name in ("state", "account", "region")):
        return False
    text = (wanted.get("search") or "").casefold()
    searched = ("account", "account_name", "region", "instance", "instance_name", "ami", "reason", "detail")
    return not text or any(text in str(line[name] or "").casefold() for name in searched)
