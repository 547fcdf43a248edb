"""Notes of a run: what it had to do without, so that nobody takes what is missing for nothing. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fleetdx.models import LedgerLine
    from fleetdx.run_models import Note


def notes_of(ledger: Iterable[LedgerLine]) -> list[Note]:
    """What discovery had to do without, each sentence once."""
    notes: dict[str, Note] = {}
    for line in ledger:
        for sentence in line.get("notes", ()):
            first: Note = {"sentence": sentence, "account_regions": 0, "first": f"{line['account']}/{line['region']}"}
            notes.setdefault(sentence, first)["account_regions"] += 1
    return list(notes.values())


def notes_on_groups(accounts: Iterable[str]) -> list[Note]:
    """That what is kept of Auto Scaling groups of accounts cannot be read."""
    found = list(accounts)
    if not found:
        return []
    sentence = "The history of Auto Scaling groups cannot be read: nothing is told of them, and it stays as it is."
    return [{"sentence": sentence, "account_regions": len(found), "first": found[0]}]
