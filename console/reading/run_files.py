"""The files of runs and sweeps that may be opened: a fixed list of names, and no other key of the data bucket."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from console.problems import not_found
from fleetdx import keys
from fleetdx.export_files import ALL_FILES

if TYPE_CHECKING:
    from fleetdx.storage import Bucket

HTML: Final = "text/html; charset=utf-8"
TYPES: Final = {
    "html": HTML,
    "json": "application/json",
    "jsonl": "application/x-ndjson",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
OF_RUNS: Final = (
    "report.html",
    "summary.json",
    "ledger.jsonl",
    "results.jsonl",
    "changes.jsonl",
    "metrics.json",
    "plan.json",
    *ALL_FILES,
)
OF_SWEEPS: Final = ("coverage.html", "summary.json", "coverage.jsonl", "coverage.csv", "metrics.json")


def run_key(run: str, name: str) -> str:
    """The key of a run's file. Raises Problem where the name is not on the list."""
    return _key(run, name, OF_RUNS, keys.out)


def sweep_key(sweep: str, name: str) -> str:
    """The key of a sweep's file. Raises Problem where the name is not on the list."""
    return _key(sweep, name, OF_SWEEPS, keys.coverage_out)


def _key(of: str, name: str, names: tuple[str, ...], key: Any) -> str:  # noqa: ANN401 - one of keys' own
    if keys.RUN_PATTERN.fullmatch(of) is None or name not in names:
        raise not_found("A file of that name")
    found: str = key(of, name)
    return found


def there(data: Bucket, prefix: str, names: tuple[str, ...]) -> list[dict[str, Any]]:
    """Which of the files are there, with their sizes in bytes."""
    sizes = {stored.key.removeprefix(prefix): stored.size for stored in data.directory(prefix).objects}
    return [{"name": name, "bytes": sizes[name]} for name in names if name in sizes]


def type_of(name: str) -> str:
    """The media type of a file by the end of its name."""
    return TYPES[name.rpartition(".")[2]]
