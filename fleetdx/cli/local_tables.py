"""The tables of fleetdx/queries/tables.py over the files that runs have left here, as DuckDB reads them."""

from __future__ import annotations

import glob
import json
import re
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from fleetdx.cli.problems import UsageProblem
from fleetdx.queries.tables import DUCKDB_TYPES, TABLES
from fleetdx.reporting.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import duckdb

    from fleetdx.queries.tables import TableName

_NAMES_FILE: Final = re.compile(r'in file "(?P<path>[^"]*)"')
_FILES: Final[dict[TableName, str]] = {"results": "results.jsonl", "ledger": "ledger.jsonl", "changes": "changes.jsonl"}


class Answer(NamedTuple):
    """The rows that a question came to, and the names of their columns."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]


def ask(sql: str, runs: Sequence[Path]) -> Answer:
    """Ask the runs in some directories a question.

    Args:
        sql: A SELECT over the tables. It is ours; nothing of a path or an id becomes a part of it.
        runs: The directories of the runs.

    Raises:
        UsageProblem: DuckDB is not installed, or a file is not what a run leaves.
    """
    engine = _engine()
    with _connection(engine) as connection:
        try:
            for table in TABLES:
                _view(connection, table, [run / _FILES[table] for run in runs])
            cursor = connection.execute(sql)
            return Answer(tuple(column[0] for column in cursor.description or ()), cursor.fetchall())
        except engine.Error as error:
            raise _problem(str(error)) from None


@contextmanager
def _connection(engine: Any) -> Iterator[duckdb.DuckDBPyConnection]:  # noqa: ANN401 - the module duckdb
    """A database in memory that fetches no extension, and writes what does not fit into a directory of its own."""
    with tempfile.TemporaryDirectory(prefix="fleetdx-query-") as spilled:
        settings = {
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "temp_directory": spilled,
        }
        with engine.connect(":memory:", config=settings) as connection:
            yield connection


def _view(connection: duckdb.DuckDBPyConnection, table: TableName, files: list[Path]) -> None:
    columns = {name: DUCKDB_TYPES[kind] for name, kind in TABLES[table].items()}
    # DuckDB takes a name for a pattern.
    names = [glob.escape(str(file)) for file in files if file.is_file()]
    if not names:
        nothing = ", ".join(f'CAST(NULL AS {kind}) AS "{name}"' for name, kind in columns.items())
        connection.sql(f"SELECT {nothing} LIMIT 0").create_view(table)
        return
    lines = connection.read_json(
        names,
        columns=columns,
        format="newline_delimited",
        hive_partitioning=False,
    )
    lines.create_view(table)


def _engine() -> Any:  # noqa: ANN401 - the module duckdb
    try:
        import duckdb  # noqa: PLC0415 - no other command needs it
    except ImportError:
        raise UsageProblem("query", "DuckDB is not installed; `make setup` does it, or `pip install duckdb`") from None
    return duckdb


def _problem(message: str) -> UsageProblem:
    """What DuckDB says of a file, with the file's name in front."""
    first = message.splitlines()[0].strip()
    named = _NAMES_FILE.search(first)
    if named is None:
        return UsageProblem("query", one_line(first))
    number = _line_without_json(Path(named["path"]))
    if number is not None:
        return UsageProblem(one_line(named["path"]), f"line {number} is not JSON")
    return UsageProblem(one_line(named["path"]), one_line(first.replace(named.group(), "here")))


def _line_without_json(file: Path) -> int | None:
    """The first line that is no JSON, which DuckDB counts one too far; None where every line is JSON."""
    with file.open("rb") as stream:
        for number, line in enumerate(stream, 1):
            try:
                json.loads(line)
            except ValueError:
                return number
    return None
