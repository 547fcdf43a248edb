"""ExportResults: write one of the files in which others read a run, from its ledger, results and summary.

Results pass by and are never held together: of 10,000 instances they have 430 MB. Raises BundleMissing and
RecordMissing, which are not worth a retry.
"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any, NamedTuple, TypedDict, cast

from fleetdx import keys
from fleetdx.bundles import read_catalog
from fleetdx.entrypoint import entrypoint
from fleetdx.export_files import FILES, Export
from fleetdx.exports.sheets import write_ledger, write_results
from fleetdx.exports.workbook import write_workbook
from fleetdx.feed_store import FeedStore
from fleetdx.feeds import ocsf
from fleetdx.feeds.changes import only_news
from fleetdx.feeds.looked import by_run
from fleetdx.feeds.wording import Words
from fleetdx.run_feed import RunFeed
from fleetdx.sessions import own_session
from fleetdx.settings import setting
from fleetdx.storage import Bucket
from fleetdx.streams import packing, put_packed, put_stream, spooled, stored_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fleetdx.models import Catalog, Language, LedgerLine, ResultLine
    from fleetdx.run_models import Summary

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TABLE = "text/csv; charset=utf-8"


class Input(TypedDict):
    """A run whose report is there, and what to write of it."""

    run: str
    bundle: str
    export: Export


class Output(TypedDict):
    """What was written, and under which keys."""

    export: Export
    is_written: bool
    keys: list[str]


class Sources(NamedTuple):
    """What every file is written from; `results` reads them anew each time."""

    data: Bucket
    summary: Summary
    ledger: list[LedgerLine]
    catalog: Catalog
    language: Language

    def results(self) -> Iterator[ResultLine]:
        """The results of the run, one at a time."""
        return stored_lines(self.data, self.out("results.jsonl"))

    def out(self, name: str) -> str:
        """Where a file of the run lies."""
        return keys.out(self.summary["run"], name)


def run(event: Input, data: Bucket, language: Language) -> Output:
    """Write one export; written again, it is the same.

    Args:
        event: The run and the name of the export.
        data: The data bucket.
        language: Of headings, titles, remedies and sentences.
    """
    summary: Summary = data.get_json(keys.out(event["run"], "summary.json"))
    ledger = cast("list[LedgerLine]", data.get_lines(keys.out(event["run"], "ledger.jsonl")))
    sources = Sources(data, summary, ledger, read_catalog(data, event["bundle"]), language)
    if event["export"] == "xlsx":
        _write_workbook(sources)
    elif event["export"] == "csv":
        _write_tables(sources)
    else:
        _write_feed(sources, event["export"])
    written = [sources.out(name) for name in FILES[event["export"]]]
    return {"export": event["export"], "is_written": True, "keys": written}


def _write_workbook(of: Sources) -> None:
    with spooled() as out:
        write_workbook(cast("Any", out), of.summary, of.ledger, of.results(), of.catalog, of.language)
        put_stream(of.data, of.out("report.xlsx"), out, WORKBOOK)


def _write_tables(of: Sources) -> None:
    with spooled() as results, spooled() as ledger:
        with packing(results) as out:
            write_results(cast("Any", out), of.summary, of.ledger, of.results(), of.catalog, of.language)
        with packing(ledger) as out:
            write_ledger(cast("Any", out), of.ledger, of.language)
        put_packed(of.data, of.out("results.csv"), results, TABLE)
        put_packed(of.data, of.out("ledger.csv"), ledger, TABLE)


def _write_feed(of: Sources, export: Export) -> None:
    """The feed of changes, or of everything; what was told is kept after the former lies there."""
    summary = of.summary
    store = FeedStore(of.data, summary["run"], summary["profile"])
    looked = by_run(summary["run"], summary["profile"], summary["finished_at"], summary["request"], of.ledger)
    feed = RunFeed(looked, store)
    compared = feed.follow(of.ledger, of.results())
    told = only_news(compared) if export == "ocsf" else compared
    with spooled() as stream:
        _write_lines(stream, ocsf.lines(told, Words(of.catalog, summary["profile"]), of.language))
        (name,) = FILES[export]
        put_packed(of.data, of.out(name), stream)
    if export == "ocsf":
        for account, state in feed.states.items():
            store.keep(account, state)


def _write_lines(stream: IO[bytes], lines: Iterator[str]) -> None:
    with packing(stream) as out:
        for line in lines:
            out.write(line.encode() + b"\n")


@entrypoint
def lambda_handler(event: Input, context: object) -> Output:  # noqa: D103 - see the module
    data = Bucket(own_session().client("s3"), setting("DATA_BUCKET"), setting("EVIDENCE_BUCKET"))
    return run(event, data, "ko" if setting("NOTIFICATION_LANGUAGE") == "ko" else "en")
