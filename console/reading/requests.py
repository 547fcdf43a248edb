"""Requests before they are runs: their faults, each beside its field, and what they would take; and their start."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from console.keeping import keep_at_end
from console.reading.estimate import Past, Seen, Wanted, estimate
from console.reading.faults import in_language
from console.reading.moments import moment
from fleetdx import keys
from fleetdx.cli import runs
from fleetdx.cli.scan import check_selection
from fleetdx.errors import FleetdxError, InvalidRequest, RecordMissing
from fleetdx.requests import complete_request, request_validator
from fleetdx.targets import accounts_in_scope
from fleetdx.validation import all_faults

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from console.context import Context
    from fleetdx.models import Language
    from fleetdx.requests import ScanRequest

MOST_RECORDS: Final = 12
"""So many runs are looked through for what they have seen."""
SECONDS: Final = 30
MOST_FAULTS: Final = 50


def check(context: Context, document: Any, language: Language) -> dict[str, Any]:  # noqa: ANN401 - unvalidated
    """The faults of a request, what it would take where it has none, and the input to start it with elsewhere."""
    text = json.dumps(document, ensure_ascii=False, indent=2)
    faults = faults_of(context, document)
    told = [{"pointer": fault.pointer, "message": in_language(fault.sentence, language)} for fault in faults]
    if told:
        return {"faults": told, "estimate": None, "input": text}
    request = complete_request(document, context.deployment.regions)
    try:
        wanted = _wanted(context, request)
    except InvalidRequest as fault:
        told = [{"pointer": fault.pointer, "message": in_language(fault.sentence, language)}]
        return {"faults": told, "estimate": None, "input": text}
    seen, past = context.kept.get("records", SECONDS, lambda: _records(context))
    found = estimate(wanted, seen, past, context.deployment.home_region, language)
    return {"faults": [], "estimate": found, "input": text}


def faults_of(context: Context, document: Any) -> list[Any]:  # noqa: ANN401 - unvalidated
    """Every fault of a request that its schema knows; where there is none, the first that only the stack knows."""
    try:
        found = all_faults(request_validator(), document)[:MOST_FAULTS]
    except RecursionError:
        found = []
    if found:
        return found
    try:
        check_selection(context.deployment, complete_request(document, context.deployment.regions))
    except InvalidRequest as fault:
        return [fault]
    return []


def start(context: Context, document: Any) -> dict[str, Any]:  # noqa: ANN401 - unvalidated
    """Start a run.

    Raises:
        InvalidRequest: With the JSON pointer of the fault; nothing was started.
    """
    request = complete_request(document, context.deployment.regions)
    check_selection(context.deployment, request)
    run = runs.start(context.deployment, request)
    keep_at_end(context.deployment, run)
    return {"run": run.id, "execution": run.execution}


def _wanted(context: Context, request: ScanRequest) -> Wanted:
    named = request["scope"].get("instances")
    if named:
        places = frozenset((one.split("/")[0], one.split("/")[1]) for one in named)
        return Wanted(places, len(named), has_tags=bool(request["tags"]))
    organization = context.deployment.session.client("organizations")
    accounts = [one.id for one in accounts_in_scope(request["scope"], organization) if one.status == "ACTIVE"]
    places = frozenset((account, region) for account in accounts for region in request["regions"])
    return Wanted(places, None, has_tags=bool(request["tags"]))


def _records(context: Context) -> tuple[list[Seen], list[Past]]:
    """What the newest runs and sweeps have seen, the newest first; and how long the runs took."""
    found = sorted([*_runs(context), *_sweeps(context)], key=lambda record: record[0].name, reverse=True)
    return [seen for seen, _ in found], [past for _, past in found if past is not None]


def _runs(context: Context) -> Iterator[tuple[Seen, Past | None]]:
    data = context.deployment.data
    names = [name for name in data.directory(keys.RUNS).names if keys.RUN_PATTERN.fullmatch(name)]
    for run in sorted(names, reverse=True)[:MOST_RECORDS]:
        try:
            summary = data.get_json(keys.out(run, "summary.json"))
        except FleetdxError:
            continue
        yield _seen_by_run(summary), _past_of(summary)


def _seen_by_run(summary: Mapping[str, Any]) -> Seen:
    request = summary["request"]
    part = bool(request.get("tags")) or "instances" in request["scope"]
    places = {
        (target["account"], target["region"]): target["states"].get("scanned", 0)
        + target["states"].get("scan_failed", 0)
        for target in summary["targets"]
        if target["entered"] and not part
    }
    return Seen(summary["run"], "run", places)


def _past_of(summary: Mapping[str, Any]) -> Past | None:
    started, finished = moment(summary["started_at"]), moment(summary["finished_at"])
    instances = summary["totals"]["states"].get("scanned", 0)
    if started is None or finished is None or not instances:
        return None
    return Past(len(summary["targets"]), instances, (finished - started).total_seconds() / 60)


def _sweeps(context: Context) -> Iterator[tuple[Seen, None]]:
    data = context.deployment.data
    for sweep in sorted(data.directory(keys.SWEEPS).names, reverse=True)[:1]:
        try:
            summary = data.get_json(keys.coverage_out(sweep, "summary.json"))
        except RecordMissing:
            continue
        places = {(one["account"], one["region"]): one["managed"] for one in summary["targets"] if one["checked"]}
        yield Seen(sweep, "coverage sweep", places), None
