"""In which format results lie best: NDJSON, packed or not, or Parquet; what each costs to keep, to write and to ask."""

from __future__ import annotations

import gzip
import itertools
import time
from typing import TYPE_CHECKING, Any, Final

import duckdb

from bench.feeds import WHOLE, Job, result_lines
from bench.fleet import scanner
from bench.results import Aim, Results
from emulator.synthetic.recording import DEFAULT_HOSTS, record_all
from fleetdx.queries.questions import questions
from fleetdx.queries.tables import DUCKDB_TYPES, TABLES
from fleetdx.storage import encode_lines
from tools.bundle import build_bundle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from fleetdx.models import ResultLine
    from fleetdx.queries.tables import TableName

NAME: Final = "queries"
SIZES: Final = (1_000, 10_000)
BATCH: Final = 50
ROUNDS: Final = 3
PLAIN, PACKED, PARQUET = "NDJSON", "NDJSON, gzip", "Parquet, zstd"
ENDS: Final = {PLAIN: "jsonl", PACKED: "jsonl.gz", PARQUET: "parquet"}
LEVEL: Final = 6
MIB: Final = 1_048_576
MOST_SECONDS: Final = 10
"""For one question to 10,000 instances: longer, and a person does something else meanwhile."""


def write_batches(lines: Iterable[ResultLine], place: Path, instances: int) -> dict[str, float]:
    """Write the results a file a batch, in each format; the seconds of CPU that each took.

    Args:
        lines: The results of the fleet, instance by instance.
        place: An empty directory.
        instances: How many a batch has.
    """
    spent = dict.fromkeys(ENDS, 0.0)
    by_instance = (list(group) for _, group in itertools.groupby(lines, key=lambda line: line["instance"]))
    number = 0
    while batch := list(itertools.chain.from_iterable(itertools.islice(by_instance, instances))):
        for form in ENDS:
            begun = time.process_time()
            _write(batch, place / f"{number:04d}.{ENDS[form]}", form)
            spent[form] += time.process_time() - begun
        number += 1
    return spent


def _write(batch: list[ResultLine], file: Path, form: str) -> None:
    body = encode_lines(batch)
    if form == PARQUET:
        # DuckDB reads lines and writes columns; PyArrow would take the lines as objects, and has 55 MB more to install.
        source = file.with_suffix(".lines")
        source.write_bytes(body)
        with duckdb.connect() as connection:
            relation = connection.read_json([str(source)], columns=_columns("results"), format="newline_delimited")
            relation.write_parquet(str(file), compression="zstd")
        source.unlink()
    else:
        file.write_bytes(gzip.compress(body, LEVEL, mtime=0) if form == PACKED else body)


def _columns(table: TableName) -> dict[str, str]:
    return {name: DUCKDB_TYPES[kind] for name, kind in TABLES[table].items()}


def write_others(lines: Iterable[ResultLine], place: Path) -> None:
    """Write the ledger and the changes of a first run over the same fleet: every finding is `initial`."""
    ledger, changes = place / "ledger.jsonl.gz", place / "changes.jsonl.gz"
    with gzip.open(ledger, "wb", LEVEL) as instances, gzip.open(changes, "wb", LEVEL) as findings:
        last = ""
        for line in lines:
            told: Any = {**line, "state": "scanned", "kind": "instance"}
            if line["instance"] != last:
                instances.write(encode_lines([{name: told.get(name) for name in TABLES["ledger"]}]))
                last = line["instance"]
            if line["verdict"] == "fail":
                told |= {"change": "initial", "first_seen": line["at"], "failing_since": line["at"]}
                findings.write(encode_lines([{name: told.get(name) for name in TABLES["changes"]}]))


def ask_all(place: Path, form: str, rounds: int = ROUNDS) -> dict[str, float]:
    """The seconds that each question takes over results in a format; the fastest of some rounds."""
    with duckdb.connect() as connection:
        pattern = str(place / f"[0-9]*.{ENDS[form]}")
        if form == PARQUET:
            connection.read_parquet(pattern).create_view("results")
        else:
            connection.read_json(pattern, columns=_columns("results"), format="newline_delimited").create_view(
                "results"
            )
        for table in ("ledger", "changes"):
            file = str(place / f"{table}.jsonl.gz")
            connection.read_json(file, columns=_columns(table), format="newline_delimited").create_view(table)
        return {
            question.name: min(_seconds(connection, question.sql) for _ in range(rounds))
            for question in questions().values()
        }


def _seconds(connection: duckdb.DuckDBPyConnection, sql: str) -> float:
    begun = time.monotonic()
    connection.execute(sql).fetchall()
    return time.monotonic() - begun


def measure(place: Path, say: Callable[[str], None], sizes: Sequence[int] = SIZES) -> Results:
    """Write and ask every format at every size."""
    results = Results(NAME, 1)
    say(f"{NAME}: {len(DEFAULT_HOSTS)} scans to replay ...")
    recorded = [recording.document["results"] for recording in record_all(scanner(), DEFAULT_HOSTS)]
    catalog: Any = build_bundle().catalog
    for instances in sizes:
        job = Job(WHOLE, instances, recorded, catalog)
        directory = place / f"{NAME}-{instances}"
        directory.mkdir()
        say(f"{NAME}: {instances:,} instances in {len(ENDS)} formats ...")
        spent = write_batches(result_lines(job), directory, BATCH)
        write_others(result_lines(job), directory)
        asked = {form: ask_all(directory, form) for form in ENDS}
        results.rows += rows_of(instances, directory, spent, asked)
    slowest = max(asked[PLAIN].values())
    results.aims.append(Aim(f"{PLAIN}: slowest question to {sizes[-1]:,}, seconds", MOST_SECONDS, slowest))
    return results


def rows_of(
    instances: int, place: Path, spent: dict[str, float], asked: dict[str, dict[str, float]]
) -> list[dict[str, str | float]]:
    """The figures of one size, a row each, with the formats beside each other."""
    files = {form: list(place.glob(f"[0-9]*.{end}")) for form, end in ENDS.items()}
    figures = {
        "MiB": {form: sum(file.stat().st_size for file in files[form]) / MIB for form in ENDS},
        "milliseconds to write a batch": {form: 1_000 * spent[form] / len(files[form]) for form in ENDS},
        **{f"seconds: {name}": {form: asked[form][name] for form in ENDS} for name in questions()},
    }
    return [
        {"figure": f"{instances:,}, {name}", **{form: round(value, 2) for form, value in values.items()}}
        for name, values in figures.items()
    ]
