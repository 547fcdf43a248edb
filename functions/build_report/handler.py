"""BuildReport: reconcile everything a run has written, and write what people and machines read.

Whatever has no ledger line by now gets one here, so that a dead execution cannot look like a small fleet.
"""

from __future__ import annotations

import datetime as dt
import gzip
import json
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, NotRequired, TypedDict

from fleetdx import keys
from fleetdx.bundles import read_catalog
from fleetdx.entrypoint import entrypoint
from fleetdx.events import OpenedRun
from fleetdx.exclusions import exclusion_summary
from fleetdx.failures import CaughtError
from fleetdx.history_store import GroupHistoryStore, HistoryStore
from fleetdx.inventory import now
from fleetdx.notes import notes_of, notes_on_groups
from fleetdx.openings import resumed_by, stopped_by
from fleetdx.operator_documents import read_register
from fleetdx.organizations import units_above
from fleetdx.plan import build_plan
from fleetdx.reporting.changes import Changes
from fleetdx.reporting.html import render_html
from fleetdx.reporting.summary import build_summary
from fleetdx.run_history import RunHistory, Stores, alive_instances
from fleetdx.run_records import RunRecords
from fleetdx.score_store import add_point, point_of, view_of
from fleetdx.sessions import own_session
from fleetdx.settings import setting
from fleetdx.storage import Bucket, encode_lines
from fleetdx.streams import COMPRESSION, packing, put_packed, spooled, unpacked_lines
from fleetdx.waivers import Rules, Waivers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from fleetdx.exemptions import Exemption
    from fleetdx.models import LedgerLine, ResultLine
    from fleetdx.run_models import RunFacts, Summary


class Input(OpenedRun):
    """The opened run, and the error that ended it early if there was one."""

    failure: NotRequired[CaughtError]


class Register(NamedTuple):
    """The register's entries, what they are judged by, and a sentence where it cannot be read: then there are none."""

    entries: list[Exemption]
    rules: Rules
    unreadable: str


class Output(TypedDict):
    """The end of the run in figures; `key` is where its report or plan lies."""

    status: Literal["complete", "incomplete", "planned"]
    key: str
    instances: int
    scanned: int
    gaps: int
    high: int
    medium: int
    low: int


def run(event: Input, data: Bucket, register: Callable[[], Register]) -> Output:
    """Write ledger, results, changes, summary and report; for a dry run, plan.json alone.

    Args:
        event: The run.
        data: The data bucket.
        register: Reads the register as it counts at this moment.
    """
    records = RunRecords(data, event["run"], event["profile"], event["bundle"])
    ledger = records.ledger(event.get("failure"), event["opening"])
    if event["dry_run"]:
        return _plan(event, records, ledger)
    catalog = read_catalog(data, event["bundle"])
    facts: RunFacts = {
        "run": event["run"],
        "profile": event["profile"],
        "requester": event["requester"],
        "requester_kind": event["requester_kind"],
        "started_at": event["started_at"],
        "finished_at": now(),
        "request": _request(data, event["run"]),
    }
    for line in ledger:
        line["requester"] = event["requester"]
    data.put_lines(keys.out(event["run"], "ledger.jsonl"), ledger)
    data.put(keys.analyzed_ledger(event["run"]), gzip.compress(encode_lines(ledger), COMPRESSION, mtime=0))
    with spooled() as stream, spooled() as changed:
        with packing(stream) as packed, packing(changed) as changes:
            told = Changes(changes)
            alive = alive_instances(ledger, facts["request"])
            kept = data, event["run"], event["profile"]
            stores = Stores(HistoryStore(*kept), GroupHistoryStore(*kept))
            history = RunHistory(facts["finished_at"], stores, alive, told.add)
            entries, rules, unreadable = register()
            waivers = Waivers(entries, rules)
            results = _copied(waivers.marked(history.follow(records.results())), packed)
            summary = build_summary(facts, ledger, results, catalog, records.strays())
        summary["resumed_by"] = resumed_by(data, event["run"])
        stopper = stopped_by(data, event["run"])
        if stopper is not None:
            summary["stopped_by"] = stopper
        summary["changes"] = told.summary(history.unreadable)
        summary["trend"] = add_point(data, view_of(event["profile"], facts["request"]), point_of(summary))
        summary["waivers"] = waivers.summary(unreadable)
        summary["exclusions"] = exclusion_summary(entries, ledger, rules)
        summary["notes"] = [*notes_of(ledger), *notes_on_groups(history.unreadable_groups)]
        put_packed(data, keys.out(event["run"], "results.jsonl"), stream)
        put_packed(data, keys.out(event["run"], "changes.jsonl"), changed)
        changed.seek(0)
        data.put(keys.analyzed_changes(event["run"]), changed.read())
        data.put_json(keys.out(event["run"], "summary.json"), dict(summary))
        page = render_html(summary, ledger, unpacked_lines(stream), catalog)
    report_key = keys.out(event["run"], "report.html")
    data.put(report_key, page.encode(), "text/html; charset=utf-8")
    return _output(summary, report_key)


def _request(data: Bucket, run_id: str) -> dict[str, Any]:
    request: dict[str, Any] = data.get_json(keys.request(run_id))["request"]
    return request


def _copied(results: Iterable[ResultLine], stream: gzip.GzipFile) -> Iterator[ResultLine]:
    """Pass the results on while writing them, so that they are read from S3 once for both."""
    for line in results:
        stream.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
        yield line


def _plan(event: Input, records: RunRecords, ledger: list[LedgerLine]) -> Output:
    plan = build_plan(event["run"], records.inventories(), ledger)
    key = keys.out(event["run"], "plan.json")
    records.data.put_json(key, dict(plan))
    instances = sum(target["to_scan"] + sum(target["others"].values()) for target in plan["targets"])
    gaps = sum(line["state"] == "scan_failed" for line in plan["not_entered"])
    return {
        "status": "planned",
        "key": key,
        "instances": instances,
        "scanned": 0,
        "gaps": gaps,
        "high": 0,
        "medium": 0,
        "low": 0,
    }


def _output(summary: Summary, key: str) -> Output:
    totals = summary["totals"]
    return {
        "status": summary["status"],
        "key": key,
        "instances": totals["instances"],
        "scanned": totals["states"]["scanned"],
        "gaps": len(summary["gaps"]),
        **totals["findings"],
    }


@entrypoint
def lambda_handler(event: Input, context: object) -> Output:  # noqa: D103 - see the module
    session = own_session()
    data = Bucket(own_session().client("s3"), setting("DATA_BUCKET"), setting("EVIDENCE_BUCKET"))

    def units(account: str) -> frozenset[str]:
        return units_above(session.client("organizations"), account)

    def register() -> Register:
        parameter = setting("CONFIGURATION_PARAMETER")
        entries, maximum_days, unreadable = read_register(session.client("ssm"), parameter, data)
        return Register(entries, Rules(maximum_days, dt.datetime.now(dt.UTC), units), unreadable)

    return run(event, data, register)
