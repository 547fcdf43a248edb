"""ValidateRequest: refuse a scan request that breaks its schema, or complete it and open the run; or resume a run.

Raises InvalidRequest, RequesterRefused, OperatorsUnreadable and RunOpen (the state machine ends: nothing was started)
and BundleMissing; none of them is worth a retry.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypedDict, cast

from fleetdx import executions, keys
from fleetdx.admission import admit, around, who_asks
from fleetdx.bundles import current_bundle, read_catalog
from fleetdx.entrypoint import entrypoint
from fleetdx.errors import InvalidRequest, RecordMissing
from fleetdx.events import Execution, OpenedRun
from fleetdx.export_files import Export
from fleetdx.openings import hold_organization, open_run
from fleetdx.operators import Asked
from fleetdx.requests import ScanRequest, complete_request, profile_in, resolve_checks
from fleetdx.resumption import resumed_run
from fleetdx.run_ids import rfc3339, run_id
from fleetdx.sessions import own_session
from fleetdx.settings import setting
from fleetdx.storage import Bucket

if TYPE_CHECKING:
    from fleetdx.admission import Around
    from fleetdx.openings import IsRunning
    from fleetdx.requesters import Requester


class Input(TypedDict):
    """The request as it was given, or `{"resume": RUN}`; and the execution it came with."""

    request: Any
    execution: Execution


class Output(OpenedRun):
    """The opened run, the files for other readers that are to be written of it, and whether Security Hub is told."""

    exports: list[Export]
    security_hub: bool


class Stack(NamedTuple):
    """What the stack says: the regions that a request without regions means, and whether findings are imported."""

    regions: list[str]
    security_hub: bool


def run(event: Input, data: Bucket, stack: Stack, is_running: IsRunning, asking: Around) -> Output:
    """Open a new run, or an earlier one again."""
    resumed = resumed_run(event["request"])
    if resumed is None:
        return _begin(event, data, stack, is_running, asking)
    return _resume(resumed, event, data, is_running, asking)


def _begin(event: Input, data: Bucket, stack: Stack, is_running: IsRunning, asking: Around) -> Output:
    """Check the request against schema, catalog and regions, and write the completed one to S3."""
    request = complete_request(event["request"], stack.regions)
    digest = current_bundle(data)
    profiles = read_catalog(data, digest)["profiles"]
    request["checks"] = resolve_checks(request["checks"], profile_in(profiles, request["profile"]))
    execution = event["execution"]
    requester = _admitted(event, request, data, asking)
    output: Output = {
        "run": run_id(execution),
        "bundle": digest,
        "profile": request["profile"],
        "dry_run": request["dry_run"],
        "notify": request["notify"],
        "requester": requester.arn,
        "requester_kind": requester.kind,
        "started_at": rfc3339(execution["started_at"]),
        "opening": 0,
        "exports": [] if request["dry_run"] else request["exports"],
        "security_hub": stack.security_hub and not request["dry_run"],
    }
    _hold(request, output["run"], execution, data, is_running)
    data.put_json(keys.request(output["run"]), {**output, "request": request})
    open_run(data, output["run"], execution["id"], is_running, requester)
    return output


def _admitted(event: Input, request: ScanRequest, data: Bucket, asking: Around) -> Requester:
    """Who asks, if he may ask for this."""
    requester = who_asks(data, event["execution"], event["request"], asking)
    admit(data, requester, Asked("scan", request["scope"], frozenset(request["regions"])), asking)
    return requester


def _resume(run: str, event: Input, data: Bucket, is_running: IsRunning, asking: Around) -> Output:
    """Open a run again under its own records: its request, its bundle, its requester."""
    try:
        record = data.get_json(keys.request(run))
    except RecordMissing:
        raise InvalidRequest("/resume", f"run {run} has left no request here; start a new run") from None
    execution, requester = event["execution"], _admitted(event, record["request"], data, asking)
    opening = open_run(data, run, execution["id"], is_running, requester)
    _hold(record["request"], run, execution, data, is_running)
    data.delete(keys.stop_mark(run))
    # A run that an earlier version has opened asked for no exports, told Security Hub nothing, and knew nobody.
    known = {
        "requester_kind": "unproven",
        "exports": [],
        "security_hub": False,
        **{name: record[name] for name in Output.__annotations__ if name in record},
    }
    return cast("Output", {**known, "opening": opening.number})


def _hold(request: ScanRequest, run: str, execution: Execution, data: Bucket, is_running: IsRunning) -> None:
    if "organization" in request["scope"] and not request["dry_run"]:
        hold_organization(data, run, execution["id"], is_running, force=request["force"])


@entrypoint
def lambda_handler(event: Input, context: object) -> Output:  # noqa: D103 - see the module
    session = own_session()
    data = Bucket(own_session().client("s3"), setting("DATA_BUCKET"), setting("EVIDENCE_BUCKET"))
    states = session.client("stepfunctions")
    stack = Stack(setting("REGIONS").split(","), setting("SECURITY_HUB_FINDINGS") == "on")
    return run(event, data, stack, lambda execution: executions.is_running(states, execution), around(session))
