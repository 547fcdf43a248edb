"""results.csv and ledger.csv: UTF-8 with a byte order mark, RFC 4180, one line of the file for each line of the run.

Every field is quoted. No field begins what a spreadsheet carries out (`inert`), none is longer than a cell can be.
"""

from __future__ import annotations

import csv
import functools
import io
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, cast

from fleetdx.exports.cells import field
from fleetdx.exports.rows import ResultRow, Run, Words
from fleetdx.reporting.lines import read_ledger
from fleetdx.reporting.text import day, moment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import BinaryIO

    from fleetdx.models import Catalog, Language, LedgerLine, ResultLine
    from fleetdx.run_models import Summary

RESULT_COLUMNS: Final = (
    *ResultRow._fields,
    "check",
    "ami",
    "profile",
    "run",
    "auto_scaling_group",
    "group_failing_since",
)
LEDGER_COLUMNS: Final = (
    *("kind", "state", "gap", "reason", "cause", "detail", "remedy", "account", "account_name", "region"),
    *("instance", "instance_name", "ami", "platform", "instances", "at", "profile", "run"),
)
BETWEEN_LINES: Final = " | "
"""Stands between lines of evidence, so that each result is one line of the file."""
LONG: Final = 1_000
"""Characters from which a text is not remembered."""


def write_results(
    out: BinaryIO,
    summary: Summary,
    ledger: Iterable[LedgerLine],
    results: Iterable[ResultLine],
    catalog: Catalog,
    language: Language,
) -> None:
    """Write results.csv: a line for each result of an instance that the ledger names.

    Raises UnknownProfileError and UnknownVerdictError.
    """
    run = Run(summary, ledger, catalog, language)
    with _table(out, run, RESULT_COLUMNS) as write:
        for result in run.first_results(results):
            basis = BETWEEN_LINES.join((result["reason"], *result["evidence"]))
            names = (result["check"], result["ami"], result["profile"], result["run"])
            group = (result.get("auto_scaling_group", ""), day(result.get("group_failing_since", "")))
            write((*run.row(result, basis), *names, *group))


def write_ledger(out: BinaryIO, ledger: Iterable[LedgerLine], language: Language) -> None:
    """Write ledger.csv: a line for each account-region, then one for each instance."""
    words, known = Words(language), read_ledger(ledger)
    with _table(out, words, LEDGER_COLUMNS) as write:
        for line in (*known.places.values(), *known.instances.values()):
            write(_ledger_fields(words, line))


def _ledger_fields(words: Words, line: LedgerLine) -> list[str | None]:
    count = line.get("instances")
    told: dict[str, str | None] = {
        **{key: cast("str | None", line.get(key)) for key in LEDGER_COLUMNS},
        "kind": words.translate(f"kind.{line['kind']}"),
        "state": words.common(f"state.{line['state']}"),
        "gap": words.missed(line),
        "cause": words.cause(line),
        "remedy": words.remedy(line),
        "instances": None if count is None else str(count),
        "at": moment(line["at"]),
    }
    return [told[column] for column in LEDGER_COLUMNS]


@contextmanager
def _table(out: BinaryIO, words: Words, columns: Iterable[str]) -> Iterator[Callable[[Iterable[str | None]], None]]:
    """A header has been written; the answer writes one line. The file stays open."""
    text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    known = functools.lru_cache(maxsize=8192)(lambda part: field(part, words.translate))

    def write(parts: Iterable[str | None]) -> None:
        # Titles, remedies and names come again and again; a long text is evidence, which does not.
        writer.writerow(
            [known(part) if part is None or len(part) < LONG else field(part, words.translate) for part in parts]
        )

    try:
        writer.writerow([words.translate(f"column.{column}") for column in columns])
        yield write
        text.flush()
    finally:
        text.detach()
