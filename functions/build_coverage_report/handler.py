"""BuildCoverageReport: every account-region of a sweep has a line after this; what is news, and what people read.

An account-region that left nothing is a gap with its reason: a dead function cannot look like a healthy account.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NotRequired, TypedDict

from fleetdx import keys
from fleetdx.coverage.changes import changes_between, with_beginnings
from fleetdx.coverage.feed import write_feeds
from fleetdx.coverage.records import SweepRecords
from fleetdx.coverage.summary import build_coverage_summary, control_summary
from fleetdx.entrypoint import entrypoint
from fleetdx.events import OpenedSweep
from fleetdx.failures import CaughtError
from fleetdx.inventory import now
from fleetdx.reporting.coverage.html import render_coverage
from fleetdx.reporting.coverage.sheet import coverage_csv
from fleetdx.sessions import own_session
from fleetdx.settings import setting
from fleetdx.storage import Bucket

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fleetdx.coverage.models import CoverageLine, CoverageSummary
    from fleetdx.models import Language


class Input(OpenedSweep):
    """The opened sweep, and the errors that ended its parts early if there were some."""

    failure: NotRequired[CaughtError]
    control_failure: NotRequired[CaughtError]


class Output(TypedDict):
    """The end of the sweep in figures; `key` is its page, `hands_on` whether mending was asked for and can be."""

    status: Literal["complete", "incomplete"]
    key: str
    instances: int
    running: int
    managed: int
    unmanaged: int
    mendable: int
    hands_on: bool


def run(event: Input, data: Bucket, language: Language) -> Output:
    """Write the files of the sweep: lines, table, feeds, summary and page; and let the next sweep find this one.

    Args:
        event: The sweep.
        data: The data bucket.
        language: Of titles and remedies in the feeds.
    """
    records = SweepRecords(data, event)
    findings = records.findings(event.get("control_failure"))
    earlier = records.trend()
    since = earlier[-1]["sweep"] if earlier else None
    before = records.lines_of(since)
    lines = with_beginnings(records.lines(findings, event.get("failure")), before)
    summary = build_coverage_summary(
        {
            "sweep": event["sweep"],
            "requester": event["requester"],
            "requester_kind": event["requester_kind"],
            "request": dict(records.request),
            "started_at": event["started_at"],
            "finished_at": now(),
        },
        lines,
        control_summary(lines, findings.values()),
        changes_between(since, before, lines),
        earlier,
    )
    summary["unreadable_feeds"] = write_feeds(
        data, event["sweep"], event["started_at"], dict(records.request), lines, language
    )
    key = _write(data, summary, lines)
    records.remember(summary["trend"])
    totals, mendable = summary["totals"], sum(line["mendable"] for line in lines)
    return {
        "status": summary["status"],
        "key": key,
        "instances": totals["instances"],
        "running": totals["running"],
        "managed": totals["managed"],
        "unmanaged": totals["unmanaged"],
        "mendable": mendable,
        "hands_on": event["mend"] and mendable > 0,
    }


def _write(data: Bucket, summary: CoverageSummary, lines: Sequence[CoverageLine]) -> str:
    sweep = summary["sweep"]
    data.put_lines(keys.coverage_out(sweep, "coverage.jsonl"), lines)
    data.put(keys.coverage_out(sweep, "coverage.csv"), coverage_csv(lines), "text/csv; charset=utf-8")
    data.put_json(keys.coverage_out(sweep, "summary.json"), dict(summary))
    key = keys.coverage_out(sweep, "coverage.html")
    data.put(key, render_coverage(summary, lines).encode(), "text/html; charset=utf-8")
    return key


@entrypoint
def lambda_handler(event: Input, context: object) -> Output:  # noqa: D103 - see the module
    data = Bucket(own_session().client("s3"), setting("DATA_BUCKET"))
    return run(event, data, "ko" if setting("NOTIFICATION_LANGUAGE") == "ko" else "en")
