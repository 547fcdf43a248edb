"""Which execution works on a run: the one that opened it, or the last one that resumed it.

A run is open while that execution runs. Of several that want to open the same run, or the whole organization, one does;
whoever opened and died is taken for what Step Functions says of it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from fleetdx import keys
from fleetdx.errors import RecordMissing, RunOpen, ServiceUnavailable
from fleetdx.requesters import Requester

if TYPE_CHECKING:
    from fleetdx.run_models import WhoAsked
    from fleetdx.storage import Bucket

IsRunning = Callable[[str], bool]
"""Whether an execution, by its ARN, has not ended."""


class Opening(NamedTuple):
    """The execution (its ARN) that opened a run; number 0 began it, every later one resumed it.

    Who asked for it is not known of a run that an earlier version has opened.
    """

    number: int
    execution: str
    requester: Requester | None = None


def openings(data: Bucket, run: str) -> list[Opening]:
    """Every opening of a run, the first one first.

    Raises:
        RecordMissing: One of them names no execution.
    """
    found = data.keys(keys.openings_prefix(run))
    return [_opening_in(data, number, stored.key) for number, stored in enumerate(found)]


def _opening_in(data: Bucket, number: int, key: str) -> Opening:
    try:
        record = data.get_json(key)
        asked = record.get("requester")
        return Opening(number, record["execution"], Requester(**asked) if asked else None)
    except (KeyError, TypeError, AttributeError):
        raise RecordMissing(f"s3://{data.name}/{key} names no execution") from None


def open_run(data: Bucket, run: str, execution: str, is_running: IsRunning, requester: Requester) -> Opening:
    """Open a run for an execution; the same execution gets the same opening again.

    Raises:
        RunOpen: Another execution works on it.
        RecordMissing: An earlier opening names no execution.
    """
    known = openings(data, run)
    ours = next((opening for opening in known if opening.execution == execution), None)
    if ours is not None:
        return ours
    if known and is_running(known[-1].execution):
        raise RunOpen(f"run {run} has not ended ({known[-1].execution}); wait for its end, or stop it first")
    opening = Opening(len(known), execution, requester)
    body = json.dumps({"execution": execution, "requester": requester._asdict()}).encode()
    if not data.put_conditionally(keys.opening(run, opening.number), body):
        raise ServiceUnavailable(f"another execution opens run {run} at this moment")
    return opening


def resumed_by(data: Bucket, run: str) -> list[WhoAsked]:
    """Who resumed a run, as far as that was written down."""
    known = [opening.requester for opening in openings(data, run) if opening.number]
    return [{"kind": one.kind, "arn": one.arn} for one in known if one is not None]


def stopped_by(data: Bucket, run: str) -> WhoAsked | None:
    """Who stopped a run last; None where nobody did, or it was lifted, or not written down."""
    try:
        stopper: WhoAsked | None = data.get_json(keys.stop_mark(run)).get("requester")
    except RecordMissing:
        return None
    return stopper


def hold_organization(data: Bucket, run: str, execution: str, is_running: IsRunning, *, force: bool) -> None:
    """Take the whole organization for a run.

    Args:
        data: The data bucket.
        run: The run.
        execution: Its execution, by which others see whether it has ended.
        is_running: Asks Step Functions.
        force: Take it although another run has it.

    Raises:
        RunOpen: A run that has not ended has it.
        ServiceUnavailable: Another run takes it at this moment; the next look shows which.
        RecordMissing: What lies there does not say which run has it.
    """
    body = json.dumps({"run": run, "execution": execution}).encode()
    if data.put_conditionally(keys.WHOLE_ORGANIZATION_CLAIM, body):
        return
    held, etag = data.get_with_etag(keys.WHOLE_ORGANIZATION_CLAIM)
    holder, its_execution = _holder(held)
    if its_execution == execution:
        return
    if not force and is_running(its_execution):
        raise RunOpen(
            f"run {holder} of the whole organization has not ended; wait for its end, stop it, or force this one"
        )
    if not data.put_conditionally(keys.WHOLE_ORGANIZATION_CLAIM, body, replaces=etag):
        raise ServiceUnavailable("another run takes the whole organization at this moment")


def _holder(held: bytes) -> tuple[str, str]:
    """The run and the execution that the organization's claim names."""
    try:
        content = json.loads(held)
        return content["run"], content["execution"]
    except (ValueError, KeyError, TypeError):
        raise RecordMissing(f"{keys.WHOLE_ORGANIZATION_CLAIM} does not say which run has the organization") from None
