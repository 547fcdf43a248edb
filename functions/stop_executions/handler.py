"""StopExecutions: the operator stops a run. No further command is sent, and every execution of the run ends.

First the mark that SendCommand looks for, then the execution that starts others, then those. Repeating it is harmless.
Raises InvalidRequest where there is no such run, RequesterRefused and OperatorsUnreadable where nobody may stop it so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict, cast

from fleetdx import executions, keys
from fleetdx.admission import admit, around, who_asks
from fleetdx.entrypoint import entrypoint
from fleetdx.errors import InvalidRequest, RecordMissing, ServiceUnavailable
from fleetdx.events import Execution, OpenedRun, TargetEvent
from fleetdx.inventory import now
from fleetdx.openings import openings
from fleetdx.operators import Asked
from fleetdx.run_ids import moment_of
from fleetdx.sessions import own_session
from fleetdx.settings import setting
from fleetdx.storage import Bucket

if TYPE_CHECKING:
    from collections.abc import Sequence

    from types_boto3_stepfunctions.client import SFNClient

    from fleetdx.admission import Around
    from fleetdx.openings import Opening
    from fleetdx.requesters import Requester


class Input(TypedDict):
    """What the operator asked for, `{"run": RUN}`, and the execution that it came with."""

    request: Any
    execution: Execution


class Targets(TypedDict):
    """Where the account-regions lie in which commands may be outstanding."""

    bucket: str
    key: str


class Output(OpenedRun):
    """The run as it was opened, and what was stopped."""

    targets: Targets
    stopped: int


def run(event: Input, data: Bucket, states: SFNClient, machines: Sequence[str], asking: Around) -> Output:
    """Mark the run as stopped and stop its executions, and those of its account-regions and batches.

    Args:
        event: The request, and this execution.
        data: The data bucket.
        states: Step Functions.
        machines: ARNs of the machines whose executions a run starts, those that start others first.
        asking: What is asked about who stops it.

    Raises:
        ServiceUnavailable: An execution is still ending, or was just being started; another look finds it.
    """
    record = _record(event["request"], data)
    run_id = record["run"]
    opened = openings(data, run_id)
    requester = _admitted(event, data, opened, asking)
    mark = {"by": event["execution"]["id"], "at": now(), "requester": requester._asdict()}
    data.put_json(keys.stop_mark(run_id), mark)
    for opening in opened:
        if executions.is_running(states, opening.execution):
            executions.stop(states, opening.execution)
    for machine in machines:
        for execution in executions.running_children(states, machine, f"{run_id}-"):
            executions.stop(states, execution)
    # The run's own execution too: only what has ended can be counted.
    if any(executions.is_running(states, opening.execution) for opening in opened) or any(
        executions.running_children(states, machine, f"{run_id}-") for machine in machines
    ):
        raise ServiceUnavailable(f"executions of run {run_id} are still ending, or starting")
    key = keys.stopped_targets(run_id)
    data.put_json(key, list(_targets_with_claims(record, data)))
    stopped = _stopped(states, record, [opening.execution for opening in opened], machines, event["execution"])
    return {**record, "targets": {"bucket": data.name, "key": key}, "stopped": stopped}


def _stopped(
    states: SFNClient, record: OpenedRun, opened: Sequence[str], machines: Sequence[str], stopping: Execution
) -> int:
    """How many executions this stop has ended: Step Functions is asked, since a retry finds them ended already."""
    began, since = moment_of(record["started_at"]), moment_of(stopping["started_at"])
    children = (executions.stopped_children(states, machine, f"{record['run']}-", began, since) for machine in machines)
    return sum(executions.was_stopped(states, execution, since) for execution in opened) + sum(children)


def _admitted(event: Input, data: Bucket, opened: Sequence[Opening], asking: Around) -> Requester:
    """Who stops the run, if he may: whoever has opened it, and whom the operators' rules let stop others' runs."""
    requester = who_asks(data, event["execution"], event["request"], asking)
    if requester.kind != "proven" or requester not in [opening.requester for opening in opened]:
        request = data.get_json(keys.request(event["request"]["run"]))["request"]
        admit(data, requester, Asked("stop", request["scope"], frozenset(request["regions"])), asking)
    return requester


def _record(request: Any, data: Bucket) -> OpenedRun:  # noqa: ANN401 - not validated yet
    named = request.get("run") if isinstance(request, dict) else None
    if not isinstance(named, str) or not keys.RUN_PATTERN.fullmatch(named):
        raise InvalidRequest("/run", f"{str(named)[:80]!r} is no run; one is like 20261123T021500Z-3fa9c1")
    try:
        record = data.get_json(keys.request(named))
    except RecordMissing:
        raise InvalidRequest("/run", f"there is no run {named}, or it has not been opened yet") from None
    opening = max((opening.number for opening in openings(data, named)), default=0)
    # A run that an earlier version has opened knew nobody.
    known = {"requester_kind": "unproven", **record, "opening": opening}
    return cast("OpenedRun", {name: known[name] for name in OpenedRun.__annotations__})


def _targets_with_claims(record: OpenedRun, data: Bucket) -> list[TargetEvent]:
    prefix = keys.command_claims_prefix(record["run"])
    places = {tuple(stored.key.removeprefix(prefix).split("/")[:2]) for stored in data.keys(prefix)}
    return [
        {
            "run": record["run"],
            "opening": record["opening"],
            "bundle": record["bundle"],
            "profile": record["profile"],
            "account": account,
            "account_name": account,
            "region": region,
        }
        for account, region in sorted(places)
    ]


@entrypoint
def lambda_handler(event: Input, context: object) -> Output:  # noqa: D103 - see the module
    session = own_session()
    data = Bucket(own_session().client("s3"), setting("DATA_BUCKET"))
    machines = setting("SCAN_TARGET_ARN"), setting("SCAN_BATCH_ARN")
    return run(event, data, session.client("stepfunctions"), machines, around(session))
