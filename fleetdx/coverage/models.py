"""The shapes of a coverage sweep: its lines, and its summary.

Plain typed dictionaries: each is a JSON document or a line of one. All times are UTC, RFC 3339 with a trailing Z.
"""

from __future__ import annotations

from typing import Any, Final, Literal, NotRequired, TypedDict, get_args

from fleetdx.models import Platform
from fleetdx.requesters import RequesterKind

Cause = Literal[
    "managed",
    "default_host_management",
    "stopped",
    "no_profile",
    "profile_without_role",
    "missing_policy",
    "blocked_by_policy",
    "imds_off",
    "no_route",
    "agent_silent",
    "unsupported",
    "exempt",
    "unknown",
]
"""Why an instance is managed, or is not; each has one. `unknown` is never a guess: nobody can tell from outside."""

CAUSES: Final[tuple[Cause, ...]] = get_args(Cause)
MANAGED_CAUSES: Final[frozenset[Cause]] = frozenset({"managed", "default_host_management"})
QUIET_CAUSES: Final[frozenset[Cause]] = MANAGED_CAUSES | {"stopped", "unsupported", "exempt"}
"""Where nobody has to do anything. Every other cause is that of a running instance which somebody should look after."""

ControlStatus = Literal["PASSED", "FAILED", "WARNING", "NOT_AVAILABLE"]
"""Compliance.Status of a finding (Security Hub's ASFF)."""

Disagreement = Literal[
    "stopped_instance",
    "recovery_server",
    "finding_outdated",
    "registered_but_silent",
    "not_evaluated",
    "unexplained",
]
"""The likely reason why Security Hub's SSM.1 says something else than Systems Manager does."""

SessionManager = Literal["available", "agent_too_old", "unavailable"]
PatchCompliance = Literal["COMPLIANT", "NON_COMPLIANT"]
"""ListResourceComplianceSummaries' Status for the compliance type Patch."""


class Control(TypedDict):
    """What Security Hub's control SSM.1 says of an instance; `status` is None where it has no finding."""

    status: ControlStatus | None
    updated_at: str | None
    disagreement: Disagreement | None


class CoverageLine(TypedDict):
    """One instance, or one account in one region (`instance` is None); every key is always present.

    A line of kind `account_region` has the cause None and the reason `checked`, or else why it could not be looked at.
    """

    schema: Literal[1]
    kind: Literal["instance", "account_region"]
    sweep: str
    account: str
    account_name: str
    region: str
    instance: str | None
    instance_name: str | None
    instance_state: str | None
    """EC2's word: pending, running, stopping or stopped."""
    platform: Platform | None
    ami: str | None
    image_name: str | None
    """Asked for only where the agent is silent."""
    vpc: str | None
    subnet: str | None
    instance_profile: str | None
    """Its ARN."""
    role: str | None
    """Name of the role, where it was asked for."""
    cause: Cause | None
    reason: str
    """A code in snake_case; fleetdx/coverage/causes.json has a title and a remedy for each pair of cause and reason."""
    detail: str
    """One sentence for a person, with the names of what is at fault; English."""
    mendable: bool
    """Whether ensure_ssm_ready can mend it."""
    ping_status: str | None
    last_ping_at: str | None
    agent_version: str | None
    install_command: str | None
    """Only where the agent is silent: how it is installed on that distribution."""
    session_manager: SessionManager | None
    patch_compliance: PatchCompliance | None
    control: Control | None
    """None where Security Hub is not joined, and on account_region lines."""
    unmanaged_since: str | None
    """When the first sweep found it so, of an unbroken row of sweeps; None where its cause is quiet."""
    instances: int | None
    """Only on account_region lines: how many instances EC2 has there; None where nobody could look."""
    at: str


class CoverageTarget(TypedDict):
    """One account in one region. `running` counts running and pending instances."""

    account: str
    account_name: str
    region: str
    checked: bool
    instances: int
    running: int
    managed: int
    causes: dict[Cause, int]
    """Only causes that occur."""
    reason: str
    detail: str


class CoverageTotals(TypedDict):
    """The figures of the whole sweep; `causes` has every cause."""

    instances: int
    running: int
    managed: int
    unmanaged: int
    """Running instances whose cause is not quiet."""
    causes: dict[Cause, int]


class Change(TypedDict):
    """An instance whose cause is another one than in the sweep before; None stands for not there."""

    account: str
    account_name: str
    region: str
    instance: str
    instance_name: str | None
    before: Cause | None
    after: Cause | None
    reason: str
    detail: str


class Changes(TypedDict):
    """What is news since the sweep before; each list holds the first MOST_CHANGES, each count all of them."""

    since: str | None
    """The sweep before; None where this is the first."""
    newly_unmanaged: list[Change]
    newly_unmanaged_count: int
    managed_again: list[Change]
    managed_again_count: int
    other_cause: list[Change]
    other_cause_count: int
    gone_count: int
    """Unmanaged before, and terminated since."""
    places_lost: list[str]
    """`account/region` that could be looked at before and cannot now."""


MOST_CHANGES: Final = 50


class TrendPoint(TypedDict):
    """One sweep in the row of sweeps, the oldest first."""

    sweep: str
    at: str
    running: int
    managed: int
    unmanaged: int
    not_checked: int
    """Account-regions that could not be looked at."""


class SilentImage(TypedDict):
    """The instances of one AMI whose agents are silent although all else is right."""

    ami: str
    image_name: str | None
    account: str
    account_name: str
    region: str
    instances: int
    install_command: str | None


class ControlSummary(TypedDict):
    """The join with Security Hub's SSM.1."""

    joined: bool
    detail: str
    """Why it is not joined, or joined in part; empty where it is."""
    statuses: dict[str, int]
    """Findings by Compliance.Status, of instances that exist; `none` counts instances without a finding."""
    disagreements: dict[Disagreement, int]
    without_instance: int
    """Findings about instances that EC2 does not have any more."""


class CoverageSummary(TypedDict):
    """summary.json of a sweep."""

    schema: Literal[1]
    sweep: str
    status: Literal["complete", "incomplete"]
    """Incomplete where an account-region could not be looked at."""
    requester: str
    requester_kind: NotRequired[RequesterKind]
    """Absent in sweeps of earlier versions: nobody has proven who asked for those."""
    request: dict[str, Any]
    started_at: str
    finished_at: str
    totals: CoverageTotals
    targets: list[CoverageTarget]
    """Every account-region, ordered by account name and region."""
    control: ControlSummary
    changes: Changes
    trend: list[TrendPoint]
    """This sweep last; at most 60."""
    silent_images: list[SilentImage]
    """The most instances first."""
    unreadable_feeds: list[str]
    """The accounts of which the feed tells no change, because what it had told of them cannot be read."""
