"""What states have in common: the opened run, and the account-region that an execution of scan_target is about."""

from __future__ import annotations

from typing import TypedDict

from fleetdx.requesters import RequesterKind


class Execution(TypedDict):
    """What Step Functions says of an execution: its ARN, name and start (RFC 3339)."""

    id: str
    name: str
    started_at: str


class OpenedRun(TypedDict):
    """A run that has been opened; the request itself lies in S3. `opening` is 0, or the number of the resumption."""

    run: str
    bundle: str
    profile: str
    dry_run: bool
    notify: bool
    requester: str
    """The ARN of who asked for it, or of the execution by which that can be found out; see fleetdx.requesters."""
    requester_kind: RequesterKind
    started_at: str
    opening: int


class PlaceEvent(TypedDict):
    """An account and region to enter; `run` stands in the session's name: a run, or an execution of another machine."""

    run: str
    account: str
    region: str


class ImportTarget(PlaceEvent):
    """An account-region into which findings of an opening of a run are to be imported, and how many."""

    opening: int
    findings: int


class Told(TypedDict):
    """What was last told of an instance; empty texts where nothing was."""

    outcome: str
    reason: str


class InstanceTarget(TypedDict):
    """The instance of an execution of ensure_ssm_ready, and the event that led to it; every state's input holds it."""

    account: str
    region: str
    instance_id: str
    event_id: str
    occurred_at: str
    reason: str
    execution: str
    told: Told


class TargetEvent(TypedDict):
    """The account-region of an execution of scan_target; every state's input holds it."""

    run: str
    opening: int
    bundle: str
    profile: str
    account: str
    account_name: str
    region: str


class OpenedSweep(TypedDict):
    """A coverage sweep that has been opened; the request itself lies in S3."""

    sweep: str
    mend: bool
    notify: bool
    requester: str
    requester_kind: RequesterKind
    started_at: str


class SweepTarget(TypedDict):
    """One account-region of a sweep, as OpenSweep lists it."""

    sweep: str
    account: str
    account_name: str
    region: str
